"""The page of who gets mails about a pilot: ask an address, ask again, and take one off."""

from __future__ import annotations

from typing import Any

from flask import current_app, redirect, request
from flask.typing import ResponseReturnValue

from service.domain.pilots.pilot import Pilot
from service.errors import ConflictError, InputError, TooManyError
from service.http.access.rate_limits import client_of
from service.http.app_context import app_context
from service.http.problems import problem_of
from service.messages.notes import from_error
from service.messages.words import words
from service.use_cases import recipients as use_cases
from service.use_cases.pilots import get_pilot
from service.web import render
from service.web.pages import web
from service.web.words import chosen_language, language_of


@web.get("/pilots/<pilot_id>/recipients")
def recipients(pilot_id: str) -> ResponseReturnValue:
    """Show who gets mails about a pilot."""
    return _page(get_pilot(app_context(), pilot_id), is_asked="asked" in request.args), 200


@web.post("/pilots/<pilot_id>/recipients")
def add_recipient(pilot_id: str) -> ResponseReturnValue:
    """Ask an address whether it wants mails about a pilot."""
    pilot = get_pilot(app_context(), pilot_id)
    address = request.form.get("address", "")
    language = request.form.get("language") or language_of(request)
    try:
        use_cases.add_recipient(
            app_context(), pilot.id, address, language, source="page", client=client_of(request)
        )
    except (InputError, ConflictError, TooManyError) as error:
        problem = words(language_of(request)).say(from_error(error))
        page = _page(pilot, problem=problem, address=address, language=language)
        return page, problem_of(error).status
    return _redirect_back(pilot, asked="1")


@web.post("/pilots/<pilot_id>/recipients/<recipient_id>/ask")
def ask_recipient(pilot_id: str, recipient_id: str) -> ResponseReturnValue:
    """Ask a recipient again who has not answered."""
    pilot = get_pilot(app_context(), pilot_id)
    try:
        use_cases.ask_again(app_context(), pilot.id, recipient_id, client=client_of(request))
    except (ConflictError, TooManyError) as error:
        problem = words(language_of(request)).say(from_error(error))
        return _page(pilot, problem=problem), problem_of(error).status
    return _redirect_back(pilot, asked="1")


@web.post("/pilots/<pilot_id>/recipients/<recipient_id>/remove")
def remove_recipient(pilot_id: str, recipient_id: str) -> ResponseReturnValue:
    """Take a recipient off."""
    pilot = get_pilot(app_context(), pilot_id)
    use_cases.remove_recipient(app_context(), pilot.id, recipient_id, "removed on the page")
    return _redirect_back(pilot)


def _redirect_back(pilot: Pilot, **more: Any) -> ResponseReturnValue:
    chosen = chosen_language(request)
    link: dict[str, Any] = more | ({"lang": chosen} if chosen else {})
    return redirect(current_app.url_for("web.recipients", pilot_id=pilot.id, **link), 303)


def _page(
    pilot: Pilot,
    *,
    problem: str = "",
    address: str = "",
    language: str = "",
    is_asked: bool = False,
) -> str:
    return render.render_page(
        "recipients.html",
        request,
        pilot=pilot,
        recipients=use_cases.list_recipients(app_context(), pilot.id).recipients,
        problem=problem,
        address=address,
        language_typed=language,
        is_asked=is_asked,
        mail=use_cases.mail_service(app_context()),
        now=app_context().now(),
    )
