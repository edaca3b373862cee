"""Wordings of the same kinds as real ones, in sentences of our own: what is read and what is left.

They were written before anybody looked at how they are read.
"""

from __future__ import annotations

import pytest

from service.domain.eligibility.extract import extract_facts
from service.domain.eligibility.extract.roles import Figure, RoleScore
from service.domain.eligibility.extract.sentences import read_sentences
from service.domain.eligibility.facts import SURE_CONFIDENCE
from service.domain.eligibility.verdict import Verdict
from service.domain.pilots.profile import Profile
from tests.service.domain.eligibility.sample_texts import call, judged, read, terms

SWEDISH_REGION = Profile.model_validate(
    {
        "organisations": [{"kind": "government_county"}],
        "country": "SE",
        "months": 48,
        "budget": {"amount": 3_000_000, "currency": "SEK"},
        "share_percent": 90,
    }
)
NONE = ""


def _stated(terms_of_fact: str) -> set[str]:
    return set(filter(None, terms_of_fact.split("|")))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Pengarna betalas ut under två år.", "min:24|max:24"),
        ("You have eighteen months to carry out the project.", "min:18|max:18"),
        ("A project runs over 12 to 24 months.", "min:12|max:24"),
        ("Insatsen ska vara avslutad inom 18 månader.", "max:18"),
        ("How long?\nUp to two years.", "max:24"),
        ("Projektlängd: max 30 månader", "max:30"),
        ("The fellowship covers three years of salary.", "min:36|max:36"),
        ("Bolaget ska ha varit verksamt i minst tre år.", NONE),
        ("Reports are due every six months while the project runs.", NONE),
        ("Du ska ha disputerat för högst fem år sedan.", NONE),
        ("Books must be kept for seven years after the grant ends.", NONE),
        ("We give an answer within three months.", NONE),
        ("Stipendiet är ettårigt.", "min:12|max:12"),
        ("Grants are awarded for a maximum of four years.", "max:48"),
        ("Anslaget sträcker sig över fem år.", "min:60|max:60"),
        ("Ett projekt kan få finansiering i upp till 36 månader.", "max:36"),
        ("Two-year postdoctoral fellowships", "min:24|max:24"),
        ("Support is given for at least one and at most three years.", "min:12|max:36"),
        ("Anställningen ska omfatta minst två år efter projektets slut.", NONE),
        ("The call text has been open for three years.", NONE),
        ("Patients are followed for two years.", NONE),
        ("Companies that are at least two years old may apply.", NONE),
        ("Projects normally take three years.", "min:36|max:36"),
        ("Bidragstiden är tre år.", "min:36|max:36"),
        ("Start: May. Length: 10-14 months.", "min:10|max:14"),
    ],
)
def test_lengths(text: str, expected: str) -> None:
    assert terms(text, "duration") == _stated(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Som mest får ett projekt 750 000 kronor.", "max:750000 SEK"),
        (
            "Funding of EUR 100 000 to 400 000 per project is possible.",
            "min:100000 EUR|max:400000 EUR",
        ),
        ("Vi delar ut 12 miljoner kronor i år.", NONE),
        ("Grants range from £10,000 to £25,000.", "min:10000 GBP|max:25000 GBP"),
        ("The company must have a turnover below EUR 50 million.", NONE),
        (
            "Det går att få mellan 200 000 och 500 000 kronor i bidrag.",
            "min:200000 SEK|max:500000 SEK",
        ),
        ("Each award will not exceed $250,000.", "max:250000 USD"),
        ("NOK 40 million has been set aside for the call.", NONE),
        ("Partners may be paid at most EUR 70 per hour.", NONE),
        ("Hur mycket kan ni få?\nHögst 3 miljoner per projekt.", "max:3000000 SEK"),
        ("Applicants must show that they hold EUR 200 000 of their own funds.", NONE),
    ],
)
def test_sums(text: str, expected: str) -> None:
    assert terms(text, "amount") == _stated(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Two thirds of the project's costs are covered.", "67"),
        ("Regionen går in med högst 60 procent av kostnaden.", "60"),
        ("You contribute at least 25% of the total cost in cash.", "75"),
        ("Bidraget får vara högst 70 % av den totala budgeten.", "70"),
        ("No more than 15 % of the budget may go to travel.", NONE),
        ("The reimbursement rate is 90%.", "90"),
        ("Egeninsatsen ska uppgå till minst hälften av kostnaderna.", "50"),
        ("Emissions must be cut by half of today's level.", NONE),
    ],
)
def test_shares(text: str, expected: str) -> None:
    assert terms(text, "share") == _stated(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Partners from two or more Nordic countries must work together.", "countries:2"),
        ("Ansökan ska göras av minst tre kommuner tillsammans.", "parties:3"),
        (
            "The consortium has to include no fewer than four organisations from three countries.",
            "parties:4|countries:3",
        ),
        ("Minst ett lärosäte och minst två företag ska ingå i projektet.", "parties:3|kinds:2"),
        ("Högst fem parter får ingå.", NONE),
        ("The method will be tested in at least four hospitals.", NONE),
        ("You apply together with at least one partner.", "parties:2"),
    ],
)
def test_counts_of_parties(text: str, expected: str) -> None:
    assert terms(text, "consortium") == _stated(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kan privatpersoner söka?\nNej, bara organisationer.", "not:individual"),
        (
            "Universities may apply, but not companies.",
            "higher_education_public|higher_education_private|not:for_profit_small_business|not:for_profit_not_small_business",
        ),
        (
            "Alla organisationer utom företag kan söka.",
            "not:for_profit_small_business|not:for_profit_not_small_business",
        ),
        ("Programmet ger rådgivning till små företag.", NONE),
        ("Doctoral researchers at Danish hospitals can apply.", "individual"),
        ("Stödet är till för ideella föreningar.", "nonprofit_without_501c3"),
        (
            "We invite proposals from hospitals and municipalities.",
            "health_care_provider|government_municipal",
        ),
        ("Bidraget lämnas till kommuner som bygger cykelvägar.", "government_municipal"),
        (
            "To apply you have to be a registered charity or another non-profit organisation.",
            "nonprofit_without_501c3",
        ),
        ("The tools will help municipalities to save energy.", NONE),
        ("Vem kan söka?\nSmå företag i Skåne.", "for_profit_small_business"),
        ("Endast kommuner och regioner får söka.", "government_municipal|government_county"),
        ("Enskilda näringsidkare omfattas inte av stödet.", NONE),
        ("Large companies are not eligible for this scheme.", "not:for_profit_not_small_business"),
        ("Bidrag till konstnärer", "individual"),
        ("The scheme supports small businesses that want to export.", "for_profit_small_business"),
        (
            "Lead applicants must be a higher education institution.",
            "higher_education_public|higher_education_private",
        ),
        ("Projektet ska ledas av en region.", "government_county"),
        ("Ansökan skickas till kommunen.", NONE),
        ("Who is it for?\nCharities, schools and local groups.", "nonprofit_without_501c3"),
        ("Deltagare i tidigare kurser hos företag har sökt.", NONE),
        ("Är ni en ideell organisation? Då kan ni söka.", "nonprofit_without_501c3"),
    ],
)
def test_applicants(text: str, expected: str) -> None:
    assert terms(text, "applicants") == _stated(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Only companies registered in Norway may apply.", "NO"),
        ("Foreign institutions are not eligible to apply. The program is federal.", "US"),
        ("Sökande ska ha sitt säte i Värmland.", "SE-S"),
        ("The applicant must have a Swedish corporate registration number.", "SE"),
        ("Results should be of use in Finland.", NONE),
        ("Projektet samarbetar med parter i Tyskland.", NONE),
        ("The grant is open to residents of California.", "US"),
    ],
)
def test_places(text: str, expected: str) -> None:
    assert terms(text, "country") == _stated(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Den här utlysningen är bara öppen för dem som bjudits in.", "only"),
        ("Full applications are accepted from invited teams only.", "only"),
        ("Alla är välkomna att söka.", NONE),
        ("Du kan söka endast om vi har bjudit in dig.", "only"),
        ("The call is restricted to current grant holders.", "only"),
        ("You are invited to apply.", NONE),
    ],
)
def test_invitations(text: str, expected: str) -> None:
    assert terms(text, "invited") == _stated(expected)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Only companies registered in Norway may apply.", "country"),
        ("Foreign organizations are not eligible to apply. This is a federal program.", "country"),
        ("The grant is open only to residents of California who apply.", "country"),
        ("You can apply only if we have invited you.", "invitation"),
        ("Vem kan söka?\nEndast kommuner kan söka.", "applicants"),
        ("Projekttid: högst 24 månader", "duration"),
        ("Ett projekt får högst 500 000 kronor i bidrag.", "amount"),
        ("Stödet täcker högst 50 procent av kostnaderna.", "share"),
    ],
)
def test_a_rule_that_is_sure_shuts_out_with_its_quote(text: str, name: str) -> None:
    gate = judged(text, name, SWEDISH_REGION)
    assert gate.verdict is Verdict.FAIL
    assert gate.quote
    assert gate.confidence >= SURE_CONFIDENCE


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Forskning om vatten, i ett till tre år.", "duration"),
        ("Projects are expected to last about two years.", "duration"),
        ("Bidraget är 500 000 kronor.", "amount"),
        ("Minst hälften av kostnaderna bör betalas av er själva.", "share"),
        ("Stödet är till för ideella föreningar.", "applicants"),
    ],
)
def test_what_is_less_sure_shuts_nobody_out(text: str, name: str) -> None:
    small = {**SWEDISH_REGION.model_dump(), "budget": {"amount": 90_000, "currency": "SEK"}}
    for profile in (SWEDISH_REGION, Profile.model_validate(small)):
        assert judged(text, name, profile).verdict is not Verdict.FAIL


