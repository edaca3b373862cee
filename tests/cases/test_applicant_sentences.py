"""Who may apply, who may not, and whom applicants only serve, by one sentence each.

``applicant_sentences.tsv`` has a sentence of an invented passage on applicants in a line, with the
kinds that may apply by it and those that it refuses.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from scrapers.reading.applicants import excluded_kind, read_eligibility


def read_rows() -> list[tuple[str, set[str], set[str]]]:
    path = Path(__file__).with_name("applicant_sentences.tsv")
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    named = [(row["text"], row["applicants"], row["refused"]) for row in rows]
    return [(text, kinds(may), kinds(may_not)) for text, may, may_not in named]


def kinds(listed: str) -> set[str]:
    return {name for name in listed.split(", ") if name}


@pytest.mark.parametrize(("text", "may", "may_not"), read_rows())
def test_a_sentence_tells_applicants_from_others(
    text: str, may: set[str], may_not: set[str]
) -> None:
    found = read_eligibility(text)
    assert {fact.value for fact in found if fact.kind == "applicant"} == may
    assert {excluded_kind(fact.value) for fact in found if fact.kind == "excluded"} == may_not
    assert all(fact.quote and fact.quote in text for fact in found)
