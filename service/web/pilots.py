"""The pages of the stored pilots: what needs attention, their matches, and what people judge."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import current_app, redirect, request
from flask.typing import ResponseReturnValue

from index.errors import IndexingError
from service.domain.access.principal import acting
from service.domain.awards.focus_areas import FOCUS_AREAS
from service.domain.matching.feedback import Opinion
from service.domain.matching.match import MatchList
from service.domain.pilots.pilot import Pilot
from service.domain.pilots.reading.text_sections import kinds_around
from service.errors import InputError, ServiceError, StaleError
from service.http.app_context import app_context
from service.http.search_choices import split_phrases
from service.messages.message import message
from service.messages.notes import from_error
from service.messages.words import Words, words
from service.use_cases.calls import list_funders, list_titles
from service.use_cases.feedback import judge_call, list_feedback
from service.use_cases.match import match_pilot
from service.use_cases.overview.attention import find_attention
from service.use_cases.overview.fitting_calls import list_fitting_calls, new_since
from service.use_cases.overview.visits import note_visit
from service.use_cases.pilots import IsExpected, get_pilot, list_pilots, set_exclusions
from service.web import forms, render
from service.web.forms import PilotForm
from service.web.pages import web
from service.web.pilot_pages.conditions import list_profile_conditions
from service.web.words import chosen_language, language_of

_SAVED = ("new", "changed", "archived", "back")
"""What a page says was done, as addresses name it."""


@web.get("/pilots")
def pilots() -> ResponseReturnValue:
    """List what needs attention, and the stored pilots with how many calls were judged for each."""
    context = app_context()
    stored = sorted(list_pilots(context, archived=True), key=lambda one: one.title.casefold())
    attention = find_attention(context, language_of(request))
    return render.render_page(
        "pilots.html",
        request,
        pilots=[one for one in stored if one.archived_at is None],
        archived=[one for one in stored if one.archived_at is not None],
        counts={one.id: len(list_feedback(context, one.id).judgements) for one in stored},
        attention=attention,
        fresh={one.pilot.id: one.count for one in attention.new},
    )


@web.get("/pilots/<pilot_id>")
def pilot(pilot_id: str) -> ResponseReturnValue:
    """Show a pilot's matches, with a way to judge each."""
    form, errors = forms.read_pilot_view(request)
    problem = " ".join(f"{error.field}: {error.message}." for error in errors)
    stored = get_pilot(app_context(), pilot_id)
    since = note_visit(app_context(), stored.id) if request.method == "GET" else None
    return _page(stored, form, problem, 422 if errors else 200, since=since)


@web.post("/pilots/<pilot_id>/feedback")
def judge(pilot_id: str) -> ResponseReturnValue:
    """Store a reader's judgement on a call, and show the matches as they are then."""
    stored = get_pilot(app_context(), pilot_id)
    form, _ = forms.read_pilot_view(request)
    by = request.form.get("by", "").strip()
    verdict, _, call_id = request.form.get("judge", "").partition(" ")
    form = form.model_copy(update={"by": by[:100]})
    try:
        judge_call(app_context(), stored.id, call_id, Opinion(verdict), by)
    except (InputError, ValueError):
        t = words(language_of(request))
        return _page(stored, form, t("judge.by.missing"), 422)
    return _back_to(stored, form, judged=f"{verdict} {call_id}")


@web.post("/pilots/<pilot_id>/exclude")
def exclude(pilot_id: str) -> ResponseReturnValue:
    """Store which subjects a pilot leaves out, and show its matches as they are then."""
    stored = get_pilot(app_context(), pilot_id)
    form, _ = forms.read_pilot_view(request)
    typed = request.form.get("exclude", "")
    seen = request.form.get("version")
    try:
        is_expected = None if seen is None else _is_as_seen(stored, seen)
        set_exclusions(app_context(), stored.id, split_phrases(typed), is_expected)
    except (InputError, StaleError) as error:
        stored, problem, status = get_pilot(app_context(), pilot_id), from_error(error), 422
        if isinstance(error, StaleError):
            topics = ", ".join(stored.exclude) or words(language_of(request))("profile.any")
            problem, status = message("pilot.changed.exclude", topics=topics), 409
        said = words(language_of(request)).say(problem)
        return _page(stored, form, said, status, typed_exclude=typed)
    return _back_to(stored, form)


