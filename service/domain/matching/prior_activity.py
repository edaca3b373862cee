"""What stands beside a call from the time before it: projects that were paid, earlier rounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from index.search.query import Query
from index.search.searcher import Searcher
from scrapers.call import Call
from service.domain.awards.similar_awards import PastProject, SimilarAwards
from service.domain.calls.rounds import NO_ROUNDS, RoundHistory, RoundIndex


@dataclass(frozen=True)
class PriorActivity:
    """What is known of the time before one call: paid projects like the text, and its rounds."""

    projects: tuple[PastProject, ...] = ()
    recurring: RoundHistory = NO_ROUNDS


@dataclass(frozen=True)
class PriorKnowledge:
    """What is known of the past; without awards there are rounds only."""

    rounds: RoundIndex = field(default_factory=lambda: RoundIndex(()))
    similar_awards: SimilarAwards | None = None

    def activities(
        self, query: Query, calls: Sequence[Call], searcher: Searcher, now: datetime
    ) -> list[PriorActivity]:
        """Return what a match with each of ``calls`` says of the past.

        Args:
            query: a text that was read already; it is not encoded again.
            calls: the calls that are shown.
            searcher: the calls' own.
            now: the aware instant; what is planned after it is no custom of a call.
        """
        nothing: list[tuple[()]] = [()] * len(calls)
        paid = (
            self.similar_awards.for_calls(query, calls, searcher, self.rounds)
            if self.similar_awards
            else nothing
        )
        return [
            PriorActivity(projects, self.rounds.rounds_of(call, now))
            for projects, call in zip(paid, calls, strict=True)
        ]
