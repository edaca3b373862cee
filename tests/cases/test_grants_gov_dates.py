"""When grants close by their record and the words beside it: hours, cut-offs, steps, stand-ins."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from scrapers.call import Call, Deadline, Status
from scrapers.platforms.us_deadlines import deadlines, far_year
from scrapers.reading.parse import read_moment
from scrapers.run import RunReport, parse_files

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
NEW_YORK = "America/New_York"
POSTED = datetime(2026, 9, 18, 4, tzinfo=UTC)
TABLE = Path(__file__).with_name("american_explanations.tsv").read_text("utf-8").splitlines()[1:]


def shown(found: tuple[Deadline, ...]) -> list[str]:
    """Each deadline as its kind and its instant in UTC, with a "d" for a day without an hour."""
    return [
        f"{one.kind} -"
        if one.at is None
        else f"{one.kind} {one.at.astimezone(UTC):%Y-%m-%d %H:%M}{'d' if one.date_only else ''}"
        for one in found
    ]


@pytest.mark.parametrize("row", TABLE)
def test_the_day_of_a_record_and_the_words_beside_it(row: str) -> None:
    closes, explained, expected = row.split("\t")
    day = read_moment(closes, NEW_YORK, "closes")
    words = "" if explained == "undefined" else explained
    found = deadlines(day, words, forecast=False, posted=POSTED, far=far_year(closes))
    assert "; ".join(shown(found)) == expected


def test_a_day_that_contradicts_another_is_told() -> None:
    words = "Full Proposal Deadline(s): January 15, 2027; January 14, 2028"
    day = read_moment("2027-06-15", NEW_YORK, "closes")
    both = deadlines(day, words, forecast=False, posted=POSTED)
    assert shown(both) == ["cut-off 2027-01-16 04:59d", "cut-off 2028-01-15 04:59d"]
    assert all("names 2027-06-15" in one.text and words in one.text for one in both)
    (one,) = deadlines(day, "Proposals are due May 28, 2027.", forecast=False, posted=POSTED)
    assert shown((one,)) == ["fixed 2027-05-29 03:59d"]
    assert "names 2027-06-15 as its closing day. The earlier of the two" in one.text


def test_a_long_explanation_leaves_room_for_what_is_unsure() -> None:
    day = read_moment("2027-06-15", NEW_YORK, "closes")
    words = f"Due by 5 p.m. local time of the applicant. {'Read it all. ' * 80}"
    (one,) = deadlines(day, words, forecast=False, posted=POSTED)
    assert one.zone == "Europe/Stockholm"
    assert one.at == datetime(2027, 6, 15, 15, tzinfo=UTC)
    assert one.text.endswith("here on the clock of Sweden.")


def test_several_hours_are_told_and_the_earliest_is_kept() -> None:
    day = read_moment("2027-06-15", NEW_YORK, "closes")
    words = "Submit by 11:59 PM Pacific Time or by mail before 5:00 PM Eastern Time."
    (one,) = deadlines(day, words, forecast=False, posted=POSTED)
    assert shown((one,)) == ["fixed 2027-06-15 21:00"]
    assert "Several hours are named" in one.text


def grant(folder: Path, **parts: object) -> RunReport:
    data = {"id": 77, "opportunityNumber": "X-77", "opportunityTitle": "Care at home", **parts}
    path = folder / "record.json"
    path.write_text(json.dumps({"errorcode": 0, "data": data}), encoding="utf-8")
    return parse_files("grants_gov", [path])


def only(report: RunReport) -> Call:
    (call,) = report.calls
    return call


@pytest.mark.parametrize("day", ["2076-08-17", "2099-01-01", "2050-12-31", "9999-12-31"])
@pytest.mark.parametrize("words", ["Proposals accepted anytime", "undefined"])
def test_a_stand_in_for_a_day_is_no_deadline(day: str, words: str, tmp_path: Path) -> None:
    part = {"postingDateStr": "2026-09-18-00-00-00", "responseDateStr": f"{day}-00-00-00"}
    call = only(grant(tmp_path, synopsis={**part, "responseDateDesc": words}))
    assert shown(call.deadlines) == ["rolling -"]
    assert day[:4] in call.deadlines[0].text
    assert call.status(NOW) is Status.OPEN


def test_a_day_long_after_posting_stands_for_none_and_1900_for_nothing(tmp_path: Path) -> None:
    posted = {"postingDateStr": "2026-09-18-00-00-00"}
    late = only(grant(tmp_path, synopsis={**posted, "responseDateStr": "2041-06-30-00-00-00"}))
    assert shown(late.deadlines) == ["rolling -"]
    early = only(grant(tmp_path, synopsis={**posted, "responseDateStr": "1900-01-01-00-00-00"}))
    assert early.deadlines == ()
    near = only(grant(tmp_path, synopsis={**posted, "responseDateStr": "2031-09-30-00-00-00"}))
    assert shown(near.deadlines) == ["fixed 2031-10-01 03:59d"]


@pytest.mark.parametrize(
    ("days", "status"),
    [
        ({"estApplicationResponseDateStr": "2024-04-11-00-00-00"}, Status.CLOSED),
        ({"estApplicationResponseDateStr": "2026-11-29-00-00-00"}, Status.CLOSED),
        ({"estApplicationResponseDateStr": "2027-04-11-00-00-00"}, Status.FORTHCOMING),
        ({"estSynopsisPostingDateStr": "2024-02-10-00-00-00"}, Status.CLOSED),
        ({"estSynopsisPostingDateStr": "2026-11-01-00-00-00"}, Status.FORTHCOMING),
        ({"archiveDateStr": "2026-05-11-00-00-00"}, Status.CLOSED),
        (
            {
                "estApplicationResponseDateStr": "2027-04-11-00-00-00",
                "archiveDateStr": "2026-10-01-00-00-00",
            },
            Status.CLOSED,
        ),
        ({}, Status.FORTHCOMING),
    ],
)
def test_a_forecast_ends_with_its_own_days(
    days: dict[str, str], status: Status, tmp_path: Path
) -> None:
    part = {"postingDateStr": "2023-10-01-00-00-00", **days}
    call = only(grant(tmp_path, forecast=part, docType="forecast"))
    assert call.status(NOW) is status


def test_an_archived_call_without_a_day_is_closed(tmp_path: Path) -> None:
    part = {
        "postingDateStr": "2023-10-01-00-00-00",
        "responseDateDesc": "Accepted on a rolling basis",
        "archiveDateStr": "2025-10-01-00-00-00",
    }
    call = only(grant(tmp_path, synopsis=part))
    assert shown(call.deadlines) == ["rolling -"]
    assert call.status(NOW) is Status.CLOSED
    assert call.status(datetime(2024, 1, 1, tzinfo=UTC)) is Status.OPEN


def test_an_unreadable_day_of_archiving_loses_no_call(tmp_path: Path) -> None:
    part = {"postingDateStr": "2026-09-18-00-00-00", "archiveDateStr": "some day"}
    report = grant(tmp_path, synopsis={**part, "responseDateDesc": "Accepted continuously"})
    assert shown(only(report).deadlines) == ["rolling -"]
    assert ["archiveDateStr" in where for where, _ in report.problems] == [True]


EXTRACT = """<?xml version="1.0" encoding="UTF-8"?>
<Grants xmlns="http://apply.grants.gov/system/OpportunityDetail-V1.0">
<OpportunitySynopsisDetail_1_0><OpportunityID>77</OpportunityID>
<OpportunityTitle>Care at home</OpportunityTitle><PostDate>09182026</PostDate>{days}
</OpportunitySynopsisDetail_1_0></Grants>"""


@pytest.mark.parametrize(
    ("days", "expected", "status"),
    [
        ("<CloseDate>12312099</CloseDate>", ["rolling -"], Status.OPEN),
        ("<CloseDate>08172076</CloseDate>", ["rolling -"], Status.OPEN),
        (
            (
                "<CloseDate>06152027</CloseDate><CloseDateExplanation>By 5:00 p.m. Mountain Time."
                "</CloseDateExplanation>"
            ),
            ["fixed 2027-06-15 23:00"],
            Status.OPEN,
        ),
        (
            (
                "<CloseDateExplanation>Open until funds are used.</CloseDateExplanation>"
                "<ArchiveDate>10102026</ArchiveDate>"
            ),
            ["rolling -"],
            Status.CLOSED,
        ),
        (
            (
                "<CloseDateExplanation>No closing date.</CloseDateExplanation>"
                "<ArchiveDate>never</ArchiveDate>"
            ),
            ["rolling -"],
            Status.OPEN,
        ),
    ],
)
def test_a_row_of_the_extract(
    days: str, expected: list[str], status: Status, tmp_path: Path
) -> None:
    path = tmp_path / "extract.xml"
    path.write_text(EXTRACT.format(days=days), encoding="utf-8")
    call = only(parse_files("grants_gov", [path]))
    assert shown(call.deadlines) == expected
    assert call.status(NOW) is status


@pytest.mark.parametrize(
    ("ceiling", "floor", "most", "least"),
    [
        ("6", "1", None, None),
        ("$1", "0", None, None),
        ("1.00", "none", None, None),
        ("499", "10", None, None),
        ("500000", "1", 500_000, None),
        ("1,500,000", "25,000", 1_500_000, 25_000),
    ],
)
def test_a_few_dollars_stand_for_no_sum(
    ceiling: str, floor: str, most: int | None, least: int | None, tmp_path: Path
) -> None:
    part = {"estimatedFunding": "1500000", "numberOfAwards": "3"}
    report = grant(tmp_path, synopsis={**part, "awardCeiling": ceiling, "awardFloor": floor})
    pays = only(report).funding
    assert pays is not None
    assert pays.total is not None
    assert (pays.total.amount, pays.expected_awards) == (Decimal(1_500_000), 3)
    assert (pays.maximum.amount if pays.maximum else None) == most
    assert (pays.minimum.amount if pays.minimum else None) == least
    assert bool(report.problems) is (most is None or least is None)
