"""Remarks in stored texts are known again, and no words of the funder's are taken for one."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from string import Formatter

import pytest

from scrapers.remarks import (
    LONGEST_TEXT,
    Remark,
    RemarkValue,
    WrittenRemark,
    add_remarks,
    read_text,
)

ROOT = Path(__file__).parents[2]
DAY, DAYS = date(2027, 2, 10), (date(2027, 2, 10), date(2027, 10, 5))
WHOLE = [one for one in Remark if not one.quotes]
WORDS = "Ansökan stänger i februari."


def written(remark: Remark) -> WrittenRemark:
    """Return ``remark`` with a value for each of its fields."""
    values: dict[str, RemarkValue] = {"day": DAY, "days": DAYS, "year": "2099"}
    fields = {name for _, name, _, _ in Formatter().parse(remark.value)}
    return WrittenRemark(remark, tuple(one for one in values.items() if one[0] in fields))


def sentence(remark: Remark) -> str:
    return remark.write(day=DAY, days=DAYS, year="2099")


def test_days_are_written_in_full_or_in_figures() -> None:
    also = "The page also names 10 February 2027, 5 October 2027 as its last day."
    assert sentence(Remark.ALSO_NAMED) == also
    assert sentence(Remark.RECORD_CLOSES) == "The record names 2027-02-10 as its closing day."


@pytest.mark.parametrize("remark", Remark)
def test_every_remark_is_known_alone_and_on_either_side_of_words(remark: Remark) -> None:
    own = sentence(remark)
    assert read_text(f"{own} {WORDS}") == (written(remark), WORDS)
    if not remark.quotes:
        assert read_text(own) == (written(remark),)
        assert read_text(f"{WORDS} {own}") == (WORDS, written(remark))


@pytest.mark.parametrize("remark", WHOLE)
def test_several_remarks_are_told_apart(remark: Remark) -> None:
    other = Remark.PRELIMINARY
    both = add_remarks("", sentence(other), "", sentence(remark))
    assert read_text(both) == (written(other), written(remark))
    around = f"{sentence(remark)} {add_remarks(WORDS, sentence(other), sentence(remark))}"
    assert read_text(around) == (written(remark), WORDS, written(other), written(remark))


def test_remarks_before_one_that_quotes_are_told_apart() -> None:
    text = f"{Remark.PRELIMINARY.write()} {Remark.EARLIER_STEP.before('Skiss 3 mars 2027')}"
    parts = (written(Remark.PRELIMINARY), written(Remark.EARLIER_STEP), "Skiss 3 mars 2027")
    assert read_text(text) == parts


def test_what_follows_a_colon_is_the_funders_to_the_end() -> None:
    quoted = f"{WORDS} {Remark.PRELIMINARY.write()}"
    assert read_text(Remark.TEXT_SAYS.before(quoted)) == (written(Remark.TEXT_SAYS), quoted)


@pytest.mark.parametrize(
    "words",
    [
        "",
        WORDS,
        "We wrote: The page calls its dates preliminary. That was in May.",
        "The page calls its dates preliminary.Yes",
        "The page calls its dates preliminary",
        "“The page calls its dates preliminary.”",
        "The text says that 3 May is the last day.",
        "AIDS applications: May 7, 2027.",
        "AIDS applications: 7 May 2027.",
        "The record names 2027-02-31 as its closing day.",
        "The page also names 31 February 2027 as its last day.",
        "The page also names 2027-02-10 as its last day.",
        "The record has a day in the year ٢٠٩٩, which stands for none.",
    ],
)
def test_other_words_are_the_funders(words: str) -> None:
    assert read_text(words) == ((words,) if words else ())


def test_of_many_days_it_is_said_that_there_are_more() -> None:
    days = [date(2027, month, 1) for month in range(1, 9)]
    text = Remark.AIDS.write(days=days)
    assert text.endswith("2027-06-01, ....")
    (part,) = read_text(text)
    assert part == WrittenRemark(Remark.AIDS, (("days", tuple(days[:6])),), more=True)


def test_long_words_are_cut_and_never_a_remark() -> None:
    remark = sentence(Remark.LAST_DAY_ONLY)
    text = add_remarks("word " * 200, remark)
    assert len(text) <= LONGEST_TEXT
    assert read_text(text)[-1] == written(Remark.LAST_DAY_ONLY)
    assert len(add_remarks("", *[remark] * 20)) <= LONGEST_TEXT
    assert set(read_text(add_remarks("", *[remark] * 20))) == {written(Remark.LAST_DAY_ONLY)}
    assert len(Remark.EARLIER_STEP.before("word " * 200)) == LONGEST_TEXT


def test_every_remark_is_made_by_a_reader_and_written_nowhere_else() -> None:
    code = {
        path: path.read_text("utf-8")
        for folder in ("scrapers", "service")
        for path in (ROOT / folder).rglob("*.py")
        if path.name != "remarks.py"
    }
    everything = "\n".join(code.values())
    for remark in Remark:
        assert f"Remark.{remark.name}" in everything, remark
        assert remark.beginning not in everything, remark
