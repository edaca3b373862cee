"""The vectors of sections, from the same pass of the model that encodes a query's parts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.embedding.encoder import Encoder, Vectors, unit_vectors
from index.search.sections.cut import Section
from index.text.sentences import Span


def encode_sections(
    text: str, parts: Sequence[Span], sections: Sequence[Section], encoder: Encoder
) -> tuple[Vectors, Vectors]:
    """Encode the parts of a query and, in the same pass, its sections.

    Args:
        text: of the query.
        parts: stretches of it that are encoded.
        sections: of it.
        encoder: turns the parts into vectors.

    Returns:
        Unit vectors of the parts, (len(parts), dimension), and the direction of each section,
        (len(sections), dimension), which is 0 where the model has read nothing of it.
    """
    spans, owners = _spans_by_part(parts, sections)
    vectors, added = encoder.encode_with_spans(
        [text[part.start : part.end] for part in parts], spans, asking=True
    )
    sums = np.zeros((len(sections), encoder.dimension), np.float32)
    for places, rows in zip(owners, added, strict=True):
        np.add.at(sums, np.array(places, int), rows)
    return vectors, unit_vectors(sums)


def _spans_by_part(
    parts: Sequence[Span], sections: Sequence[Section]
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
