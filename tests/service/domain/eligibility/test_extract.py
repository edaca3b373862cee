"""What is read from sentences: our own sentences, in both languages, with their traps."""

from __future__ import annotations

from decimal import Decimal

import pytest

from scrapers.call import Eligibility, Funding, Money
from service.domain.calls.applicant_kinds import ApplicantKind
from service.domain.eligibility.extract import FACT_NAMES, extract_facts, fact_readers
from tests.service.domain.eligibility.sample_texts import call, read, terms

COMPANY = {ApplicantKind.SMALL_COMPANY, ApplicantKind.LARGE_COMPANY}
UNIVERSITY = {ApplicantKind.PUBLIC_UNIVERSITY, ApplicantKind.PRIVATE_UNIVERSITY}
PUBLIC = {ApplicantKind.STATE, ApplicantKind.REGION, ApplicantKind.MUNICIPALITY}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Vem kan söka?\nKommuner, regioner och ideella föreningar.", {
            ApplicantKind.MUNICIPALITY, ApplicantKind.REGION, ApplicantKind.CIVIL_SOCIETY}),
        ("Utlysningen riktar sig till lärosäten och företag.", UNIVERSITY | COMPANY),
        ("Nu kan kommuner söka medel till cykelvägar.", {ApplicantKind.MUNICIPALITY}),
        ("Små och medelstora företag kan söka.", {ApplicantKind.SMALL_COMPANY}),
        (
            "Who can apply?\nHospitals and small companies.",
            {ApplicantKind.CARE, ApplicantKind.SMALL_COMPANY},
        ),
        ("The call is open to public bodies.", PUBLIC),
        ("Universities may not apply.", {f"not:{kind}" for kind in UNIVERSITY}),
        ("Företag får inte söka.", {f"not:{kind}" for kind in COMPANY}),
        ("Local governments and public agencies are eligible to apply.", PUBLIC),
        ("Local authorities may apply.", {ApplicantKind.MUNICIPALITY}),
        ("Du som forskar om vatten har nu möjlighet att få stöd.", {ApplicantKind.INDIVIDUAL}),
        ("Projects may provide support to companies and hospitals as third parties.", set()),
        ("Applicants may be asked to prove that they are legal entities.", set()),
        ("The fund awards grants to non-profit organizations.", {ApplicantKind.CIVIL_SOCIETY}),
        ("Välkommen hit. Nu välkomnar vi små och medelstora företag att söka.", {
            ApplicantKind.SMALL_COMPANY}),
        ("Vi bjuder in kommuner att lämna förslag.", {ApplicantKind.MUNICIPALITY}),
        ("Nu kan du som forskar om vatten söka stöd.", {ApplicantKind.INDIVIDUAL}),
        ("Sökande: du måste ha avlagt doktorsexamen.", {ApplicantKind.INDIVIDUAL}),
        (
            "Du som representerar ett litet företag är välkommen att söka.",
            {ApplicantKind.SMALL_COMPANY},
        ),
        ("Public agencies that already have a grant are not eligible.", set()),
        ("Individual organizations may apply once.", set()),
        ("The work is led by Vattenmyndigheten, som kan söka råd.", set()),
        ("Eligibility\nThe municipality shall agree to report every year.", set()),
        ("The call is open to projects that help small companies.", set()),
        ("Du som vill hjälpa kommuner är välkommen att söka.", set()),
        ("Projektet ska hjälpa små företag att växa.", set()),
        ("SMEs are encouraged to take part.", set()),
        ("Sök stöd för projekt med regioner och kommuner.", set()),
        ("The results will be used by public authorities and hospitals.", set()),
    ],
)  # fmt: skip
def test_applicants(text: str, expected: set[str]) -> None:
    assert terms(text, "applicants") == expected


