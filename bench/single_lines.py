"""Single lines that stand in a project's text: whether they count little, and its title in full.

`bench.project_parts` prints it for the half of our examples that was not learned from.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from bench.surroundings import paragraphs
from index.embedding.encoder import Encoder
from index.search.sections.counted import CountedText, count_text
from index.search.sections.kind import SectionKind
from index.search.sections.model import PROJECT, SectionModel
from index.text.reading.clean import clean_text
from index.training.known_text import KnownText
from index.training.section_model import LearnedText
from index.training.section_texts import LANGUAGES, LISTS, Half, examples, half_of

_ANYWHERE = ("draft_lines", "greeting_lines", "closing_lines", "mail_shapes", "fields")
_PLACES = 3
"""A line stands above the title, between two paragraphs, or below the last, by turns."""


def texts_with_lines(projects: Sequence[str], half: Half) -> Iterator[tuple[str, KnownText]]:
    """Yield each single line of a half of our examples in a project, with its list's name."""
    number = 0
    for language in LANGUAGES:
        for name in (*_ANYWHERE, "title_labels", "text_labels"):
            for line in half_of(examples(language)[name], half):
                yield name, _with_line(projects[number % len(projects)], name, line, number)
                number += 1


def _with_line(project: str, name: str, line: str, number: int) -> KnownText:
    title, body = paragraphs(project)
    parts = [title, *body]
    place = {"title_labels": 0, "text_labels": 1}.get(
        name, (0, len(parts) // 2, len(parts))[number % _PLACES]
    )
    gap = "\n\n" if name in _ANYWHERE else "\n"
    known = KnownText()
    for position, part in enumerate([*parts, ""]):
        if position == place:
            known.add(line, LISTS[name])
        if part:
            known.add(part, SectionKind.PROJECT, gap if position == place else "\n\n")
    return known


def print_lines(
    model: SectionModel,
    texts: Iterable[tuple[str, LearnedText]],
    encoder: Encoder,
    *,
    vectors: bool,
) -> None:
    """Print for each list how many lines count little, and how many titles in full."""
    little: dict[str, list[bool]] = defaultdict(list)
    titles: dict[str, list[bool]] = defaultdict(list)
    kept: list[bool] = []
    for name, one in texts:
        found = count_text(
            clean_text(one.text),
            one.sections,
            one.vectors if vectors else None,
            model,
            encode=encoder.queries,
        )
        weights = _weights(found, one)
        around = one.kinds != PROJECT
        little[name].append(bool((weights[around] < 0.25).all()))  # noqa: PLR2004
        titles[name].append(bool(weights[~around][0] == 1))
        kept += (weights[~around] >= 0.25).tolist()  # noqa: PLR2004
    how = "vectors and shapes" if vectors else "shapes alone"
    shares = ", ".join(
        f"{name} {np.mean(little[name]):.3f} of {len(little[name])} "
        f"(title {np.mean(titles[name]):.2f})"
        for name in little
    )
    print(f"single lines, {how}: project kept {np.mean(kept):.4f} of {len(kept)}; little: {shares}")


def _weights(found: CountedText, one: LearnedText) -> NDArray[np.float64]:
    """Return the weight of each section; all count in a text in which none was looked for."""
    rows = [
        next(
            (
                told.weight
                for told in found.sections
                if told.start <= section.span.start < max(told.end, told.start + 1)
            ),
            1.0,
        )
        for section in one.sections
    ]
    return np.array(rows)
