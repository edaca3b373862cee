"""The page of a pilot's deadlines, month by month."""

from __future__ import annotations

from itertools import groupby

from flask import request
from flask.typing import ResponseReturnValue

from index.errors import IndexingError
from service.errors import ServiceError
from service.http.app_context import app_context
from service.messages.notes import from_error
from service.messages.words import words
from service.use_cases.overview.pilot_deadlines import PilotDeadline, list_pilot_deadlines
from service.use_cases.pilots import get_pilot
from service.web import render
from service.web.pages import web
from service.web.words import language_of

_NOT_READY = 503


@web.get("/pilots/<pilot_id>/calendar")
def pilot_calendar(pilot_id: str) -> ResponseReturnValue:
    """Show the deadlines of the calls that fit a pilot or that its team follows."""
    context, t = app_context(), words(language_of(request))
    pilot = get_pilot(context, pilot_id)
    listed, problem = None, ""
    try:
        listed = list_pilot_deadlines(context, pilot_id, t.language)
    except (ServiceError, IndexingError) as error:
        problem = t.say(from_error(error))
    page = render.render_page(
        "pilot_calendar.html",
        request,
        pilot=pilot,
        months=_by_month(listed.dated) if listed else [],
        undated=listed.undated if listed else (),
        now=context.now(),
        problem=problem,
    )
    return page, _NOT_READY if problem else 200


def _by_month(dated: tuple[PilotDeadline, ...]) -> list[tuple[PilotDeadline, ...]]:
    """Return the deadlines in groups of one month each, on the funders' clocks."""

    def month(one: PilotDeadline) -> tuple[int, int]:
        local = one.deadline.local() if one.deadline else None
        return (local.year, local.month) if local else (0, 0)

    return [tuple(group) for _, group in groupby(sorted(dated, key=month), month)]