def test_an_abbreviation_ends_no_sentence() -> None:
    text = "Non-domestic (non-U.S.) Entities (Foreign Organizations) are not eligible to apply."
    assert [sentence.text for sentence in read_sentences(call(text))][-1] == text
    assert terms(text, "country") == {"US"}
    assert terms(text, "applicants") == set()


def test_a_bound_is_kept_and_its_echo_is_not() -> None:
    text = "We fund three-year projects.\nThe project duration is up to 36 months."
    assert terms(text, "duration") == {"max:36"}


def test_a_line_with_a_label_heads_no_other_line() -> None:
    text = "Bidragsbelopp: högst 2 miljoner kronor\nBudgetram: cirka 50 miljoner kronor"
    assert terms(text, "amount") == {"max:2000000 SEK"}


def test_every_fact_of_a_score_quotes_the_call() -> None:
    text = "SMEs registered in the UK may seek up to £50,000 for two-year projects."
    stored = call(text)
    facts = extract_facts(stored)
    assert {fact.name for fact in facts} == {"applicants", "country", "amount", "duration"}
    for fact in facts:
        assert fact.quote is not None
        assert fact.quote.text == text


def test_patterns_and_weights_of_a_role_must_match() -> None:
    with pytest.raises(ValueError, match=r"before\.other"):
        RoleScore({"before": {}}, {"before.other": 1.0})


def test_a_figure_sees_what_stands_around_it() -> None:
    text = "Tid: ett år; sedan två år till"
    sentence = next(one for one in read_sentences(call(text)) if one.text == text)
    start = text.index("två år")
    figure = Figure(sentence, start, start + 6, after_last=text.index(";"))
    assert figure.before == "; sedan "
    assert figure.after == " till"
    assert figure.clause == "Tid:  sedan två år till"
    assert read(text, "country") == []
