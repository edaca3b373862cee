"""Feeds of the calls that a list has: those of a funder, or of filters and words."""

from __future__ import annotations

from datetime import datetime, timedelta

from service.context import Context
from service.domain.notifications.feed_link import SavedSearch
from service.domain.notifications.week import next_mail_due
from service.feeds.chosen_calls import EventReader
from service.feeds.feed_view import FeedCall
from service.mail.safe_text import SafeText
from service.use_cases.calls import list_call_ids, list_funders
from service.use_cases.feeds.feed_request import FeedRequest, name_in_title

_LOOKED_AT = timedelta(days=60)
"""How far back a list is looked at for what is new and changed in it."""

_NEXT_TO_CLOSE, _LAST_CHANGED = 200, 200
"""Calls of a list that are looked at: those that close next, and those that changed last."""

_ALL_CALLS = 1_000_000


def make_funder_feed(request: FeedRequest) -> bytes:
    """Return the feed of a funder's calls."""
    key = request.key
    from scrapers.catalogue import all_funders  # noqa: PLC0415  a tenth of a cold start

    known = all_funders()
    name = list_funders(request.context).get(key) or (known[key].title if key in known else key)
    search = SavedSearch.model_validate({"filters": {"funders": (key,)}})
    title = request.words("feed.of.funder", name=name_in_title(name))
    return _make_list_feed(request, search, title, f"/calls?funder={key}")


def make_search_feed(request: FeedRequest, search: SavedSearch) -> bytes:
    """Return the feed of the calls that pass filters and have words."""
    named = ", ".join(part for part in (search.words, *search.filters.funders) if part)
    t = request.words
    title = t("feed.of.search", name=name_in_title(named)) if named else t("feed.of.search.all")
    return _make_list_feed(request, search, title, "/calls")


def _make_list_feed(request: FeedRequest, search: SavedSearch, title: SafeText, page: str) -> bytes:
    context, stored = request.context, request.context.stored_calls()
    ids = _listed(context, search, stored.now)
    versions = context.calls.versions_of(ids)
    reader = EventReader(stored.calls, versions, stored.now, relisted_at=_relisted(context))
    calls = [FeedCall(id_, reader.events_of(id_)) for id_ in ids]
    return request.render(title, page, calls, stored)


def _listed(context: Context, search: SavedSearch, now: datetime) -> list[str]:
    """Return the calls of a list that may have news: changed of late, or next to close."""
    gone = context.calls.not_seen_since()
    ids = list_call_ids(context, search.filters, search.words, _ALL_CALLS)
    listed = [id_ for id_ in ids if id_ not in gone]
    changed = context.calls.last_changed(now - _LOOKED_AT)
    newest = sorted(changed.keys() & set(listed), key=lambda id_: (changed[id_], id_), reverse=True)
    return list(dict.fromkeys((*listed[:_NEXT_TO_CLOSE], *newest[:_LAST_CHANGED])))


def _relisted(context: Context) -> dict[str, datetime]:
    """Return when calls were listed again that a mail would have missed."""
    return {
        id_: back
        for id_, (gone, back) in context.calls.absences().items()
        if next_mail_due(gone) <= back
    }