def test_a_list_is_closed_only_when_it_means_to_name_everybody() -> None:
    closed = read("Vem kan söka?\nKommuner och regioner.", "applicants")[0]
    partly = read("Vem kan söka?\nFrämst kommuner och regioner.", "applicants")[0]
    assert closed.model_dump()["value"]["closed"] is True
    assert closed.is_sure
    assert partly.model_dump()["value"]["closed"] is False
    assert not partly.is_sure


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (("Participation is limited to legal entities established in Member States, Norway and "
         "Iceland."), {"EU", "NO", "IS"}),
        ("Vem kan söka?\nForskare vid svenska lärosäten.", {"SE"}),
        ("Applicants must be based in the Nordic countries.", {"NORDIC"}),
        ("Entities established in China are not eligible.", {"not:CN"}),
        ("Deltagandet är begränsat till rättsliga enheter etablerade i medlemsstaterna och Norge.",
         {"EU", "NO"}),
        ("Stödet går till svenska aktörer.", {"SE"}),
        ("Tio miljoner är reserverade för svenska sökande.", set()),
        ("Applicants must be based outside the EU.", set()),
        ("Partners in China and the United States have shown interest.", set()),
        ("Resultaten ska spridas i Sverige.", set()),
    ],
)  # fmt: skip
def test_country(text: str, expected: set[str]) -> None:
    assert terms(text, "country") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Projektet ska ha minst två parter.", {"parties:2"}),
        ("Konsortiet består av minst tre parter från två olika länder.", {
            "parties:3", "countries:2"}),
        (("Proposals must be submitted by at least three independent legal entities from three "
         "different Member States."), {"parties:3", "countries:3"}),
        ("Konsortiet ska ha minst tre parter av minst två olika slag.", {"parties:3", "kinds:2"}),
        ("Applications need at least two companies and at least two universities.", {
            "parties:4", "kinds:2"}),
        ("Sök med en eller flera internationella partner.", {"parties:2", "countries:2"}),
        ("Projects are encouraged to have at least three partners.", set()),
        ("Proposals should test the method at at least three pilot sites.", set()),
        ("For example, at least three partners could share a laboratory.", set()),
        ("Det finns inte något krav på minst två parter.", set()),
    ],
)  # fmt: skip
def test_consortium(text: str, expected: set[str]) -> None:
    assert terms(text, "consortium") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Du kan söka upp till 2 miljoner kronor per projekt.", {"max:2000000 SEK"}),
        ("Bidraget är minst 400 000 kronor och max 1 000 000 kronor.", {
            "min:400000 SEK", "max:1000000 SEK"}),
        ("Each project may receive up to EUR 60 000.", {"max:60000 EUR"}),
        ("Högst 1,5 miljoner kronor per år.", {"max:1500000 SEK/year"}),
        ("Bidragsbelopp: 800 000 kronor", {"min:800000 SEK", "max:800000 SEK"}),
        ("A lump sum of EUR 70 000 is paid for each project.", {
            "min:70000 EUR", "max:70000 EUR"}),
        ("Between EUR 20 000 and max EUR 90 000 can be requested.", {
            "min:20000 EUR", "max:90000 EUR"}),
        ("The grant is limited to a maximum of EUR 5 million per vessel.", set()),
        ("Utlysningens budget är 50 miljoner kronor.", set()),
        ("Companies with a turnover of up to EUR 50 million are small.", set()),
    ],
)  # fmt: skip
def test_amount(text: str, expected: set[str]) -> None:
    assert terms(text, "amount") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bidraget täcker högst 40 procent av kostnaderna.", {"40"}),
        ("The funding rate is up to 70 % of eligible costs.", {"70"}),
        ("Emissions must fall by at least 30 %.", set()),
        ("Högst 30 procent av kostnaderna får vara indirekta kostnader.", set()),
    ],
)
def test_share(text: str, expected: set[str]) -> None:
    assert terms(text, "share") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Projekten kan pågå i högst 24 månader.", {"max:24"}),
        ("Projekttid: 1-3 år", {"min:12", "max:36"}),
        ("The project duration is between 12 and 36 months.", {"min:12", "max:36"}),
        ("The project duration is up to 3 years without prejudice to longer ones.", {"max:36"}),
        ("For example, a project duration of 12 months is short.", set()),
        ("Du som disputerat för högst sju år sedan kan söka.", set()),
        ("Proposals must report every six months during the project.", set()),
    ],
)
def test_duration(text: str, expected: set[str]) -> None:
    assert terms(text, "duration") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Activities are expected to achieve TRL 6-8 by the end of the project.", {"end:6-8"}),
        ("Projects start at TRL 3 and reach TRL 5.", {"start:3-3", "end:5-5"}),
        ("Projektet ska nå TRL 7 i slutet.", {"end:7-7"}),
        ("The aim is to go from TRL 4 to TRL 6/7.", {"start:4-4", "end:6-7"}),
        ("Solutions should achieve TRL 5 or higher.", {"end:5-9"}),
        ("There is no requirement to reach TRL 5.", set()),
        ("Control 6-8 experiments.", set()),
    ],
)
def test_trl(text: str, expected: set[str]) -> None:
    assert terms(text, "trl") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nu kan ni söka stöd till förstudier.", {"feasibility"}),
        ("Vi finansierar forskningsprojekt om vatten.", {"research"}),
        ("Den forskning som stöds ska vara god.", {"research"}),
        ("The plan has a feasibility study, and money for it may come from other funds.", set()),
        ("Projekten bygger på tidigare förstudier som fått stöd.", set()),
    ],
)
def test_stage(text: str, expected: set[str]) -> None:
    assert terms(text, "stage") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("You must be invited to apply.", {"only"}),
        ("Endast inbjudna organisationer får söka.", {"only"}),
        ("Upp till sex forskare kan bjudas in att medverka.", set()),
        ("Only the best applicants are invited to the second stage.", set()),
        ("All are invited to apply.", set()),
    ],
)
def test_invited(text: str, expected: set[str]) -> None:
    assert terms(text, "invited") == expected


