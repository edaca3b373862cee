"""How a text is read: acronyms, what is not wanted, codes, and how it is taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from scrapers.reading.patterns import load
from service.domain.pilots.reading.acronyms import acronym_meanings
from service.domain.pilots.reading.negations import find_unwanted
from service.domain.pilots.reading.read_text import UnderstoodAs, read_text

SENTENCES = Path(__file__).parents[3] / "data" / "negated_wishes.tsv"

ROWS = [
    (text, [one for one in phrases.split("; ") if one])
    for _, text, phrases in (line.split("\t") for line in SENTENCES.read_text("utf-8").splitlines())
]


@pytest.mark.parametrize(("text", "phrases"), ROWS, ids=[text[:40] for text, _ in ROWS])
def test_only_what_is_not_wanted_is_found(text: str, phrases: list[str]) -> None:
    found = [phrase.lower() for one in find_unwanted(text) for phrase in one.phrases]
    assert found == phrases


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("AMR", "antimicrobial resistance"),
        ("KOL", "kroniskt obstruktiv lungsjukdom"),
        ("Vi minskar AMR på sjukhus", "Vi minskar antimikrobiell resistens AMR på sjukhus"),
        ("MS at home for patients", "multiple sclerosis MS at home for patients"),
        ("MS of proteins by mass spectrometry", "MS of proteins by mass spectrometry"),
        (
            "CT eller MR av hjärnan",
            "datortomografi CT eller magnetisk resonanstomografi MR av hjärnan",
        ),
        ("akut njurskada (AKI) hos barn", "akut njurskada (AKI) hos barn"),
        ("an amrita of amr", "an amrita of amr"),
        ("Apply for RFA-CA-27-001 with sensors", "Apply for   with sensors"),
        ("Vi söker inte pengar till cancer. Fall hemma.", "  Fall hemma."),
    ],
)
def test_a_text_is_read_as_it_is_meant(text: str, read: str) -> None:
    assert read_text(text).edited.text == read


def test_what_was_understood_can_be_taken_back() -> None:
    text = "AMR in hospitals, not defence"
    kinds = [one.kind for one in read_text(text).understood]
    assert kinds == [UnderstoodAs.ACRONYM, UnderstoodAs.UNWANTED]
    one = read_text(text, as_written=["amr"])
    assert [left.text for left in one.understood] == ["not defence"]
    assert read_text(text, as_written=["AMR", "not defence"]).edited.text == text
    assert read_text(text, as_written=["all"]).edited.text == text


def test_there_are_many_acronyms_and_the_usual_meaning_comes_last() -> None:
    meanings = acronym_meanings()
    assert len(meanings) >= 150
    for acronym, own in meanings.items():
        assert all(one.cues or one.only_in for one in own[:-1]), acronym
        assert all(one.swedish and one.english for one in own)


def test_every_wish_that_is_turned_away_has_a_word_of_denial() -> None:
    patterns = load("negations.toml", package="service.domain.pilots.reading")
    examples = [
        example
        for name, rule in patterns.rules.items()
        if name.startswith("wishes.")
        for example in rule.examples
    ]
    assert len(examples) > 20
    assert [one for one in examples if not patterns.denial.search(one)] == []
