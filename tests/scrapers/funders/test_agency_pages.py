"""Five agencies' pages: real texts give exact facts, whole runs keep to their manners."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from scrapers.call import DeadlineKind, Status
from scrapers.run import parse_files
from tests.scrapers.funders.agency_pages import PAGED, guide, hit, one_deadline, only, read

STOCKHOLM = ZoneInfo("Europe/Stockholm")
LONDON = ZoneInfo("Europe/London")
MONTHS = (
    "januari februari mars april maj juni juli augusti september oktober november december".split()
)


# Real answers


def test_every_real_card_is_cut_at_its_own_date(samples: Path, tmp_path: Path) -> None:
    captured = samples / "energimyndigheten" / "abeltomy_energi_2026-04-23.json"
    rows = json.loads(captured.read_text(encoding="utf-8"))
    cards = [f'<li><a href="{row["url"]}">{row["title"]}</a></li>' for row in rows]
    html = f"<html><body><main><ul>{''.join(cards)}</ul></main></body></html>"
    report = read("energimyndigheten", tmp_path, html, "list.html")
    assert report.problems == ()
    assert report.findings == ()
    assert len(report.calls) == len(rows) == 201
    for row, call in zip(rows, report.calls, strict=True):
        title = call.titles["sv"]
        day = one_deadline(call).local()
        badge = f"{day.day:02} {MONTHS[day.month - 1]} {day.year}"
        assert re.match(rf"{re.escape(title)} (?:Stänger )?{badge}\b", row["title"])
        assert one_deadline(call).date_only is ("klockan" not in row["title"])
        assert call.url == row["url"]
    hours = [
        one_deadline(call).local().hour for call in report.calls if "klockan" in str(call.texts)
    ]
    assert sorted(hours) == [14, 14, 14, 16]
    assert len({one_deadline(call).at for call in report.calls}) > 100
    assert sum(bool(call.keywords) for call in report.calls) == 201


def test_a_real_call_within_five_counties(samples: Path) -> None:
    path = samples / "tillvaxtverket" / "page_7138_smarta_energisystem_sv.txt"
    call = only(parse_files("tillvaxtverket", [path]))
    assert call.id == "tillvaxtverket:7138"
    assert call.opens == datetime(2024, 8, 12, tzinfo=STOCKHOLM)
    assert call.funding is not None
    assert call.funding.share_percent == 40
    assert call.funding.maximum is None
    regions = [fact.value for fact in call.eligibility if fact.kind == "region"]
    assert regions == ["Örebro, Östergötland, Sörmland, Uppsala, Västmanland"]
    assert call.texts["sv"].startswith("Nu finns finansiering")
    assert [section.name for section in call.sections["sv"]][1:] == ["who", "what", "amount"]
    assert call.status(datetime(2024, 8, 1, tzinfo=STOCKHOLM)) is Status.FORTHCOMING


def test_a_real_ongoing_opportunity_is_announced_before_it_is_rolling(samples: Path) -> None:
    call = only(parse_files("ukri", [samples / "ukri" / "page_dpfs_gap_fund.txt"]))
    assert call.native_id == "funding-for-early-stage-development-of-new-healthcare-interventions"
    deadline = one_deadline(call)
    # its page says that it is a pre-announcement: nobody can apply yet
    assert deadline.kind is DeadlineKind.ANNOUNCED
    assert deadline.text.endswith("every March, July and November.")
    assert not call.invited_only
    assert call.titles["en"].startswith("Funding for early stage")
    assert "research organisation" in [fact.value for fact in call.eligibility]


def test_a_real_summary_for_invited_applicants(samples: Path, tmp_path: Path) -> None:
    source = samples / "ukri" / "summary_block_dpfs_stage2_2026.txt"
    refused = parse_files("ukri", [source])
    assert refused.calls == ()
    assert "URL: https://" in refused.problems[0][1]
    summary = source.read_text(encoding="utf-8").split("\n", 1)[1]
    head = "URL: https://www.ukri.org/opportunity/dpfs-stage-two/\nFunding opportunity: DPFS\n"
    call = only(read("ukri", tmp_path, head + summary))
    assert one_deadline(call).at == datetime(2026, 3, 4, 16, tzinfo=LONDON)
    assert call.opens == datetime(2025, 12, 10, 9, tzinfo=LONDON)
    assert call.published == datetime(2025, 11, 26, tzinfo=LONDON)
    assert call.invited_only
    assert call.programme == "Medical Research Council (MRC)"
    assert call.funding is not None
    assert call.funding.total is not None
    assert call.funding.total.amount == 11_000_000
    assert call.funding.total.currency == "GBP"


def test_a_real_announcement_of_the_guide(samples: Path) -> None:
    call = only(parse_files("nih_guide", [samples / "nih" / "page_PAR-22-126.txt"]))
    assert call.id == "nih_guide:PAR-22-126"
    assert call.titles["en"].endswith("(R21 - Clinical Trial Not Allowed)")
    assert call.identifiers == ("PAR-22-126", "93.859", "93.394", "93.866")
    assert [link.label for link in call.links] == ["PAR-22-127"]
    assert call.url == "https://grants.nih.gov/grants/guide/pa-files/PAR-22-126.html"
    assert call.texts["en"].startswith("This Funding Opportunity Announcement")
    assert call.deadlines == ()


def test_a_real_page_of_the_nordic_portal(samples: Path) -> None:
    path = samples / "other_funders" / "nordforsk_call_1324.txt"
    call = only(parse_files("nordforsk", [path]))
    assert call.id == "nordforsk:1324"
    assert one_deadline(call).at == datetime(2018, 9, 4, 13, tzinfo=ZoneInfo("Europe/Oslo"))
    assert not one_deadline(call).date_only
    assert call.titles["en"].startswith("Innovations in Personalised Medicine")
    assert {"municipality", "company"} <= {fact.value for fact in call.eligibility}


@pytest.mark.parametrize("key", [*PAGED, "nih_guide"])
def test_another_programs_output_is_refused_in_words(key: str, tmp_path: Path) -> None:
    rows = [{"id": "", "title": "Något", "closes": "2026-04-24", "source": key}]
    report = read(key, tmp_path, json.dumps(rows), "rows.json")
    assert report.calls == ()
    assert not report.complete
    ((_, message),) = report.problems
    assert message.startswith(f"{key} rows.json: expected")
    assert "\n" not in message


@pytest.mark.parametrize("key", [*PAGED, "nih_guide"])
@pytest.mark.parametrize(
    "body", ["", " \n", "<html><body><p>We are down.</p></body></html>", "no page", "<a><b/></a>"]
)
def test_what_is_no_call_is_refused_without_a_crash(key: str, body: str, tmp_path: Path) -> None:
    report = read(key, tmp_path, body)
    assert report.calls == ()
    assert not report.complete


# Dates as they are written

SWEDISH = {
    "Stänger 28 april 2026": (28, None),
    "Stänger: 28 april 2026": (28, None),
    "Stänger den 28 april 2026": (28, None),
    "Sista ansökningsdag\n28 april 2026": (28, None),
    "Stänger 2026-04-28 kl. 15:00": (28, 15),
    "Ansökan stänger 28 april 2026 klockan 15.00": (28, 15),
}


@pytest.mark.parametrize("key", ["energimyndigheten", "tillvaxtverket"])
@pytest.mark.parametrize("line", SWEDISH)
def test_a_closing_day_in_swedish(key: str, line: str, tmp_path: Path) -> None:
    address = {
        "energimyndigheten": "https://www.energimyndigheten.se/utlysningar/prov/",
        "tillvaxtverket": "https://tillvaxtverket.se/x/utlysningar/prov.123.html",
    }[key]
    call = only(read(key, tmp_path, f"URL: {address}\n\nProv\n\n{line}\n\nText om prov.\n"))
    day, hour = SWEDISH[line]
    deadline = one_deadline(call)
    assert deadline.local().day == day
    assert deadline.date_only is (hour is None)
    assert deadline.local().hour == (23 if hour is None else hour)
    assert call.texts["sv"] == "Text om prov."


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Closing date: 4 March 2026 4:00pm UK time", DeadlineKind.FIXED),
        ("Closing date:\n4 March 2026 4:00pm UK time\n", DeadlineKind.FIXED),
        ("Closing date: Open - no closing date", DeadlineKind.ROLLING),
        ("Closing date: to be confirmed", DeadlineKind.ANNOUNCED),
        ("Opportunity status: Upcoming", DeadlineKind.ANNOUNCED),
        ("Opportunity status: Open", DeadlineKind.ROLLING),
    ],
)
def test_a_closing_date_of_ukri(line: str, kind: DeadlineKind, tmp_path: Path) -> None:
    head = "URL: https://www.ukri.org/opportunity/x/\n\nFunding opportunity: Sound\n\n"
    deadline = one_deadline(only(read("ukri", tmp_path, f"{head}{line}\n\nSaid of it.\n")))
    assert deadline.kind is kind
    if kind is DeadlineKind.FIXED:
        assert deadline.at == datetime(2026, 3, 4, 16, tzinfo=LONDON)


def test_a_period_and_a_closed_call_without_a_day(tmp_path: Path) -> None:
    head = "URL: https://tillvaxtverket.se/utlysningar/prov.7.html\nProv\n"
    span = "Ansökningsperiod: 2 mars 2026 – 5 maj 2026\nText.\n"
    call = only(read("tillvaxtverket", tmp_path, head + span))
    assert call.opens == datetime(2026, 3, 2, tzinfo=STOCKHOLM)
    assert one_deadline(call).local().date() == date(2026, 5, 5)
    closed = read("tillvaxtverket", tmp_path, f"{head}Stängd\nText.\n")
    assert closed.calls == ()
    assert closed.skipped == {"closed, without a date": 1}
    assert closed.complete


@pytest.mark.parametrize(
    "written",
    [
        "2027-02-05",
        "2027-02-05T00:00:00.000Z",
        "2027-02-05T05:00:00.000Z",
        "2027-02-06T04:30:00Z",
        "02/05/2027",
        "February 5, 2027",
        ["2027-02-05"],
    ],
)
def test_a_receipt_date_of_nih_in_many_forms(written: object, tmp_path: Path) -> None:
    answer = guide(hit("RFA-EB-27-001", appreceiptdate=written, expdate="2027-02-06"))
    deadline = one_deadline(only(read("nih_guide", tmp_path, answer, "hits.json")))
    assert deadline.kind is DeadlineKind.FIXED
    assert deadline.date_only
    assert deadline.local().isoformat() == "2027-02-05T23:59:59-05:00"


def test_dates_of_nih_that_cannot_be_read_are_noted(tmp_path: Path) -> None:
    for wrong in ("soon", 17, "2027-99-99T05:00:00Z", {"a": 1}):
        answer = guide(hit("PA-27-001", expdate=wrong))
        report = read("nih_guide", tmp_path, answer, "hits.json")
        assert report.calls[0].deadlines == ()
        assert "expdate" in report.problems[0][0]


def test_standard_dates_stay_open_until_the_announcement_expires(tmp_path: Path) -> None:
    more = {"appreceiptdate": ["2027-02-05", "Standard dates apply"], "expdate": "2029-05-08"}
    call = only(read("nih_guide", tmp_path, guide(hit("PAR-27-001", **more)), "hits.json"))
    assert [d.kind for d in call.deadlines] == [DeadlineKind.CUT_OFF] * 2
    assert call.status(datetime(2028, 1, 1, tzinfo=UTC)) is Status.OPEN
    assert call.status(datetime(2029, 6, 1, tzinfo=UTC)) is Status.CLOSED
