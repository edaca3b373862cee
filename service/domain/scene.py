"""Scene: the calls at an instant, their index, and what else is known that matches are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from index.search import Searcher
from scrapers.call import Call
from service.domain.before import Before
from service.domain.feedback import Judged
from service.domain.freshness import Arrivals
from service.domain.pricing import Pricing
from service.domain.same import Groups
from service.messages.message import Message


@dataclass(frozen=True)
class Scene:
    """What a text is matched in. All but the first three may be missing.

    ``searcher`` is an opened snapshot, ``calls`` every stored call by id, ``now`` the aware instant
    that open and closed are computed by. ``links`` say which calls are one, ``before`` what is
    known of earlier rounds and paid projects, ``judged`` what was said of calls for the pilot,
    ``arrivals`` when calls were first seen. ``pricing`` converts amounts into the reader's
    currency, and ``notes`` are about what could not be read.
    """

    searcher: Searcher
    calls: Mapping[str, Call]
    now: datetime
    links: Groups = field(default_factory=Groups)
    prior_activity: Before = field(default_factory=Before)
    opinions: Judged = field(default_factory=Judged)
    arrivals: Arrivals | None = None
    pricing: Pricing = field(default_factory=Pricing)
    notes: tuple[Message, ...] = ()

    def with_copies(self) -> Scene:
        """Return the same with what was said of one call said of its copies too."""
        return replace(self, opinions=self.opinions.with_copies(self.links))
