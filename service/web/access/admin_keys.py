"""The page of API keys: made and shown once, rotated and revoked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import request
from flask.typing import ResponseReturnValue

from service.domain.access.api_key import KeyState
from service.domain.access.rights import Scope
from service.errors import InputError, ServiceError
from service.http.app_context import app_context
from service.messages.message import message
from service.use_cases.access import keys as use_cases
from service.use_cases.access.opened_feeds import list_opened
from service.use_cases.access.ways_in import asks_who
from service.web.access.administration import (
    Outcome,
    admin_page,
    attempt,
    ended,
    keeps_feeds,
)
from service.web.pages import web

_MOST_DAYS = 3650
_OVERLAP = timedelta(days=7)
"""How long a key is let in beside the one that takes its place, unless the form says otherwise."""


@web.get("/admin/keys")
def admin_keys() -> ResponseReturnValue:
    """Show every key, also those that are let in no more."""
    return _page()


@web.post("/admin/keys")
def admin_add_key() -> ResponseReturnValue:
    """Make a key, and show it this once."""
    return attempt(_add, _page)


@web.post("/admin/keys/<key_id>/rotate")
def admin_rotate_key(key_id: str) -> ResponseReturnValue:
    """Make a key that takes the place of another, and show it this once."""

    def rotate() -> Outcome:
        days = _days("overlap", 0)
        overlap = _OVERLAP if days is None else timedelta(days=days)
        made = use_cases.rotate_key(app_context(), key_id, overlap)
        said = message("admin.done.rotated", name=made.key.name, count=overlap.days)
        return Outcome(said, secret=made.text)

    return attempt(rotate, _page)


@web.get("/admin/keys/<key_id>/revoke")
def admin_confirm_revocation(key_id: str) -> ResponseReturnValue:
    """Ask whether a key shall be refused from now on, and what becomes of its feeds."""
    key = use_cases.find_key(app_context(), key_id)
    opened = list_opened(app_context(), key.principal.owner)
    return admin_page("revoke_key.html", key=key, opened=opened)


@web.post("/admin/keys/<key_id>/revoke")
def admin_revoke_key(key_id: str) -> ResponseReturnValue:
    """Refuse a key from now on."""

    def revoke() -> Outcome:
        done = use_cases.revoke_key(app_context(), key_id, keep_feeds=keeps_feeds())
        return ended(message("admin.done.revoked", name=done.key.name), done.feeds)

    return attempt(revoke, _page)


def _add() -> Outcome:
    if not asks_who(app_context()):
        raise InputError(message("problem.admin.first"))
    try:
        scope = Scope(request.form.get("scope", ""))
    except ValueError as error:
        raise InputError(message("problem.admin.scope")) from error
    days = _days("days", 1)
    lifetime = timedelta(days=days) if days else None
    made = use_cases.add_key(app_context(), request.form.get("name", ""), scope, lifetime)
    return Outcome(message("admin.done.key", name=made.key.name), secret=made.text)


def _days(name: str, least: int) -> int | None:
    """Return a number of days in the form; None when it is left empty."""
    text = request.form.get(name, "").strip()
    if not text:
        return None
    if not text.isascii() or not text.isdecimal() or not least <= int(text[:6]) <= _MOST_DAYS:
        raise InputError(message("problem.admin.days", least=least, most=_MOST_DAYS))
    return int(text)


def _page(
    *, outcome: Outcome | None = None, error: ServiceError | None = None
) -> ResponseReturnValue:
    keys, now = use_cases.list_keys(app_context()), datetime.now(UTC)
    ordered = sorted(keys, key=lambda key: key.state(now) is not KeyState.ACTIVE)
    return admin_page(
        "keys.html",
        outcome=outcome,
        error=error,
        keys=ordered,
        names={key.id: key.name for key in keys},
        scopes=tuple(Scope),
        typed=request.form if error else {},
        now=now,
    )
