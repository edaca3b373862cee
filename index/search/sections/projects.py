"""Two projects in one text: a second title, and under it a text about something else."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from index.embedding.encoder import Vectors
from index.search.sections.cut import Break, LinePart

_LEAST_LETTERS = 300
_LEAST_SHARE = 0.2
"""Characters of each project at least, and share of the text: a part on what is sought is none."""

_TITLE_WORDS = range(3, 21)
_LONGEST_TITLE = 150

_READ = 1000
"""Characters of each text that are compared: about as many as the model reads."""

_LEAST_LEAN = 0.05
"""How much nearer, as a cosine, each title must be to its own text than to the other's."""

_FAR = 0.45
"""Cosine of the two texts, less what both titles lean to their own, below which they are two.
Halves of one project have a cosine of .88 in the middle and .70 in one of a hundred; texts of two
have .58, and their titles lean .2 each."""


def find_second_project(
    text: str,
    sections: Sequence[LinePart],
    directions: Vectors,
    weights: NDArray[np.float64],
    encode: Callable[[list[str]], Vectors],
) -> int | None:
    """Return the place of the section that is the title of a second project, if there is one.

    Args:
        text: that the sections are of.
        sections: in order.
        directions: of each, (sections, dimension): which of several titles is looked at.
        weights: how much each counts; those without a weight belong to no project.
        encode: turns texts into unit vectors, (texts, dimension). A section's own direction leans
            to what stands around it, so two titles and two texts are read by themselves.
    """
    lengths = np.array([s.span.end - s.span.start for s in sections]) * (weights > 0)
    counted = np.flatnonzero(lengths)
    if not len(counted) or not reads_like_title(text, sections, int(counted[0])):
        return None
    start = int(counted[0])
    weighted = directions * lengths[:, None]
    best, lowest = None, np.inf
    for place in counted[1:].tolist():
        first, second = lengths[:place].sum(), lengths[place:].sum()
        enough = max(_LEAST_LETTERS, _LEAST_SHARE * (first + second))
        if min(first, second) < enough or not reads_like_title(text, sections, place):
            continue
        cosine = _cosine(weighted[start + 1 : place].sum(axis=0), weighted[place + 1 :].sum(axis=0))
        if cosine < lowest:
            best, lowest = place, cosine
    if best is None:
        return None
    last = int(counted[-1])
    ranges = ((start, start), (best, best), (start + 1, best - 1), (best + 1, last))
    pieces = [text[sections[a].span.start : sections[b].span.end][:_READ] for a, b in ranges]
    return best if all(pieces) and _are_apart(encode(pieces)) else None


def _are_apart(vectors: Vectors) -> bool:
    """Return whether two titles and two texts, (4, dimension), are of different projects."""
    titles, texts = vectors[:2], vectors[2:]
    near = titles @ texts.T
    leans = near[0, 0] - near[0, 1], near[1, 1] - near[1, 0]
    apart = float(texts[0] @ texts[1]) - sum(leans)
    return bool(min(leans) >= _LEAST_LEAN and apart < _FAR)


def reads_like_title(text: str, sections: Sequence[LinePart], place: int) -> bool:
    """Return whether a section, a line of its own or after a label, reads like a title."""
    section = sections[place]
    alone = place + 1 < len(sections) and sections[place + 1].line != section.line
    if not alone or (section.before is Break.NONE and not _is_label(text, sections, place - 1)):
        return False
    title = text[section.span.start : section.span.end]
    fits = len(title) <= _LONGEST_TITLE and len(title.split()) in _TITLE_WORDS
    return fits and title[-1] not in ".!:;," and not title[0].islower()


def _is_label(text: str, sections: Sequence[LinePart], place: int) -> bool:
    section = sections[place]
    return section.before is not Break.NONE and text[section.span.end - 1] == ":"


def _cosine(one: Vectors, other: Vectors) -> float:
    lengths = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(one @ other) / lengths if lengths else 1.0
