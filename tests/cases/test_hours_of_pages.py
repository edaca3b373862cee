"""Opening and closing hours on the pages of web funders, shown or in a tag's attribute."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.scrapers.funders.agency_pages import only, read

ADDRESSES = {
    "formas": "https://formas.se/soka-finansiering/alla-utlysningar/utlysningar/2026-11-05-mat.html",
    "vr": "https://www.vr.se/soka-finansiering/utlysningar/2026-11-05-prov.html",
    "forte": "https://forte.se/utlysning/omsorg-2027/",
    "tillvaxtverket": "https://tillvaxtverket.se/x/utlysningar/prov.123.html",
    "energimyndigheten": "https://www.energimyndigheten.se/utlysningar/prov/",
    "ukri": "https://www.ukri.org/opportunity/prov/",
}
LINES = [
    # the lines of a page, when it opens and closes in UTC, "d" for a day without an hour
    ("formas", "Sista ansökningsdag: senast kl. 14.00, onsdag 13 januari 2027", "",
     "2027-01-13 13:00"),
    ("formas", "Sista ansökningsdag: onsdagen den 13 januari 2027 kl. 14.00", "",
     "2027-01-13 13:00"),
    ("formas", "Öppnar: 5 november 2026\nSista ansökningsdag: 14:00 den 13 januari 2027",
     "2026-11-04 23:00", "2027-01-13 13:00"),
    ("formas", "Application period: 16 August–15 September 2027", "2027-08-15 22:00",
     "2027-09-15 21:59d"),
    ("vr", "Sista ansökningsdag: 13 januari 2027 senast klockan 14:00", "", "2027-01-13 13:00"),
    ("vr", "Ansökningsperiod: 11 november 2026 (kl. 14.00)–13 januari 2027 (kl. 14.00)",
     "2026-11-11 13:00", "2027-01-13 13:00"),
    ("vr", "Ansökningsperiod: 11 november–13 januari 2027", "2026-11-10 23:00",
     "2027-01-13 22:59d"),
    ("vr", "Sista ansökningsdag: senast klockan 14, tisdag 12 januari 2027", "",
     "2027-01-12 13:00"),
    ("forte", "Utlysningen stänger: 12 januari 2027 senast kl 14.00", "", "2027-01-12 13:00"),
    ("forte", "Sista ansökningsdatum: 12 januari 2027 (14.00)", "", "2027-01-12 13:00"),
    ("tillvaxtverket", "Ansökningsperiod: 16 augusti-15 september 2027", "2027-08-15 22:00",
     "2027-09-15 21:59d"),
    ("tillvaxtverket", "Stänger: 15 september 2027 senast kl. 16.00", "", "2027-09-15 14:00"),
    ("energimyndigheten", "Stänger: kl. 23.59 den 15 september 2027", "", "2027-09-15 21:59"),
    ("ukri", "Opening date: 9:00am on 3 November 2026\nClosing date: 4pm UK time, 21 January 2027",
     "2026-11-03 09:00", "2027-01-21 16:00"),
    ("ukri", "Closing date: 21 January 2027 at 16:00 (UK local time)", "", "2027-01-21 16:00"),
    ("ukri", "Closing date: 21 January 2027, 23:59 anywhere on earth", "", "2027-01-22 11:59"),
    ("ukri", "Opening date: 1 to 30 April 2027\nClosing date: 1 to 30 April 2027",
     "2027-03-31 23:00", "2027-04-30 22:59d"),
]  # fmt: skip
TAGS = [
    ("2027-01-21T16:00:00", "21 January 2027", "2027-01-21 16:00"),
    ("2027-04-01T11:00:00", "1 April 2027", "2027-04-01 10:00"),
    ("2027-06-21T15:00:00+00:00", "21 June 2027", "2027-06-21 15:00"),
    ("2027-06-21T15:00:00Z", "21 June 2027", "2027-06-21 15:00"),
    ("2027-06-20T23:30:00Z", "21 June 2027", "2027-06-20 23:30"),
    ("2027-06-21T16:00:00+02:00", "21 June 2027", "2027-06-21 14:00"),
    ("2027-01-21T16:00", "in seven weeks", "2027-01-21 16:00"),
    ("2027-01-21T16:00", "21 January", "2027-01-21 16:00"),
    ("2027-01-21T00:00:00", "21 January 2027", "2027-01-21 23:59d"),
    ("2027-01-21T12:00:00", "21 January 2027 4:00pm UK time", "2027-01-21 16:00"),
    ("2027-01-28T12:00:00", "21 January 2027", "2027-01-21 23:59d"),
    ("P7W", "21 January 2027", "2027-01-21 23:59d"),
]


def in_utc(at: datetime | None, *, day: bool = False) -> str:
    return "" if at is None else f"{at.astimezone(UTC):%Y-%m-%d %H:%M}{'d' if day else ''}"


@pytest.mark.parametrize(("key", "lines", "opens", "closes"), LINES)
def test_the_hours_of_a_page(key: str, lines: str, opens: str, closes: str, tmp_path: Path) -> None:
    saved = f"URL: {ADDRESSES[key]}\n\nProv av hem\n\nEn text.\n\n{lines}\n\nMer text om detta.\n"
    call = only(read(key, tmp_path, saved))
    (deadline,) = call.deadlines
    assert in_utc(call.opens) == opens
    assert in_utc(deadline.at, day=deadline.date_only) == closes


@pytest.mark.parametrize(
    ("key", "lines", "closes"),
    [
        (
            "formas",
            "Sista ansökningsdag: 5 februari, 5 juni och 5 oktober 2027 kl. 14.00",
            ["2027-02-05 13:00", "2027-06-05 12:00", "2027-10-05 12:00"],
        ),
        (
            "vr",
            "Sista ansökningsdag: 13 januari 2027 och 13 september 2027",
            ["2027-01-13 22:59d", "2027-09-13 21:59d"],
        ),
        (
            "ukri",
            "Closing date: 4pm on 21 January 2027 or 17 June 2027",
            ["2027-01-21 16:00", "2027-06-17 22:59d"],
        ),
    ],
)
def test_several_cut_offs_of_a_page(
    key: str, lines: str, closes: list[str], tmp_path: Path
) -> None:
    saved = f"URL: {ADDRESSES[key]}\n\nProv av hem\n\nEn text.\n\n{lines}\n\nMer text om detta.\n"
    call = only(read(key, tmp_path, saved))
    assert [one.kind for one in call.deadlines] == ["cut-off"] * len(closes)
    assert [in_utc(one.at, day=one.date_only) for one in call.deadlines] == closes


@pytest.mark.parametrize(("attribute", "shown", "closes"), TAGS)
def test_an_hour_that_only_a_tag_has(
    attribute: str, shown: str, closes: str, tmp_path: Path
) -> None:
    day = f'<time datetime="{attribute}">{shown}</time>'
    saved = (
        f'<html><head><link rel="canonical" href="{ADDRESSES["ukri"]}"></head><body><main>'
        f"<h1>Trial</h1><dl><dt>Closing date:</dt><dd>{day}</dd></dl><p>Text.</p></main>"
        "</body></html>"
    )
    (deadline,) = only(read("ukri", tmp_path, saved, "page.html")).deadlines
    assert in_utc(deadline.at, day=deadline.date_only) == closes


def test_hours_of_cards_in_a_list(tmp_path: Path) -> None:
    def card(name: str, month: str, opens: str, closes: str) -> str:
        first = f'<time datetime="{opens}">{opens[8:10]} {month} {opens[:4]}</time>'
        last = f'<time datetime="{closes}">{closes[8:10]} April 2027</time>'
        return (
            f'<div><h3><a href="/opportunity/{name}/">{name}</a></h3>'
            f'<dl class="opportunity__summary"><dt>Opening date:</dt><dd>{first}</dd>'
            f"<dt>Closing date:</dt><dd>{last}</dd></dl></div>"
        )

    body = card("one", "October", "2026-10-13T09:00:00", "2027-04-01T11:00:00")
    body += card("two", "February", "2027-02-02T09:00:00", "2027-04-22T16:00:00")
    page = (
        '<html><head><link rel="canonical" href="https://www.ukri.org/opportunity/"></head><body>'
        f"<main>{body}</main></body></html>"
    )
    calls = read("ukri", tmp_path, page, "list.html").calls
    assert [(in_utc(call.opens), in_utc(call.deadlines[0].at)) for call in calls] == [
        ("2026-10-13 08:00", "2027-04-01 10:00"),
        ("2027-02-02 09:00", "2027-04-22 15:00"),
    ]
