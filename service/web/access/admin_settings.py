"""The page of the settings in force, as `fundscout settings` prints them, without secrets."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from service.http.app_context import app_context
from service.settings import ALL_SETTINGS
from service.web.access.administration import admin_page
from service.web.pages import web


@web.get("/admin/settings")
def admin_settings() -> ResponseReturnValue:
    """Show every setting with its value now."""
    values = app_context().settings.as_rows()
    rows = [(one.name, str(values[one.name]), one.help) for one in ALL_SETTINGS]
    return admin_page("settings.html", rows=rows)
