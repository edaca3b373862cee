"""Links to a pilot's matches: made, shown once, listed, revoked; and the page that one opens."""

from __future__ import annotations

from typing import Any

from flask import current_app, make_response, redirect, request
from flask.typing import ResponseReturnValue

from index.errors import IndexingError
from service.domain.access.principal import OPERATOR, VISITOR, act_as, as_principal
from service.domain.notifications.feed_link import FeedKind, FeedSubject
from service.domain.pilots.pilot import Pilot
from service.errors import ServiceError
from service.feeds.addresses import TOKEN
from service.http.app_context import app_context
from service.http.problems import problem_of
from service.messages.catalogue import languages
from service.messages.notes import from_error
from service.messages.words import words
from service.use_cases.feeds import links as use_cases
from service.use_cases.feeds.links import MadeFeedLink
from service.use_cases.overview.shared_pilot import open_shared_pilot
from service.use_cases.pilots import get_pilot
from service.web import render
from service.web.pages import web
from service.web.words import chosen_language, language_of


@web.get("/pilots/<pilot_id>/share")
def share_links(pilot_id: str) -> ResponseReturnValue:
    """List the links to a pilot's matches, and offer to make one."""
    return _page(get_pilot(app_context(), pilot_id))


@web.post("/pilots/<pilot_id>/share")
def make_share_link(pilot_id: str) -> ResponseReturnValue:
    """Make a link to a pilot's matches, and show it this once."""
    pilot = get_pilot(app_context(), pilot_id)
    language = request.form.get("language", "")
    chosen = language if language in languages() else language_of(request)
    label = " ".join(request.form.get("label", "").split())
    subject = FeedSubject(FeedKind.PAGE, pilot.id)
    try:
        made = use_cases.make_feed_link(app_context(), subject, chosen, label)
    except ServiceError as error:
        problem = words(language_of(request)).say(from_error(error))
        return _page(pilot, problem=problem, label=label), problem_of(error).status
    return _page(pilot, made=made)


@web.post("/pilots/<pilot_id>/share/<feed_id>/revoke")
def revoke_share_link(pilot_id: str, feed_id: str) -> ResponseReturnValue:
    """Let a link open nothing any more."""
    use_cases.revoke_feed_link(app_context(), feed_id)
    chosen = chosen_language(request)
    link: dict[str, Any] = {"lang": chosen} if chosen else {}
    return redirect(current_app.url_for("web.share_links", pilot_id=pilot_id, **link), 303)


@web.get("/shared/pilots/<pilot_id>")
def shared_pilot(pilot_id: str) -> ResponseReturnValue:
    """Show a pilot's matches to whoever has the link to them."""
    shared, problem, status, language = None, None, 200, ""
    try:
        with as_principal(OPERATOR):
            shared = open_shared_pilot(app_context(), pilot_id, request.args.get(TOKEN, ""))
        language = shared.language
    except (ServiceError, IndexingError) as error:
        problem, status = from_error(error), problem_of(error).status
    act_as(VISITOR)  # the page offers nothing of what only those may who are let in
    t = words(chosen_language(request) or language or language_of(request))
    page = render.render_page(
        "shared_pilot.html",
        request,
        language=language,
        shared=shared,
        problem=t.say(problem) if problem else "",
    )
    response = make_response(page, status)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _page(
    pilot: Pilot, *, made: MadeFeedLink | None = None, problem: str = "", label: str = ""
) -> str:
    listed = use_cases.list_feed_links(app_context()).feeds
    return render.render_page(
        "share_pilot.html",
        request,
        pilot=pilot,
        made=made,
        problem=problem,
        label=label,
        links=[one for one in listed if one.kind is FeedKind.PAGE and one.subject == pilot.id],
    )
