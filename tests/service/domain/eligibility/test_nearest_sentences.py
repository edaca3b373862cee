"""What is shown beside "we found no sentence": near sentences, verbatim, and no verdict."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from index.embedding.encoder import HashEncoder, Vectors
from index.explain.stored_sentences import SentenceKey
from scrapers.call import join_sections
from service.context import Context
from service.domain.eligibility.extract import FACT_NAMES
from service.domain.eligibility.nearest_sentences import (
    MAX_NEAREST,
    NearestSentences,
    phrasings,
)
from service.domain.eligibility.verdict import Verdict
from service.domain.pilots.profile import Profile
from service.use_cases.match import match_text
from tests.service.domain.eligibility.sample_texts import call

ENCODER = HashEncoder()
QUESTIONS = ENCODER.queries([phrasing for _, phrasing in phrasings()])
TEXT = (
    "Stödet går till lokal mat.\n"
    "Hur länge får projektet pågå?\n"
    "Räkna med 14 månader tillsammans med skolorna i kommunen.\n"
    "Öppen den 3 mars.\n"
    "Projekten ska mätas varje kvartal.\n"
)


class Finder:
    """The nearest sentences of calls, with what was encoded for them."""

    def __init__(self, known: dict[SentenceKey, Vectors] | None = None) -> None:
        self.encoded: list[str] = []
        self.nearest = NearestSentences(lambda: QUESTIONS, self._encode, lambda _: known or {})

    def _encode(self, texts: Sequence[str]) -> Vectors:
        self.encoded += texts
        return ENCODER.passages(texts)

    def find(self, text: str, name: str, **others: object) -> list[str]:
        found = self.nearest.find(call(text, **others), [name])
        return [quote.text for quote in found.get(name, ())]


def test_every_condition_is_asked_for_in_both_languages() -> None:
    assert {name for name, _ in phrasings()} == set(FACT_NAMES)
    for name in FACT_NAMES:
        own = [phrasing for asked, phrasing in phrasings() if asked == name]
        assert len(own) == len(set(own)) >= 4
        assert any(set("åäö") & set(phrasing) for phrasing in own)


def test_the_sentence_with_the_answer_is_shown_and_its_heading_is_not() -> None:
    found = Finder().find(TEXT, "duration")
    assert found == ["Räkna med 14 månader tillsammans med skolorna i kommunen."]


def test_quotes_are_verbatim_at_their_offsets() -> None:
    body, sections = join_sections([("who", "Hela landet.\u2009Också öar."), ("time", TEXT)])
    one = call(body, sections={"sv": sections})
    for name, quotes in Finder().nearest.find(one, FACT_NAMES).items():
        assert 1 <= len(quotes) <= MAX_NEAREST, name
        for quote in quotes:
            field: dict[str, str] = getattr(one, quote.field)
            assert quote.text == field[quote.lang][quote.start : quote.end]


def test_of_a_call_without_a_text_the_title_is_quoted() -> None:
    title = "Vård nära 2026. Projekten pågår i 14 månader."
    (quote,) = Finder().nearest.find(call(titles={"sv": title}), ["duration"])["duration"]
    assert (quote.field, quote.text) == ("titles", "Projekten pågår i 14 månader.")
    assert title[quote.start : quote.end] == quote.text


def test_nothing_is_looked_for_when_nothing_is_asked() -> None:
    assert Finder().nearest.find(call(TEXT), ()) == {}


def test_the_same_sentence_is_shown_once() -> None:
    line = "Räkna med 14 månader tillsammans med skolorna i kommunen.\n"
    assert Finder().find(line * 4, "duration") == [line.strip()]


def test_what_the_index_holds_is_not_encoded_and_the_rest_once() -> None:
    held = "Räkna med 14 månader tillsammans med skolorna i kommunen."
    finder = Finder({SentenceKey("sv", held): ENCODER.passages([held])[0]})
    finder.find(TEXT, "duration")
    first = list(finder.encoded)
    assert held not in first
    assert "Öppen den 3 mars." in first
    finder.find(TEXT, "amount")
    assert finder.encoded == first


def test_few_sentences_of_an_endless_call_are_encoded() -> None:
    lines = [f"Punkt {number} handlar om annat.\n" for number in range(2000)]
    lines[1500] = "Ett projekt pågår i 18 månader.\n"
    finder = Finder()
    assert finder.find("".join(lines), "duration") == ["Ett projekt pågår i 18 månader."]
    assert len(finder.encoded) == 40


@pytest.mark.parametrize(
    "text", ["?", "• ", "…\n…\n…", "a" * 5000, "1\n2\n3", "\u202e\ufeff.\n" * 9]
)
def test_strange_texts_do_no_harm(text: str) -> None:
    for quotes in Finder().nearest.find(call(text), FACT_NAMES).values():
        assert all(quote.text in text or quote.field == "titles" for quote in quotes)


def test_a_match_shows_them_for_silent_conditions_alone(shared_context: Context) -> None:
    matches = match_text(
        shared_context,
        "Hjärtsvikt i hemmet. Patienter mäter vikt dagligen.",
        profile=Profile(country="SE", months=24, trl=5),
    ).matches
    silent = [gate for match in matches for gate in match.gates if gate.is_silent]
    assert silent
    assert all(gate.verdict is Verdict.UNKNOWN and not gate.spans for gate in silent)
    assert any(gate.nearest for gate in silent)
    for match in matches:
        one = shared_context.calls.all()[match.call.id]
        for gate in match.gates:
            assert gate.is_silent or not gate.nearest
            for quote in gate.nearest:
                field: dict[str, str] = getattr(one, quote.field)
                assert field[quote.lang][quote.start : quote.end] == quote.text


def test_questions_are_encoded_once_and_kept(own_context: Context) -> None:
    again = own_context._encode_questions()
    assert again is own_context._encode_questions()
    assert np.allclose(again, QUESTIONS)


def _shown(name: str, text: str, title: str) -> list[str]:
    near = NearestSentences(lambda: QUESTIONS, ENCODER.passages, lambda _: {})
    found = near.find(call(text, titles={"en": title}, texts={"en": text}), [name])
    return [quote.text for quote in found.get(name, ())]


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("invited", "Limited Competition: Continuation of the Seed Banks"),
        ("applicants", "Limited Competition: National Seed Bank Centers"),
        ("applicants", "Grants for Schools of Forestry"),
        ("invited", "Renewal of the Coastal Data Network"),
        ("stage", "Pilots of tidal power"),
    ],
)
def test_a_title_that_answers_comes_first(name: str, title: str) -> None:
    text = "Applications are reviewed in May. Only one copy is needed. We apply research ethics."
    assert _shown(name, text, title)[0] == title


def test_who_may_apply_is_shown_by_whom_a_sentence_names() -> None:
    text = (
        "Applications are read in June. See the notice on eligibility. Apply in the portal. "
        "Apply in good time. Small towns and hospitals are welcome to apply."
    )
    assert "Small towns and hospitals are welcome to apply." in _shown("applicants", text, "Seeds")
