"""A text cut into sections."""

from __future__ import annotations

import pytest

from index.search.sections.cut import SECTION_LENGTH, Break, cut_sections


def cut(text: str) -> list[str]:
    return [text[one.span.start : one.span.end] for one in cut_sections(text)]


def test_each_line_is_a_section_and_blank_lines_are_none() -> None:
    text = "Vård i hemmet\n\nPatienter mäter blodtrycket.\nSköterskan ser värdena.\n"
    sections = cut_sections(text)
    assert cut(text) == [
        "Vård i hemmet",
        "Patienter mäter blodtrycket.",
        "Sköterskan ser värdena.",
    ]
    assert [one.before for one in sections] == [Break.BLANK, Break.BLANK, Break.LINE]
    assert [one.line for one in sections] == [0, 1, 2]


def test_a_field_of_a_form_is_apart_from_what_is_written_in_it() -> None:
    assert cut("Projektets namn: Stöd efter stroke") == ["Projektets namn:", "Stöd efter stroke"]
    assert cut("TWINCARE: a twin of the heart") == ["TWINCARE: a twin of the heart"]


@pytest.mark.parametrize(
    "label",
    [
        "1.1 Projektnamn:",
        "2a) Name of the project:",
        "(3) Titel:",
        "Titel (max. 120 tecken):",
        "PROJECT MANAGER:",
        "B2 Lösning:",
    ],
)
def test_a_label_may_have_a_number_and_a_hint(label: str) -> None:
    assert cut(f"{label} Stöd efter stroke") == [label, "Stöd efter stroke"]


@pytest.mark.parametrize("line", ["10.30: Kaffe", "A study of tools. It: a tool", "E!1, GEN: x"])
def test_not_all_that_a_colon_ends_is_a_label(line: str) -> None:
    assert cut(line) == [line]


def test_a_long_line_is_cut_at_its_sentences() -> None:
    sentence = "The nurse calls every patient whose weight has gone up by two kilos. "
    pieces = cut(sentence * 12)
    assert len(pieces) > 1
    assert all(len(piece) <= SECTION_LENGTH for piece in pieces)
    assert [s.before for s in cut_sections(sentence * 12)][1:] == [Break.NONE] * (len(pieces) - 1)


def test_what_is_beyond_the_limit_is_left_alone() -> None:
    text = "The first line.\nThe second line.\n"
    assert [text[one.span.start : one.span.end] for one in cut_sections(text, 16)] == [
        "The first line."
    ]
    assert cut_sections("", 100) == []
