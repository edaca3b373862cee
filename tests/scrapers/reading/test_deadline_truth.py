"""Deadlines as funders say them, kind by kind and zone by zone, against instants in UTC.

The instants were worked out by hand from the rules of summer time: it begins and ends in Europe on
the last Sundays of March and October at 01:00 UTC (29 March and 25 October in 2026), in the United
States on the second Sunday of March and the first of November at 02:00 (8 March and 1 November).
"""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from scrapers.call import Call, Deadline, DeadlineKind, Level, Provenance, Status
from scrapers.errors import ShapeError
from scrapers.funders.vinnova import _deadlines as of_a_round
from scrapers.platforms import sedia, us_deadlines
from scrapers.reading.dates import first_date
from scrapers.reading.fields import Fields
from scrapers.reading.parse import is_placeholder, read_moment

STOCKHOLM, BRUSSELS, LONDON = "Europe/Stockholm", "Europe/Brussels", "Europe/London"
NEW_YORK = "America/New_York"
PROSE = [
    # as written, the funder's zone, the instant in UTC, whether the source gave no hour
    ("13 oktober 2026 kl. 14.00", STOCKHOLM, "2026-10-13 12:00:00", False),
    ("Sista ansökningsdag 13 oktober 2026", STOCKHOLM, "2026-10-13 21:59:59", True),
    ("kl. 14.00 den 13 oktober 2026", STOCKHOLM, "2026-10-13 12:00:00", False),
    ("2026-10-13 kl 14:00 (svensk tid)", LONDON, "2026-10-13 12:00:00", False),
    ("1 februari 2027 klockan 15", STOCKHOLM, "2027-02-01 14:00:00", False),
    ("den 3:e maj 2026 kl 15", STOCKHOLM, "2026-05-03 13:00:00", False),
    ("31 augusti 2026 kl 24.00", STOCKHOLM, "2026-08-31 21:59:59", False),
    # the days when the clock changes, and the days beside them
    ("28 mars 2026", STOCKHOLM, "2026-03-28 22:59:59", True),
    ("29 mars 2026", STOCKHOLM, "2026-03-29 21:59:59", True),
    ("29 mars 2026 kl 14.00", STOCKHOLM, "2026-03-29 12:00:00", False),
    ("29 mars 2026 kl 02:30", STOCKHOLM, "2026-03-29 01:30:00", False),
    ("24 oktober 2026", STOCKHOLM, "2026-10-24 21:59:59", True),
    ("25 oktober 2026", STOCKHOLM, "2026-10-25 22:59:59", True),
    ("25 oktober 2026 kl 02:30", STOCKHOLM, "2026-10-25 00:30:00", False),
    ("25 oktober 2026 kl 14.00", STOCKHOLM, "2026-10-25 13:00:00", False),
    # Brussels
    ("13 October 2026, 17:00 Brussels time", STOCKHOLM, "2026-10-13 15:00:00", False),
    ("13 January 2026 17:00 CET", LONDON, "2026-01-13 16:00:00", False),
    ("17:00 CET on 30 June 2026", LONDON, "2026-06-30 15:00:00", False),
    ("30 June 2026 – 17:00 (Central European Time)", BRUSSELS, "2026-06-30 15:00:00", False),
    ("1 July 2026", BRUSSELS, "2026-07-01 21:59:59", True),
    # the United Kingdom
    ("4 March 2026 4:00pm UK time", LONDON, "2026-03-04 16:00:00", False),
    ("4 June 2026 4:00pm UK time", LONDON, "2026-06-04 15:00:00", False),
    ("4pm on Wednesday 4 March 2026", LONDON, "2026-03-04 16:00:00", False),
    ("4 June 2026 16:00 GMT", LONDON, "2026-06-04 15:00:00", False),
    ("12 noon on 4 June 2026", LONDON, "2026-06-04 11:00:00", False),
    ("4 June 2026 at noon", LONDON, "2026-06-04 11:00:00", False),
    ("29 March 2026", LONDON, "2026-03-29 22:59:59", True),
    ("25 October 2026", LONDON, "2026-10-25 23:59:59", True),
    # the United States, Eastern
    ("July 1, 2026 at 5 p.m. ET", NEW_YORK, "2026-07-01 21:00:00", False),
    ("January 5, 2026 5:00 PM Eastern", NEW_YORK, "2026-01-05 22:00:00", False),
    ("5:00 p.m. Eastern Time on July 1, 2026", STOCKHOLM, "2026-07-01 21:00:00", False),
    ("March 7, 2026", NEW_YORK, "2026-03-08 04:59:59", True),
    ("March 8, 2026", NEW_YORK, "2026-03-09 03:59:59", True),
    ("November 1, 2026 5pm EST", NEW_YORK, "2026-11-01 22:00:00", False),
    # elsewhere
    ("1 May 2026 23:59 AoE", BRUSSELS, "2026-05-02 11:59:00", False),
    ("1 June 2026 at 12:00 UTC", BRUSSELS, "2026-06-01 12:00:00", False),
]
MONTHS = (
    "januari january jan februari february feb mars march mar april apr maj may juni june jun "
    "juli july jul augusti august aug september sept sep oktober october okt oct november nov "
    "december dec"
).split()
FIELDS = [
    # as a field of JSON holds it, its zone, the instant in UTC, whether it is a day alone
    ("2026-10-13T14:00:00", STOCKHOLM, "2026-10-13 12:00:00", False),
    ("2026-10-13T00:00:00", STOCKHOLM, "2026-10-13 21:59:59", True),
    ("2026-10-13", STOCKHOLM, "2026-10-13 21:59:59", True),
    ("2026-03-29", STOCKHOLM, "2026-03-29 21:59:59", True),
    ("2026-10-25", STOCKHOLM, "2026-10-25 22:59:59", True),
    ("2026-10-13T12:00:00Z", STOCKHOLM, "2026-10-13 12:00:00", False),
    ("2026-10-13T14:00:00+02:00", NEW_YORK, "2026-10-13 12:00:00", False),
    ("10/19/2026", NEW_YORK, "2026-10-20 03:59:59", True),
    ("Oct 19, 2026 12:00:00 AM EDT", NEW_YORK, "2026-10-20 03:59:59", True),
    ("Nov 02, 2026 05:00:00 PM EST", NEW_YORK, "2026-11-02 22:00:00", False),
    ("2026-10-19-00-00-00", NEW_YORK, "2026-10-20 03:59:59", True),
]
NOTHING = ["1900-01-01", "1900-01-01T00:00:00", "9999-12-31", "x", "X", "xx", "", " ", "-", "n/a",
           "null", None]  # fmt: skip