def test_the_record_wins_over_the_text() -> None:
    funding = Funding(maximum=Money(amount=Decimal(9), currency="SEK"), share_percent=Decimal(25))
    text = "Högst 2 miljoner kronor per projekt. Bidraget täcker högst 50 procent av kostnaderna."
    assert terms(text, "amount", funding=funding) == {"max:9 SEK"}
    assert read(text, "amount", funding=funding)[0].quote is None
    same = Funding(maximum=Money(amount=Decimal(2_000_000), currency="SEK"))
    quote = read(text, "amount", funding=same)[0].quote
    assert quote is not None
    assert quote.text == "Högst 2 miljoner kronor per projekt."
    assert terms(text, "share", funding=funding) == {"25"}
    expected = read("", "amount", funding=funding, id="eu_portal:1")[0]
    assert not expected.is_sure


def test_who_applies_by_the_record_alone_is_not_sure() -> None:
    facts = read("", "applicants", eligibility=(Eligibility(kind="applicant", value="company"),))
    assert {str(term) for term in facts[0].value.terms()} == COMPANY
    assert not facts[0].is_sure


def test_a_call_without_text_has_no_facts() -> None:
    assert extract_facts(call()) == ()


def test_quotes_are_verbatim_after_emoji_and_combining_characters() -> None:
    text = "😀 e\u0301tat 👩\u200d⚕️ <b>och</b>\x07 vård.\n\n" * 3 + (
        "Vem kan söka?\nKommuner <script>alert(1)</script>\u202e och re\u0301gioner, "
        "regioner\x00 också.\nHögst 2 miljoner kronor per projekt.\nProjekttid: 1-3 år\n"
    )
    stored = call(text, titles={"sv": "🙂 Förstudie om vård"})
    facts = extract_facts(stored)
    assert {"applicants", "amount", "duration", "stage"} <= {fact.name for fact in facts}
    for fact in facts:
        assert fact.quote is not None
        quote = fact.quote
        source = getattr(stored, quote.field)[quote.lang]
        assert source[quote.start : quote.end] == quote.text


def test_facts_come_in_the_order_of_their_names_and_once_each() -> None:
    text = "Upp till 2 mkr per projekt.\nUpp till 2 mkr per projekt.\nMinst två parter ska söka."
    facts = extract_facts(call(text))
    assert [fact.name for fact in facts] == ["consortium", "amount"]
    assert sorted(FACT_NAMES, key=FACT_NAMES.index) == list(FACT_NAMES)


def test_hostile_text_is_read_in_no_time() -> None:
    text = "minst " * 20_000 + "(" * 5_000 + "kan söka " * 5_000 + "1 000 " * 5_000
    assert isinstance(extract_facts(call(text)), tuple)


def test_each_reader_gives_facts_of_its_own_name() -> None:
    assert tuple(reader.NAME for reader in fact_readers()) == FACT_NAMES
