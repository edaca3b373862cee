"""The feeds themselves. A token in the address opens one; nobody signs in.

The token stands in the query, which no log of ours has, and no page that a feed leads to learns the
address: answers say that no referrer is sent.
"""

from __future__ import annotations

import hashlib

from flask import Response, request

from service.domain.notifications.feed_link import FeedKind, FeedSubject
from service.feeds.addresses import TOKEN
from service.feeds.atom import MEDIA_TYPE
from service.http.app_context import app_context
from service.http.feed_queries import read_saved_search
from service.use_cases.feeds.feeds import render_feed
from service.use_cases.feeds.links import open_feed_link
from service.web.pages import web

_ATOM = f"{MEDIA_TYPE}; charset=utf-8"
_CALENDAR = "text/calendar; charset=utf-8; method=PUBLISH"


@web.get("/feeds/pilots/<pilot_id>.atom")
def pilot_feed(pilot_id: str) -> Response:
    """Answer with the new, changed and closing calls of a pilot."""
    return _answer(FeedSubject(FeedKind.PILOT, pilot_id), _ATOM)


@web.get("/feeds/pilots/<pilot_id>.ics")
def deadline_feed(pilot_id: str) -> Response:
    """Answer with the deadlines of a pilot's calls."""
    return _answer(FeedSubject(FeedKind.DEADLINES, pilot_id), _CALENDAR)


@web.get("/feeds/funders/<funder>.atom")
def funder_feed(funder: str) -> Response:
    """Answer with the new, changed and closing calls of a funder."""
    return _answer(FeedSubject(FeedKind.FUNDER, funder), _ATOM)


@web.get("/feeds/areas/<area>.atom")
def area_feed(area: str) -> Response:
    """Answer with the new, changed and closing calls on a focus area."""
    return _answer(FeedSubject(FeedKind.AREA, area), _ATOM)


@web.get("/feeds/searches/<search_id>.atom")
def saved_search_feed(search_id: str) -> Response:
    """Answer with the new, changed and closing calls of a saved search."""
    return _answer(FeedSubject(FeedKind.SEARCH, search_id), _ATOM)


@web.get("/feeds/search.atom")
def search_feed() -> Response:
    """Answer with the new, changed and closing calls of a search."""
    search = read_saved_search(request.args, apart=(TOKEN,))
    return _answer(FeedSubject(FeedKind.SEARCH, search.key), _ATOM)


def _answer(subject: FeedSubject, content_type: str) -> Response:
    context, token = app_context(), request.args.get(TOKEN, "")
    link = open_feed_link(context, subject, token)
    response = Response(render_feed(context, link, token), content_type=content_type)
    response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:32])
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Content-Language"] = link.language
    response.make_conditional(request)
    return response
