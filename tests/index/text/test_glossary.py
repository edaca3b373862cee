"""A few words said in the other language."""

from __future__ import annotations

import csv

import pytest

from index.text import glossary
from index.text.glossary import guess_language, translate_words


@pytest.mark.parametrize(
    ("swedish", "english"),
    [
        ("antibiotikaresistens", "antimicrobial resistance"),
        ("vård i hemmet", "home care"),
        ("byggnader", "building"),
        ("skolan", "school"),
        ("sällsynta sjukdomar", "rare disease"),
        ("museer", "museum"),
        ("mobilt team", "mobile team"),
        ("sköterskors hörapparat", "nurse hearing aid"),
        ("tarmcancerscreening", "bowel cancer screening"),
        ("vårdpersonalens arbetsmiljö", "health care staff working environment"),
        ("hjärtsviktspatienter i primärvården", "heart failure patient primary care"),
    ],
)
def test_swedish_words_and_compounds_are_said_in_english(swedish: str, english: str) -> None:
    found = translate_words(swedish, "sv")
    assert found.text == english
    assert found.known == 1


def test_english_words_are_said_in_swedish() -> None:
    assert translate_words("battery recycling", "en").text == "batteriåtervinning"
    assert translate_words("rare diseases", "en").text == "sällsynt diagnos"
    assert translate_words("teams of nurses", "en").text == "team sjuksköterska"
    assert translate_words("replace joint", "en").text == "ersätta led"


def test_names_stay_and_are_not_known() -> None:
    found = translate_words("demens Karolinska", "sv")
    assert found.text == "dementia karolinska"
    assert found.known == 0.5


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("cancerdiagnostik", "sv"),
        ("barnfetma", "sv"),
        ("precisionsmedicin", "sv"),
        ("air pollution", "en"),
        ("xyzzy", ""),
        ("", ""),
        ("robot", ""),
    ],
)
def test_known_words_tell_the_language(text: str, language: str) -> None:
    assert guess_language(text) == language


def test_other_languages_are_not_put_into_any() -> None:
    assert translate_words("énergie renouvelable", "fr").known == 0


def test_an_endless_word_is_read_at_once() -> None:
    assert translate_words("vård" * 10_000, "sv").known == 0


def test_the_list_has_each_word_once_and_no_empty_cell() -> None:
    with glossary._FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    words = [row["sv"] for row in rows]
    assert len(words) == len(set(words))
    assert all(row["sv"].strip() and row["en"].strip() for row in rows)