def in_utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


@pytest.mark.parametrize(("said", "zone", "instant", "day"), PROSE)
def test_prose(said: str, zone: str, instant: str, day: bool) -> None:
    found = first_date(said, zone)
    assert found is not None
    assert (in_utc(found.moment.at), found.moment.date_only) == (instant, day)


@pytest.mark.parametrize(("position", "name"), list(enumerate(MONTHS)))
def test_every_month_in_both_languages(position: int, name: str) -> None:
    found = first_date(f"7 {name} 2027", STOCKHOLM)
    capital = first_date(f"7 {name.capitalize()}. 2027 kl 12", STOCKHOLM)
    assert found is not None
    assert capital is not None
    assert found.moment.at.date() == capital.moment.at.date()
    known = [first_date(f"7 {other} 2027", STOCKHOLM) for other in MONTHS[:position]]
    assert all(other and other.moment.at <= found.moment.at for other in known)


@pytest.mark.parametrize(("value", "zone", "instant", "day"), FIELDS)
def test_fields(value: str, zone: str, instant: str, day: bool) -> None:
    found = read_moment(value, zone, "a field")
    assert found is not None
    assert (in_utc(found.at), found.date_only) == (instant, day)


@pytest.mark.parametrize("value", NOTHING)
def test_what_stands_for_nothing_is_no_deadline(value: str | None) -> None:
    assert read_moment(value, STOCKHOLM, "a field") is None
    assert is_placeholder(value) or str(value)[:4] in ("1900", "9999")
    row = Fields({"Stangningsdatum": value, "DagligAvlasning": 0}, "a round")
    assert of_a_round(row, STOCKHOLM) == ()


@pytest.mark.parametrize("value", ["soon", "31 juni 2026", "2026-02-30", "13/13/2026"])
def test_what_is_no_date_is_said_and_not_guessed(value: str) -> None:
    with pytest.raises(ShapeError, match="a date"):
        read_moment(value, STOCKHOLM, "a field")


def kinds(found: list[Deadline] | tuple[Deadline, ...]) -> list[tuple[str, int | None, str]]:
    return [(d.kind, d.stage, in_utc(d.at) if d.at else d.text) for d in found]


def test_the_portal_closes_at_five_in_brussels_whatever_the_season() -> None:
    summer = sedia.deadlines([], ["2026-10-13T00:00:00.000+0000"], "single-stage", portal=True)
    winter = sedia.deadlines([], ["2026-10-27T00:00:00.000+0000"], "single-stage", portal=True)
    assert kinds(summer) == [("fixed", None, "2026-10-13 15:00:00")]
    assert kinds(winter) == [("fixed", None, "2026-10-27 16:00:00")]
    assert "17:00 Brussels" in summer[0].text
    external = sedia.deadlines([], ["2026-10-13T00:00:00.000+0000"], "", portal=False)
    assert kinds(external) == [("fixed", None, "2026-10-13 21:59:59")]


