"""Make the feed that a link opens. Looking at one counts nothing as told."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from service.context import Context
from service.domain.notifications.feed_link import FeedKind, FeedLink, SavedSearch
from service.use_cases.feeds.calendars import make_calendar
from service.use_cases.feeds.feed_request import FeedRequest
from service.use_cases.feeds.list_feeds import make_funder_feed, make_search_feed
from service.use_cases.feeds.text_feeds import (
    make_area_feed,
    make_pilot_feed,
    make_stored_search_feed,
    make_subject_feed,
)
from service.use_cases.pilots import get_pilot
from service.use_cases.scan.focus_areas import get_area
from service.use_cases.searches.searches import get_search


def render_feed(context: Context, link: FeedLink, token: str) -> bytes:
    """Return the feed that a link opens: Atom, or for deadlines a calendar.

    What was made lately is kept until calls, links, judgements, the index or the hour change.

    Raises:
        UnknownPilotError: the pilot is gone.
        NotFoundError: the focus area is gone.
        InputError: the subject of a search has no letters.
        SnapshotError: there is no sound index.
    """
    key = (link.id, token, *_state(context, link))
    make = _MAKERS[link.subject.kind]
    return context.feed_cache.get(key, lambda: make(FeedRequest(context, link, token)))


def _state(context: Context, link: FeedLink) -> tuple[object, ...]:
    """Return what a feed is made of, so far as it changes."""
    if link.subject.search_id:
        search = get_search(context, link.subject.search_id)
        saved: tuple[object, ...] = (search.text, repr(search.query))
    else:
        saved = ()
    state: tuple[object, ...] = (
        *saved,
        context.calls.stamp(),
        context.links.stamp(),
        context.index_name(),
        f"{context.now():%Y%m%d%H}",
    )
    if link.subject.kind is FeedKind.AREA:
        area = get_area(context, link.subject.key)
        return (*state, area.model_dump_json())
    if not link.subject.kind.is_of_pilot:
        return state
    pilot = get_pilot(context, link.subject.key)
    return (*state, pilot.model_dump_json(), tuple(context.feedback.history(pilot.id)))


def _make_saved_search(request: FeedRequest) -> bytes:
    if request.link.subject.search_id:
        return make_stored_search_feed(request)
    search = SavedSearch.model_validate_json(request.key)
    if search.subject.strip():
        return make_subject_feed(request, search)
    return make_search_feed(request, search)


_MAKERS: Mapping[FeedKind, Callable[[FeedRequest], bytes]] = {
    FeedKind.PILOT: make_pilot_feed,
    FeedKind.DEADLINES: make_calendar,
    FeedKind.AREA: make_area_feed,
    FeedKind.FUNDER: make_funder_feed,
    FeedKind.SEARCH: _make_saved_search,
}
