"""Wordings that funders share, in sentences of our own: lists, headings, labels and bounds."""

from __future__ import annotations

import pytest

from service.domain.calls.applicant_kinds import ApplicantKind
from service.domain.eligibility.extract import extract_facts
from tests.service.domain.eligibility.sample_texts import call, read, terms

COMPANY = {ApplicantKind.SMALL_COMPANY, ApplicantKind.LARGE_COMPANY}
UNIVERSITY = {ApplicantKind.PUBLIC_UNIVERSITY, ApplicantKind.PRIVATE_UNIVERSITY}
PUBLIC = {ApplicantKind.STATE, ApplicantKind.REGION, ApplicantKind.MUNICIPALITY}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Pengarna får förvaltas av högskolor. Stödet kan sökas av kommuner och akademi.",
         UNIVERSITY | {ApplicantKind.MUNICIPALITY}),
        ("Medelsförvaltare ska vara ett svenskt universitet.", UNIVERSITY),
        ("Vem kan söka?\nAktiebolag med högst 249 anställda.", {ApplicantKind.SMALL_COMPANY}),
        (
            "Vem kan söka?\nOrganisationer med små företag som målgrupp.",
            {ApplicantKind.ORGANISATION},
        ),
        ("Vem kan söka?\nDu som har doktorsexamen sedan två år.", {ApplicantKind.INDIVIDUAL}),
        ("Behörighetskrav: Avlagd doktorsexamen när du söker.", {ApplicantKind.INDIVIDUAL}),
        ("Söks av\n\nOrganisation\n\nTid\n\nTre år", {ApplicantKind.ORGANISATION}),
        ("Nu kan du som svenskt företag eller kommun söka pengar.",
         COMPANY | {ApplicantKind.MUNICIPALITY}),
        ("Byrån välkomnar\u00a0 små svenska företag med nya idéer att ansöka.",
         {ApplicantKind.SMALL_COMPANY}),
        ("Who can apply\nTo lead a project you must:\n• be a business of any size", COMPANY),
        ("Who can apply\nThese include:\n• NHS bodies\n• higher education institutions",
         UNIVERSITY | {ApplicantKind.CARE}),
        ("Grants are for teams of researchers.", {ApplicantKind.INDIVIDUAL}),
        ("The consortium must be led by an SME.", {ApplicantKind.SMALL_COMPANY}),
        ("In this round, manufacturers cannot apply.", {f"not:{kind}" for kind in COMPANY}),
        (
                "The programme provides funding to state and local governments.",
                {ApplicantKind.STATE, ApplicantKind.MUNICIPALITY},
            ),
        (
            "Eligible applicants are groups that act as hosts, including hospitals.",
            {ApplicantKind.CARE},
        ),
        ("Stiftelsen inbjuder högskolor att ansöka om pengar.", UNIVERSITY),
        ("Universities eligible to apply", UNIVERSITY),
        ("Alla som arbetar inom länets vård kan ansöka.", {ApplicantKind.INDIVIDUAL}),
        ("Applicant eligibility: HEI, SME, not-for-profit organisation",
         UNIVERSITY | {ApplicantKind.SMALL_COMPANY, ApplicantKind.CIVIL_SOCIETY}),
        ("Vem kan söka?\nAlla kan söka!", {ApplicantKind.UNRESTRICTED}),
        ("Applicant: Individual researcher or organisation",
         {ApplicantKind.INDIVIDUAL, ApplicantKind.ORGANISATION}),
        ("Vem kan söka?\nFöretag. Minst en forskare ska medverka.", COMPANY),
        ("Vilka företag kan söka?", set()),
        ("Vem kan söka?\n• Kommuner\n• Byalag", {ApplicantKind.MUNICIPALITY}),
        ("The workshops are open to municipalities.", set()),
        ("Business activities that are wound up may not be funded.", set()),
        ("See https://example.org/small-companies who may apply.", set()),
        ("Du som vill stötta företag kan söka.", set()),
    ],
)  # fmt: skip
def test_who_is_listed_in_more_ways(text: str, expected: set[str]) -> None:
    assert terms(text, "applicants") == expected


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("Who can apply\nUK registered businesses can apply.", "country", {"GB"}),
        ("Vem kan söka?\nFöretag som har driftställe i Sverige.", "country", {"SE"}),
        ("You should be based at a host organisation in the UK.", "country", {"GB"}),
        ("Sök pengar till insatser i Dalarnas och Hallands län.", "country", {"SE-W", "SE-N"}),
        ("Vilka företag kan söka?\nFöretag i Dalarna.", "country", {"SE-W"}),
        ("Lead applicants must be based in England.", "country", {"GB"}),
        ("At least one co-applicant must be of another organisation.", "consortium",
         {"parties:2"}),
        ("At least three legal entities, each established in a different Member State, apply.",
         "consortium", {"parties:3", "countries:3"}),
        ("Ansökningar ska ha minst en part från ett lärosäte och minst en part från vården.",
         "consortium", {"parties:2", "kinds:2"}),
        ("The project works with one or more partners.", "consortium", set()),
        ("Minst två lärosäten och minst ett företag ska söka.", "consortium",
         {"parties:3", "kinds:2"}),
        ("Minst två icke-statliga parter ska söka.", "consortium", {"parties:2"}),
        ("Partners from at least three Nordic countries must take part.", "consortium",
         {"countries:3"}),
        ("Consortia work with at least one other participating country.", "consortium",
         {"countries:2"}),
        ("Actors planning to lead a project of at least three partners get more.", "consortium",
         set()),
        ("Hur mycket kan ni söka?\n1 miljon kronor per år.", "amount",
         {"min:1000000 SEK/year", "max:1000000 SEK/year"}),
        ("Du kan söka mellan 100 000 kr och 300 000 kr.", "amount",
         {"min:100000 SEK", "max:300000 SEK"}),
        ("Det går att söka högst 2 miljoner kronor per 12-månadersperiod.", "amount",
         {"max:2000000 SEK/year"}),
        ("With at least two partners you may apply for up to SEK 500,000.", "amount",
         {"max:500000 SEK"}),
        ("Best Nurse Prize: EUR 20,000", "amount", {"max:20000 EUR"}),
        ("Prizes of EUR 20,000 are given by the projects to the public.", "amount", set()),
        ("Funding available for this call is 4 million euro.", "amount", set()),
        ("Additional funding up to EUR 1 000 000 may be asked for.", "amount", set()),
        ("Hur mycket kan ni få?\n40 procent av era kostnader.", "share", {"40"}),
        ("We usually fund 80% of the full economic cost.", "share", {"80"}),
        ("Medfinansiering på minst 30 procent krävs.", "share", {"70"}),
        ("Applicants must provide a 20% match.", "share", {"80"}),
        ("Up to 20% of the EU funding may be used for financial support to third parties.",
         "share", set()),
        ("The grant covers at most 70% unless the owner is public.", "share", {"70"}),
        ("Projects last up to 36 months (where justified up to 60 months).", "duration",
         {"max:36"}),
        ("Anslaget är treårigt.", "duration", {"min:36", "max:36"}),
        ("Funding duration:\n\nUp to 5 years", "duration", {"max:60"}),
        ("The project duration is 36 months or less.", "duration", {"max:36"}),
        ("Taket är 6 miljoner kronor för en fyraårig ansökan om projektmedel.", "duration", set()),
        ("While projects run for four years, these may be longer.", "duration", set()),
        ("Gender is not relevant.nullActivities are expected to achieve TRL 8 by the end.",
         "trl", {"end:8-8"}),
        ("Vi utlyser medel till forskning om vatten.", "stage", {"research"}),
        ("Proposals should:\nDemonstrate new heat pumps in homes.", "stage", {"demonstration"}),
        ("Proposals should:\nDemonstrate how costs fall.", "stage", set()),
    ],
)  # fmt: skip
def test_other_facts_are_read_in_more_ways(text: str, name: str, expected: set[str]) -> None:
    assert terms(text, name) == expected


