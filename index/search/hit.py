"""Hit: a document found, how likely it is worth reading, and the parts of that."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from index.search.calibration import DEFAULT_BACKGROUND, Background
from index.search.fusion import SignalPart


@dataclass(frozen=True)
class Hit:
    """A document found.

    ``score`` is the probability that it is worth reading; the contributions of ``parts`` add up to
    it. Those of ``signals`` add up to the strength, which ``background`` made the score of.
    """

    document: str
    score: float
    parts: tuple[SignalPart, ...]
    signals: tuple[SignalPart, ...] = field(default=(), compare=False)
    background: Background = field(default=DEFAULT_BACKGROUND, compare=False)

    @classmethod
    def from_signals(
        cls, document: str, signals: Iterable[SignalPart], background: Background
    ) -> Hit:
        """Return the hit of ``signals``; each has the share of the score that it has of them."""
        given = tuple(signals)
        strength = sum(part.contribution for part in given)
        likely = background.probability(strength)
        share = likely / strength if strength > 0 else 0.0
        parts = tuple(replace(part, contribution=part.contribution * share) for part in given)
        return cls(document, sum(part.contribution for part in parts), parts, given, background)

    @property
    def strength(self) -> float:
        """What the signals make together, before calibration."""
        return sum(part.contribution for part in self.signals)

    def with_part(self, part: SignalPart) -> Hit:
        """Return the hit with one more signal."""
        return Hit.from_signals(self.document, (*self.signals, part), self.background)
