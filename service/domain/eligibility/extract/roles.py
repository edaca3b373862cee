"""The role of a figure in a sentence: a sum of weights for the words around it.

A figure such as "two years" may be the length of a project, a wait, an age or a career. No single
word decides that. Each reader has groups of patterns, by where they are looked for, and a weight
for each pattern; their sum says how likely the figure has the role that the reader is after.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from service.domain.eligibility.extract.sentences import LABEL, CallSentence

_BEFORE = 110
_AFTER = 70
_HEADING = 120
_NEAR = 70

MOST_FIGURES = 12
"""Figures of one sentence that are judged; more stand only in tables and in hostile text."""


@dataclass(frozen=True)
class Figure:
    """Where a figure stands in its sentence, and where the nearest figures beside it end."""

    sentence: CallSentence
    start: int
    end: int
    after_last: int = 0
    """The end of the figure of the same kind before this one, or 0."""
    before_next: int | None = None
    """The start of the figure of the same kind after this one."""

    @property
    def before(self) -> str:
        """The words between the figure before, or the start, and this one."""
        return self.sentence.text[max(self.after_last, self.start - _BEFORE) : self.start]

    @property
    def after(self) -> str:
        """The words after the figure, up to the next one."""
        stop = self.end + _AFTER
        return self.sentence.text[
            self.end : stop if self.before_next is None else min(stop, self.before_next)
        ]

    @property
    def clause(self) -> str:
        """The clause that the figure is in, with the label that begins its sentence."""
        label = LABEL.match(self.sentence.text)
        begin, end = self.sentence.clause_span(self.start, self.end)
        named = f"{label['label']}: " if label and begin > 0 else ""
        return named + self.sentence.text[begin:end]

    @property
    def near(self) -> str:
        """The figure with a few words on both sides, up to a colon after it."""
        after = self.sentence.text[self.end : self.end + _NEAR].partition(": ")[0]
        return self.sentence.text[max(0, self.start - _NEAR) : self.end] + after

    @property
    def heading(self) -> str:
        """The headings above the sentence; a line such as "Budget: 5 MSEK" heads nothing."""
        above = self.sentence.heading
        labelled = LABEL.match(above) and not above.endswith(":")
        return f"{self.sentence.topic[:_HEADING]}\n{'' if labelled else above[:_HEADING]}"


class RoleScore:
    """The weights of one role: how much each pattern says for it or against it.

    Patterns are looked for in one place each: ``before`` (the words before the figure; most of its
    patterns end with ``$``), ``after`` (they must begin right after it), ``near`` (both sides),
    ``clause``, ``sentence`` and ``heading``.
    """

    def __init__(
        self, groups: Mapping[str, Mapping[str, re.Pattern[str]]], weights: Mapping[str, float]
    ) -> None:
        """Take the patterns by place and name, and their weights by "place.name".

        Raises:
            ValueError: A pattern has no weight, or a weight no pattern.
        """
        names = {f"{place}.{name}" for place, group in groups.items() for name in group}
        if odd := names ^ set(weights):
            raise ValueError(f"patterns and weights differ: {sorted(odd)}")
        self._groups = groups
        self._weights = weights

    def features(self, figure: Figure) -> list[str]:
        """Return the names of the patterns that are found around ``figure``."""
        found = []
        for place, group in self._groups.items():
            text = getattr(figure, place) if place != "sentence" else figure.sentence.text
            for name, pattern in group.items():
                if pattern.match(text) if place == "after" else pattern.search(text):
                    found.append(f"{place}.{name}")
        return found

    def score(self, figure: Figure) -> float:
        """Return the sum of the weights of all patterns found around ``figure``."""
        return sum(self._weights[name] for name in self.features(figure))
