"""Two projects in one text: a second title, and under it a text about something else."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.embedding.encoder import Vectors
from index.search.sections.cut import Break, Section

_LEAST_LETTERS = 300
_LEAST_SHARE = 0.2
"""Characters of each project at least, and share of the text: a part on what is sought is none."""

_TITLE_WORDS = range(3, 21)
_LONGEST_TITLE = 150

_LEAST_LEAN = 0.05
"""How much nearer, as a cosine, each title must be to its own text than to the other's."""

_FAR = 0.45
"""Cosine of the two texts, less what both titles lean to their own, below which they are two.
Halves of one project have a cosine of .88 in the middle and .70 in one of a hundred; texts of two
have .58, and their titles lean .2 each."""


def find_second_project(
    text: str, sections: Sequence[Section], directions: Vectors, weights: NDArray[np.float64]
) -> int | None:
    """Return the place of the section that is the title of a second project, if there is one.

    Args:
        text: that the sections are of.
        sections: in order.
        directions: of each, (sections, dimension).
        weights: how much each counts; those without a weight belong to no project.
    """
    lengths = np.array([s.span.end - s.span.start for s in sections]) * (weights > 0)
    counted = np.flatnonzero(lengths)
    if not len(counted) or not reads_like_title(text, sections, int(counted[0])):
        return None
    weighted = directions * lengths[:, None]
    best, farthest = None, _FAR
    for place in counted[1:].tolist():
        first, second = lengths[:place].sum(), lengths[place:].sum()
        enough = max(_LEAST_LETTERS, _LEAST_SHARE * (first + second))
        if min(first, second) < enough or not reads_like_title(text, sections, place):
            continue
        titles = directions[int(counted[0])], directions[place]
        texts = weighted[counted[0] + 1 : place].sum(axis=0), weighted[place + 1 :].sum(axis=0)
        leans = [
            _cosine(title, own) - _cosine(title, other)
            for title, own, other in zip(titles, texts, reversed(texts), strict=True)
        ]
        apart = _cosine(*texts) - sum(leans)
        if min(leans) >= _LEAST_LEAN and apart < farthest:
            best, farthest = place, apart
    return best


def reads_like_title(text: str, sections: Sequence[Section], place: int) -> bool:
    """Return whether a section is a line of its own that reads like a title."""
    section = sections[place]
    alone = place + 1 < len(sections) and sections[place + 1].line != section.line
    if section.before is Break.NONE or not alone:
        return False
    title = text[section.span.start : section.span.end]
    fits = len(title) <= _LONGEST_TITLE and len(title.split()) in _TITLE_WORDS
    return fits and title[-1] not in ".!:;," and not title[0].islower()


def _cosine(one: Vectors, other: Vectors) -> float:
    lengths = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(one @ other) / lengths if lengths else 1.0
