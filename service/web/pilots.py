"""The pages of the stored pilots: their matches, and what people say of them."""

from __future__ import annotations

from typing import Any

from flask import Request, current_app, redirect, request
from flask.typing import ResponseReturnValue

from index.errors import IndexingError
from service.domain.matching.feedback import Opinion
from service.domain.matching.match import MatchList
from service.domain.pilots.pilot import Pilot
from service.errors import ForbiddenError, InputError, ServiceError
from service.http.app_context import app_context
from service.messages.message import message
from service.messages.notes import from_error
from service.messages.words import Words, words
from service.use_cases.calls import list_funders, list_titles
from service.use_cases.feedback import judge_call, list_feedback
from service.use_cases.match import match_pilot
from service.use_cases.pilots import get_pilot, list_pilots
from service.web import forms, render
from service.web.forms import PilotForm
from service.web.pages import web
from service.web.words import asked_for, language_of

CROSS_SITE_MESSAGE = message("problem.stranger")


@web.get("/pilots")
def pilots() -> ResponseReturnValue:
    """List the stored pilots, with how many calls were judged for each."""
    context = app_context()
    stored = sorted(list_pilots(context), key=lambda pilot: pilot.title.casefold())
    counts = {one.id: len(list_feedback(context, one.id).judgements) for one in stored}
    return render.render_page("pilots.html", request, pilots=stored, counts=counts)


@web.get("/pilots/<pilot_id>")
def pilot(pilot_id: str) -> ResponseReturnValue:
    """Show a pilot's matches, with a way to judge each."""
    view, errors = forms.read_view(request)
    problem = " ".join(f"{error.field}: {error.message}." for error in errors)
    return _page(get_pilot(app_context(), pilot_id), view, problem, 422 if errors else 200)


@web.post("/pilots/<pilot_id>/feedback")
def judge(pilot_id: str) -> ResponseReturnValue:
    """Keep what a reader says of a call, and show the matches as they are then."""
    if is_cross_site(request):
        raise ForbiddenError(CROSS_SITE_MESSAGE)
    stored = get_pilot(app_context(), pilot_id)
    view, _ = forms.read_view(request)
    by = request.form.get("by", "").strip()
    verdict, _, call_id = request.form.get("judge", "").partition(" ")
    view = view.model_copy(update={"by": by[:100]})
    try:
        judge_call(app_context(), stored.id, call_id, Opinion(verdict), by)
    except (InputError, ValueError):
        said = words(language_of(request))
        return _page(stored, view, said("judge.by.missing"), 422)
    chosen = asked_for(request)
    link = forms.as_link(view, **({"lang": chosen} if chosen else {}))
    return redirect(current_app.url_for("web.pilot", pilot_id=stored.id, **link), 303)


def is_cross_site(sent: Request) -> bool:
    """Return whether another site's page sent the form: a reader may not know of it.

    Browsers say where a form comes from: in Sec-Fetch-Site, older ones in Origin. What says
    neither is no browser, and nobody's page can make it send anything.
    """
    site = sent.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = sent.headers.get("Origin")
    return origin is not None and origin != sent.host_url.rstrip("/")


def _page(stored: Pilot, view: PilotForm, problem: str, status: int) -> tuple[str, int]:
    context, said = app_context(), words(language_of(request))
    found, trouble, answer = _match_or_problem(stored, view, said)
    values: dict[str, Any] = {
        "pilot": stored,
        "view": view,
        "found": found,
        "problem": problem or trouble,
        "judgements": list_feedback(context, stored.id).judgements,
        "titles": list_titles(context),
        "choices": forms.filter_choices(list_funders(context)),
        "ticked": forms.ticked_boxes(view),
        "sizes": forms.RESULT_SIZES,
        "linked": forms.as_link(view),
        "widened": lambda reason: forms.widened_link(view, reason),
    }
    return render.render_page("pilot.html", request, **values), status if status != 200 else answer  # noqa: PLR2004  fine


def _match_or_problem(
    stored: Pilot, view: PilotForm, said: Words
) -> tuple[MatchList | None, str, int]:
    """Return the pilot's matches, or why there are none and the status that says so."""
    try:
        found = match_pilot(
            app_context(),
            stored.id,
            filters=view.filters(),
            top=view.top,
            group=view.group,
            dismissed=view.dismissed,
        )
    except InputError as error:
        return None, said.say(from_error(error)), 422
    except (ServiceError, IndexingError) as error:
        return None, said.say(from_error(error)), 503
    return found, "", 200
