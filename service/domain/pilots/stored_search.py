"""A search at an address of its own: a text with a reader's choices, kept for a while or for good.

Its id is 128 random bits, so that nobody finds it by trying. What a person or a key searched for is
theirs alone until they share it; what was searched for without a sign-in belongs to whoever has
the address.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from pydantic import Field

from service.domain.access.principal import Principal
from service.domain.access.rights import Right
from service.domain.frozen_model import FrozenModel
from service.messages.sentence import Sentence

LONGEST_NAME = 200
"""Characters of a search's name."""

MOST_UNSAVED = 20_000
"""Unsaved searches that are kept; when there are more, the oldest go before their time."""

SearchQuery = dict[str, tuple[str, ...]]
"""A reader's choices as the parameters of an address: a name with its values."""


class StoredSearch(FrozenModel):
    """A search that can be opened again. ``notes`` say how its text was read from a file."""

    id: str
    text: str
    name: str = ""
    query: SearchQuery = Field(default_factory=dict)
    notes: tuple[Sentence, ...] = ()
    owner: str = ""
    private: bool = False
    by_visitor: bool = False
    created_at: datetime
    saved_at: datetime | None = None

    @property
    def is_saved(self) -> bool:
        """Whether it is kept under a name."""
        return self.saved_at is not None

    @property
    def title(self) -> str:
        """What it is called: its name, else the first line of its text."""
        first = next((line.strip() for line in self.text.splitlines() if line.strip()), "")
        return self.name or first[:LONGEST_NAME]

    def expires_at(self, days: int) -> datetime | None:
        """Return when its text is removed if unsaved ones are kept for ``days``; None: never."""
        return None if self.is_saved else self.created_at + timedelta(days=days)

    def is_seen_by(self, principal: Principal) -> bool:
        """Return whether somebody who has its address may see it."""
        if self.by_visitor:
            return principal.may(Right.PUBLIC)
        return principal.may_see(self.owner, private=self.private)

    def is_of(self, principal: Principal) -> bool:
        """Return whether somebody may save, share and delete it.

        One that was made without a sign-in is everybody's who may see it.
        """
        return (not self.owner and self.is_seen_by(principal)) or principal.owns(self.owner)


def make_search_id() -> str:
    """Return a new id: 128 random bits in hex."""
    return secrets.token_hex(16)
