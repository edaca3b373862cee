"""What only the owner of a pilot and administrators may: hide it from others, and delete it."""

from __future__ import annotations

from typing import Any

from flask import current_app, redirect, request
from flask.typing import ResponseReturnValue

from service.http.app_context import app_context
from service.use_cases.access import pilot_rights as use_cases
from service.use_cases.pilots import get_pilot
from service.web import render
from service.web.pages import web
from service.web.words import chosen_language


@web.post("/pilots/<pilot_id>/private")
def set_private(pilot_id: str) -> ResponseReturnValue:
    """Let the owner alone see a pilot, or everybody who is let in."""
    private = request.form.get("private") == "true"
    use_cases.set_private(app_context(), pilot_id, private=private)
    return _redirect("web.pilot", pilot_id=pilot_id)


@web.get("/pilots/<pilot_id>/delete")
def confirm_deletion(pilot_id: str) -> ResponseReturnValue:
    """Ask whether a pilot shall go with everything of it."""
    pilot = get_pilot(app_context(), pilot_id)
    use_cases.check_owner(pilot)
    return render.render_page("delete_pilot.html", request, pilot=pilot)


@web.post("/pilots/<pilot_id>/delete")
def delete(pilot_id: str) -> ResponseReturnValue:
    """Delete a pilot with everything of it."""
    use_cases.delete_pilot(app_context(), pilot_id)
    return _redirect("web.pilots")


def _redirect(endpoint: str, **parts: Any) -> ResponseReturnValue:
    chosen = chosen_language(request)
    link: dict[str, Any] = parts | ({"lang": chosen} if chosen else {})
    return redirect(current_app.url_for(endpoint, **link), 303)