def test_a_quote_keeps_the_spaces_of_the_call() -> None:
    text = "Nu kan\u00a0kommuner söka."
    quote = extract_facts(call(text))[0].quote
    assert quote is not None
    assert text[quote.start : quote.end] == quote.text == text


def test_a_list_with_a_point_that_is_not_understood_fails_nobody() -> None:
    heading = "Vem kan söka?\n"
    whole = read(f"{heading}• Kommuner\n• Regioner", "applicants")
    partly = read(f"{heading}• Kommuner\n• Byalag", "applicants")
    assert all(fact.is_sure for fact in whole)
    assert not any(fact.is_sure for fact in partly)


def test_a_title_gives_way_to_a_text_that_says_which_companies() -> None:
    text = "Vem kan söka?\nSmå företag."
    assert terms(text, "applicants", titles={"sv": "Stöd för företag"}) == {
        ApplicantKind.SMALL_COMPANY
    }
    assert terms("", "applicants", titles={"sv": "Stöd för företag"}) == COMPANY


def test_a_rule_on_terms_is_not_sure() -> None:
    assert not read("The grant covers at most 70% unless the owner is public.", "share")[0].is_sure
    assert not read("Grants of up to SEK 90,000 for planning projects.", "amount")[0].is_sure
    assert read("Ett projekt får högst 90 000 kr i bidrag.", "amount")[0].is_sure


def test_a_partnership_that_goes_on_is_for_those_who_have_it() -> None:
    text = "It rests on a proposal submitted by the coordinator of the consortium funded under X."
    assert terms(text, "invited") == {"only"}