def test_two_stages_and_several_cut_offs_of_the_portal() -> None:
    days = ["2026-09-15T17:00:00+0000", "2026-04-14T17:00:00+0000"]
    assert kinds(sedia.deadlines([], days, "two-stage", portal=True)) == [
        ("two-stage", 1, "2026-04-14 15:00:00"),
        ("two-stage", 2, "2026-09-15 15:00:00"),
    ]
    assert kinds(sedia.deadlines([], days, "multiple cut-off", portal=True)) == [
        ("cut-off", None, "2026-04-14 15:00:00"),
        ("cut-off", None, "2026-09-15 15:00:00"),
    ]


def test_american_hours_stand_in_the_words_beside_the_day() -> None:
    day = read_moment("10/19/2026", NEW_YORK, "closes")
    found = us_deadlines.deadlines(day, "Applications are due at 5:00 PM ET.", forecast=False)
    assert kinds(found) == [("fixed", None, "2026-10-19 21:00:00")]
    late = us_deadlines.deadlines(read_moment("11/02/2026", NEW_YORK, "closes"), "", forecast=False)
    assert kinds(late) == [("fixed", None, "2026-11-03 04:59:59")]
    rolling = us_deadlines.deadlines(None, "Open until funds are exhausted.", forecast=False)
    assert [(d.kind, d.at) for d in rolling] == [("rolling", None)]
    (estimate,) = us_deadlines.deadlines(day, "", forecast=True)
    assert estimate.kind is DeadlineKind.ANNOUNCED
    assert not estimate.admits_new_applicants


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"Stangningsdatum": "2026-10-13T14:00:00"}, [("fixed", None, "2026-10-13 12:00:00")]),
        ({"Stangningsdatum": "2026-10-13T00:00:00"}, [("fixed", None, "2026-10-13 21:59:59")]),
        ({"Stangningsdatum": "1900-01-01T00:00:00"}, []),
        ({"Stangningsdatum": "2026-11-01T14:00:00",
          "AvlasningstillfalleLista": ["2026-03-28T14:00:00", "2026-03-29T14:00:00"]},
         [("cut-off", None, "2026-03-28 13:00:00"), ("cut-off", None, "2026-03-29 12:00:00"),
          ("cut-off", None, "2026-11-01 13:00:00")]),
        ({"DagligAvlasning": 1}, [("rolling", None, "")]),
        ({"AnnonseringslägeÅr": "2027", "AnnonseringslägePeriod": "mars"},
         [("announced", None, "2027 mars")]),
    ],
)  # fmt: skip
def test_rounds_of_vinnova(
    row: dict[str, object], expected: list[tuple[str, int | None, str]]
) -> None:
    assert kinds(of_a_round(Fields(row, "a round"), STOCKHOLM)) == expected


def status(at: str, *deadlines: Deadline) -> Status:
    call = Call(
        id="x:1", funder="X", level=Level.NATIONAL, titles={"sv": "Utlysning"},
        deadlines=deadlines, provenance=Provenance(source="x"),
    )  # fmt: skip
    return call.status(datetime.fromisoformat(f"{at}+00:00"))


def dated(kind: DeadlineKind, at: str, stage: int | None = None) -> Deadline:
    local = datetime.fromisoformat(at).replace(tzinfo=ZoneInfo(STOCKHOLM))
    return Deadline(kind=kind, zone=STOCKHOLM, at=local, stage=stage)


def test_what_a_kind_means_for_a_newcomer() -> None:
    fixed = dated(DeadlineKind.FIXED, "2026-10-25T14:00:00")
    assert status("2026-10-25T13:00:00", fixed) is Status.OPEN
    assert status("2026-10-25T13:00:01", fixed) is Status.CLOSED
    stages = (
        dated(DeadlineKind.TWO_STAGE, "2026-03-29T14:00:00", 1),
        dated(DeadlineKind.TWO_STAGE, "2026-09-01T14:00:00", 2),
    )
    assert status("2026-03-29T12:00:00", *stages) is Status.OPEN
    assert status("2026-03-29T12:00:01", *stages) is Status.CLOSED
    cuts = (
        dated(DeadlineKind.CUT_OFF, "2026-03-01T14:00:00"),
        dated(DeadlineKind.CUT_OFF, "2026-09-01T14:00:00"),
    )
    assert status("2026-06-01T00:00:00", *cuts) is Status.OPEN
    assert status("2026-10-01T00:00:00", *cuts) is Status.CLOSED
    rolling = Deadline(kind=DeadlineKind.ROLLING, zone=STOCKHOLM)
    assert status("2099-01-01T00:00:00", rolling) is Status.OPEN
    announced = Deadline(kind=DeadlineKind.ANNOUNCED, zone=STOCKHOLM, text="2027 mars")
    assert status("2026-01-01T00:00:00", announced) is Status.FORTHCOMING
    assert status("2026-01-01T00:00:00") is Status.UNKNOWN
