"""Feeds of the calls that fit a text: of a pilot, a focus area or a subject."""

from __future__ import annotations

from service.domain.matching.filters import read_filters
from service.domain.notifications.feed_link import SavedSearch
from service.domain.pilots.pilot import Pilot
from service.jobs.mail.digest_composer import DigestRecipient
from service.use_cases.calls import list_call_ids
from service.use_cases.digest import make_composer
from service.use_cases.feeds.feed_request import (
    FeedRequest,
    list_events,
    name_in_title,
    recipient_of,
)
from service.use_cases.match import check_text
from service.use_cases.pilots import get_pilot
from service.use_cases.scan.focus_areas import get_area
from service.use_cases.searches.searches import get_search

_ALL_CALLS = 1_000_000


def make_pilot_feed(request: FeedRequest) -> bytes:
    """Return the feed of a pilot's new, changed and closing calls.

    Raises:
        UnknownPilotError: the pilot is gone.
        SnapshotError: there is no sound index.
    """
    context = request.context
    pilot = get_pilot(context, request.key)
    composer = make_composer(context, context.now())
    calls = list_events(request, composer, recipient_of(context, pilot))
    title = request.words("feed.of.pilot", name=name_in_title(pilot.title))
    return request.render(title, f"/pilots/{pilot.id}", calls, composer.match_context)


def make_area_feed(request: FeedRequest) -> bytes:
    """Return the feed of the calls on a focus area.

    Raises:
        NotFoundError: the area is gone.
        SnapshotError: there is no sound index.
    """
    context, area = request.context, get_area(request.context, request.key)
    composer = make_composer(context, context.now())
    name = name_in_title(area.name.in_(request.link.language))
    reader = DigestRecipient(Pilot(id="area", title=name, text=area.words))
    calls = list_events(request, composer, reader)
    title = request.words("feed.of.area", name=name)
    return request.render(title, f"/actors?area={area.key}", calls, composer.match_context)


def make_stored_search_feed(request: FeedRequest) -> bytes:
    """Return the feed of a saved search: of the calls on its text that pass its choices.

    Raises:
        UnknownSearchError: the search is gone.
        SnapshotError: there is no sound index.
    """
    context = request.context
    stored = get_search(context, request.key)
    composer = make_composer(context, context.now())
    name = name_in_title(stored.title)
    exclude = tuple(stored.query.get("exclude", ()))
    reader = DigestRecipient(Pilot(id="search", title=name, text=stored.text, exclude=exclude))
    filters = read_filters(stored.query)
    passing = frozenset(list_call_ids(context, filters, "", _ALL_CALLS))
    calls = [one for one in list_events(request, composer, reader) if one.call_id in passing]
    title = request.words("feed.of.search", name=name)
    return request.render(title, f"/searches/{stored.id}", calls, composer.match_context)


def make_subject_feed(request: FeedRequest, search: SavedSearch) -> bytes:
    """Return the feed of the calls on the subject of a search that pass its filters.

    Raises:
        InputError: the subject has no letters.
        SnapshotError: there is no sound index.
    """
    check_text(search.subject)
    context = request.context
    composer = make_composer(context, context.now())
    name = name_in_title(search.subject)
    reader = DigestRecipient(Pilot(id="search", title=name, text=search.subject))
    passing = frozenset(list_call_ids(context, search.filters, search.words, _ALL_CALLS))
    calls = [one for one in list_events(request, composer, reader) if one.call_id in passing]
    title = request.words("feed.of.search", name=name)
    return request.render(title, "/calls", calls, composer.match_context)
