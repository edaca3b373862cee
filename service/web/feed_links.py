"""The page of the links to feeds: made, shown once, listed and revoked."""

from __future__ import annotations

from typing import Any

from flask import current_app, redirect, request
from flask.typing import ResponseReturnValue

from service.domain.notifications.feed_link import FeedKind, FeedSubject
from service.errors import NotFoundError, ServiceError
from service.http.app_context import app_context
from service.http.feed_queries import read_saved_search
from service.http.problems import problem_of
from service.messages.catalogue import languages
from service.messages.message import message
from service.messages.notes import from_error
from service.messages.words import words
from service.use_cases.feeds import links as use_cases
from service.use_cases.feeds.links import MadeFeedLink
from service.web import render
from service.web.pages import web
from service.web.words import chosen_language, language_of

_APART = ("kind", "subject_of", "lang", "boxes", "page", "page_size")
"""Names in the page's address that are no part of a search."""


@web.get("/feed-links")
def feed_links() -> ResponseReturnValue:
    """List the links to feeds; with a subject in the address, offer to make one."""
    return _page(_subject())


@web.post("/feed-links")
def make_feed_link() -> ResponseReturnValue:
    """Make a link to the feed in the address, and show it this once."""
    subject = _subject()
    if subject is None:
        raise NotFoundError(message("problem.feed.unknown"))
    language = request.form.get("language", "")
    chosen = language if language in languages() else language_of(request)
    label = request.form.get("label", "").strip()[: use_cases.LONGEST_LABEL]
    try:
        made = use_cases.make_feed_link(app_context(), subject, chosen, label)
    except ServiceError as error:
        problem = words(language_of(request)).say(from_error(error))
        return _page(subject, problem=problem), problem_of(error).status
    return _page(subject, made=made)


@web.post("/feed-links/<feed_id>/revoke")
def revoke_feed_link(feed_id: str) -> ResponseReturnValue:
    """Let a link open nothing any more."""
    use_cases.revoke_feed_link(app_context(), feed_id)
    chosen = chosen_language(request)
    link: dict[str, Any] = {"lang": chosen} if chosen else {}
    return redirect(current_app.url_for("web.feed_links", **link), 303)


def _subject() -> FeedSubject | None:
    """Return the feed that the address names, if it names one."""
    try:
        kind = FeedKind(request.args.get("kind", ""))
    except ValueError:
        return None
    if kind is FeedKind.SEARCH and not request.args.get("subject_of"):
        return FeedSubject(kind, read_saved_search(request.args, apart=_APART).key)
    return FeedSubject(kind, request.args.get("subject_of", ""))


def _page(
    subject: FeedSubject | None, *, made: MadeFeedLink | None = None, problem: str = ""
) -> str:
    if subject is not None:
        use_cases.check_subject(app_context(), subject)
    return render.render_page(
        "feed_links.html",
        request,
        subject=subject,
        made=made,
        problem=problem,
        query=request.args.to_dict(flat=False),
        links=use_cases.list_feed_links(app_context()).feeds,
    )
