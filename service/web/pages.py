"""The pages of search, calls and the API. Each renders what a use case returns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from apiflask import APIBlueprint
from flask import current_app, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from index.errors import IndexingError
from service.context import Context
from service.domain.calls.applicant_kinds import ApplicantKind
from service.domain.matching.facets.order import MatchOrder
from service.domain.pilots.pilot import Pilot
from service.domain.pilots.reading.text_sections import kinds_around
from service.domain.pilots.stored_search import StoredSearch
from service.errors import InputError, ServiceError, UnknownSearchError
from service.http.app_context import app_context
from service.http.problems import database_message
from service.http.search_choices import read_view
from service.http.uploads import read_sent_file, sent_file
from service.messages.message import Message, message
from service.messages.notes import from_error
from service.messages.words import Words, words
from service.use_cases.calls import (
    count_facets,
    known_funders,
    list_calls,
    list_funders,
)
from service.use_cases.conditions import list_applicants
from service.use_cases.files.read_upload import FileReading
from service.use_cases.match import check_text
from service.use_cases.pilots import list_pilots
from service.use_cases.searches import searches
from service.use_cases.watching.indexing import is_indexing
from service.web import forms, render
from service.web.forms import CallListForm, SearchForm, SearchRequest
from service.web.searching.choices import list_chips, list_facets, toggled_link
from service.web.searching.results import (
    amount_notes,
    find_results,
    sort_links,
    without_unknown_funders,
)
from service.web.words import chosen_language, language_of

web = APIBlueprint("web", __name__, enable_openapi=False)


@web.route("/", methods=["GET", "POST"])
def search() -> ResponseReturnValue:
    """Show the search form; send a search to its own address, and a pilot's link to its matches."""
    sent = forms.read_search(request)
    if sent.posted:
        return _send_search(sent)
    if request.args.get("toggle"):
        return _toggle(sent.form)
    t, pilot = words(language_of(request)), _pilot_of(sent.form)
    if sent.form.pilot and pilot is None:
        return _form_page(sent.form, t("pilot.unknown", pilot=sent.form.pilot), status=404)
    if pilot is None and not sent.form.q.strip():
        return _form_page(sent.form, _problem_of(sent))
    form, dropped = read_view(SearchForm, request.args)
    if request.args.get("show") or request.args.get("stand") or request.args.get("boxes"):
        form = form if sent.errors else sent.form
    text = pilot.text if pilot else form.q
    return show_search(form, text, pilot=pilot, notes=gone_notes(dropped))


def _send_search(sent: SearchRequest) -> ResponseReturnValue:
    """Give what was sent an address of its own, and lead there; an error keeps what was typed."""
    t, file, form = words(language_of(request)), sent_file(request), sent.form
    notes: tuple[Message, ...] = ()
    if "read" in request.form or file is not None:
        if file is None:
            return _form_page(form, t("file.none"))
        try:
            reading = read_sent_file(file)
        except InputError as error:
            return _form_page(form, t.say(from_error(error)))
        form = form.model_copy(update={"text": reading.text, "pilot": ""})
        if "read" in request.form:
            return _form_page(form, reading=reading)
        notes = reading.notes
    problem, status = _text_problem(sent, form, t)
    if problem:
        return _form_page(form, problem, status=status)
    pilot = _pilot_of(form)
    if pilot is not None and form.text.strip() == pilot.text.replace("\r\n", "\n").strip():
        link = forms.as_link(form, **_language_choice())
        return redirect(current_app.url_for("web.search", **link) + "#results", 303)
    return _keep(form, notes)


def _text_problem(sent: SearchRequest, form: SearchForm, t: Words) -> tuple[str, int]:
    """Return what is wrong with what was sent, if anything, and its status."""
    if problem := _problem_of(sent):
        return problem, 422
    if not form.text.strip():
        return t("text.missing"), 422
    if form.is_too_long:
        return t("text.too.long", count=len(form.text)), 413
    return "", 200


def _keep(form: SearchForm, notes: Iterable[Message]) -> ResponseReturnValue:
    context, t = app_context(), words(language_of(request))
    try:
        check_text(form.text)
        if form.search:
            known = searches.get_search(context, form.search)
            if known.text == form.text:
                return _redirect_to(known.id, form)
    except InputError as error:
        return _form_page(form, t.say(from_error(error)), status=422)
    except UnknownSearchError:
        pass  # its time was over meanwhile: what was sent gets a new address
    try:
        kept = searches.keep_search(context, form.text, _query_of(form), notes=notes)
    except (ServiceError, SQLAlchemyError) as error:
        return _form_page(form, t.say(_message_of(error)), status=503)
    return _redirect_to(kept.id, form)


def _redirect_to(search_id: str, form: SearchForm) -> ResponseReturnValue:
    parts = {name: v for name, v in forms.as_link(form).items() if name not in ("pilot", "q")}
    parts = parts or {"sort": form.sort.value}
    link = url_for("web.stored_search", search_id=search_id, **parts, **_language_choice())
    return redirect(link + "#results", 303)


def _query_of(form: SearchForm) -> dict[str, tuple[str, ...]]:
    return forms.to_query({n: v for n, v in forms.as_link(form).items() if n != "q"})


def _toggle(form: SearchForm) -> ResponseReturnValue:
    parts = toggled_link(form, request.args["toggle"], app_context().settings.currency)
    return redirect(current_app.url_for("web.search", **parts, **_language_choice()), 302)


def _pilot_of(form: SearchForm) -> Pilot | None:
    return {pilot.id: pilot for pilot in list_pilots(app_context())}.get(form.pilot)


def _problem_of(sent: SearchRequest) -> str:
    return " ".join(f"{e.field}: {e.message}." for e in sent.errors)


