"""Single values: what is read, what counts as nothing, and what raises."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.errors import ShapeError
from scrapers.reading import parse
from scrapers.reading.fields import Fields, distinct
from scrapers.reading.language import looks_swedish

STOCKHOLM = "Europe/Stockholm"
LOCAL = ZoneInfo(STOCKHOLM)


@pytest.mark.parametrize(
    ("damaged", "whole"),
    [
        ("FÃ¶rbÃ¤ttrad hÃ¤lsa", "Förbättrad hälsa"),
        ("Europeâ€™s â€œgreenâ€\x9d deal â€“ now", "Europe’s “green” deal – now"),
        ("Ã…rets Ã„mne", "Årets Ämne"),
        ("10 â‚¬ â‰¥ 5", "10 € ≥ 5"),
        ("FÃƒÂ¶r", "För"),
        ("Hälsa för Åre och Älvdalen", "Hälsa för Åre och Älvdalen"),
        ("À la carte – «déjà vu»", "À la carte – «déjà vu»"),
        ("ÅÄÖ åäö É", "ÅÄÖ åäö É"),
        ("half of it: â€", "half of it: â€"),
    ],
)
def test_text_read_in_the_wrong_charset_is_mended(damaged: str, whole: str) -> None:
    assert parse.repair_encoding(damaged) == whole


@given(st.text(alphabet="abcåäöéüÅÄÖ –’“”", max_size=60))
def test_good_text_survives_damage_and_mending(good: str) -> None:
    assert parse.repair_encoding(good) == good


@pytest.mark.parametrize(
    ("source", "clean"),
    [
        ("<p>One</p><p>Two&nbsp;words</p>", "One\n\nTwo words"),
        ("<ul><li>a</li><li>b</li></ul><p>c</p>", "a\nb\n\nc"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<p>a\n  <b>bold</b>ly\n said</p>", "a boldly said"),
        ("<script>alert(1)</script><style>p{}</style>kept", "kept"),
        ("&lt;p&gt;twice &amp;amp; escaped&lt;/p&gt;", "twice & escaped"),
        ("plain\nlines\n\n\n\nstay", "plain\nlines\n\nstay"),
        ("R&amp;D for 5 &lt; 6", "R&D for 5 < 6"),
        ("soft\u00adhyphen, zero\u200bwidth", "softhyphen, zerowidth"),
        ("\x00nul, bi\u202edi", "nul, bidi"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
        ("<p>Ask jo.doe@agency.gov or tel. 08-123 45 67.</p>", "Ask [e-mail] or tel [telephone]."),
        ("call (202) 555-0123 today", "call [telephone] today"),
        ("call CL4-2025-04-DATA-03 by 2025-10-02", "call CL4-2025-04-DATA-03 by 2025-10-02"),
        ("", ""),
    ],
)  # fmt: skip
def test_html_becomes_clean_paragraphs(source: str, clean: str) -> None:
    assert parse.clean_text(source) == clean


def test_deeply_nested_markup_is_no_harm() -> None:
    assert parse.clean_text("<div>" * 20_000 + "deep" + "</div>" * 20_000) == "deep"


@given(st.text(max_size=200))
def test_any_text_can_be_cleaned_and_has_no_controls(source: str) -> None:
    clean = parse.clean_text(source)
    assert clean == clean.strip()
    assert not any(ord(character) < 0x20 and character not in "\n\t" for character in clean)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-10-13T14:00:00", datetime(2026, 10, 13, 14, tzinfo=ZoneInfo(STOCKHOLM))),
        ("2026-01-13T14:00:00+00:00", datetime(2026, 1, 13, 15, tzinfo=ZoneInfo(STOCKHOLM))),
        ("2026-10-13", datetime(2026, 10, 13, 23, 59, 59, tzinfo=ZoneInfo(STOCKHOLM))),
        ("2026-10-13T00:00:00", datetime(2026, 10, 13, 23, 59, 59, tzinfo=ZoneInfo(STOCKHOLM))),
        ("10/19/2026", datetime(2026, 10, 19, 23, 59, 59, tzinfo=LOCAL)),
        ("2026-10-19-00-00-00", datetime(2026, 10, 19, 23, 59, 59, tzinfo=LOCAL)),
        ("2026-10-19-17-30-00", datetime(2026, 10, 19, 17, 30, tzinfo=ZoneInfo(STOCKHOLM))),
        ("Oct 19, 2026 12:00:00 AM EDT", datetime(2026, 10, 19, 23, 59, 59, tzinfo=LOCAL)),
        ("Oct 19, 2026 12:30:00 PM EDT", datetime(2026, 10, 19, 12, 30, tzinfo=LOCAL)),
        ("February 3, 2027", datetime(2027, 2, 3, 23, 59, 59, tzinfo=ZoneInfo(STOCKHOLM))),
    ],
)  # fmt: skip
def test_moments_in_every_spelling(value: str, expected: datetime) -> None:
    found = parse.read_moment(value, STOCKHOLM, "x")
    assert found is not None
    assert found.at == expected
    assert found.date_only is (expected.second == 59)


def test_summer_and_winter_have_their_own_offset() -> None:
    summer = parse.read_moment("2026-10-24T14:00:00", STOCKHOLM, "x")
    winter = parse.read_moment("2026-10-26T14:00:00", STOCKHOLM, "x")
    assert summer is not None
    assert winter is not None
    assert summer.at.isoformat() == "2026-10-24T14:00:00+02:00"
    assert winter.at.isoformat() == "2026-10-26T14:00:00+01:00"


@pytest.mark.parametrize(
    "value", [None, "", "x", "1900-01-01T00:00:00", "0001-01-01T00:00:00", "9999-12-31"]
)
def test_placeholders_are_no_moment(value: str | None) -> None:
    assert parse.read_moment(value, STOCKHOLM, "x") is None


@pytest.mark.parametrize(
    "value", ["13/25/2026", "soon", "2026-02-30", "Foo 3, 2026", 20261013, True]
)
def test_what_is_no_date_raises(value: object) -> None:
    with pytest.raises(ShapeError, match="a date"):
        parse.read_moment(value, STOCKHOLM, "vinnova round 1.Stangningsdatum")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1,250,000", Decimal(1250000)),
        ("$10", Decimal(10)),
        (6000000, Decimal(6000000)),
        (1.5, Decimal("1.5")),
        ("0", Decimal(0)),
        ("none", None),
        (None, None),
    ],
)
def test_numbers(value: object, expected: Decimal | None) -> None:
    assert parse.read_number(value, "x") == expected


@pytest.mark.parametrize("value", ["ten", "-5", "1e400000x", True, [1], "NaN", "Infinity"])
def test_what_is_no_number_raises(value: object) -> None:
    with pytest.raises(ShapeError):
        parse.read_number(value, "x")


def test_money_of_zero_is_no_money() -> None:
    assert parse.read_money("0", "USD", "x") is None


def test_one_wants_exactly_one() -> None:
    assert parse.only_item(["a"], "title") == "a"
    for wrong in ([], ["a", "b"]):
        with pytest.raises(ShapeError, match=f"exactly one, but {len(wrong)} came"):
            parse.only_item(wrong, "title")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("https://example.org/a b", "https://example.org/a%20b"),
        ("www.example.org", "https://www.example.org"),
        ("javascript:alert(1)", None),
        ("https://user:pass@example.org", None),
        ("see the guide", None),
    ],
)
def test_addresses(written: str, kept: str | None) -> None:
    assert parse.web_address(written) == kept


def test_fields_raise_on_the_wrong_type_and_name_the_place() -> None:
    fields = Fields(
        {"title": ["a"], "flag": "perhaps", "rows": {}, "count": "1.5"}, "vinnova round 7"
    )
    for read, name, expected in (
        (fields.word, "title", "a text, but a list"),
        (fields.flag, "flag", "yes or no"),
        (fields.records, "rows", "a list, but an object"),
        (fields.count, "count", "a whole number"),
    ):
        with pytest.raises(ShapeError, match=rf"vinnova round 7\.{name}: expected {expected}"):
            read(name)
    with pytest.raises(ShapeError, match="an object, but a list came"):
        Fields([], "vinnova round 8")


def test_fields_remember_what_nobody_read() -> None:
    fields = Fields({"a": 1, "b": 2, "new": 3}, "x")
    fields.word("a")
    fields.ignore("b")
    assert fields.unread_names() == ["new"]


def test_an_unfit_link_is_left_out_with_a_note() -> None:
    fields = Fields({"rows": [{"url": "javascript:alert(1)"}]}, "x")
    assert fields.records("rows")[0].link("url") is None
    assert fields.notes == [("x.rows[0].url", "left out an unfit address: 'javascript:alert(1)'")]


def test_distinct_keeps_order_and_first_spelling() -> None:
    assert distinct(["AI", "ai", "", "Data", " "]) == ("AI", "Data")


@pytest.mark.parametrize(
    ("text", "swedish"),
    [
        ("Det här är en utlysning som vänder sig till företag och kommuner.", True),
        ("This is a call for companies and the municipalities that work with them.", False),
        ("Civil-military synergies", False),
        ("", False),
    ],
)
def test_swedish_is_told_from_english(text: str, swedish: bool) -> None:
    assert looks_swedish(text) is swedish
