"""Scene: the calls at an instant, their index, and what else is known that matches are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from index.explain.explaining_searcher import ExplainingSearcher
from scrapers.call import Call
from service.domain.calls.duplicates.links import CallGroups
from service.domain.calls.freshness import Arrivals
from service.domain.matching.feedback import CurrentOpinions
from service.domain.matching.pricing import Pricing
from service.domain.matching.prior_activity import PriorKnowledge
from service.messages.message import Message


@dataclass(frozen=True)
class MatchContext:
    """What a text is matched in. All but the first three may be missing.

    ``searcher`` is an opened snapshot, ``calls`` every stored call by id, ``now`` the aware instant
    that open and closed are computed by. ``links`` say which calls are one, ``before`` what is
    known of earlier rounds and paid projects, ``judged`` what was said of calls for the pilot,
    ``arrivals`` when calls were first seen. ``pricing`` converts amounts into the reader's
    currency, and ``notes`` are about what could not be read.
    """

    searcher: ExplainingSearcher
    calls: Mapping[str, Call]
    now: datetime
    links: CallGroups = field(default_factory=CallGroups)
    prior_activity: PriorKnowledge = field(default_factory=PriorKnowledge)
    opinions: CurrentOpinions = field(default_factory=CurrentOpinions)
    arrivals: Arrivals | None = None
    pricing: Pricing = field(default_factory=Pricing)
    notes: tuple[Message, ...] = ()

    def with_copies(self) -> MatchContext:
        """Return the same with what was said of one call said of its copies too."""
        return replace(self, opinions=self.opinions.with_copies(self.links))
