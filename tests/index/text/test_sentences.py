"""Sentences as offsets of a text."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.sentences import split_sentences


def sentences(text: str) -> list[str]:
    return [text[span.start : span.end] for span in split_sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("Stöd till t.ex. hemsjukvård. Sök senast den 3. maj.", None),
        ("A line\nanother line", ["A line", "another line"]),
        (
            "Expected outcome.Projects shall deliver.",
            ["Expected outcome.", "Projects shall deliver."],
        ),
        ("  \n \n", []),
        ("Han sa “nog.” Sedan slut.", ["Han sa “nog.”", "Sedan slut."]),
    ],
)
def test_cuts_where_a_reader_would(text: str, expected: list[str] | None) -> None:
    if expected is None:
        expected = ["Stöd till t.ex. hemsjukvård.", "Sök senast den 3. maj."]
    assert sentences(text) == expected


def test_a_text_without_stops_is_cut_at_spaces() -> None:
    text = "ord " * 1000
    pieces = sentences(text)
    assert len(pieces) > 5
    assert all(0 < len(piece) <= 600 and not piece.startswith(" ") for piece in pieces)


@given(st.text(max_size=3000))
def test_spans_are_ordered_disjoint_and_lose_no_letter(text: str) -> None:
    spans = split_sentences(text)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert all(span.start < span.end for span in spans)
    kept = "".join(text[s.start : s.end] for s in spans)
    assert "".join(kept.split()) == "".join(text.split())


def test_emoji_and_combining_characters_keep_their_offsets() -> None:
    text = "👩‍⚕️ Vård i hemmet. Cafe\u0301 på sjukhus."
    assert sentences(text) == ["👩‍⚕️ Vård i hemmet.", "Cafe\u0301 på sjukhus."]
