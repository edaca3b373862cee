"""What of a text counts as the project: its sections, what each is, and what is left to rank.

Nothing is left out in silence. Every section is told with its kind and its weight, and a reader
can have any kind of section count in full.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from index.embedding.encoder import Vectors
from index.note import Note, note
from index.search.sections.cut import Break, LinePart
from index.search.sections.kind import KINDS, SectionKind
from index.search.sections.model import PROJECT, SectionModel
from index.search.sections.projects import find_second_project, reads_like_title
from index.search.sections.vectors import SectionVectors
from index.text.reading.edited_text import Edit, EditedText
from index.text.reading.line_ends import with_whole_lines
from index.text.sentences import Span

SHORTEST_TEXT = 200
"""Characters below which a text is taken as it is: a line, or three words, has no sections."""

_LITTLE, _FULL = 0.05, 0.25
"""Chance of being of the project up to which a section weighs nothing, and from which all."""

_FULL_ABOVE_TITLE = 0.75
"""Chance from which a section above the title counts: what is of a project there, says little."""

_LEAST_TITLE, _LEAST_TITLE_ABOVE = 0.05, 0.01
"""Chance from which on the likeliest of the lines before a project is its title: wherever it
stands, and directly above it."""

_LEAST_WEIGHT = 0.25
"""Weight below which a section is not compared with calls at all."""

_FEWEST_LETTERS = 30
"""Letters of a project at least: with fewer, the text is taken to have none."""

_EMPTY_KINDS = frozenset(
    {SectionKind.MAIL, SectionKind.SIGNATURE, SectionKind.NOTICE, SectionKind.DRAFT}
)
"""Kinds that never say what a text is about."""

_MOSTLY = 0.7
"""Share of the letters of a text from which on it is nothing but headers and signatures."""

Weights = NDArray[np.float64]


@dataclass(frozen=True)
class TextSection:
    """``text[start:end]`` of a text as given, what it is, and how much it counts, 0 to 1."""

    start: int
    end: int
    kind: SectionKind
    weight: float

    @property
    def counts_little(self) -> bool:
        """Whether it is not compared with calls."""
        return self.weight < _LEAST_WEIGHT


@dataclass(frozen=True, eq=False)
class CountedText:
    """What of a text counts. ``read`` is the text without the rest, or all of it.

    ``sections`` are those of the text as given, in order, and empty where none was looked for.
    ``projects`` has what counts of each project, in a text that has two.
    """

    read: EditedText
    sections: tuple[TextSection, ...] = ()
    notes: tuple[Note, ...] = ()
    is_empty: bool = False
    projects: tuple[EditedText, ...] = ()

    def weight(self, given: Span) -> float:
        """Return how much a stretch of the text as given counts: the mean over what does."""
        shared = [
            (max(0, min(s.end, given.end) - max(s.start, given.start)), s.weight)
            for s in self.sections
            if not s.counts_little
        ]
        total = sum(length for length, _ in shared)
        return sum(length * weight for length, weight in shared) / total if total else 1.0


def count_text(
    read: EditedText,
    sections: Sequence[LinePart],
    vectors: SectionVectors | None,
    model: SectionModel,
    *,
    encode: Callable[[list[str]], Vectors],
    counted: Collection[SectionKind] = (),
) -> CountedText:
    """Return what of a text counts.

    Args:
        read: the text.
        sections: of ``read.text``.
        vectors: of the sections; None where the model does not know them.
        model: says what each is.
        encode: turns texts into unit vectors, where a second project is looked for.
        counted: kinds that count in full, because the reader wants it.
    """
    if len(sections) < 2:  # noqa: PLR2004  one alone has nothing around it
        return CountedText(read)
    chances = model.chances(read.text, sections, vectors)
    own = chances[:, PROJECT]
    weights = _weights(own, _title_place(read.text, sections, own))
    kinds = _kinds(sections, chances, weights)
    if vectors is None:
        # by its shape alone a title looks like the line of a draft
        drafts = [place for place, kind in enumerate(kinds) if kind is SectionKind.DRAFT]
        weights[drafts] = 1
        kinds = [SectionKind.PROJECT if n in drafts else kind for n, kind in enumerate(kinds)]
    weights[[kind in counted for kind in kinds]] = 1
    weights, notes, is_empty = _with_something(read.text, sections, kinds, weights)
    if is_empty and vectors is None:  # shapes alone are too unsure to find nothing
        weights, notes, is_empty = np.ones(len(weights)), (note("no_project"),), False
    told = _told(read, sections, kinds, weights)
    projects = () if vectors is None else _projects(read, sections, vectors.own, weights, encode)
    if projects:
        first, second = (one.text.strip().split("\n", 1)[0] for one in projects)
        notes = (*notes, note("two_projects", first=first, second=second))
    rest = _without(read, sections, weights)
    return CountedText(rest, told, notes, is_empty, projects)


def _weights(own: Weights, title: int | None) -> Weights:
    """Return how much each section counts, given how likely it is to be of the project."""
    weights = ((own - _LITTLE) / (_FULL - _LITTLE)).clip(0, 1)
    if title is not None:
        weights[:title] = own[:title] >= _FULL_ABOVE_TITLE
        weights[title] = 1
    return weights


def _projects(
    read: EditedText,
    sections: Sequence[LinePart],
    directions: Vectors,
    weights: Weights,
    encode: Callable[[list[str]], Vectors],
) -> tuple[EditedText, ...]:
    """Return what counts of each of two projects; nothing of a text with one."""
    second = find_second_project(read.text, sections, directions, weights, encode)
    if second is None:
        return ()
    places = np.arange(len(sections))
    chosen = (places < second, places >= second)
    return tuple(_without(read, sections, np.where(one, weights, 0)) for one in chosen)


def _kinds(
    sections: Sequence[LinePart], chances: NDArray[np.float64], weights: Weights
) -> list[SectionKind]:
    """Return what each section is; lines under each other that are no project are of one kind."""
    kinds = [SectionKind.PROJECT] * len(sections)
    lengths = np.array([section.span.end - section.span.start for section in sections])
    start = 0
    while start < len(sections):
        stop = start + 1
        if weights[start] < 1:
            while (
                stop < len(sections)
                and weights[stop] < 1
                and sections[stop].before is not Break.BLANK
            ):
                stop += 1
            said = lengths[start:stop] @ chances[start:stop]
            said[PROJECT] = 0
            kinds[start:stop] = [KINDS[int(said.argmax())]] * (stop - start)
        start = stop
    return kinds


def _title_place(text: str, sections: Sequence[LinePart], own: Weights) -> int | None:
    """Return the place of the title: what reads most like one of the project, above its body.

    A title says little by itself, and less above the labels of a form: the likeliest line before
    the body is taken for it, unless it is nearly sure to be none.

    Args:
        text: that the sections are of.
        sections: in order.
        own: how likely each is to be of the project: (sections,).
    """
    body = next(
        (
            n
            for n in np.flatnonzero(own >= _FULL).tolist()
            if not reads_like_title(text, sections, n)
        ),
        0,
    )
    lines = [n for n in range(body) if reads_like_title(text, sections, n)]
    best = max(lines, key=lambda n: float(own[n]), default=None)
    if best is None or own[best] >= _LEAST_TITLE:
        return best
    last = lines[-1]
    return last if last == body - 1 and own[last] >= _LEAST_TITLE_ABOVE else None


def _with_something(
    text: str, sections: Sequence[LinePart], kinds: Sequence[SectionKind], weights: Weights
) -> tuple[Weights, tuple[Note, ...], bool]:
    """Return the weights, and what is to be said where hardly anything is a project.

    An organisation that is described is ranked as such, a mail of nothing but headers not at all.
    """
    if _letters(text, sections, weights >= _LEAST_WEIGHT) >= _FEWEST_LETTERS:
        return weights, (), False
    about = np.array([kind is SectionKind.ABOUT for kind in kinds])
    if _letters(text, sections, about) >= _FEWEST_LETTERS:
        return np.where(about, 1.0, weights), (note("only_about"),), False
    empty = np.array([kind in _EMPTY_KINDS for kind in kinds])
    if _letters(text, sections, empty) > _MOSTLY * _letters(text, sections, empty | True):
        return weights, (note("only_mail"),), True
    return np.ones(len(weights)), (note("no_project"),), False


def _letters(text: str, sections: Sequence[LinePart], chosen: NDArray[np.bool_]) -> int:
    """Return how many letters the ``chosen`` sections have."""
    return sum(
        sum(map(str.isalpha, text[one.span.start : one.span.end]))
        for one, is_chosen in zip(sections, chosen.tolist(), strict=True)
        if is_chosen
    )


def _without(read: EditedText, sections: Sequence[LinePart], weights: Weights) -> EditedText:
    """Return ``read`` without the sections that count little, each up to the next one.

    A sentence goes on where the foot of a page and the head of the next one stood in it.
    """
    starts = [section.span.start for section in sections]
    ends = [*starts[1:], max(len(read.text), 0)] if sections else []
    edits = [
        Edit(start, end, "")
        for start, end, weight in zip(starts, ends, weights.tolist(), strict=True)
        if weight < _LEAST_WEIGHT
    ]
    kept = np.flatnonzero(weights >= _LEAST_WEIGHT)
    is_torn = len(kept) > 0 and int(kept[-1] - kept[0]) >= len(kept)
    rest = read.edit(edits)
    return with_whole_lines(rest) if is_torn else rest


def _told(
    read: EditedText,
    sections: Sequence[LinePart],
    kinds: Sequence[SectionKind],
    weights: Weights,
) -> tuple[TextSection, ...]:
    """Return the sections of the text as given; neighbours of one kind and weight are one."""
    rows = [
        (read.given_span(section.span), kind, round(float(weight), 2))
        for section, kind, weight in zip(sections, kinds, weights, strict=True)
    ]
    told = []
    for (kind, weight), group in groupby(rows, key=lambda row: (row[1], row[2])):
        spans = [span for span, _, _ in group]
        told.append(TextSection(spans[0].start, spans[-1].end, kind, weight))
    return tuple(told)
