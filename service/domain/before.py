"""What stands beside a call from the time before it: projects that were paid, earlier rounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from index.query import Query
from index.search import Searcher
from scrapers.call import Call
from service.domain.past import Past
from service.domain.rounds import Rounds


@dataclass(frozen=True)
class Before:
    """What is known of the past; without awards there are rounds only."""

    rounds: Rounds = field(default_factory=lambda: Rounds(()))
    past: Past | None = None

    def beside(
        self, query: Query, calls: Sequence[Call], searcher: Searcher, now: datetime
    ) -> list[dict[str, Any]]:
        """Return what a match with each of ``calls`` says of the past, by field.

        Args:
            query: a text that was read already; it is not encoded again.
            calls: the calls that are shown.
            searcher: the calls' own.
            now: the aware instant; what is planned after it is no custom of a call.
        """
        nothing: list[tuple[()]] = [()] * len(calls)
        paid = self.past.beside(query, calls, searcher, self.rounds) if self.past else nothing
        recurring = [self.rounds.of(call, now) for call in calls]
        return [
            {"past": projects, "rounds": known.rounds, "usually": known.usually}
            for projects, known in zip(paid, recurring, strict=True)
        ]
