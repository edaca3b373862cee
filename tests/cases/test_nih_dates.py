"""When announcements of the NIH Guide close: tables of key dates, remarks, expiry, hits."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

import pytest

from scrapers.call import Call
from tests.cases.nih_pages import COLUMNS, HOUR, NO, page, row, table, text
from tests.scrapers.funders.agency_pages import guide, hit, read

EXPIRES = "Expiration Date"
DUE = "Application Due Date(s)"
OVER = (
    '<tr><th colspan="3">Application Due Dates</th>'
    '<th colspan="3">Review and Award Cycles</th></tr>'
)
ROWS = (
    ("February 05, 2027 *", "March 05, 2027 *", "May 07, 2027", "July 2027", "October 2027", "x"),
    ("June 05, 2027 *", NO, "", "November 2027", "January 2028", "April 2028"),
)
IN_LINES = (
    "Application Due Dates\tReview and Award Cycles\n" + "\t".join(COLUMNS) + "\n"
    "February 05, 2027\tMarch 05, 2027\tMay 07, 2027\tJuly 2027\tOctober 2027\tDecember 2027\n"
    "June 05, 2027\tJuly 05, 2027\tSeptember 07, 2027\tNovember 2027\tJanuary 2028\tApril 2028\n"
)
A_CELL_A_LINE = "\n".join(
    (
        "Application Due Dates", "Review and Award Cycles", *COLUMNS,
        "October 12, 2027", NO, NO, "March 2028", "May 2028", "July 2028",
        "February 14, 2028", NO, NO, "July 2028", "October 2028", "December 2028",
    )
)  # fmt: skip
TWO = ["cut-off 2027-02-05 16:00", "cut-off 2027-06-05 15:00"]
PAGES = {
    "a table with two rows of heads": (
        page(f"{table(*ROWS, over=OVER)}<p>{HOUR}</p>{row(EXPIRES, 'January 08, 2029')}"),
        TWO,
    ),
    "a table with one row of heads": (
        page(f"{table(*ROWS)}<p>{HOUR}</p>{row(EXPIRES, 'January 08, 2029')}"),
        TWO,
    ),
    "a table saved as lines": (text(f"{IN_LINES}{HOUR}\n{EXPIRES}\nJanuary 08, 2029"), TWO),
    "a table saved with a cell a line": (
        text(f"{A_CELL_A_LINE}\n{HOUR}\n{EXPIRES}\nFebruary 15, 2028"),
        ["cut-off 2027-10-12 15:00", "cut-off 2028-02-14 16:00"],
    ),
    "days for AIDS alone": (
        page(f"{table((NO, NO, 'September 07, 2027', 'May 2028', NO, NO))}<p>{HOUR}</p>"),
        ["fixed 2027-09-07 15:00"],
    ),
    "rows that name the kind of application": (
        page(
            table(
                ("New applications", "3/1/2027", "6/1/2027"),
                ("Renewal applications", "4/1/2027", "7/1/2027"),
                columns=("Application type", "Due date", "Review"),
            )
        ),
        ["fixed 2027-03-02 04:59d"],
    ),
    "a table without a head": (
        page(
            table(
                ("Application due", "June 1, 2027"),
                ("Peer review", "September 1, 2027"),
                columns=(),
            )
        ),
        ["fixed 2027-06-02 03:59d"],
    ),
    "a remark with a date before the list": (
        text(
            f"{DUE}\nAny due dates on or after Jan 25, 2028 must use the reissued NOFO.\n\n"
            "March 1, 2027; July 1, 2027, by 5:00 PM local time of applicant organization. All "
            "types of non-AIDS applications are due on these dates.\n"
            f"AIDS Application Due Date(s)\n{NO}\nEarliest Start Date\nDecember 2027\n"
            f"{EXPIRES}\nNew Date January 24, 2028 (Original Expiration Date: May 2, 2029)"
        ),
        ["cut-off 2027-03-01 16:00", "cut-off 2027-07-01 15:00"],
    ),
    "remarks behind the list": (
        text(
            f"{DUE}\nMarch 10, 2027 and November 10, 2027, by 5:00 PM local time of applicant "
            "organization. This NOFO will be reissued on December 1, 2027. Forms effective "
            f"January 25, 2027 apply.\nAIDS Application Due Date(s)\nMay 7, 2027\n"
            f"Scientific Merit Review\nJuly 2027\n{EXPIRES}\nNovember 11, 2027"
        ),
        ["cut-off 2027-03-10 16:00", "cut-off 2027-11-10 16:00"],
    ),
    "the day before it expires": (
        text(f"{DUE}\nApril 20, 2027\n{EXPIRES}\nApril 21, 2027"),
        ["fixed 2027-04-21 03:59d"],
    ),
    "a due date that was moved": (
        text(
            f"{DUE}\nNew Date: May 4, 2027 (Original Date: April 20, 2027), by 5:00 PM Eastern "
            f"Time\n{EXPIRES}\nMay 5, 2027"
        ),
        ["fixed 2027-05-04 21:00"],
    ),
    "days of every year": (
        text(
            f"{DUE}\nFebruary 5, June 5, October 5, by 5:00 PM local time of applicant "
            f"organization.\n{EXPIRES}\nJanuary 8, 2028"
        ),
        ["cut-off 2027-02-05 16:00", "cut-off 2027-06-05 15:00", "cut-off 2027-10-05 15:00"],
    ),
    "standard dates, and a former expiry": (
        text(
            f"{DUE}\nStandard dates apply, by 5:00 PM local time of applicant organization.\n"
            f"{EXPIRES}\n(Original Expiration Date: May 8, 2030) New Date January 8, 2028"
        ),
        ["cut-off 2028-01-08 16:00"],
    ),
    "one day, and the hour below it": (
        page(f"{row(DUE, 'February 02, 2027')}<p>{HOUR}</p>{row(EXPIRES, 'January 08, 2028')}"),
        ["fixed 2027-02-02 16:00"],
    ),
}


def only(folder: Path, source: str) -> Call:
    name = "page.html" if source.startswith("<") else "page.txt"
    report = read("nih_guide", folder, source, name)
    assert report.problems == ()
    assert report.unread == {}
    (call,) = report.calls
    return call


def shown(call: Call) -> list[str]:
    return [
        f"{one.kind} {one.at.astimezone(UTC):%Y-%m-%d %H:%M}{'d' if one.date_only else ''}"
        for one in call.deadlines
        if one.at
    ]


@pytest.mark.parametrize("name", PAGES)
def test_the_days_of_a_page(name: str, tmp_path: Path) -> None:
    source, expected = PAGES[name]
    assert shown(only(tmp_path, source)) == expected


def test_days_that_are_not_for_everybody_are_told(tmp_path: Path) -> None:
    call = only(tmp_path, page(f"{table(*ROWS)}<p>{HOUR}</p>"))
    for one in call.deadlines:
        assert "Renewals and resubmissions: 2027-03-05." in one.text
        assert "AIDS applications: 2027-05-07." in one.text
        assert "local time of the applicant" in one.text
        assert one.zone == "Europe/Stockholm"


def test_a_table_that_lacks_a_cell_keeps_its_first_day_and_says_so(tmp_path: Path) -> None:
    broken = IN_LINES.replace("\tMay 07, 2027", "")
    (one,) = only(tmp_path, text(f"{broken}{HOUR}")).deadlines
    assert one.at is not None
    assert one.at.astimezone(UTC).isoformat() == "2027-02-05T16:00:00+00:00"
    assert "could not be told apart" in one.text


def hits(folder: Path, **more: object) -> Call:
    report = read("nih_guide", folder, guide(hit("RFA-OH-27-001", **more)), "hits.json")
    assert report.problems == ()
    (call,) = report.calls
    return call


@pytest.mark.parametrize(
    ("receipts", "last", "expected", "said"),
    [
        (None, "2028-01-30T00:00:00.000Z", ["cut-off 2028-01-31 04:59d"], "Last receipt date"),
        ([], "2028-01-30", ["cut-off 2028-01-31 04:59d"], "Last receipt date"),
        ("2028-01-30", "2028-01-30", ["fixed 2028-01-31 04:59d"], ""),
        (
            ["2027-01-30", "2027-06-30"],
            "2028-01-30",
            ["cut-off 2027-01-31 04:59d", "cut-off 2027-07-01 03:59d", "cut-off 2028-01-31 04:59d"],
            "Last receipt date",
        ),
        ("Standard dates apply", "2028-01-30", ["cut-off 2028-01-31 04:59d"], "Last receipt"),
        (None, None, ["cut-off 2028-02-01 04:59d"], "No receipt date is named"),
    ],
)
def test_a_hit_with_its_last_receipt_date(
    receipts: object, last: object, expected: list[str], said: str, tmp_path: Path
) -> None:
    call = hits(tmp_path, appreceiptdate=receipts, lard=last, expdate="2028-01-31")
    assert shown(call) == expected
    assert all(said in one.text if said else not one.text for one in call.deadlines)


@pytest.mark.parametrize(
    ("organization", "parent", "primary", "funder"),
    [
        ({"parent": "HHS", "primary": "CDC", "participating": ["CDC", "NIOSH"]}, "HHS", "NIOSH",
         "CDC / NIOSH"),
        ({"parent": "HHS", "primary": "AHRQ"}, "HHS", "AHRQ", "AHRQ"),
        ({"parent": "NIH", "primary": "NHLBI"}, "NIH", "NHLBI",
         "National Institutes of Health (NIH)"),
        ({"primary": "CDC", "participating": ["CDC", "NIH"]}, "HHS", "CDC",
         "National Institutes of Health (NIH)"),
        (None, None, None, "National Institutes of Health (NIH)"),
    ],
)  # fmt: skip
def test_sister_agencies_are_named(
    organization: object, parent: object, primary: object, funder: str, tmp_path: Path
) -> None:
    more = {"organization": organization, "parentIC": parent, "primaryIC": primary}
    assert hits(tmp_path, expdate="2028-01-31", **more).funder == funder


def test_a_page_of_a_sister_agency(tmp_path: Path) -> None:
    agency = "<p>Agency for Healthcare Research and Quality (AHRQ)</p>"
    call = only(tmp_path, page(row(DUE, "April 20, 2027"), agency=agency))
    assert call.funder == "Agency for Healthcare Research and Quality (AHRQ)"
