"""Hit: a document that a search returns, how likely it is worth reading, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from index.search.calibration import DEFAULT_BACKGROUND, Background
from index.search.fusion import SignalPart


@dataclass(frozen=True)
class Hit:
    """A document that a search returns.

    ``score`` is the probability that it is worth reading; the contributions of ``parts`` add up to
    it. Those of ``signals`` add up to the strength, which ``background`` turns into the score.
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
        """Return the hit of ``signals``; each has the share of the score that it has of the sum."""
        signals = tuple(signals)
        strength = sum(signal.contribution for signal in signals)
        probability = background.probability(strength)
        ratio = probability / strength if strength > 0 else 0.0
        parts = tuple(replace(one, contribution=one.contribution * ratio) for one in signals)
        return cls(document, sum(part.contribution for part in parts), parts, signals, background)

    @property
    def strength(self) -> float:
        """What the signals make together, before calibration."""
        return sum(part.contribution for part in self.signals)

    def with_part(self, part: SignalPart) -> Hit:
        """Return the hit with one more signal."""
        return Hit.from_signals(self.document, (*self.signals, part), self.background)
