"""Words that say nothing of a subject, in both languages."""

from __future__ import annotations

import pytest

from index.embedding.encoder import HashEncoder
from index.explain.general_words import is_general, telling_words
from index.explain.shared_terms import SharedTermFinder, aligned_terms
from index.explain.word_alignment import WordAlignment
from index.search.query import read_query
from index.store.words.bm25 import LexicalIndex

GENERAL = {
    "en": "but there when developing innovations projects EU Europe WP2 TRL6 2026 supported needs",
    "sv": "men när sällan utvecklingen projektens innovation behoven WP3 genomförs Europa",
}
TELLING = {
    "en": "sepsis kidney imaging AI mRNA elderly rehabilitation antibodies IT",
    "sv": "hjärtsvikt njursjuka fallolyckor biogas hemtjänst AI lavar kalvar",
}


@pytest.mark.parametrize(
    ("word", "language"),
    [(word, code) for code, words in GENERAL.items() for word in words.split()],
)
def test_what_every_text_says_is_general(word: str, language: str) -> None:
    assert is_general(word, language)


@pytest.mark.parametrize(
    ("word", "language"),
    [(word, code) for code, words in TELLING.items() for word in words.split()],
)
def test_what_names_a_thing_is_not(word: str, language: str) -> None:
    assert not is_general(word, language)


def test_telling_words_keep_their_order_and_letters() -> None:
    found = telling_words("But the Kidneys of a patient need AI when there is innovation.", "en")
    assert [word for word, _ in found] == ["Kidneys", "patient", "AI"]


def test_a_language_without_a_list_has_only_its_stop_words() -> None:
    assert not is_general("innovation", "fi")


def test_general_words_are_shared_in_neither_language() -> None:
    index = LexicalIndex.build("en", {0: "but when innovation kidney", 1: "wind", 2: "sea"})
    text = "But when there is innovation, kidney"
    same = read_query("But when will innovation reach the kidney", HashEncoder(), "en")
    assert [term.query for term in SharedTermFinder(same).find_in(text, index)] == ["kidney"]
    aligned = [
        WordAlignment("men", "but", "but", 0.9),
        WordAlignment("njure", "but", "but", 0.9),
        WordAlignment("njure", "kidney", "kidney", 0.9),
    ]
    (term,) = aligned_terms(aligned, "sv", index)
    assert (term.query, term.document) == ("njure", "kidney")
