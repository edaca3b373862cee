"""The pages of search, calls and the API. Each renders what a use case returns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Any

from apiflask import APIBlueprint
from flask import current_app, make_response, redirect, request
from flask.typing import ResponseReturnValue

from index.errors import IndexingError
from scrapers.call import Call
from service.context import Context
from service.domain.calls.applicant_kinds import ApplicantKind
from service.domain.matching.match import MatchList
from service.domain.pilots.pilot import Pilot
from service.domain.pilots.reading.text_sections import kinds_around
from service.errors import InputError, ServiceError
from service.http.app_context import app_context
from service.http.uploads import read_sent_file, sent_file
from service.messages.notes import from_error
from service.messages.words import Words, words
from service.use_cases.calls import CallDetail, get_call, get_card, list_calls, list_funders
from service.use_cases.files.read_upload import FileReading
from service.use_cases.match import match_text, with_exclusions
from service.use_cases.pilots import list_pilots
from service.web import forms, render
from service.web.forms import SearchRequest
from service.web.words import chosen_language, language_of

web = APIBlueprint("web", __name__, enable_openapi=False)


@web.route("/", methods=["GET", "POST"])
def search() -> ResponseReturnValue:
    """Show the search, and the matches when there is something to match."""
    context, sent = app_context(), forms.read_search(request)
    if "read" in request.form or (sent.posted and sent_file(request)):
        return _search_with_file(context, sent)
    pilots = {pilot.id: pilot for pilot in list_pilots(context)}
    t = words(language_of(request))
    pilot = pilots.get(sent.form.pilot)
    if _is_only_the_pilot(sent, pilot):
        chosen = chosen_language(request)
        extra = {"lang": chosen} if chosen else {}
        url = current_app.url_for("web.search", **forms.as_link(sent.form, **extra))
        return redirect(url + "#results", 303)
    text = _search_text(sent, pilot)
    results, problem, status = _match_or_problem(context, sent, pilot, text, t)
    page = _render(
        context, sent, pilot, pilots.values(), results=results, problem=problem, text=text
    )
    return page, status


def _search_with_file(context: Context, sent: SearchRequest) -> ResponseReturnValue:
    """Show what was read of a file, and the matches unless only reading was asked for."""
    t, file = words(language_of(request)), sent_file(request)
    pilots = list_pilots(context)
    show = partial(_render, context, pilot=None, pilots=pilots)
    if file is None:
        return show(sent, results=None, problem=t("file.none"), text=sent.form.text), 422
    try:
        reading = read_sent_file(file)
    except InputError as error:
        problem = t.say(from_error(error))
        return show(sent, results=None, problem=problem, text=sent.form.text), 422
    form = sent.form.model_copy(update={"text": reading.text, "pilot": ""})
    sent = replace(sent, form=form)
    results, problem, status = None, "", 200
    if "read" not in request.form:
        results, problem, status = _match_or_problem(context, sent, None, reading.text, t)
    page = show(sent, results=results, problem=problem, text=reading.text, reading=reading)
    return page, status


def _is_only_the_pilot(sent: SearchRequest, pilot: Pilot | None) -> bool:
    """Return whether a form has a stored pilot's own text, which has a link of its own."""
    if not sent.posted or pilot is None or sent.errors:
        return False
    return sent.form.text.strip() == pilot.text.replace("\r\n", "\n").strip()


def _search_text(sent: SearchRequest, pilot: Pilot | None) -> str:
    return pilot.text if pilot and not sent.posted else sent.form.text


def _match_or_problem(
    context: Context, sent: SearchRequest, pilot: Pilot | None, text: str, t: Words
) -> tuple[MatchList | None, str, int]:
    """Return the matches, or why there are none and the status that says so."""
    problem, status = _find_problem(sent, pilot, text, t)
    if problem or (not sent.posted and pilot is None):
        return None, problem, status
    is_own = pilot is not None and text == pilot.text
    language = pilot.language if pilot and is_own else None
    form = sent.form
    try:
        results = match_text(
            context,
            text,
            filters=form.filters(),
            top=form.top,
            language=language,
            profile=form.profile(pilot.profile if pilot else None),
            group=form.group,
            pilot_id=pilot.id if pilot and is_own else "",
            dismissed=form.dismissed,
            wishes=with_exclusions(form.wishes(), pilot) if pilot and is_own else form.wishes(),
            counted=form.count,
        )
    except InputError as error:
        return None, t.say(from_error(error)), 422
    except (ServiceError, IndexingError) as error:
        return None, t.say(from_error(error)), 503
    return results, "", 200


