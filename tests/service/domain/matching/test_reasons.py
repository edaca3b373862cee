"""A match put into sentences: the same words for terminal, page, API and mail, in two languages."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient

from service.api.matches.examples import MATCH_LIST
from service.app import create_app
from service.cli.render import match_lines, render_matches
from service.context import Context
from service.domain.awards.similar_awards import AwardTie, PastAward, PastProject
from service.domain.calls.rounds import UsualMonths
from service.domain.eligibility.gates import evaluate_gates
from service.domain.eligibility.verdict import Gate, Verdict, make_gate
from service.domain.matching.match import Match, MatchList
from service.domain.matching.quotes import CallSpan, Evidence, PilotSpan
from service.domain.matching.reasons import (
    ReasonTopic,
    past_project_sentence,
    quote_sentence,
    usual_months_sentence,
)
from service.domain.pilots.profile import Profile
from service.jobs.reindex import reindex
from service.messages.render import english, render
from service.messages.sentence import Sentence
from service.use_cases.match import match_text
from tests.service.conftest import NOW, a_call
from tests.service.sample_calls import HOSTILE

MATCH = Match.model_validate(MATCH_LIST["matches"][0])


def changed(**values: Any) -> Match:
    return MATCH.model_copy(update=values)


def told(match: Match, about: ReasonTopic, language: str = "en") -> list[str]:
    return [one.in_(language) for one in match.reasons if one.about is about]


def evidence(pilot: str, call: str, *, section: str = "text", field: str = "texts") -> Evidence:
    return Evidence(
        pilot=PilotSpan(start=0, end=len(pilot), text=pilot),
        call=CallSpan(field=field, lang="en", section=section, start=0, end=len(call), text=call),
        similarity=0.8,
    )


def test_everything_known_is_told_in_order() -> None:
    assert [one.about for one in MATCH.reasons] == list(ReasonTopic)
    assert MATCH_LIST["matches"][0]["reasons"] == [
        one.model_dump(mode="json") for one in MATCH.reasons
    ]
    assert told(MATCH, ReasonTopic.MET) == ["Met: who may apply."]
    assert told(MATCH, ReasonTopic.SILENT, "sv") == ["Vi hittade ingen mening om: land."]
    assert told(MATCH, ReasonTopic.FAIL) == [
        "Not met: A project may get at most 5,000,000 SEK, but 6,000,000 SEK is wanted."
    ]


@pytest.mark.parametrize(
    ("score", "english", "swedish"),
    [
        (0.42, "The call fits the pilot well.", "passar piloten bra."),
        (0.03, "The call may fit the pilot.", "kan passa piloten."),
        (0.001, "The call hardly fits the pilot.", "passar knappast piloten"),
    ],
)
def test_how_well_it_fits_in_a_word(score: float, english: str, swedish: str) -> None:
    assert told(changed(score=score), ReasonTopic.FIT) == [english]
    assert swedish in told(changed(score=score), ReasonTopic.FIT, "sv")[0]


def test_what_is_not_known_is_not_told() -> None:
    bare = changed(parts=(), evidence=(), gates=(), past=(), usually=None)
    assert bare.reasons == ()
    timed = changed(
        parts=(), evidence=(), past=(), usually=None, gates=evaluate_gates(a_call(), NOW)
    )
    assert [one.en for one in timed.reasons] == [evaluate_gates(a_call(), NOW)[-1].reason], (
        "no profile"
    )


def test_that_no_sentence_shows_why_is_told_plainly() -> None:
    bare = changed(evidence=())
    assert told(bare, ReasonTopic.QUOTE) == ["We found no sentence that shows why on its own."]
    swedish = ["Vi hittade ingen mening som ensam visar varför."]
    assert told(bare, ReasonTopic.QUOTE, "sv") == swedish
    assert told(changed(evidence=(), parts=()), ReasonTopic.QUOTE) == []
    lines = "\n".join(match_lines("1. ", bare, 200))
    assert "We found no sentence that shows why on its own." in lines
    assert "The pilot says" not in lines


def test_a_closed_call_and_a_condition_that_fails_are_told_with_why() -> None:
    late = NOW.replace(month=7)
    closed = changed(gates=evaluate_gates(a_call(), late, Profile(months=12)))
    assert told(closed, ReasonTopic.FAIL)[0] == "Not met: Closed to new applicants."
    assert "Inte uppfyllt: Stängd för nya sökande." in told(closed, ReasonTopic.FAIL, "sv")
    assert told(closed, ReasonTopic.UNKNOWN)[0].startswith("Not known: A project may get")
    assert told(closed, ReasonTopic.SILENT) == ["We found no sentence about: length."]


@pytest.mark.parametrize(
    ("given", "english", "swedish"),
    [
        (
            {"section": "scope"},
            "The pilot says “We try it.”, the call under Scope “It pays.”",
            "Piloten säger ”We try it.”, utlysningen under Omfattning ”It pays.”",
        ),
        (
            {"section": "text"},
            "The pilot says “We try it.”, the call “It pays.”",
            "Piloten säger ”We try it.”, utlysningen ”It pays.”",
        ),
        (
            {"section": "titles", "field": "titles"},
            "The pilot says “We try it.”, the call's title “It pays.”",
            "Piloten säger ”We try it.”, utlysningens rubrik ”It pays.”",
        ),
        (
            {"section": "Vad vi {vill}"},
            "The pilot says “We try it.”, the call under Vad vi {vill} “It pays.”",
            "Piloten säger ”We try it.”, utlysningen under Vad vi {vill} ”It pays.”",
        ),
    ],
)
def test_what_both_texts_say(given: dict[str, str], english: str, swedish: str) -> None:
    said = Sentence.of(quote_sentence(evidence("We try it.", "It pays.", **given)))
    assert (said.en, said.sv) == (english, swedish)


def test_quotations_are_put_in_as_they_are_but_on_one_line() -> None:
    said = Sentence.of(
        quote_sentence(evidence("{0} {pilot}\n  👩🏽 vård", "No stop", section="scope"))
    )
    assert said.en == "The pilot says “{0} {pilot} 👩🏽 vård”, the call under Scope “No stop”."
    long = Sentence.of(quote_sentence(evidence("word " * 200, "x" * 900)))
    assert "word …”" in long.en
    assert len(long.en) < 500
    assert HOSTILE.split("\n")[0][:20] in english(quote_sentence(evidence(HOSTILE, "No")))


def test_a_project_that_was_paid_is_told_with_what_is_known_of_it() -> None:
    award = PastAward(
        id="a:1",
        title="A scale that calls",
        funder="F",
        coordinator=None,
        year=None,
        amount=None,
        currency=None,
        url=None,
    )
    bare = PastProject(award=award, similarity=0.5, why=AwardTie.FUNDER)
    assert (
        english(past_project_sentence(bare))
        == "The funder has paid a project like it: “A scale that calls”."
    )
    full = award.model_copy(update={"amount": Decimal("1200000.50"), "currency": "EUR"})
    for why, start in {
        AwardTie.CALL: "Utlysningen har betalat",
        AwardTie.ROUND: "En tidigare omgång av utlysningen har betalat",
        AwardTie.FUNDER: "Finansiären har betalat",
    }.items():
        said = render(past_project_sentence(PastProject(award=full, similarity=0.5, why=why)), "sv")
        assert said.startswith(start)
        assert said.endswith("(1\N{NO-BREAK SPACE}200\N{NO-BREAK SPACE}000,50 EUR).")


def test_when_it_usually_opens() -> None:
    usually = UsualMonths(what="closes", months=(12, 1), years=(2024, 2025))
    said = Sentence.of(usual_months_sentence(usually))
    assert said.en == "Usually closes in December or January (2024, 2025)."
    assert said.sv == "Stänger oftast i december eller januari (2024, 2025)."


def test_a_gate_says_why_in_both_languages() -> None:
    one = make_gate("amount", Verdict.UNKNOWN, "silent")
    assert one.model_dump()["why"] == {"en": one.reason, "sv": one.reason_in("sv")}
    other = Gate(name="x", verdict=Verdict.PASS, reason="Because.")
    assert (other.why.en, other.why.sv) == ("Because.", "Because.")


@pytest.fixture
def client(context: Context) -> FlaskClient:
    context.calls.upsert([a_call(), a_call("vinnova:2", "Hjärtsvikt och distans")], NOW)
    reindex(context)
    return create_app(context).test_client()


def test_terminal_and_page_say_it_in_the_same_words(client: FlaskClient, context: Context) -> None:
    text = "Hjärtsvikt hemma\nPersoner med hjärtsvikt mäter vikt i hemmet varje dag."
    body = client.post(
        "/api/v1/match", json={"text": text, "profile": {"country": "SE", "months": 12}}
    ).get_json()
    listed = MatchList.model_validate(body)
    match = listed.matches[0]
    terminal = " ".join(render_matches(listed).split())
    for about in (ReasonTopic.FIT, ReasonTopic.QUOTE, ReasonTopic.SILENT):
        (said,) = told(match, about)
        assert " ".join(said.split()) in terminal
    data = {"text": text, "country": "SE"}
    pages = {
        code: client.post(f"/?lang={code}", data=data, follow_redirects=True).text
        for code in ("en", "sv")
    }
    same = match_text(context, text, profile=Profile(country="SE")).matches[0]
    for code, page in pages.items():
        for about in (ReasonTopic.FIT, ReasonTopic.SILENT):
            assert told(same, about, code)[0] in page
