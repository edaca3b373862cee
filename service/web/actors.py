"""The pages of actors, and of the pilots that fit a call."""

from __future__ import annotations

import contextlib
from typing import Any

from flask import make_response, request
from flask.typing import ResponseReturnValue
from pydantic import ConfigDict, ValidationError

from index.errors import IndexingError
from scrapers.call import Level
from service.domain.awards.actors import ActorKind, ActorList
from service.errors import NotFoundError, ServiceError
from service.http.app_context import app_context
from service.http.problems import problem_of
from service.http.queries import NO_SUBJECT, ActorQuery
from service.http.reading import gather
from service.messages.message import Message, message, verbatim
from service.messages.notes import from_error
from service.messages.words import words
from service.use_cases.actors import find_actors
from service.use_cases.pilots import get_pilot, list_pilots
from service.use_cases.scan.focus_areas import get_area, list_areas
from service.use_cases.shortlist import shortlist_pilots
from service.web import render
from service.web.pages import web
from service.web.words import language_of


class ActorForm(ActorQuery):
    """The form of the page: the API's query, tolerant of what belongs to the page."""

    model_config = ConfigDict(frozen=True, extra="ignore")


@web.get("/actors")
def actors() -> ResponseReturnValue:
    """Show who funds a subject and who was funded for it; without one, the focus areas."""
    values = gather(ActorForm, request.args)
    if str(values.get("q") or "").strip():  # words typed go before what was chosen earlier
        values = {name: value for name, value in values.items() if name not in {"area", "pilot"}}
    t = words(language_of(request))
    survey, problem, status = None, None, 200
    if any(values.get(name) for name in ("q", "area", "pilot")):
        survey, problem, status = _find_actors_or_problem(values)
    page = render.render_page(
        "actors.html",
        request,
        form=values,
        areas=list_areas(app_context()).areas,
        survey=survey,
        problem=t.say(problem) if problem else "",
        subject=_subject_name(values, t.language),
        sheet=_sheet_link(values) if survey else {},
        more={**request.args.to_dict(flat=False), "top": 200},
        kinds=tuple(ActorKind),
        levels=tuple(Level),
    )
    return make_response(page, status)


def _sheet_link(values: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters of the same actors as a spreadsheet."""
    known = ActorQuery.model_fields
    return {name: value for name, value in values.items() if name in known}


def _subject_name(values: dict[str, Any], language: str) -> str:
    """Return the name of the subject: an area's name, a pilot's title, or the reader's words."""
    if values.get("area"):
        with contextlib.suppress(NotFoundError):
            return get_area(app_context(), str(values["area"])).name.in_(language)
    if values.get("pilot"):
        with contextlib.suppress(NotFoundError):
            return get_pilot(app_context(), str(values["pilot"])).title
    return str(values.get("q") or "")


def _find_actors_or_problem(values: dict[str, Any]) -> tuple[ActorList | None, Message | None, int]:
    """Return the actors, or why there are none and the status that says so."""
    try:
        form = ActorForm.model_validate(values)
        survey = find_actors(
            app_context(),
            text=form.q,
            area=form.area,
            pilot_id=form.pilot,
            kind=form.kind,
            levels=form.level,
            top=form.top,
        )
    except ValidationError as error:
        return None, _describe_error(error), 422
    except (ServiceError, IndexingError) as error:
        return None, from_error(error), problem_of(error).status
    return survey, None, 200


def _describe_error(error: ValidationError) -> Message:
    first = error.errors(include_url=False, include_input=False)[0]
    if first["type"] == NO_SUBJECT:
        return message("problem.subject")
    field = ".".join(str(step) for step in first["loc"])
    problem = first["msg"].removeprefix("Value error, ")
    return verbatim(f"{field}: {problem}." if field else f"{problem}.")


@web.get("/calls/<path:call_id>/pilots", endpoint="shortlist")
def show_shortlist(call_id: str) -> ResponseReturnValue:
    """Show the pilots that fit a call, alone and in teams."""
    pilots = shortlist_pilots(app_context(), call_id, top=10, language=language_of(request))
    titles = {pilot.id: pilot.title for pilot in list_pilots(app_context())}
    return render.render_page("shortlist.html", request, shortlist=pilots, titles=titles)
