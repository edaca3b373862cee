"""What the pages of administration share: how they answer, and what they are shown with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import current_app, redirect, request
from flask.typing import ResponseReturnValue

from service.domain.access.principal import acting
from service.domain.access.user import User
from service.errors import ForbiddenError, ServiceError
from service.http.app_context import app_context
from service.http.problems import problem_of
from service.messages.message import Message, message
from service.messages.notes import from_error
from service.messages.words import words
from service.use_cases.access.opened_feeds import OpenedFeeds
from service.use_cases.access.ways_in import asks_who
from service.web import render
from service.web.words import chosen_language, language_of


@dataclass(frozen=True)
class Outcome:
    """What was done: a sentence, a ``secret`` that is shown this once, and ``feeds`` that ended.

    ``fate`` says what became of the feeds: "ended", "kept" or "resting".
    """

    sentence: Message
    secret: str = ""
    feeds: OpenedFeeds | None = None
    fate: str = ""


def ended(sentence: Message, feeds: OpenedFeeds) -> Outcome:
    """Return the outcome of what ended feeds, or handed them over."""
    return Outcome(sentence, feeds=feeds, fate="kept" if feeds.kept else "ended")


def admin_page(
    template: str,
    *,
    outcome: Outcome | None = None,
    error: ServiceError | None = None,
    **values: Any,
) -> ResponseReturnValue:
    """Return a page of administration, with what was done or what is wrong."""
    t = words(language_of(request))
    page = render.render_page(
        f"admin/{template}",
        request,
        outcome=outcome,
        problem=t.say(from_error(error)) if error else "",
        is_closed=asks_who(app_context()),
        **values,
    )
    return page, problem_of(error).status if error else 200


def attempt(
    do: Callable[[], Outcome], show: Callable[..., ResponseReturnValue]
) -> ResponseReturnValue:
    """Do something, and show the page with what was done, or with what is wrong with it."""
    try:
        return show(outcome=do())
    except ServiceError as error:
        if error.message is not None and error.message.key == "problem.person":
            raise
        return show(error=error)


def go_to(endpoint: str, **parts: Any) -> ResponseReturnValue:
    """Lead to a page, in the language that was chosen."""
    chosen = chosen_language(request)
    link: dict[str, Any] = parts | ({"lang": chosen} if chosen else {})
    return redirect(current_app.url_for(endpoint, **link), 303)


def keeps_feeds() -> bool:
    """Return whether a form asks to take feeds and webhooks over instead of ending them."""
    return request.form.get("keep_feeds") == "true"


def check_other(user: User) -> None:
    """Check that administrators do not shut themselves out: somebody must be left to let in.

    Raises:
        ForbiddenError: whoever asks is the person.
    """
    if acting().is_person and acting().id == user.id:
        raise ForbiddenError(message("problem.admin.self"))
