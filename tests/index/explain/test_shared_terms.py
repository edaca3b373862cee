"""Words that a query and a document share, within a language and across two."""

from __future__ import annotations

import pytest

from index.embedding.encoder import HashEncoder
from index.explain.shared_terms import SharedTermFinder, aligned_terms, most_specific
from index.explain.word_alignment import WordAlignment
from index.search.query import read_query
from index.store.words.bm25 import LexicalIndex
from index.text.tokens import stem


@pytest.fixture
def english() -> LexicalIndex:
    texts = {row: f"project number {row} in health" for row in range(20)}
    texts[0] += " with diagnostics and artificial intelligence for patients with sepsis"
    return LexicalIndex.build("en", texts)


TEXT = "Diagnostics and artificial intelligence for patients with sepsis in a health project"


def test_shared_words_are_shown_as_each_side_wrote_them(english: LexicalIndex) -> None:
    query = read_query("The patient's Diagnostic test for sepsis in health", HashEncoder(), "en")
    terms = {term.query: term.document for term in SharedTermFinder(query).find_in(TEXT, english)}
    assert terms == {"sepsis": "sepsis", "Diagnostic": "Diagnostics", "patient's": "patients"}


def test_words_across_languages_are_shown_once_and_if_they_are_rare(
    english: LexicalIndex,
) -> None:
    pairs = [
        WordAlignment("sepsis", "sepsis", "sepsis", 0.7),
        WordAlignment("Sepsis", "sepsis", "sepsis", 0.6),
        WordAlignment("hälsa", "health", "health", 0.6),
    ]
    (term,) = most_specific(aligned_terms(pairs, "sv", english))
    assert (term.query, term.document) == ("sepsis", "sepsis")
    assert aligned_terms(pairs, "sv", None) == []


def test_words_spelled_alike_are_shown_across_languages(english: LexicalIndex) -> None:
    query = read_query(
        "Diagnostik av sepsis hos barn i intensivvård ska införas", HashEncoder(), "sv"
    )
    terms = {term.query: term.document for term in SharedTermFinder(query).find_in(TEXT, english)}
    assert terms == {"sepsis": "sepsis", "Diagnostik": "Diagnostics"}


def test_stems_that_are_alike_by_chance_are_not_shown() -> None:
    index = LexicalIndex.build("en", {0: "information for citizens", 1: "health", 2: "wind"})
    query = read_query("Egenvård ska införas i primärvården", HashEncoder(), "sv")
    assert index.find_cognate("inför") is not None
    assert SharedTermFinder(query).find_in("information for citizens", index) == ()


@pytest.mark.parametrize(
    ("swedish", "english"),
    [
        ("Parterna", "part"),
        ("Parter", "part"),
        ("Fallen", "fall"),
        ("Gifter", "gift"),
        ("Barnen", "barn"),
        ("Resten", "rest"),
        ("Farten", "fart"),
    ],
)
def test_a_short_word_with_an_ending_is_not_shown_as_a_short_one(
    swedish: str, english: str
) -> None:
    text = f"people take the {english} on Friday"
    index = LexicalIndex.build("en", {0: text, 1: "health", 2: "wind"})
    query = read_query(f"{swedish} av sepsis i vården", HashEncoder(), "sv")
    assert stem(swedish.lower(), "sv") == stem(english, "en")
    assert SharedTermFinder(query).find_in(text, index) == ()


@pytest.mark.parametrize(
    ("swedish", "english"),
    [
        ("patienten", "patients"),
        ("viruset", "virus"),
        ("sensorer", "sensors"),
        ("hormoner", "hormones"),
        ("EIC", "EIC"),
    ],
)
def test_words_of_five_letters_and_names_are_shown(swedish: str, english: str) -> None:
    text = f"all {english} of the programme"
    index = LexicalIndex.build("en", {0: text, 1: "health", 2: "wind"})
    query = read_query(f"Vården av {swedish} i hemmet", HashEncoder(), "sv")
    (term,) = SharedTermFinder(query).find_in(text, index)
    assert (term.query, term.document) == (swedish, english)


def test_common_words_are_not_terms(english: LexicalIndex) -> None:
    query = read_query("a health project in 2026", HashEncoder(), "en")
    assert SharedTermFinder(query).find_in(TEXT + " 2026", english) == ()


def test_a_document_without_a_word_index_has_no_terms() -> None:
    assert SharedTermFinder(read_query("hej", HashEncoder(), "sv")).find_in("hej", None) == ()
