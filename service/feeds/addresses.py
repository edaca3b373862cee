"""The addresses of feeds, and the names that their entries have for ever."""

from __future__ import annotations

import hashlib
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from service.domain.matching.filters import Filters
from service.domain.notifications.feed_link import FeedKind, FeedSubject, SavedSearch

TOKEN = "token"  # noqa: S105  the name of it
"""The part of an address's query that has the token: a log of paths has none of it."""

_PATHS = {
    FeedKind.PILOT: "/feeds/pilots/{}.atom",
    FeedKind.DEADLINES: "/feeds/pilots/{}.ics",
    FeedKind.PAGE: "/shared/pilots/{}",
    FeedKind.FUNDER: "/feeds/funders/{}.atom",
    FeedKind.AREA: "/feeds/areas/{}.atom",
}
_SAVED_SEARCH_PATH = "/feeds/searches/{}.atom"
_SEARCH_PATH = "/feeds/search.atom"

_TAG_YEAR = "2026"
"""The year of which a tag's host is ours; it never changes, or every entry would be new."""


def feed_address(public_url: str, subject: FeedSubject, token: str = "") -> str:
    """Return where a feed is, with the token that opens it if one is given."""
    query: dict[str, Any] = {}
    if subject.search_id:
        path = _SAVED_SEARCH_PATH.format(subject.search_id)
    elif subject.kind is FeedKind.SEARCH:
        path = _SEARCH_PATH
        query = search_query(SavedSearch.model_validate_json(subject.key))
    else:
        path = _PATHS[subject.kind].format(quote(subject.key, safe=""))
    parts = urlencode(query | ({TOKEN: token} if token else {}), doseq=True)
    return f"{public_url}{path}{'?' if parts else ''}{parts}"


def search_query(search: SavedSearch) -> dict[str, Any]:
    """Return a search as the parameters of its feed's address, without what is usual."""
    filters, usual = search.filters, Filters()
    named: dict[str, Any] = {
        "status": [one.value for one in filters.statuses] or ["all"],
        "funder": list(filters.funders),
        "level": [one.value for one in filters.levels],
        "language": list(filters.languages),
        "deadline_from": filters.deadline_from,
        "deadline_to": filters.deadline_to,
        "min_amount": filters.min_amount,
        "max_amount": filters.max_amount,
        "unstated": filters.unstated,
        "min_currency": (filters.min_currency if filters.bounds_amounts else None),
        "q": search.words,
        "subject": search.subject,
    }
    if filters.statuses == usual.statuses:
        del named["status"]
    return {name: value for name, value in named.items() if value not in ([], None, "")}


def tag_uri(public_url: str, *parts: str) -> str:
    """Return a tag (RFC 4151) of this installation: the same whenever the parts are."""
    host = urlsplit(public_url).hostname or "localhost"
    return f"tag:{host},{_TAG_YEAR}:feeds/{'/'.join(parts)}"


def short_hash(text: str) -> str:
    """Return 128 bits of a text's SHA-256 in hex: a name that tells nothing of the text."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]
