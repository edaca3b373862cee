"""Sections of a text as people see them: a sentence, and kinds that can be made to count."""

from __future__ import annotations

from index.search.sections.kind import KINDS, SectionKind
from service.domain.pilots.reading.text_sections import (
    Counted,
    TextPart,
    counted_kinds,
    kinds_around,
    little_note,
)
from service.messages.render import english
from service.messages.words import words


def part(kind: SectionKind, weight: float) -> TextPart:
    return TextPart(start=0, end=9, kind=kind, weight=weight, counts_little=weight < 0.25)


PARTS = (
    part(SectionKind.SIGNATURE, 0),
    part(SectionKind.PROJECT, 1),
    part(SectionKind.MAIL, 0.1),
    part(SectionKind.ABOUT, 1),
)


def test_the_note_names_each_kind_that_counted_little_once() -> None:
    note = little_note((*PARTS, *PARTS))
    assert note is not None
    assert english(note) == (
        "Parts of the text that counted little: mail header, signature and contact details."
    )
    assert words("sv").say(note) == (
        "Delar som räknades lite: e-posthuvud, signatur och kontaktuppgifter."
    )
    assert little_note([PARTS[1]]) is None


def test_kinds_that_count_because_the_reader_wants_it_can_be_taken_back() -> None:
    assert kinds_around(PARTS) == (SectionKind.ABOUT, SectionKind.MAIL, SectionKind.SIGNATURE)


def test_a_wish_is_a_kind_or_all() -> None:
    assert counted_kinds([Counted.MAIL]) == {SectionKind.MAIL}
    assert counted_kinds([Counted.MAIL, Counted.ALL]) == set(KINDS)
    assert {one.value for one in Counted} == {"all", *KINDS} - {"project"}
