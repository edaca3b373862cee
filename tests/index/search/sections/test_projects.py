"""Two projects in one text."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from index.embedding.encoder import Vectors
from index.search.sections.cut import cut_sections
from index.search.sections.projects import find_second_project

FIRST = "Trygg hemgång efter höftfraktur"
SECOND = "Återbruk av tegel ur rivna hus"
TEXT = (
    f"{FIRST}\n\n" + "Teamet tränar gång och balans hemma hos patienten varje vecka. " * 6 + "\n\n"
    f"{SECOND}\n\n" + "Murbruket löses med värme och stenarna sorteras efter hållfasthet. " * 6
)


def directions(text: str, turned: float) -> Vectors:
    """Return a direction for each section; those from the second title on are ``turned`` away."""
    sections = cut_sections(text)
    place = text.find(SECOND)
    is_second = np.array([0 <= place <= one.span.start for one in sections])
    first, second = np.array([1, 0]), np.array([np.cos(turned), np.sin(turned)])
    vectors: Vectors = np.where(is_second[:, None], second, first).astype(np.float32)
    return vectors


def encode(turned: float) -> Callable[[list[str]], Vectors]:
    """Return an encoder by which all of the second project is ``turned`` away from the first."""

    def read(texts: list[str]) -> Vectors:
        turns = [turned if "Murbruket" in one or one == SECOND else 0.0 for one in texts]
        return np.array([[np.cos(turn), np.sin(turn)] for turn in turns], np.float32)

    return read


def find(text: str, turned: float) -> str:
    sections = cut_sections(text)
    weights = np.ones(len(sections))
    place = find_second_project(text, sections, directions(text, turned), weights, encode(turned))
    if place is None:
        return ""
    return text[sections[place].span.start : sections[place].span.end]


def test_a_second_title_above_something_else_begins_a_project() -> None:
    assert find(TEXT, turned=1.2) == SECOND


def test_a_heading_above_more_of_the_same_does_not() -> None:
    assert not find(TEXT, turned=0.4)


def test_a_text_about_two_things_without_a_second_title_is_one() -> None:
    assert not find(TEXT.replace(f"{SECOND}\n\n", ""), turned=1.2)
    assert not find(TEXT.replace(SECOND, "Bakgrund"), turned=1.2)


def test_what_counts_nothing_is_no_project() -> None:
    sections = cut_sections(TEXT)
    weights = np.array([float(one.span.start < TEXT.find(SECOND)) for one in sections])
    assert find_second_project(TEXT, sections, directions(TEXT, 1.2), weights, encode(1.2)) is None
