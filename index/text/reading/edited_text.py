"""A text that was edited and still knows where each of its characters stood before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.text.sentences import Span

Offsets = NDArray[np.int64]


class Edit(NamedTuple):
    """``text[start:end]`` becomes ``replacement``, character by character if it is as long."""

    start: int
    end: int
    replacement: str


@dataclass(frozen=True, eq=False)
class EditedText:
    """``text``, of which character n stands for ``given[starts[n]:ends[n]]``.

    Both ascend. They are None while nothing was edited: then each stands for itself.
    """

    given: str
    text: str
    starts: Offsets | None = field(default=None, repr=False)
    ends: Offsets | None = field(default=None, repr=False)

    @classmethod
    def unedited(cls, text: str) -> EditedText:
        """Return ``text`` as it is."""
        return cls(text, text)

    def given_span(self, span: Span) -> Span:
        """Return the stretch of ``given`` that ``text[span.start:span.end]`` stands for."""
        if self.starts is None or self.ends is None:
            return span
        if span.end <= span.start:
            place = self._given_place(span.start)
            return Span(place, place)
        return Span(int(self.starts[span.start]), int(self.ends[span.end - 1]))

    def edited_span(self, span: Span) -> Span:
        """Return the stretch of ``text`` that stands for ``given[span.start:span.end]``."""
        if self.starts is None or self.ends is None:
            return span
        start = int(np.searchsorted(self.ends, span.start, "right"))
        return Span(start, max(start, int(np.searchsorted(self.starts, span.end, "left"))))

    def edit(self, edits: Sequence[Edit]) -> EditedText:
        """Return the text after ``edits`` of ``text``, which ascend and do not overlap."""
        if not edits:
            return self
        text = self.text
        pieces: list[str] = []
        # stretches of the text by turns: one that stays, and one that is replaced
        bounds = [0]
        sizes: list[int] = []
        one_to_one: list[bool] = []
        for start, end, replacement in edits:
            pieces += (text[bounds[-1] : start], replacement)
            sizes += (start - bounds[-1], len(replacement))
            one_to_one += (True, len(replacement) == end - start)
            bounds += (start, end)
        pieces.append(text[bounds[-1] :])
        sizes.append(len(text) - bounds[-1])
        starts, ends = _places(
            np.array(bounds, np.int64),
            np.array([*bounds[1:], len(text)], np.int64),
            np.array(sizes, np.int64),
            np.array([*one_to_one, True]),
        )
        if self.starts is not None and self.ends is not None:
            starts, ends = self.starts[starts], self.ends[ends - 1]
        return EditedText(self.given, "".join(pieces), starts, ends)

    def _given_place(self, place: int) -> int:
        if self.starts is None or self.ends is None:
            return place
        if place < len(self.starts):
            return int(self.starts[place])
        return len(self.given)


def _places(
    first: Offsets, last: Offsets, sizes: Offsets, one_to_one: NDArray[np.bool_]
) -> tuple[Offsets, Offsets]:
    """Return what each new character stands for: stretch n has ``sizes[n]`` characters."""
    total = int(sizes.sum())
    within = np.arange(total) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    alone = np.repeat(one_to_one, sizes)
    begin = np.repeat(first, sizes)
    starts = np.where(alone, begin + within, begin)
    ends = np.where(alone, starts + 1, np.repeat(last, sizes))
    return starts, ends
