"""What happened before a call: projects that were paid, and earlier rounds of the call."""

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
    """What happened before one call: paid projects like the text, and the call's rounds."""

    projects: tuple[PastProject, ...] = ()
    round_history: RoundHistory = NO_ROUNDS


@dataclass(frozen=True)
class PriorActivityIndex:
    """Finds what happened before calls; without awards it finds rounds only."""

    rounds: RoundIndex = field(default_factory=lambda: RoundIndex(()))
    similar_awards: SimilarAwards | None = None

    def for_calls(
        self, query: Query, calls: Sequence[Call], searcher: Searcher, now: datetime
    ) -> list[PriorActivity]:
        """Return the prior activity of each of ``calls``, in their order.

        Args:
            query: a text as it was read for the search; it is not encoded again.
            calls: the calls that are shown.
            searcher: of the calls, not of the awards.
            now: the aware instant; a round planned after it says nothing about a call's habits.
        """
        self.rounds.read_ahead(calls)
        no_projects: list[tuple[()]] = [()] * len(calls)
        projects = (
            self.similar_awards.for_calls(query, calls, searcher, self.rounds)
            if self.similar_awards
            else no_projects
        )
        return [
            PriorActivity(paid, self.rounds.rounds_of(call, now))
            for paid, call in zip(projects, calls, strict=True)
        ]
