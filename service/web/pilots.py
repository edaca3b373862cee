"""The pages of the stored pilots: their matches, and how people judge them."""

from __future__ import annotations

from typing import Any

from flask import current_app, redirect, request
from flask.typing import ResponseReturnValue

from index.errors import IndexingError
from service.domain.access.principal import acting
from service.domain.matching.feedback import Opinion
from service.domain.matching.match import MatchList
from service.domain.pilots.pilot import Pilot
from service.domain.pilots.reading.text_sections import kinds_around
from service.errors import InputError, ServiceError
from service.http.app_context import app_context
from service.messages.notes import from_error
from service.messages.words import Words, words
from service.use_cases.calls import list_funders, list_titles
from service.use_cases.feedback import judge_call, list_feedback
from service.use_cases.match import match_pilot
from service.use_cases.pilots import get_pilot, list_pilots, set_exclusions
from service.web import forms, render
from service.web.forms import PilotForm
from service.web.pages import web
from service.web.words import chosen_language, language_of


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
    form, errors = forms.read_pilot_view(request)
    problem = " ".join(f"{error.field}: {error.message}." for error in errors)
    return _page(get_pilot(app_context(), pilot_id), form, problem, 422 if errors else 200)


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
    chosen = chosen_language(request)
    link = forms.as_link(form, **({"lang": chosen} if chosen else {}))
    return redirect(current_app.url_for("web.pilot", pilot_id=stored.id, **link), 303)


@web.post("/pilots/<pilot_id>/exclude")
def exclude(pilot_id: str) -> ResponseReturnValue:
    """Store which subjects a pilot leaves out, and show its matches as they are then."""
    stored = get_pilot(app_context(), pilot_id)
    form, _ = forms.read_pilot_view(request)
    phrases = forms.split_phrases(request.form.get("exclude", ""))
    try:
        set_exclusions(app_context(), stored.id, phrases)
    except InputError as error:
        return _page(stored, form, words(language_of(request)).say(from_error(error)), 422)
    chosen = chosen_language(request)
    link = forms.as_link(form, **({"lang": chosen} if chosen else {}))
    return redirect(current_app.url_for("web.pilot", pilot_id=stored.id, **link), 303)


def _page(stored: Pilot, form: PilotForm, problem: str, status: int) -> tuple[str, int]:
    context, t = app_context(), words(language_of(request))
    results, match_problem, match_status = _match_or_problem(stored, form, t)
    judgements = list_feedback(context, stored.id).judgements
    values: dict[str, Any] = {
        "pilot": stored,
        "form": form,
        "results": results,
        "problem": problem or match_problem,
        "judgements": judgements,
        "owned": acting().owns(stored.owner),
        "titles": list_titles(context, {one.call for one in judgements}),
        "choices": forms.filter_choices(list_funders(context)),
        "ticked": forms.ticked_boxes(form),
        "sizes": forms.RESULT_SIZES,
        "kinds_around": kinds_around,
        "linked": forms.as_link(form),
        "sheet": forms.as_sheet_link(form) | {"pilot_id": stored.id},
        "widened": lambda reason: forms.widened_link(form, reason),
        "standing": lambda text: forms.standing_link(form, text),
    }
    return render.render_page(
        "pilot.html", request, **values
    ), status if status != 200 else match_status  # noqa: PLR2004  fine


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
