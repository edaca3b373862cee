"""Parties that are shut out by where they are: there, or everywhere else."""

from __future__ import annotations

import pytest

from bench.gate_calls import call_of_sentence
from service.domain.eligibility.extract import extract_facts

RULES = [
    ("Project leads from non-UK organisations are not eligible to apply.", ["GB"]),
    ("Non-Norwegian institutions cannot be lead applicants.", ["NO"]),
    ("Organisationer utanför Sverige kan inte söka.", ["SE"]),
    ("Applicants based outside Norway cannot apply.", ["NO"]),
    ("Företag utan säte i Sverige kan inte söka bidraget.", ["SE"]),
    ("Universities not established in Denmark are not eligible.", ["DK"]),
    ("Organisations other than those based in Sweden or Finland are excluded.", ["FI", "SE"]),
    ("Sökande från andra länder än Sverige kan inte beviljas medel.", ["SE"]),
    ("Aktörer som inte är verksamma i Region Uppsala kan inte beviljas stöd.", ["SE-C"]),
    ("Legal entities established in China are not eligible to participate.", ["not:CN"]),
    ("Företag i Ryssland och Belarus får inte delta.", ["not:BY", "not:RU"]),
    ("Organisationer från Ryssland är inte berättigade.", ["not:RU"]),
    ("Entities in Hungary that are public interest trusts are not eligible.", []),
    ("Companies controlled from China are not eligible.", []),
    ("Businesses registered in Northern Ireland are not eligible.", []),
    ("Travel by participants outside Europe is not eligible.", []),
    ("Costs of partners in Norway are not eligible.", []),
]


def facts_of(sentence: str) -> dict[str, list[str]]:
    swedish = any(letter in sentence for letter in "åäö") or "kan inte" in sentence
    heading = "Vem kan söka?" if swedish else "Eligibility"
    call = call_of_sentence("sv" if swedish else "en", heading, sentence)
    return {fact.name: sorted(fact.value.terms()) for fact in extract_facts(call)}


@pytest.mark.parametrize(("sentence", "places"), RULES)
def test_the_place_says_where_applicants_must_or_must_not_be(
    sentence: str, places: list[str]
) -> None:
    assert facts_of(sentence).get("country", []) == places


@pytest.mark.parametrize("sentence", [sentence for sentence, _ in RULES])
def test_no_kind_of_applicant_is_shut_out_for_its_place(sentence: str) -> None:
    assert "applicants" not in facts_of(sentence)


def test_kinds_are_still_shut_out_by_name() -> None:
    assert facts_of("Individuals are not eligible.") == {"applicants": ["not:individual"]}
    assert facts_of("Kommuner kan inte söka.") == {"applicants": ["not:government_municipal"]}
