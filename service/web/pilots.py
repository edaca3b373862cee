"""The pages of the stored pilots: their matches, and what people say of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Request, current_app, redirect, request
from flask.typing import ResponseReturnValue
from pydantic import ValidationError

from index.errors import IndexingError
from service.api.source import source
from service.domain.feedback import Judgement, Opinion, holding
from service.domain.match import MatchList
from service.domain.pilot import Pilot
from service.errors import ForbiddenError, InputError, NotFoundError, ServiceError
from service.jobs import judging
from service.messages.message import message
from service.messages.notes import from_error
from service.web import forms, render
from service.web.forms import View
from service.web.pages import web
from service.web.words import Words, asked_for, language_of, words

STRANGER = message("problem.stranger")


@web.get("/pilots")
def pilots() -> ResponseReturnValue:
    """List the stored pilots, with how many calls were judged for each."""
    origin = source()
    stored = sorted(origin.pilots.all(), key=lambda pilot: pilot.title.casefold())
    counts = {one.id: len(holding(origin.feedback.history(one.id))) for one in stored}
    return render.page("pilots.html", request, pilots=stored, counts=counts)


@web.get("/pilots/<pilot_id>")
def pilot(pilot_id: str) -> ResponseReturnValue:
    """Show a pilot's matches, with a way to judge each."""
    view, errors = forms.read_view(request)
    problem = " ".join(f"{error.field}: {error.message}." for error in errors)
    return _page(_stored(pilot_id), view, problem, 422 if errors else 200)


@web.post("/pilots/<pilot_id>/feedback")
def judge(pilot_id: str) -> ResponseReturnValue:
    """Keep what a reader says of a call, and show the matches as they are then."""
    if is_strange(request):
        raise ForbiddenError(STRANGER)
    stored = _stored(pilot_id)
    view, _ = forms.read_view(request)
    by = request.form.get("by", "").strip()
    verdict, _, call_id = request.form.get("judge", "").partition(" ")
    view = view.model_copy(update={"by": by[:100]})
    try:
        given = Judgement(
            pilot=stored.id, call=call_id, verdict=Opinion(verdict), by=by, at=datetime.now(UTC)
        )
    except (ValidationError, ValueError):
        said = words(language_of(request))
        return _page(stored, view, said("judge.by.missing"), 422)
    judging.judge(source(), given)
    chosen = asked_for(request)
    link = forms.as_link(view, **({"lang": chosen} if chosen else {}))
    return redirect(current_app.url_for("web.pilot", pilot_id=stored.id, **link), 303)


def is_strange(sent: Request) -> bool:
    """Return whether another site's page sent the form: a reader may not know of it.

    Browsers say where a form comes from: in Sec-Fetch-Site, older ones in Origin. What says
    neither is no browser, and nobody's page can make it send anything.
    """
    site = sent.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = sent.headers.get("Origin")
    return origin is not None and origin != sent.host_url.rstrip("/")


def _stored(pilot_id: str) -> Pilot:
    found = source().pilots.get(pilot_id)
    if found is None:
        raise NotFoundError(message("problem.pilot", id=pilot_id))
    return found


def _page(stored: Pilot, view: View, problem: str, status: int) -> tuple[str, int]:
    origin, said = source(), words(language_of(request))
    found, trouble, answer = _matches(stored, view, said)
    calls = origin.calls.all()
    history = origin.feedback.history(stored.id)
    values: dict[str, Any] = {
        "pilot": stored,
        "view": view,
        "found": found,
        "problem": problem or trouble,
        "judgements": holding(history),
        "titles": {id_: call.titles for id_, call in calls.items()},
        "choices": forms.choices(calls.values()),
        "ticked": forms.ticked(view),
        "sizes": forms.SIZES,
        "linked": forms.as_link(view),
        "widened": lambda reason: forms.widened(view, reason),
    }
    return render.page("pilot.html", request, **values), status if status != 200 else answer  # noqa: PLR2004  fine


def _matches(stored: Pilot, view: View, said: Words) -> tuple[MatchList | None, str, int]:
    """Return the pilot's matches, or why there are none and the status that says so."""
    try:
        found = source().match(
            stored.text,
            filters=view.filters(),
            top=view.top,
            language=stored.language,
            profile=stored.profile,
            group=view.group,
            pilot_id=stored.id,
            dismissed=view.dismissed,
        )
    except InputError as error:
        return None, said.say(from_error(error)), 422
    except (ServiceError, IndexingError) as error:
        return None, said.say(from_error(error)), 503
    return found, "", 200
