"""What would meet a condition: the smallest change that does, said in both languages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scrapers.call import Call
from service.clock import examples_date
from service.domain.eligibility.counterfactuals import Counterfactual, find_counterfactuals
from service.domain.eligibility.gates import evaluate_gates
from service.domain.eligibility.verdict import Verdict
from service.domain.pilots.profile import Profile
from tests.service.domain.eligibility.sample_texts import NOW, call

ROOT = Path(__file__).parents[4]
WHO = "Vem kan söka?\nKommuner och regioner."
TWO_LANDS = "Minst två parter från minst två länder ska söka."


def changes_for(text: str, **values: Any) -> dict[str, Counterfactual]:
    profile = Profile.model_validate(values)
    return {one.gate: one for one in find_counterfactuals(call(text), NOW, profile)}


def of(*kinds: str, **others: str) -> list[dict[str, str]]:
    return [{"kind": kind, **others} for kind in kinds]


REGION = of("government_county")
MILLIONS = {"amount": 3_000_000, "currency": "SEK"}


@pytest.mark.parametrize(
    ("text", "values", "gate", "verdict", "expected"),
    [
        (WHO, {"organisations": of("for_profit_small_business")}, "applicants", "fail",
         "With a region or a municipality among the applicants this condition is met."),
        (WHO, {"country": "SE"}, "applicants", "unknown",
         "With a region or a municipality among the applicants this condition is met."),
        ("Applicants must be based in Norway.", {"country": "SE"}, "country", "fail",
         "With an organisation in Norway this condition is met."),
        ("Applicants must be based in the Nordic countries.", {"country": "DE"}, "country", "fail",
         "With an organisation in the Nordic countries this condition is met."),
        (TWO_LANDS, {"organisations": REGION, "country": "SE", "partners": []}, "consortium",
         "fail", "With a partner in another country this condition is met."),
        (TWO_LANDS, {"organisations": REGION}, "consortium", "unknown",
         "With a partner in another country this condition is met."),
        (TWO_LANDS, {"country": "SE", "trl": 4}, "consortium", "unknown",
         "With a partner in another country this condition is met."),
        ("Minst två parter ska söka.", {"organisations": REGION, "partners": []}, "consortium",
         "fail", "With one more partner this condition is met."),
        ("Minst två parter av minst två olika slag ska delta.",
         {"organisations": REGION, "partners": []}, "consortium", "fail",
         "With a partner of another kind this condition is met."),
        ("Minst fyra parter av minst två olika slag ska delta.",
         {"organisations": REGION, "partners": []}, "consortium", "fail",
         "With 3 more partners, at least one of another kind, this condition is met."),
        ("Minst fyra parter från minst tre länder ska söka.",
         {"organisations": REGION, "country": "SE", "partners": []}, "consortium", "fail",
         "With 3 more partners, in at least 2 other countries, this condition is met."),
        ("Projekttid: 1-3 år", {"months": 48}, "duration", "fail",
         "With a length of 12–36 months this condition is met."),
        ("Projekttid: 1-3 år", {"country": "SE"}, "duration", "unknown",
         "With a length of 12–36 months this condition is met."),
        ("Projektet ska pågå i fyra år.", {"months": 12}, "duration", "unknown",
         "With a length of 48 months this condition is met."),
        ("Projects start at TRL 5 and reach TRL 7.", {"trl": 3}, "trl", "fail",
         "With a start at TRL 5–6 this condition is met."),
        ("Bidraget täcker högst 40 procent av kostnaderna.", {"share_percent": 50}, "share", "fail",
         "If at most 40 % of the costs are needed, this condition is met."),
        ("Nu kan ni söka stöd till förstudier.", {"stage": "pilot"}, "stage", "unknown",
         "If the pilot is a feasibility study, this condition is met."),
        ("Upp till 2 miljoner kronor per projekt.", {"budget": MILLIONS}, "amount", "fail",
         "With a wanted grant of at most 2,000,000 SEK this condition is met."),
        ("Upp till 2 miljoner kronor per projekt.",
         {"budget": {"amount": 300_000, "currency": "EUR"}}, "amount", "unknown",
         "With a wanted grant of at most 2,000,000 SEK this condition is met."),
        ("Högst 1 miljon kronor per år.", {"budget": MILLIONS, "months": 19}, "amount", "fail",
         "With a wanted grant of at most 1,583,333 SEK this condition is met."),
        ("Nära.", {"start": "2026-03-20"}, "start", "fail",
         "With a start on 2026-05-02 or later this condition is met."),
    ],
)  # fmt: skip
def test_the_smallest_change_is_told(
    text: str, values: dict[str, Any], gate: str, verdict: str, expected: str
) -> None:
    opening = changes_for(text, **values)[gate]
    assert opening.sentence.en == expected
    assert opening.verdict == verdict
    assert opening.field in Profile.model_fields
    assert "är villkoret uppfyllt" in opening.sentence.sv


def test_in_swedish() -> None:
    change = changes_for(TWO_LANDS, organisations=REGION, country="SE", partners=[])["consortium"]
    assert change.sentence.sv == "Med en partner i ett annat land är villkoret uppfyllt."
    change = changes_for(WHO, organisations=of("individual"))["applicants"]
    assert (
        change.sentence.sv
        == "Med en region eller en kommun bland de sökande är villkoret uppfyllt."
    )


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (WHO, {}),
        (WHO, {"organisations": REGION}),
        ("Inget sägs här.", {"organisations": REGION, "trl": 4, "months": 12}),
        ("Entities established in China are not eligible.", {"country": "CN"}),
        ("Upp till 2 mkr per projekt.\nMaxbeloppet är högst 3 mkr per projekt.",
         {"budget": MILLIONS}),
        ("Högst 1 miljon kronor per år.", {"budget": MILLIONS}),
        ("Nära.", {"start": "2026-09-20"}),
    ],
)  # fmt: skip
def test_nothing_is_told_of_what_is_met_not_stated_or_cannot_be_met(
    text: str, values: dict[str, Any]
) -> None:
    assert changes_for(text, **values) == {}
    assert find_counterfactuals(call(text), NOW, None) == ()


def test_a_change_that_makes_another_condition_fail_is_not_told() -> None:
    text = "Högst 1 miljon kronor per år.\nProjekttid: högst 24 månader."
    longer = changes_for(text, budget=MILLIONS, months=36)
    assert "duration" not in longer, "in 24 months three millions are too much"
    assert "duration" in changes_for(text, budget={**MILLIONS, "amount": 2_000_000}, months=36)


def test_what_fails_comes_first() -> None:
    text = f"{TWO_LANDS}\nBidraget täcker högst 40 procent av kostnaderna."
    changes = changes_for(text, organisations=REGION, country="SE", share_percent=50)
    assert [one.verdict for one in changes.values()] == [Verdict.FAIL, Verdict.UNKNOWN]
    assert list(changes) == ["share", "consortium"]


def test_everything_told_of_the_examples_is_a_whole_sentence() -> None:
    folder = ROOT / "examples"
    lines = [
        line
        for path in (folder / "calls").glob("*.jsonl")
        for line in path.read_text("utf-8").splitlines()
    ]
    calls = [Call.model_validate_json(line) for line in lines]
    pilots = [json.loads(path.read_text("utf-8")) for path in (folder / "pilots").glob("*.json")]
    now = examples_date(folder)
    changes: list[Counterfactual] = []
    for profile in (Profile.model_validate(one["profile"]) for one in pilots):
        for one in calls:
            verdicts = {gate.name: gate.verdict for gate in evaluate_gates(one, now, profile)}
            several = find_counterfactuals(one, now, profile)
            assert all(verdicts[opening.gate] is opening.verdict for opening in several)
            assert all(opening.verdict is not Verdict.PASS for opening in several)
            changes += several
    assert len(changes) > 100
    for opening in changes:
        for sentence in (opening.sentence.en, opening.sentence.sv):
            assert sentence.endswith(".")
            assert not {"{", "}", ":", "_"} & set(sentence), sentence
