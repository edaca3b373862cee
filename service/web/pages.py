"""The pages. Each renders what a use case gives; none of them ranks or filters on its own."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, cast

from apiflask import APIBlueprint, APIFlask
from flask import current_app, make_response, redirect, request
from flask.typing import ResponseReturnValue

from index.errors import IndexingError
from scrapers.call import Call
from service.context import Context
from service.domain.calls.applicant_kinds import ApplicantKind
from service.domain.matching.match import MatchList
from service.domain.pilots.pilot import Pilot
from service.errors import InputError, ServiceError
from service.http.app_context import app_context
from service.messages.notes import from_error
from service.messages.words import Words, words
from service.use_cases.calls import get_call, get_card, list_calls, list_funders
from service.use_cases.match import match_text
from service.use_cases.pilots import list_pilots
from service.web import forms, render
from service.web.forms import SearchRequest
from service.web.words import asked_for, language_of

web = APIBlueprint("web", __name__, enable_openapi=False)


@web.route("/", methods=["GET", "POST"])
def search() -> ResponseReturnValue:
    """Show the search, and the matches when there is something to match."""
    context, asked = app_context(), forms.read_search(request)
    pilots = {pilot.id: pilot for pilot in list_pilots(context)}
    said = words(language_of(request))
    pilot = pilots.get(asked.search.pilot)
    if _is_only_the_pilot(asked, pilot):
        chosen = asked_for(request)
        extra = {"lang": chosen} if chosen else {}
        url = current_app.url_for("web.search", **forms.as_link(asked.search, **extra))
        return redirect(url + "#results", 303)
    text = _search_text(asked, pilot)
    found, problem, status = _match_or_problem(context, asked, pilot, text, said)
    filled = _render(
        context, asked, pilot, pilots.values(), found=found, problem=problem, text=text
    )
    return filled, status


def _is_only_the_pilot(asked: SearchRequest, pilot: Pilot | None) -> bool:
    """Whether a form was sent with a stored pilot's own text: that has a link of its own."""
    if not asked.posted or pilot is None or asked.errors:
        return False
    return asked.search.text.strip() == pilot.text.replace("\r\n", "\n").strip()


def _search_text(asked: SearchRequest, pilot: Pilot | None) -> str:
    return pilot.text if pilot and not asked.posted else asked.search.text


def _match_or_problem(
    context: Context, asked: SearchRequest, pilot: Pilot | None, text: str, said: Words
) -> tuple[MatchList | None, str, int]:
    """Return the matches, or why there are none and the status that says so."""
    problem, status = _find_problem(asked, pilot, text, said)
    if problem or (not asked.posted and pilot is None):
        return None, problem, status
    language = pilot.language if pilot and text == pilot.text else None
    chosen = asked.search
    try:
        found = match_text(
            context,
            text,
            filters=chosen.filters(),
            top=chosen.top,
            language=language,
            profile=chosen.profile(pilot.profile if pilot else None),
            group=chosen.group,
            pilot_id=pilot.id if pilot and text == pilot.text else "",
            dismissed=chosen.dismissed,
        )
    except InputError as error:
        return None, said.say(from_error(error)), 422
    except (ServiceError, IndexingError) as error:
        return None, said.say(from_error(error)), 503
    return found, "", 200


def _find_problem(
    asked: SearchRequest, pilot: Pilot | None, text: str, said: Words
) -> tuple[str, int]:
    """Return what is wrong with what was asked, if anything, and its status."""
    if asked.errors:
        return " ".join(f"{e.field}: {e.message}." for e in asked.errors), 422
    if not asked.posted:
        missing = bool(asked.search.pilot) and pilot is None
        return (said("pilot.unknown", pilot=asked.search.pilot), 404) if missing else ("", 200)
    if not text.strip():
        return said("text.missing"), 422
    if asked.search.is_too_long:
        return said("text.too.long", count=len(text)), 413
    return "", 200


def _render(
    context: Context,
    asked: SearchRequest,
    pilot: Pilot | None,
    pilots: Iterable[Pilot],
    **values: Any,
) -> str:
    funders = list_funders(context)
    return render.render_page(
        "search.html",
        request,
        asked=asked.search,
        pilot=pilot,
        pilots=sorted(pilots, key=lambda one: one.title.casefold()),
        empty=not funders,
        choices=forms.filter_choices(funders),
        ticked=forms.ticked_boxes(asked.search),
        sizes=forms.RESULT_SIZES,
        kinds=tuple(kind for kind in ApplicantKind if kind is not ApplicantKind.UNRESTRICTED),
        currencies=forms.CURRENCIES,
        linked=forms.as_link(asked.search),
        widened=lambda reason: forms.widened_link(asked.search, reason),
        is_link=not asked.posted,
        **values,
    )


@web.get("/calls")
def calls() -> ResponseReturnValue:
    """List the calls, those to apply to next first."""
    context = app_context()
    asked, errors = forms.read_browse(request)
    found = list_calls(
        context,
        filters=asked.filters(),
        words=asked.q,
        page=asked.page,
        page_size=asked.page_size,
        language=language_of(request),
    )
    filled = render.render_page(
        "calls.html",
        request,
        asked=asked,
        errors=errors,
        cards=found.calls,
        currencies=forms.CURRENCIES,
        now=found.as_of,
        total=found.total,
        pages=found.pages,
        choices=forms.filter_choices(list_funders(context)),
        ticked=forms.ticked_boxes(asked),
        linked=forms.as_link(asked),
        at=lambda page: forms.as_link(asked) | {"page": page},
    )
    return make_response(filled, 422 if errors else 200)


@web.get("/calls/<path:call_id>")
def call(call_id: str) -> ResponseReturnValue:
    """Show the whole of one call."""
    context, language = app_context(), language_of(request)
    found = get_call(context, call_id, language)
    texts = dict(sorted(found.texts.items(), key=lambda item: item[0] != language))
    return render.render_page(
        "call.html",
        request,
        call=found,
        card=get_card(context, call_id, language),
        now=context.now(),
        who=group_by_quote(found),
        texts={code: split_by_section(text, found, code) for code, text in texts.items()},
    )


def group_by_quote(stored: Call) -> dict[str, list[str]]:
    """Gather what a call says of applicants by the sentence that says so."""
    found: dict[str, list[str]] = {}
    for fact in stored.eligibility:
        found.setdefault(fact.quote, []).append(fact.value)
    return found


def split_by_section(text: str, stored: Call, language: str) -> list[tuple[str, str]]:
    """Cut a call's text into (section name, text); what lies between sections has no name."""
    cut: list[tuple[str, str]] = []
    position = 0
    for section in sorted(stored.sections.get(language, ()), key=lambda s: s.start):
        cut.append(("", text[position : section.start]))
        cut.append((section.name, text[max(position, section.start) : section.end]))
        position = max(position, section.end)
    cut.append(("", text[position:]))
    return [(name, part) for name, part in cut if part.strip()]


@web.get("/docs")
def docs() -> ResponseReturnValue:
    """Show the API's operations, each with a form to try it."""
    return render.render_page(
        "docs.html", request, spec=cast("APIFlask", current_app).spec, pretty=_format_json
    )


def _format_json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
