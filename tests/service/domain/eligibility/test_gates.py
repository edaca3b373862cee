"""Facts beside a profile: pass, fail and unknown, each with its reason and its quote."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from scrapers.call import Funding, Money
from service.domain.eligibility.gates import evaluate_gates, may_apply
from service.domain.eligibility.verdict import Verdict
from service.domain.matching.filters import Filters, count_reasons
from service.domain.pilots.profile import Party, Profile, WantedGrant
from tests.service.domain.eligibility.sample_texts import NOW, call, judged

WHO = "Vem kan söka?\nKommuner och regioner."


def profile(**values: Any) -> Profile:
    return Profile.model_validate(values)


def of(*kinds: str, **values: Any) -> Profile:
    return profile(organisations=[{"kind": kind} for kind in kinds], **values)


def sek(amount: int) -> Money:
    return Money(amount=Decimal(amount), currency="SEK")


@pytest.mark.parametrize(
    ("text", "name", "given", "verdict"),
    [
        (WHO, "applicants", of("government_county"), "pass"),
        (WHO, "applicants", of("for_profit_small_business", "government_county"), "pass"),
        (WHO, "applicants", of("for_profit_small_business"), "fail"),
        (WHO, "applicants", profile(country="SE"), "unknown"),
        (f"{WHO[:-1]} med flera aktörer, främst.", "applicants", of("individual"), "unknown"),
        ("Söks av: Enskild forskare", "applicants", of("government_county"), "unknown"),
        ("Företag får inte söka.", "applicants", of("for_profit_small_business"), "fail"),
        ("Företag får inte söka.", "applicants", of("government_county"), "unknown"),
        ("Inget sägs här.", "applicants", of("government_county"), "unknown"),
        ("Applicants must be based in Norway.", "country", profile(country="SE"), "fail"),
        ("Applicants must be based in Norway.", "country", profile(country="NO"), "pass"),
        ("Applicants must be based in Sweden.", "country", profile(country="SE-AB"), "pass"),
        ("Eligibility is limited to Member States and Associated Countries.", "country",
         profile(country="US"), "unknown"),
        ("Entities established in China are not eligible.", "country", profile(country="CN"),
         "fail"),
        ("Entities established in China are not eligible.", "country", profile(country="SE"),
         "pass"),
        ("Minst två parter ska söka.", "consortium", of("government_county", partners=[]),
         "fail"),
        ("Minst två parter ska söka.", "consortium", of("government_county"), "unknown"),
        ("Minst två parter ska söka.", "consortium",
         of("government_county", partners=[{"country": "FI"}]), "pass"),
        ("Minst två parter från två länder ska söka.", "consortium",
         of("government_county", "individual", country="SE", partners=[]), "fail"),
        ("Projekttid: 1-3 år", "duration", profile(months=24), "pass"),
        ("Projekttid: 1-3 år", "duration", profile(months=48), "fail"),
        ("Projektet bör vara 12 månader långt.", "duration", profile(months=24), "unknown"),
        ("Projects start at TRL 5 and reach TRL 7.", "trl", profile(trl=4), "fail"),
        ("Projects start at TRL 5 and reach TRL 7.", "trl", profile(trl=6), "pass"),
        ("Projects start at TRL 5 and reach TRL 7.", "trl", profile(trl=7), "unknown"),
        ("Projects start at TRL 5 and reach TRL 7.", "trl", profile(trl=8), "fail"),
        ("Projects start at TRL 5.", "trl", profile(trl=6), "unknown"),
        ("TRL is a scale from TRL 1 to TRL 9.", "trl", profile(trl=6), "unknown"),
        ("Projektet ska pågå i fyra år.", "duration", profile(months=12), "unknown"),
        ("Projektet ska pågå i fyra år.", "duration", profile(months=60), "fail"),
        ("Projects start at TRL 5 and reach TRL 7.", "trl", profile(trl=5), "pass"),
        ("Projects must reach TRL 7.", "trl", profile(trl=8), "fail"),
        ("Bidraget täcker högst 40 procent av kostnaderna.", "share",
         profile(share_percent=50), "fail"),
        ("Nu kan ni söka stöd till förstudier.", "stage", profile(stage="feasibility"), "pass"),
        ("Nu kan ni söka stöd till förstudier.", "stage", profile(stage="pilot"), "unknown"),
    ],
)  # fmt: skip
def test_verdicts(text: str, name: str, given: Profile, verdict: str) -> None:
    gate = judged(text, name, given)
    assert gate.verdict == verdict
    assert (gate.quote in text) or gate.code.endswith(".silent")
    assert bool(gate.spans) is not gate.code.endswith(".silent")
    assert gate.reason_in("en") == gate.reason
    assert gate.reason_in("sv") != gate.reason
    assert "{" not in gate.reason_in("sv") + gate.reason


@pytest.mark.parametrize(
    ("budget", "verdict"),
    [
        ({"amount": 2_000_000}, "pass"),
        ({"amount": 3_000_000}, "fail"),
        ({"amount": 1_000_000, "up_to": 5_000_000}, "pass"),
        ({"amount": 1_000_000, "currency": "EUR"}, "unknown"),
    ],
)
def test_the_wanted_amount(budget: dict[str, Any], verdict: str) -> None:
    given = profile(budget={"currency": "SEK"} | budget)
    gate = judged("Upp till 2 miljoner kronor per projekt.", "amount", given)
    assert gate.verdict == verdict


def test_what_the_portal_expects_of_a_project_fails_nobody() -> None:
    given = profile(budget={"amount": 9, "currency": "SEK"})
    funding = Funding(minimum=sek(10), maximum=sek(20))
    assert judged("", "amount", given, funding=funding).verdict is Verdict.FAIL
    portal = judged("", "amount", given, funding=funding, id="eu_portal:x")
    assert portal.verdict is Verdict.UNKNOWN
    assert portal.confidence < 0.9


def test_an_amount_for_each_year_needs_the_length() -> None:
    text = "Högst 1 miljon kronor per år."
    short = profile(budget={"amount": 2_000_000, "currency": "SEK"})
    assert judged(text, "amount", short).verdict is Verdict.UNKNOWN
    for months, verdict in ((12, Verdict.FAIL), (24, Verdict.PASS)):
        given = short.model_copy(update={"months": months})
        assert judged(text, "amount", given).verdict is verdict


def test_contradictory_amounts_are_unknown_and_both_are_quoted() -> None:
    text = "Upp till 2 mkr per projekt.\nMaxbeloppet är högst 3 mkr per projekt."
    gate = judged(text, "amount", profile(budget={"amount": 9_000_000, "currency": "SEK"}))
    assert gate.verdict is Verdict.UNKNOWN
    assert gate.code == "amount.contradictory"
    assert [span.text for span in gate.spans] == text.split("\n")
    assert "2,000,000" in gate.reason
    assert "3,000,000" in gate.reason


def test_without_a_profile_it_is_said_once() -> None:
    full = call(f"{WHO}\nUpp till 2 mkr per projekt.\nMinst två parter ska söka.")
    for given in (None, Profile()):
        assert [gate.name for gate in evaluate_gates(full, NOW, given)] == [
            "status",
            "deadline",
            "profile",
        ]
    invited = evaluate_gates(call("Endast inbjudna får söka.", invited_only=True), NOW)
    assert [gate.name for gate in invited] == ["status", "deadline", "invitation", "profile"]
    assert invited[2].quote == "Endast inbjudna får söka."


def test_the_start_is_after_the_deadline_or_not() -> None:
    for day, verdict in ((date(2026, 4, 1), Verdict.FAIL), (date(2026, 9, 1), Verdict.PASS)):
        gate = judged("", "start", profile(start=day))
        assert gate.verdict is verdict
        assert "2026-05-01" in gate.reason_in("sv")


def test_a_call_without_text_fails_nobody() -> None:
    given = of("government_county", country="SE", trl=4, months=12)
    verdicts = {gate.name: gate.verdict for gate in evaluate_gates(call(), NOW, given)}
    assert {verdicts[name] for name in ("applicants", "country", "trl", "duration")} == {"unknown"}


def test_a_fail_hides_a_call_only_by_choice_and_is_counted() -> None:
    calls = [call(WHO), call("Inget sägs här.", id="vinnova:2"), call(invited_only=True)]
    company = of("for_profit_small_business")
    assert [may_apply(one, company) for one in calls] == [False, True, False]
    assert [may_apply(one, None) for one in calls] == [True, True, False]
    assert count_reasons(Filters().exclusion_reason(one, NOW, company) for one in calls) == {}
    strict = Filters(gates="pass")
    left = count_reasons(strict.exclusion_reason(one, NOW, company) for one in calls)
    assert left == {"a condition that fails": 2}
    assert not Filters(gates="pass").admits(calls[0], NOW, company)


@pytest.mark.parametrize(
    "wrong",
    [
        {"trl": 10},
        {"months": 0},
        {"country": "Sverige"},
        {"organisations": [{"kind": "bank"}]},
        {"budget": {"amount": -1, "currency": "SEK"}},
        {"budget": {"amount": 5, "currency": "SEK", "up_to": 4}},
        {"budget": {"amount": "NaN", "currency": "SEK"}},
        {"size": "large"},
    ],
)
def test_a_profile_that_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Profile.model_validate(wrong)


def test_a_profile_knows_where_its_parties_are() -> None:
    given = Profile(organisations=(Party(), Party(country="NO")), country="SE", partners=(Party(),))
    assert [party.country for party in given.parties] == ["SE", "NO", None]
    assert given.countries == ("SE", "NO")
    assert not given.is_empty
    assert Profile().is_empty
    assert Profile.model_validate({"country": "se"}).country == "SE"
    assert WantedGrant(amount=Decimal(1), currency="SEK").maximum == 1
