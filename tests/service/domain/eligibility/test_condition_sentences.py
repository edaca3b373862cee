"""Sentences of our own, of the kinds that calls were misread by, and all that is read from each."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from bench.gate_calls import call_of_sentence
from service.domain.eligibility.extract import extract_facts

SENTENCES = Path(__file__).parents[3] / "data" / "condition_sentences.tsv"


def _rows() -> list[dict[str, str]]:
    with SENTENCES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("row", _rows(), ids=lambda row: row["sentence"][:60])
def test_all_that_a_sentence_states_is_read_and_nothing_else(row: dict[str, str]) -> None:
    true = {
        (name, term)
        for one in row["facts"].split("; ")
        if one != "none"
        for name, terms in [one.split("=", 1)]
        for term in terms.split("|")
    }
    facts = extract_facts(call_of_sentence(row["language"], row["heading"], row["sentence"]))
    stated = [fact for fact in facts if not fact.general]
    assert {(fact.name, str(term)) for fact in stated for term in fact.value.terms()} == true
