"""The vectors of sections, from the same pass of the model that encodes a query's parts.

In that pass what stands around a short line drowns it, so such lines are encoded by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from index.embedding.encoder import Vectors, unit_vectors
from index.search.sections.cut import Break, LinePart
from index.text.sentences import Span

_LINE_LENGTH = 90
"""Characters of a line up to which it is read by itself."""

_MOST_LINES = 60
"""Lines that are read by themselves at most: a text of more is a table."""


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


def lines_by_themselves(
    vectors: Vectors,
    text: str,
    sections: Sequence[LinePart],
    encode: Callable[[list[str]], Vectors],
) -> Vectors:
    """Return ``vectors`` with those of short lines as the lines read alone.

    Args:
        vectors: of the sections, (sections, dimension).
        text: that the sections are of.
        sections: in order.
        encode: turns texts into unit vectors.
    """
    pieces = [text[one.span.start : one.span.end] for one in sections]
    ends = [one.before is not Break.NONE for one in sections[1:]] + [True]
    chosen = [
        n
        for n, (one, is_last) in enumerate(zip(sections, ends, strict=True))
        if is_last and one.before is not Break.NONE and len(pieces[n]) <= _LINE_LENGTH
    ][:_MOST_LINES]
    if not chosen:
        return vectors
    changed = vectors.copy()
    changed[chosen] = encode([pieces[n] for n in chosen])
    return changed