def _find_problem(sent: SearchRequest, pilot: Pilot | None, text: str, t: Words) -> tuple[str, int]:
    """Return what is wrong with what was sent, if anything, and its status."""
    if sent.errors:
        return " ".join(f"{e.field}: {e.message}." for e in sent.errors), 422
    if not sent.posted:
        missing = bool(sent.form.pilot) and pilot is None
        return (t("pilot.unknown", pilot=sent.form.pilot), 404) if missing else ("", 200)
    if not text.strip():
        return t("text.missing"), 422
    if sent.form.is_too_long:
        return t("text.too.long", count=len(text)), 413
    return "", 200


def _render(
    context: Context,
    sent: SearchRequest,
    pilot: Pilot | None,
    pilots: Iterable[Pilot],
    reading: FileReading | None = None,
    **values: Any,
) -> str:
    funders = list_funders(context)
    return render.render_page(
        "search.html",
        request,
        form=sent.form,
        pilot=pilot,
        pilots=sorted(pilots, key=lambda one: one.title.casefold()),
        empty=not funders,
        choices=forms.filter_choices(funders),
        ticked=forms.ticked_boxes(sent.form),
        sizes=forms.RESULT_SIZES,
        kinds=tuple(kind for kind in ApplicantKind if kind is not ApplicantKind.UNRESTRICTED),
        currencies=forms.CURRENCIES,
        linked=forms.as_link(sent.form),
        widened=lambda reason: forms.widened_link(sent.form, reason),
        standing=lambda text: forms.standing_link(sent.form, text),
        is_link=not sent.posted,
        kinds_around=kinds_around,
        file_read=reading,
        **values,
    )


@web.get("/calls")
def calls() -> ResponseReturnValue:
    """List the calls, those to apply to next first."""
    context = app_context()
    form, errors = forms.read_call_list(request)
    listed = list_calls(
        context,
        filters=form.filters(),
        words=form.q,
        page=form.page,
        page_size=form.page_size,
        language=language_of(request),
    )
    page = render.render_page(
        "calls.html",
        request,
        form=form,
        errors=errors,
        cards=listed.calls,
        currencies=forms.CURRENCIES,
        now=listed.as_of,
        total=listed.total,
        pages=listed.pages,
        notes=listed.notes,
        choices=forms.filter_choices(list_funders(context)),
        ticked=forms.ticked_boxes(form),
        linked=forms.as_link(form),
        sheet=forms.as_sheet_link(form),
        at=lambda number: forms.as_link(form) | {"page": number},
    )
    return make_response(page, 422 if errors else 200)


@web.get("/calls/<path:call_id>")
def call(call_id: str) -> ResponseReturnValue:
    """Show the whole of one call."""
    context, language = app_context(), language_of(request)
    stored = get_call(context, call_id, language)
    texts = dict(sorted(stored.texts.items(), key=lambda item: item[0] != language))
    return render.render_page(
        "call.html",
        request,
        call=stored,
        card=get_card(context, call_id, language),
        now=context.now(),
        who=group_by_quote(stored),
        stated=gates_by_quote(stored),
        attached={
            one.name: one.url for parts in stored.sections.values() for one in parts if one.url
        },
        texts={code: split_by_section(text, stored, code) for code, text in texts.items()},
    )


def group_by_quote(stored: Call) -> dict[str, list[str]]:
    """Return the applicants that a call names, by the sentence that names them."""
    values: dict[str, list[str]] = {}
    for fact in stored.eligibility:
        values.setdefault(fact.quote, []).append(fact.value)
    return values


def gates_by_quote(stored: CallDetail) -> dict[str, list[str]]:
    """Return the names of the gates whose conditions the call states, by the words that do.

    What only a programme's general rules say is left out.
    """
    gates: dict[str, list[str]] = {}
    for one in stored.conditions:
        gate = "invitation" if one.name == "invited" else one.name
        if one.quote and not one.general and gate not in gates.setdefault(one.quote, []):
            gates[one.quote].append(gate)
    return gates


def split_by_section(text: str, stored: Call, language: str) -> list[tuple[str, str]]:
    """Cut a call's text into (section name, text); what lies between sections has no name."""
    parts: list[tuple[str, str]] = []
    position = 0
    for section in sorted(stored.sections.get(language, ()), key=lambda s: s.start):
        parts.append(("", text[position : section.start]))
        parts.append((section.name, text[max(position, section.start) : section.end]))
        position = max(position, section.end)
    parts.append(("", text[position:]))
    return [(name, part) for name, part in parts if part.strip()]