def gone_notes(dropped: Iterable[tuple[str, str]]) -> tuple[Message, ...]:
    """Return a note for each choice of an address that cannot be used today."""
    return tuple(
        message("note.filter.gone", name=name, value=value or "–") for name, value in dropped
    )


def show_search(
    form: SearchForm,
    text: str,
    *,
    search: StoredSearch | None = None,
    pilot: Pilot | None = None,
    notes: tuple[Message, ...] = (),
    problem: str = "",
) -> ResponseReturnValue:
    """Show the matches of a text with the choices of ``form``, or why there are none.

    Args:
        form: the choices.
        text: what is matched.
        search: the stored search that the text is of.
        pilot: or the stored pilot.
        notes: what a reader must know of the choices.
        problem: what is wrong with what was sent before.
    """
    context, t, results, status = app_context(), words(language_of(request)), None, 200
    try:
        results = find_results(context, text, form, t, pilot)
    except InputError as error:
        problem, status = t.say(from_error(error)), 422
    except (ServiceError, IndexingError) as error:
        problem, status = t.say(unready_message(context, error)), 503

    def at(**parts: Any) -> str:
        if search is not None:
            named = parts or ({"sort": form.sort.value} if search.query else {})
            link = {"search_id": search.id, **named}
            return url_for("web.stored_search", **link, **_language_choice())
        of = {"pilot": pilot.id} if pilot else {"q": form.q}
        return url_for("web.search", **parts | of, **_language_choice())

    page = _render(
        form,
        text,
        problem=problem,
        pilot=pilot,
        search=search,
        results=results,
        notes=(*notes, *(results.notes if results else ())),
        at=at,
        sorts=sort_links(form),
    )
    return make_response(page, status)


def _form_page(
    form: SearchForm, problem: str = "", *, reading: FileReading | None = None, status: int = 0
) -> ResponseReturnValue:
    """Show the form alone, with what was typed."""
    page = _render(form, form.text, problem=problem, pilot=_pilot_of(form), file_read=reading)
    return make_response(page, status or (422 if problem else 200))


def _render(form: SearchForm, text: str, **values: Any) -> str:
    context = app_context()
    funders = list_funders(context)
    results = values.get("results")
    usual: dict[str, Any] = {
        "results": None,
        "search": None,
        "pilot": None,
        "file_read": None,
        "notes": (),
        "problem": "",
    }
    return render.render_page(
        "results.html" if results or values.get("search") else "search.html",
        request,
        form=form,
        text=text,
        pilots=sorted(list_pilots(context), key=lambda one: one.title.casefold()),
        empty=not funders,
        choices=forms.filter_choices(funders),
        ticked=forms.ticked_boxes(form),
        sizes=forms.RESULT_SIZES,
        kinds=tuple(kind for kind in ApplicantKind if kind is not ApplicantKind.UNRESTRICTED),
        currencies=forms.CURRENCIES,
        linked=forms.as_link(form),
        widened=lambda reason: forms.widened_link(form, reason),
        standing=lambda stretch: forms.standing_link(form, stretch),
        kinds_around=kinds_around,
        keep_days=context.settings.keep_searches_days,
        **usual | values,
    )


def unready_message(context: Context, error: Exception) -> Message:
    """Return why nothing can be found now; while the index is being built, that it is."""
    if isinstance(error, IndexingError) and is_indexing(context):
        return message("problem.indexing")
    return _message_of(error)


def _message_of(error: Exception) -> Message:
    if isinstance(error, SQLAlchemyError):
        return database_message(error)
    return from_error(error)


def _language_choice() -> dict[str, Any]:
    chosen = chosen_language(request)
    return {"lang": chosen} if chosen else {}


@web.get("/calls")
def calls() -> ResponseReturnValue:
    """List the calls, those to apply to next first."""
    context, t = app_context(), words(language_of(request))
    form, dropped = read_view(CallListForm, request.args)
    if asked := request.args.get("toggle", ""):
        parts = toggled_link(form, asked, context.settings.currency)
        return redirect(current_app.url_for("web.calls", **parts, **_language_choice()), 302)
    funders = known_funders(context)
    known, notes = without_unknown_funders(form, funders)
    listed = list_calls(
        context,
        filters=known.filters(),
        words=known.q,
        page=known.page,
        page_size=known.page_size,
        language=language_of(request),
        profile=known.profile(),
        order=MatchOrder(known.sort.value),
    )
    facets = count_facets(context, known.filters(), known.q, known.profile())
    page = render.render_page(
        "calls.html",
        request,
        form=form,
        notes=(*gone_notes(dropped), *notes, *amount_notes(facets, known), *listed.notes),
        cards=listed.calls,
        currencies=forms.CURRENCIES,
        kinds=tuple(kind for kind in ApplicantKind if kind is not ApplicantKind.UNRESTRICTED),
        now=listed.as_of,
        total=listed.total,
        pages=listed.pages,
        chips_of=list_chips(form, funders, t),
        groups=list_facets(form, facets, funders, t),
        facets=facets,
        applicants=list_applicants(context, {card.id for card in listed.calls}),
        choices=forms.filter_choices(funders),
        ticked=forms.ticked_boxes(form),
        linked=forms.as_link(form),
        sheet=forms.as_sheet_link(form),
        sorts={one.value: {**_without_page(form), "sort": one.value} for one in forms.ListOrder},
        at=lambda number: forms.as_link(form) | {"page": number},
    )
    return make_response(page, 422 if dropped else 200)


def _without_page(form: CallListForm) -> dict[str, Any]:
    return {n: v for n, v in forms.as_link(form).items() if n not in ("page", "sort")}
