"""The pages of focus areas that staff make: a list with a form, and a page to change each."""

from __future__ import annotations

from typing import Any

from flask import current_app, make_response, redirect, request
from flask.typing import ResponseReturnValue
from pydantic import ValidationError

from service.domain.awards.focus_areas import (
    LONGEST_NAME,
    LONGEST_WORDS,
    OwnAreaDraft,
)
from service.errors import ConflictError, StaleError
from service.http.app_context import app_context
from service.messages.message import Message, message
from service.messages.notes import from_error
from service.messages.words import words
from service.use_cases.scan import focus_areas as use_cases
from service.web import render
from service.web.pages import web
from service.web.words import chosen_language, language_of

NOTHING = {"name": "", "words": ""}
"""A form that nobody has filled in."""


@web.get("/areas")
def areas() -> ResponseReturnValue:
    """List the areas that were made here, with a form for a new one."""
    return _list_page(NOTHING)


@web.post("/areas")
def add_area() -> ResponseReturnValue:
    """Make an area, and scan it; when something is wrong, what was typed stays."""
    typed = _typed()
    try:
        area = use_cases.add_area(app_context(), OwnAreaDraft(**typed))
    except ValidationError as error:
        return _list_page(typed, _describe_error(error), 422)
    except ConflictError as error:
        return _list_page(typed, from_error(error), 409)
    return _go("web.scan", area=area.key)


@web.get("/areas/<area_key>")
def edit_area(area_key: str) -> ResponseReturnValue:
    """Show an area with a form to change it."""
    area = use_cases.get_own_area(app_context(), area_key)
    return _area_page(area_key, {"name": area.name, "words": area.words})


@web.post("/areas/<area_key>")
def change_area(area_key: str) -> ResponseReturnValue:
    """Change an area, unless somebody else did since it was read."""
    typed, seen = _typed(), request.form.get("seen", "")
    try:
        draft = OwnAreaDraft(**typed)
        use_cases.change_area(app_context(), area_key, draft, lambda etag: etag == seen)
    except ValidationError as error:
        return _area_page(area_key, typed, _describe_error(error), 422)
    except ConflictError as error:
        return _area_page(area_key, typed, from_error(error), 409)
    except StaleError as error:
        return _area_page(area_key, typed, from_error(error), 409, is_stale=True)
    return _go("web.areas")


@web.post("/areas/<area_key>/remove")
def remove_area(area_key: str) -> ResponseReturnValue:
    """Remove an area that was made here."""
    use_cases.remove_area(app_context(), area_key)
    return _go("web.areas")


def _typed() -> dict[str, str]:
    return {name: request.form.get(name, "").replace("\r\n", "\n") for name in NOTHING}


def _describe_error(error: ValidationError) -> Message:
    """Say which field is empty, too long or without letters, and what to do."""
    first = error.errors(include_url=False, include_input=False)[0]
    if first["type"] == "string_too_long":
        key = "problem.area.name.long" if first["loc"] == ("name",) else "problem.area.words.long"
        longest = LONGEST_NAME if first["loc"] == ("name",) else LONGEST_WORDS
        return message(key, count=longest)
    return message(
        "problem.area.name.none" if first["loc"] == ("name",) else "problem.area.words.none"
    )


def _list_page(
    draft: dict[str, str], problem: Message | None = None, status: int = 200
) -> ResponseReturnValue:
    page = render.render_page(
        "areas.html",
        request,
        own=use_cases.list_areas(app_context()).own,
        draft=draft,
        problem=words(language_of(request)).say(problem) if problem else "",
    )
    return make_response(page, status)


def _area_page(
    area_key: str,
    draft: dict[str, str],
    problem: Message | None = None,
    status: int = 200,
    *,
    is_stale: bool = False,
) -> ResponseReturnValue:
    page = render.render_page(
        "area.html",
        request,
        area=use_cases.get_own_area(app_context(), area_key),
        draft=draft,
        problem=words(language_of(request)).say(problem) if problem else "",
        is_stale=is_stale,
    )
    return make_response(page, status)


def _go(endpoint: str, **parts: Any) -> ResponseReturnValue:
    chosen = chosen_language(request)
    if chosen:
        parts["lang"] = chosen
    return redirect(current_app.url_for(endpoint, **parts), 303)
