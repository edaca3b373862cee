"""Judgements in memory, for the world of the tests."""

from __future__ import annotations

from dataclasses import dataclass, field

from service.domain.feedback import Judged, Judgement


@dataclass
class Opinions:
    """Judgements in memory, oldest first."""

    held: list[Judgement] = field(default_factory=list)

    def add(self, judgement: Judgement) -> Judgement:
        self.held.append(judgement)
        return judgement

    def history(self, pilot_id: str) -> list[Judgement]:
        return [one for one in self.held if one.pilot == pilot_id]

    def judged(self, pilot_id: str) -> Judged:
        return Judged(self.history(pilot_id))
