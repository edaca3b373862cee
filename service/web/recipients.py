"""The page of who gets mails about a pilot: to ask an address, and to take one off."""

from __future__ import annotations

from typing import Any

from flask import current_app, redirect, request
from flask.typing import ResponseReturnValue

from service.domain.pilots.pilot import Pilot
from service.errors import InputError
from service.http.access.rate_limits import client_of
from service.http.app_context import app_context
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
    asked = request.args.get("asked", "")
    return _page(get_pilot(app_context(), pilot_id), asked=asked), 200


@web.post("/pilots/<pilot_id>/recipients")
def add_recipient(pilot_id: str) -> ResponseReturnValue:
    """Ask an address whether it wants mails about a pilot."""
    pilot = get_pilot(app_context(), pilot_id)
    address = request.form.get("address", "")
    language = request.form.get("language") or language_of(request)
    try:
        can_send = use_cases.add_recipient(
            app_context(), pilot.id, address, language, source="page", client=client_of(request)
        )
    except InputError as error:
        t = words(language_of(request))
        return _page(pilot, problem=t.say(from_error(error)), address=address), 422
    return _redirect_back(pilot, asked="1" if can_send else "stored")


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


def _page(pilot: Pilot, *, problem: str = "", address: str = "", asked: str = "") -> str:
    return render.render_page(
        "recipients.html",
        request,
        pilot=pilot,
        recipients=use_cases.list_recipients(app_context(), pilot.id).recipients,
        problem=problem,
        address=address,
        asked=asked,
        now=app_context().now(),
    )
