"""The page of the people who sign in: add, change, sign out, keep out and remove them."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

from flask import current_app, request
from flask.typing import ResponseReturnValue

from service.domain.access.rights import AccountRole
from service.domain.access.user import User
from service.errors import InputError, ServiceError
from service.http.access.authentication import needs_https
from service.http.app_context import app_context
from service.messages.message import message
from service.use_cases.access import users as use_cases
from service.use_cases.access.first_password import make_password_link
from service.use_cases.access.opened_feeds import list_opened
from service.use_cases.access.ways_in import asks_who
from service.web.access.administration import (
    Outcome,
    admin_page,
    attempt,
    check_other,
    ended,
    go_to,
    keeps_feeds,
)
from service.web.pages import web


@web.get("/admin")
def admin_people() -> ResponseReturnValue:
    """Show who may sign in."""
    return _page()


@web.post("/admin/people")
def admin_add_person() -> ResponseReturnValue:
    """Add a person, with a password, with a link to choose one, or without either."""
    return attempt(_add, _page)


@web.post("/admin/people/<user_id>/role")
def admin_set_role(user_id: str) -> ResponseReturnValue:
    """Give a person another role."""
    user = use_cases.get_user(app_context(), user_id)

    def change() -> Outcome:
        check_other(user)
        role = _role()
        changed = use_cases.set_role(app_context(), user.name, role, keep_feeds=keeps_feeds())
        return _changed(changed, "admin.done.role")

    return attempt(change, _page)


@web.post("/admin/people/<user_id>/out")
def admin_keep_out(user_id: str) -> ResponseReturnValue:
    """Keep a person out for a while, or let the person in again."""
    user, disabled = use_cases.get_user(app_context(), user_id), request.form.get("out") == "true"

    def change() -> Outcome:
        check_other(user)
        changed = use_cases.set_disabled(
            app_context(), user.name, disabled=disabled, keep_feeds=keeps_feeds()
        )
        return _changed(changed, "admin.done.out" if disabled else "admin.done.in")

    return attempt(change, _page)


@web.post("/admin/people/<user_id>/sign-out")
def admin_end_sessions(user_id: str) -> ResponseReturnValue:
    """Sign a person out everywhere."""
    user = use_cases.get_user(app_context(), user_id)

    def end() -> Outcome:
        count = use_cases.end_sessions(app_context(), user.name)
        return Outcome(message("admin.done.sessions", name=user.name, count=count))

    return attempt(end, _page)


@web.post("/admin/people/<user_id>/link")
def admin_make_link(user_id: str) -> ResponseReturnValue:
    """Make a link by which a person chooses a password."""
    user = use_cases.get_user(app_context(), user_id)
    return attempt(partial(_hand_over, user, "admin.done.link"), _page)


@web.get("/admin/people/<user_id>/remove")
def admin_confirm_removal(user_id: str) -> ResponseReturnValue:
    """Ask whether a person shall go, and what becomes of the person's feeds."""
    user = use_cases.get_user(app_context(), user_id)
    try:
        check_other(user)
    except ServiceError as error:
        return _page(error=error)
    opened = list_opened(app_context(), user.principal.owner)
    return admin_page("remove_person.html", user=user, opened=opened)


@web.post("/admin/people/<user_id>/remove")
def admin_remove_person(user_id: str) -> ResponseReturnValue:
    """Remove a person."""
    user = use_cases.get_user(app_context(), user_id)

    def remove() -> Outcome:
        check_other(user)
        gone = use_cases.remove_user(app_context(), user.name, keep_feeds=keeps_feeds())
        return ended(message("admin.done.removed", name=user.name), gone.feeds)

    return attempt(remove, _page)


@web.get("/admin/people")
def admin_people_again() -> ResponseReturnValue:
    """Lead to the people: the address of a form that was answered with a page."""
    return go_to("web.admin_people")


def _add() -> Outcome:
    form, role = request.form, _role()
    how, name = form.get("how", "link"), form.get("name", "")
    if not asks_who(app_context()) and role is not AccountRole.ADMIN:
        raise InputError(message("problem.admin.first"))
    if how == "password":
        if needs_https(request):
            raise InputError(message("problem.sign_in.https"))
        password = form.get("password", "")
        if not password:
            raise InputError(message("problem.admin.password"))
        user = use_cases.add_user(app_context(), name, role, password)
        return Outcome(message("admin.done.added", name=user.name))
    user = use_cases.add_user(app_context(), name, role)
    if how == "provider":
        return Outcome(message("admin.done.added", name=user.name))
    return _hand_over(user, "admin.done.added.link")


def _hand_over(user: User, sentence: str) -> Outcome:
    """Return a link for a person, to be handed over by whoever sees it."""
    context, token = app_context(), make_password_link(app_context(), user)
    mail = context.settings.mail
    base = mail.public_url if mail.public_url_given else request.host_url.rstrip("/")
    path = current_app.url_for("web.show_password_link", token=token)
    return Outcome(message(sentence, name=user.name), secret=f"{base}{path}")


def _changed(user: User, sentence: str) -> Outcome:
    resting = use_cases.list_resting(app_context(), user)
    return Outcome(message(sentence, name=user.name), feeds=resting, fate="resting")


def _role() -> AccountRole:
    try:
        return AccountRole(request.form.get("role", ""))
    except ValueError as error:
        raise InputError(message("problem.admin.role")) from error


def _page(
    *, outcome: Outcome | None = None, error: ServiceError | None = None
) -> ResponseReturnValue:
    context, now = app_context(), datetime.now(UTC)
    people = use_cases.list_users(context)
    return admin_page(
        "people.html",
        outcome=outcome,
        error=error,
        people=people,
        sessions={one.id: len(use_cases.list_sessions(context, one.name)) for one in people},
        opened={one.id: list_opened(context, one.principal.owner) for one in people},
        roles=tuple(AccountRole),
        provider=context.settings.access.provider,
        typed=request.form if error else {},
        now=now,
    )
