"""Calls open to any subject: our judged titles and texts, and how a call says so or takes it back.

Each row of ``any_subject.tsv`` was judged when it was written. The halves after the first two were
written to be read once before anything was mended by them.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from scrapers.call import Call, Level, Provenance, join_sections
from service.domain.eligibility.subject.any_subject import read_any_subject

ROWS = Path(__file__).parents[3] / "data" / "any_subject.tsv"


def a_call(title: str, text: str = "", language: str = "en", **changes: Any) -> Call:
    whole, sections = join_sections([("scope", text)] if text else [])
    return Call(
        id="judged:one",
        funder="A funder",
        level=Level.NATIONAL,
        titles={language: title},
        texts={language: whole} if whole else {},
        sections={language: sections} if whole else {},
        provenance=Provenance(source="judged"),
    ).model_copy(update=changes)


def test_what_was_judged_is_read_so() -> None:
    with ROWS.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    read = {
        (row["title"], row["open"] == "yes")
        for row in rows
        if read_any_subject(a_call(row["title"], row["text"], row["language"]))
    }
    right = sum(is_open for _, is_open in read)

    assert right / len(read) >= 0.95
    assert right / sum(row["open"] == "yes" for row in rows) >= 0.95


def test_the_words_that_say_so_are_quoted() -> None:
    text = "Grants for three years. Proposals may come from any field of science. Write to us."
    found = read_any_subject(a_call("Open grants", text))

    assert found is not None
    assert not found.by_name
    assert found.quote.text == "Proposals may come from any field of science."
    assert text[found.quote.start : found.quote.end] == found.quote.text


def test_the_name_of_a_programme_says_so_alone() -> None:
    found = read_any_subject(a_call("EIC Accelerator 2027 - Short proposal"))

    assert found is not None
    assert found.by_name
    assert found.quote.text == "EIC Accelerator 2027 - Short proposal"


@pytest.mark.parametrize(
    "changes",
    [
        {"funder": "Energimyndigheten"},
        {"programme": "Digital Europe Programme (DIGITAL)"},
        {"identifiers": ("HORIZON-CL3-2027-01",)},
    ],
)
def test_whose_money_is_for_one_field_is_never_open_to_any(changes: dict[str, Any]) -> None:
    text = "There are no predefined topics."

    assert read_any_subject(a_call("Open grants", text)) is not None
    assert read_any_subject(a_call("Open grants", text, **changes)) is None


def test_a_list_of_its_own_subjects_takes_it_back() -> None:
    text = (
        "Proposals may come from any field of science. "
        "Each proposal must address one of the following themes: water or food."
    )

    assert read_any_subject(a_call("Open grants", text)) is None


@pytest.mark.parametrize("words", ["any field ", "region ", "no predefined ", "alla ämnen i "])
def test_a_long_text_of_its_words_is_read_at_once(words: str) -> None:
    long = words * 20_000

    assert read_any_subject(a_call(long[:4000], long)) is None
