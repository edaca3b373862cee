"""Numbers, money, days, countries and lists as each language writes them; messages in messages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from index.errors import SnapshotError
from index.note import note
from scrapers.call import Money
from service.errors import NotFoundError
from service.messages.catalogue import language_name, languages
from service.messages.message import (
    Country,
    ListStyle,
    Month,
    Shortened,
    Value,
    join_values,
    message,
    quote,
    verbatim,
)
from service.messages.notes import from_error, from_index
from service.messages.render import english, render
from service.messages.sentence import Sentence

HARD = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("value", "in_english", "in_swedish"),
    [
        (1234567, "1,234,567", f"1{HARD}234{HARD}567"),
        (Decimal("-0.120"), "-0.120", "-0,120"),
        (Decimal("1.00"), "1.00", "1,00"),
        (1, "1", "1"),
        (Decimal("0.000"), "0.000", "0,000"),
        (date(2026, 5, 4), "4 May 2026", "4 maj 2026"),
        (Month(12), "December", "december"),
        (
            Money(amount=Decimal("1234.50"), currency="EUR"),
            f"EUR{HARD}1,234.50",
            f"1{HARD}234,50{HARD}EUR",
        ),
        (Country("GB"), "the United Kingdom", "Storbritannien"),
        (Country("UK"), "the United Kingdom", "Storbritannien"),
        (Country("EL"), "Greece", "Grekland"),
        (Country("se-ab"), "Sweden", "Sverige"),
        (Country("QQ"), "QQ", "QQ"),
        (join_values([]), "", ""),
        (join_values(["a"]), "a", "a"),
        (join_values(["a", "b", "c"]), "a, b and c", "a, b och c"),
        (join_values(["a", Country("NO")], ListStyle.OR), "a or Norway", "a eller Norge"),
        (join_values(["a", "b"], ListStyle.COMMAS), "a, b", "a, b"),
        (quote("{x}"), "“{x}”", "”{x}”"),
        (Shortened("word " * 9, 12), "word word …", "word word …"),
        ("{0} {text}", "{0} {text}", "{0} {text}"),
    ],
)
def test_a_value_is_written_as_the_language_does(
    value: Value, in_english: str, in_swedish: str
) -> None:
    said = message("verbatim", text=value)
    assert render(said, "en") == in_english
    assert render(said, "sv") == in_swedish


def test_a_count_chooses_the_form() -> None:
    notes = [message("note.waiting", count=count, calls=str(count)) for count in (1, 2)]
    said = [render(one, "en") for one in notes]
    assert said[0] == "1 call is not indexed yet: run `fundscout reindex`."
    assert said[1].startswith("2 calls are")


def test_a_message_is_a_value_that_can_be_compared_and_kept_in_a_set() -> None:
    assert len({message("days.left", count=2), message("days.left", count=2)}) == 1
    assert message("days.left", count=2)["count"] == 2


def test_a_text_that_is_missing_or_a_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        english(message("no.such.text"))
    with pytest.raises(KeyError):
        english(message("days.left"))


def test_a_language_without_a_catalogue_is_english() -> None:
    assert render(message("days.today"), "fi") == "last day"
    assert Sentence.of(message("days.today")).in_("fi") == "last day"


def test_a_sentence_has_every_language() -> None:
    said = Sentence.of(message("days.today"))
    assert tuple(said.model_dump()) == languages()
    assert said.model_dump()["sv"] == "sista dagen"


def test_languages_are_named_by_babel() -> None:
    assert language_name("sv", "sv") == "svenska"
    assert language_name("sv", "en") == "Swedish"
    assert language_name("not a code", "en") == "not a code"


def test_errors_and_notes_of_the_index_are_messages() -> None:
    told = NotFoundError(message("problem.call", id="a:1"))
    assert str(told) == "There is no call a:1."
    assert render(from_error(told), "sv") == "Det finns ingen utlysning a:1."
    assert from_error(ValueError("What?")) == verbatim("What?")
    damaged = note("damaged", name="one", file="vectors.faiss")
    error = SnapshotError("The index snapshot one is damaged: vectors.faiss.", damaged)
    assert english(from_error(error)) == str(error)
    older = from_index(note("older", problem=damaged, day="2026-03-02"))
    assert render(older, "sv").startswith("Indexet one är skadat: vectors.faiss. Ett äldre index")
    missing = SnapshotError("There is no index yet: run `fundscout reindex`.", note("missing"))
    assert english(from_error(missing)) == str(missing)
