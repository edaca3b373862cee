"""Two projects in one text: a second title, and under it a text about something else."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.embedding.encoder import Vectors
from index.search.sections.cut import Break, Section

_LEAST_LETTERS = 250
"""Characters of each project at least."""

_TITLE_WORDS = range(3, 21)
_LONGEST_TITLE = 150

_FAR = 0.64
"""Cosine of two stretches below which they are on different subjects. Of stretches of one project
one in a hundred was below .70, of two projects three in four were below .63
(`docs/figures/robustness.md`)."""


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
    sums = np.cumsum(directions * lengths[:, None], axis=0)
    letters = np.cumsum(lengths)
    best, farthest = None, _FAR
    for place in counted[1:].tolist():
        before, after = letters[place - 1], letters[-1] - letters[place - 1]
        if min(before, after) < _LEAST_LETTERS or not reads_like_title(text, sections, place):
            continue
        cosine = _cosine(sums[place - 1], sums[-1] - sums[place - 1])
        if cosine < farthest:
            best, farthest = place, cosine
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
