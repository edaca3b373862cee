"""The page behind a link by which a person chooses a password. It works once."""

from __future__ import annotations

from flask import Response, make_response, request
from flask.typing import ResponseReturnValue

from service.errors import InputError
from service.http.access.authentication import needs_https
from service.http.app_context import app_context
from service.mail.signed_links import LinkError
from service.messages.message import Message, message
from service.messages.notes import from_error
from service.messages.words import words
from service.use_cases.access.first_password import choose_password, read_password_link
from service.web import render
from service.web.access.administration import go_to
from service.web.pages import web
from service.web.words import language_of


@web.get("/password/<token>")
def show_password_link(token: str) -> ResponseReturnValue:
    """Ask for a password."""
    return _page(token)


@web.post("/password/<token>")
def choose_by_link(token: str) -> ResponseReturnValue:
    """Keep the password that was chosen, and lead to signing in."""
    if needs_https(request):
        return _page(token, message("problem.sign_in.https"))
    password = request.form.get("password", "")
    if password != request.form.get("again", ""):
        return _page(token, message("problem.password.again"))
    try:
        choose_password(app_context(), token, password)
    except LinkError:
        return _page(token)
    except InputError as error:
        return _page(token, from_error(error))
    return go_to("web.sign_in")


def _page(token: str, problem: Message | None = None) -> Response:
    try:
        user = read_password_link(app_context(), token)
    except LinkError:
        page = render.render_page("first_password.html", request, user=None, problem="")
        return make_response(page, 410)
    page = render.render_page(
        "first_password.html",
        request,
        user=user,
        token=token,
        problem=words(language_of(request)).say(problem) if problem else "",
    )
    return make_response(page, 422 if problem else 200)
