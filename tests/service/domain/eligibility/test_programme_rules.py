"""What is known of a call by its type of action alone: never sure, and never against its words."""

from __future__ import annotations

import pytest

from service.domain.eligibility.extract import extract_facts
from service.domain.eligibility.verdict import Gate, Verdict
from service.domain.pilots.profile import Profile
from tests.service.domain.eligibility.sample_texts import call, judged

RIA = ("HORIZON Research and Innovation Actions",)
ALONE = Profile.model_validate(
    {
        "organisations": [{"kind": "for_profit_small_business", "country": "SE"}],
        "partners": [],
        "share_percent": 90,
    }
)


def general(text: str = "", **others: object) -> set[str]:
    facts = [fact for fact in extract_facts(call(text, **others)) if fact.general]
    return {f"{fact.name} {term}" for fact in facts for term in fact.value.terms()}


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ("HORIZON JU Research and Innovation Actions", {"consortium parties:3", "share 100"}),
        ("EURATOM Innovation Actions", {"consortium countries:3", "share 70", "share 100"}),
        ("HORIZON  Coordination and Support Actions", {"share 100", "country EU"}),
        ("HORIZON ERC Grants", {"applicants individual", "share 100"}),
        ("HORIZON ERC Proof of Concept Grants", {"applicants individual"}),
        ("HORIZON TMA MSCA Doctoral Networks - Joint Doctorates", {"consortium parties:3"}),
        ("HORIZON EIC Accelerator Blended Finance", {"applicants for_profit_small_business"}),
        ("DIGITAL JU Simple Grants", {"share 50"}),
    ],
)
def test_a_type_of_action_tells_general_rules(named: str, expected: set[str]) -> None:
    assert expected <= general(keywords=("health", named))


def test_what_one_type_of_action_asks_is_not_asked_by_another() -> None:
    assert not {term for term in general(keywords=("HORIZON Coordination and Support Actions",))
                if term.startswith("consortium")}  # fmt: skip
    assert "share 100" not in general(keywords=("HORIZON ERC Proof of Concept Grants",))
    assert general(keywords=("LIFE Project Grants", "Innovation Actions in cities")) == set()
    assert "applicants individual" in general(identifiers=("HORIZON-MSCA-2026-PF-01-01",))


def test_what_the_call_says_takes_the_place_of_the_general_rule() -> None:
    text = "Minst fem parter från fyra länder ska söka."
    assert "consortium parties:3" in general("Inget sägs.", keywords=RIA)
    assert not {one for one in general(text, keywords=RIA) if one.startswith("consortium")}


def gate(name: str, text: str = "") -> Gate:
    return judged(text, name, ALONE, keywords=RIA)


def test_a_general_rule_never_fails_a_pilot_and_says_where_it_is_from() -> None:
    result = gate("consortium")
    assert result.verdict is Verdict.UNKNOWN
    assert result.confidence < 0.9
    assert RIA[0] in result.reason
    assert "general rules" in result.reason
    assert "allmänna reglerna" in result.reason_in("sv")
    assert (result.spans[0].field, result.spans[0].text) == ("keywords", RIA[0])
    assert gate("share").verdict is Verdict.PASS
    assert gate("applicants").verdict is Verdict.PASS
    assert gate("country").verdict is Verdict.PASS
    assert gate("consortium", "Minst två parter ska söka.").verdict is Verdict.FAIL
