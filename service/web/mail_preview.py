"""Mails in the browser: the HTML that is sent, its text, and its calendar."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, make_response, request, url_for
from flask.typing import ResponseReturnValue

from service.errors import InputError
from service.http.app_context import app_context
from service.mail.digest_view import CallLinks, MailLinks
from service.mail.render import RenderedMail, render_digest
from service.use_cases.digest import preview_digest
from service.use_cases.pilots import get_pilot
from service.web.pages import web
from service.web.words import language_of

MAIL_ENDPOINTS = frozenset({"web.digest", "web.sent_mail"})
"""Endpoints that answer with a mail, whose styles are in its tags."""

MAIL_POLICY = {"style-src": "'unsafe-inline'", "form-action": "'none'"}
"""Policy of such a page, over that of others: styles in its tags, and no form."""

_MEDIA_TYPES = {"html": "text/html", "text": "text/plain", "ics": "text/calendar"}


@dataclass(frozen=True)
class _Visitor:
    language: str


@web.get("/pilots/<pilot_id>/digest")
def digest(pilot_id: str) -> ResponseReturnValue:
    """Show the mail that a pilot's next recipient would get, or its text or calendar."""
    get_pilot(app_context(), pilot_id)
    week, form = request.args.get("week") or None, request.args.get("form", "html")
    if form not in _MEDIA_TYPES:
        raise InputError("form is html, text or ics.")
    language = language_of(request)
    preview = preview_digest(app_context(), pilot_id, week)
    return as_page(render_digest(preview, _Visitor(language), _links(pilot_id, language)), form)


def as_page(mail: RenderedMail, form: str) -> Response:
    """Return one part of a mail as a page of its own type."""
    body = {"html": mail.html, "text": mail.text, "ics": mail.ics}[form]
    response = make_response(body)
    response.mimetype = _MEDIA_TYPES[form]
    return response


def _links(pilot_id: str, language: str) -> MailLinks:
    """Return links that a visitor can follow: nothing is marked or stopped from a preview."""

    def call(call_id: str) -> CallLinks:
        return CallLinks(open=url_for("web.call", call_id=call_id, lang=language, _external=True))

    rest = url_for("web.search", pilot=pilot_id, lang=language, _external=True)
    return MailLinks(call=call, rest=rest)