def _is_as_seen(stored: Pilot, seen: str) -> IsExpected:
    """Return what tells whether the pilot still says what a form was made of."""
    return lambda etag: seen == stored.content_etag and etag == stored.etag


def _back_to(stored: Pilot, form: PilotForm, **more: str) -> ResponseReturnValue:
    chosen = chosen_language(request)
    link = forms.as_link(form, **more, **({"lang": chosen} if chosen else {}))
    return redirect(current_app.url_for("web.pilot", pilot_id=stored.id, **link), 303)


def _page(
    stored: Pilot,
    form: PilotForm,
    problem: str,
    status: int,
    *,
    since: datetime | None = None,
    typed_exclude: str | None = None,
) -> tuple[str, int]:
    context, t = app_context(), words(language_of(request))
    results, match_problem, match_status = _match_or_problem(stored, form, t)
    judged = list_feedback(context, stored.id)
    fresh = _new_calls(stored, since) if results else []
    named = {one.call for one in judged.history} | set(fresh) | {_judged()[1]}
    shown = results.matches if results else ()
    values: dict[str, Any] = {
        "pilot": stored,
        "form": form,
        "results": results,
        "problem": problem or match_problem,
        "saved": request.args.get("saved") if request.args.get("saved") in _SAVED else "",
        "judged": _judged(),
        "judgements": judged.judgements,
        "history": judged.history[::-1] if len(judged.history) > len(judged.judgements) else (),
        "since": since,
        "fresh": fresh,
        "conditions": list_profile_conditions(stored, shown, t),
        "typed_exclude": ", ".join(stored.exclude) if typed_exclude is None else typed_exclude,
        "areas": [FOCUS_AREAS[key] for key in FOCUS_AREAS if key in stored.areas],
        "owned": acting().owns(stored.owner),
        "titles": list_titles(context, named),
        "choices": forms.filter_choices(list_funders(context)),
        "ticked": forms.ticked_boxes(form),
        "sizes": forms.RESULT_SIZES,
        "kinds_around": kinds_around,
        "linked": forms.as_link(form),
        "sheet": forms.as_sheet_link(form) | {"pilot_id": stored.id},
        "widened": lambda reason: forms.widened_link(form, reason),
        "standing": lambda text: forms.standing_link(form, text),
    }
    page = render.render_page("pilot.html", request, **values)
    return page, status if status != 200 else match_status  # noqa: PLR2004  fine


def _judged() -> tuple[str, str]:
    """Return the verdict and the call of the judgement that led here, if one did."""
    verdict, _, call_id = request.args.get("judged", "").partition(" ")
    return (verdict, call_id) if verdict in set(Opinion) and call_id else ("", "")


def _new_calls(stored: Pilot, since: datetime | None) -> list[str]:
    """Return the calls that fit and came after an instant, best first."""
    if since is None:
        return []
    fitting = list_fitting_calls(app_context(), [stored])[stored.id]
    return [one.call_id for one in new_since(fitting, since)]


def _match_or_problem(
    stored: Pilot, form: PilotForm, t: Words
) -> tuple[MatchList | None, str, int]:
    """Return the pilot's matches, or why there are none and the status that says so."""
    try:
        results = match_pilot(
            app_context(),
            stored.id,
            filters=form.filters(),
            top=form.top,
            group=form.group,
            dismissed=form.dismissed,
            wishes=form.wishes(),
            counted=form.count,
        )
    except InputError as error:
        return None, t.say(from_error(error)), 422
    except (ServiceError, IndexingError) as error:
        return None, t.say(from_error(error)), 503
    return results, "", 200
