"""Links to feeds: what each opens, and that it opens nothing else.

A feed reader cannot sign in, so the address of a feed holds a token. Only the token's hash is
kept: who reads the database cannot open a feed.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import Field

from service.domain.frozen_model import FrozenModel
from service.domain.matching.filters import Filters

MOST_LINKS = 1_000
"""Links of an installation that work at once; more are refused."""

_BYTES = 32
_MARK = "feed_"


class FeedKind(StrEnum):
    """What a feed is about; ``page`` is no feed, but a page of a pilot's matches for readers."""

    PILOT = "pilot"
    DEADLINES = "deadlines"
    PAGE = "page"
    FUNDER = "funder"
    AREA = "area"
    SEARCH = "search"

    @property
    def is_of_pilot(self) -> bool:
        """Whether its subject is a pilot."""
        return self in {FeedKind.PILOT, FeedKind.DEADLINES, FeedKind.PAGE}


class SavedSearch(FrozenModel):
    """A search to follow: filters, words that must stand in a call, and a subject by meaning."""

    filters: Filters = Field(
        default_factory=Filters, description="By default calls that are open or open later."
    )
    words: str = Field(default="", max_length=200, description="Whole words, as in lists.")
    subject: str = Field(
        default="", max_length=2000, description="A subject in a few words, found by meaning."
    )

    @property
    def key(self) -> str:
        """A text that is the same for searches that are, in whatever order they name things."""
        filters = self.filters
        chosen = ("statuses", "funders", "levels", "languages")
        ordered = {name: tuple(sorted(set(getattr(filters, name)))) for name in chosen}
        usual = Filters()
        if ordered["statuses"] == tuple(sorted(usual.statuses)):
            ordered["statuses"] = usual.statuses
        same = self.model_copy(update={"filters": filters.model_copy(update=ordered)})
        return same.model_dump_json(exclude_defaults=True)


@dataclass(frozen=True)
class FeedSubject:
    """One feed: its kind, and the pilot, funder, area or search it is of.

    Of a search ``key`` is the id of one that is saved, or what to look for (`SavedSearch.key`).
    """

    kind: FeedKind
    key: str

    @property
    def pilot_id(self) -> str:
        """The pilot that it is of; empty when it is of none."""
        return self.key if self.kind.is_of_pilot else ""

    @property
    def search_id(self) -> str:
        """The id of the saved search that it is of; nothing when its key says what to look for."""
        is_saved = self.kind is FeedKind.SEARCH and not self.key.startswith("{")
        return self.key if is_saved else ""


@dataclass(frozen=True)
class FeedLink:
    """A link that opens one feed in one language, until it is revoked.

    ``used_on`` is the instant of its last use, to the day. ``owner`` is who made it or was given
    it, as `Principal.owner`; empty when that was the operator.
    """

    id: str
    subject: FeedSubject
    language: str
    label: str
    created_at: datetime
    used_on: datetime | None = None
    revoked_at: datetime | None = None
    owner: str = ""


def make_token() -> str:
    """Return a new token: 256 random bits, in letters that an address may have."""
    return f"{_MARK}{secrets.token_urlsafe(_BYTES)}"


def hash_token(token: str) -> str:
    """Return what is kept of a token: its SHA-256 in hex.

    A token is random and long, so nobody finds it by trying, and a plain hash is enough.
    """
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
