"""Stages, sums and lengths of one project, told apart from those of others.

The sentences of ``tests/data/project_conditions.tsv`` are our own; they were written before anybody
looked at how they are read.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from bench.gate_calls import call_of_sentence
from service.domain.eligibility.extract import extract_facts

SENTENCES = Path(__file__).parents[3] / "data" / "project_conditions.tsv"


def _rows() -> list[dict[str, str]]:
    with SENTENCES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def _terms(name: str, language: str, sentence: str) -> set[str]:
    facts = extract_facts(call_of_sentence(language, "scope", sentence))
    return {str(term) for fact in facts if fact.name == name for term in fact.value.terms()}


@pytest.mark.parametrize("row", _rows(), ids=lambda row: row["sentence"][:60])
def test_what_a_sentence_says_of_one_project_is_read_and_nothing_else(row: dict[str, str]) -> None:
    stated = set(row["terms"].split("|")) - {"none"}
    assert _terms(row["fact"], row["language"], row["sentence"]) == stated


def test_a_line_that_is_wrapped_within_a_sentence_is_read_as_one() -> None:
    wrapped = (
        "To keep the effort focused, the third parties that are chosen will be funded\n"
        "through projects of EUR 250 000 to 500 000 with a duration of 12 to 15 months."
    )
    assert _terms("amount", "en", wrapped) == set()
    assert _terms("duration", "en", wrapped) == set()
