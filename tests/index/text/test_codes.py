"""Codes: the same whatever joins their parts, and told from names that only look like them."""

from __future__ import annotations

import pytest

from index.text.codes import Joint, code_tokens, written_codes


@pytest.mark.parametrize(
    "text",
    [
        "RFA-CA-27-001",
        "RFA\N{EN DASH}CA\N{EN DASH}27\N{EN DASH}001",
        "RFA_CA_27_001",
        "RFA\N{NON-BREAKING HYPHEN}CA-27-001",
        "RFA-CA-\n27-001",
        "RF\N{SOFT HYPHEN}A-CA-27-0\N{ZERO WIDTH SPACE}01",
    ],
)
def test_a_code_is_the_same_whatever_joins_it(text: str) -> None:
    tokens = code_tokens(text)
    assert [token.word for token in tokens] == ["rfa", "ca", "27", "001"]
    assert {token.joint for token in tokens[1:]} == {Joint.TIGHT}
    (span,) = written_codes(f"Ask for {text}, please")
    assert (span.start, span.end) == (8, 8 + len(text))


def test_blanks_join_loosely_and_sentences_stand_apart() -> None:
    joints = [token.joint for token in code_tokens("PAR 25 353. Home, care/work")]
    assert joints == [
        Joint.APART, Joint.LOOSE, Joint.LOOSE, Joint.APART, Joint.APART, Joint.GLUED
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["COVID-19", "SARS-CoV-2", "2026-04-24", "18-65", "in-house-2026", "IL-17", "08-123 456 78"],
)
def test_what_is_no_code_is_none(text: str) -> None:
    assert written_codes(text) == []


@pytest.mark.parametrize("text", ["2026-01234", "EU4H-2026", "HORIZON-MISS-2026-05-SOIL-02"])
def test_diary_numbers_and_short_codes_are_codes(text: str) -> None:
    assert len(written_codes(text)) == 1
