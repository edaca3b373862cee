"""The vectors of sections, from the same pass of the model that encodes a query's parts.

In that pass what stands around a short line drowns it, so such lines are encoded by themselves too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.embedding.encoder import Vectors, unit_vectors
from index.search.sections.cut import Break, LinePart
from index.text.sentences import Span

_LINE_LENGTH = 90
"""Characters of a line up to which it is read by itself."""

_MOST_LINES = 60
"""Lines that are read by themselves at most: a text of more is a table."""


@dataclass(frozen=True, eq=False)
class SectionVectors:
    """Unit vectors of the sections of one text, (sections, dimension) each.

    ``within`` has what each adds to the text, ``alone`` the short lines read by themselves and 0
    for other sections.
    """

    within: Vectors
    alone: Vectors

    @property
    def is_alone(self) -> NDArray[np.bool_]:
        """Which sections were read by themselves: (sections,)."""
        chosen: NDArray[np.bool_] = np.any(self.alone != 0, axis=1)
        return chosen

    @property
    def own(self) -> Vectors:
        """The vector of each section, by itself where it was read so."""
        return np.where(self.is_alone[:, None], self.alone, self.within)


def spans_by_part(
    parts: Sequence[Span], sections: Sequence[LinePart]
) -> tuple[list[list[Span]], list[list[int]]]:
    """Return which stretches of each part belong to which section.

    A section is looked up in short parts first: a long one may be more than the model reads.

    Returns:
        For each part the spans, in code points of the part; and for each the sections' places.
    """
    spans: list[list[Span]] = [[] for _ in parts]
    owners: list[list[int]] = [[] for _ in parts]
    known: set[int] = set()
    for place in sorted(range(len(parts)), key=lambda n: parts[n].end - parts[n].start):
        part, held = parts[place], []
        for n, section in enumerate(sections):
            start, end = max(section.span.start, part.start), min(section.span.end, part.end)
            if start < end and n not in known:
                held.append(n)
                owners[place].append(n)
                spans[place].append(Span(start, end).shift(-part.start))
        known.update(n for n in held if sections[n].span.end <= part.end)
    return spans, owners


def section_vectors(
    owners: Sequence[Sequence[int]], added: Sequence[Vectors], count: int, dimension: int
) -> Vectors:
    """Return the direction of each section: (count, dimension).

    Args:
        owners: the sections that the spans of each part belong to, as `spans_by_part` gives them.
        added: what the spans add to the vectors of their parts.
        count: of all sections; one that the model has read nothing of has the direction 0.
        dimension: of the vectors.
    """
    sums = np.zeros((count, dimension), np.float32)
    for places, rows in zip(owners, added, strict=False):
        np.add.at(sums, np.array(places, int), rows)
    return unit_vectors(sums)


def with_lines_alone(
    within: Vectors,
    text: str,
    sections: Sequence[LinePart],
    encode: Callable[[list[str]], Vectors],
) -> SectionVectors:
    """Return the vectors of sections, and beside them those of short lines by themselves.

    Args:
        within: what each section adds to the text: (sections, dimension).
        text: that the sections are of.
        sections: in order.
        encode: turns texts into unit vectors.
    """
    alone = np.zeros_like(within)
    chosen = short_lines(text, sections)
    if chosen:
        spans = [sections[n].span for n in chosen]
        alone[chosen] = encode([text[span.start : span.end] for span in spans])
    return SectionVectors(within, alone)


def short_lines(text: str, sections: Sequence[LinePart]) -> list[int]:
    """Return the places of sections short enough to be read by themselves.

    They are whole lines, labels of fields, and what is written in these.
    """
    begins = [one.before is not Break.NONE for one in sections]
    ends = [*begins[1:], True]
    labels = [
        begins[n] and not ends[n] and text[one.span.end - 1] == ":"
        for n, one in enumerate(sections)
    ]
    chosen = [
        n
        for n, one in enumerate(sections)
        if one.span.end - one.span.start <= _LINE_LENGTH
        and (begins[n] or labels[n - 1])
        and (ends[n] or labels[n])
    ]
    return chosen[:_MOST_LINES]
