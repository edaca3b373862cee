"""Whole pages of funders with steps, sums and limits, field by field."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from scrapers.call import Call, DeadlineKind, Status
from scrapers.run import parse_files

NOW = datetime(2026, 11, 30, tzinfo=ZoneInfo("UTC"))
LONDON, OSLO = ZoneInfo("Europe/London"), ZoneInfo("Europe/Oslo")


def read(funder: str, source: str, folder: Path) -> Call:
    path = folder / "page.txt"
    path.write_text(source, encoding="utf-8")
    report = parse_files(funder, [path])
    assert report.problems == ()
    assert len(report.calls) == 1
    return report.calls[0]


def sums(call: Call) -> dict[str, int | None]:
    """The sums of a call by name, as whole numbers."""
    funding = call.funding
    assert funding is not None
    named = {"total": funding.total, "minimum": funding.minimum, "maximum": funding.maximum}
    return {name: int(money.amount) for name, money in named.items() if money is not None}


def test_a_stage_before_the_application_is_the_first_deadline(tmp_path: Path) -> None:
    source = """URL: https://www.ukri.org/opportunity/calm-hours/

Funding opportunity: Calm hours

Opportunity status: Open
Funders: Medical Research Council (MRC)
Opening date: 2 November 2026 9:00am UK time
Closing date: 10 February 2027 4:00pm UK time

Money for partners who give wards calm hours.

A project may cost up to £1.2 million, of which UKRI pays 80%. We expect to make 36 awards.

How to apply

Pre application stage

Write to us with the idea before anything else. You must do this by 14 December 2026.

Full application stage

Only teams that we invited after the first stage should go on with this part.

Deadline

Your application must reach us by 10 February 2027 at 4:00pm UK time.
"""
    call = read("ukri", source, tmp_path)
    first, second = call.deadlines
    assert (first.kind, first.stage, first.date_only) == (DeadlineKind.TWO_STAGE, 1, True)
    assert f"{first.local():%Y-%m-%d}" == "2026-12-14"
    assert (second.stage, second.at) == (2, datetime(2027, 2, 10, 16, tzinfo=LONDON))
    assert "invited" in second.text
    assert not call.invited_only
    assert call.status(NOW) is Status.OPEN
    assert call.status(datetime(2026, 12, 20, tzinfo=LONDON)) is Status.CLOSED
    assert sums(call) == {"maximum": 1_200_000}
    assert call.funding is not None
    assert call.funding.share_percent == Decimal(80)
    assert call.funding.expected_awards == 36


def test_a_mandatory_expression_binds_and_those_abroad_may_not_lead(tmp_path: Path) -> None:
    source = """URL: https://www.ukri.org/opportunity/hubs-of-helpers/

Funding opportunity: Hubs of helpers

Opportunity status: Open
Total fund: £12,000,000
Maximum award: £4 million
Opening date: 1 October 2026 9:00am UK time
Closing date: 4 February 2027 4:00pm UK time

Money for hubs in which machines help carers.

An expression of interest is mandatory. It must be with us by 8 December 2026 4:00pm UK time.

Who can apply

The usual rules hold. Leads from organisations outside the UK are not eligible to apply.
"""
    call = read("ukri", source, tmp_path)
    upcoming = call.next_deadline(NOW)
    assert upcoming is not None
    assert upcoming.stage == 1
    assert upcoming.at == datetime(2026, 12, 8, 16, tzinfo=LONDON)
    assert [one.stage for one in call.deadlines] == [1, 2]
    (excluded,) = [fact for fact in call.eligibility if fact.kind == "excluded"]
    assert excluded.quote.startswith("Leads from organisations outside the UK")
    assert sums(call) == {"total": 12_000_000, "maximum": 4_000_000}


def test_an_invitation_after_a_stage_elsewhere_leaves_others_out(tmp_path: Path) -> None:
    source = """URL: https://www.ukri.org/opportunity/what-is-dark-stage-two/

Funding opportunity: What is dark

Opportunity status: Open
Total fund: £4.5m
Award range: £50k to £1.5m
Closing date: 12 January 2027 4:00pm UK time

Money to look for what is dark.

To apply

You can only apply if we have invited you after stage one went well. The link comes by email.
"""
    call = read("ukri", source, tmp_path)
    assert call.invited_only
    (deadline,) = call.deadlines
    assert deadline.at == datetime(2027, 1, 12, 16, tzinfo=LONDON)
    assert sums(call) == {"total": 4_500_000, "minimum": 50_000, "maximum": 1_500_000}


def test_a_page_in_another_folder_is_the_same_call(tmp_path: Path) -> None:
    source = """URL: https://www.nordforsk.org/sv/calls/registers-of-the-north

Registers of the north

The submission deadline for this call has passed
Application deadline
05.10.2016 13:00
Financial Framework
The total budget for the call is maximum NOK 47 million. Each project may seek up to NOK 10 million.
"""
    call = read("nordforsk", source, tmp_path)
    assert call.id == "nordforsk:registers-of-the-north"
    assert [one.at for one in call.deadlines] == [datetime(2016, 10, 5, 13, tzinfo=OSLO)]
    assert call.status(NOW) is Status.CLOSED
    assert sums(call) == {"total": 47_000_000, "maximum": 10_000_000}


def test_phases_in_prose_and_a_pot_that_centres_share(tmp_path: Path) -> None:
    source = """URL: https://nordforsk.org/calls/a-living-forest

A living forest

NordForsk opens a call in two phases. Three centres share NOK 90 million. The application \
deadline for the first phase is 16 March 2027.

Those whose pre-proposal is chosen are invited to the second phase, due in September 2027.
"""
    call = read("nordforsk", source, tmp_path)
    first, second = call.deadlines
    assert (first.kind, first.stage, first.date_only) == (DeadlineKind.TWO_STAGE, 1, True)
    assert f"{first.local():%Y-%m-%d}" == "2027-03-16"
    assert (second.kind, second.stage, second.at) == (DeadlineKind.ANNOUNCED, 2, None)
    assert "September 2027" in second.text
    assert sums(call) == {"total": 90_000_000}
    assert call.funding is not None
    assert call.funding.expected_awards == 3
    assert call.status(datetime(2027, 4, 1, tzinfo=OSLO)) is Status.CLOSED


def test_a_budget_told_in_parts_and_a_second_phase_by_invitation(tmp_path: Path) -> None:
    source = """URL: https://nordforsk.org/calls/universities-as-one

Universities as one

The call opens
1 February 2027
Deadline
15 March 2027 at 13:00 CET

The available budget is NOK 300 million: NOK 100 million from NordForsk and NOK 200 million from \
the universities.

Each consortium can receive maximum NOK 20 million over five years.

Applications are judged in 2 phases. About 20 are invited to send full proposals in phase 2.
"""
    call = read("nordforsk", source, tmp_path)
    assert call.opens == datetime(2027, 2, 1, tzinfo=OSLO)
    (first,) = call.deadlines
    assert (first.kind, first.stage) == (DeadlineKind.TWO_STAGE, 1)
    assert first.at == datetime(2027, 3, 15, 13, tzinfo=OSLO)
    assert sums(call) == {"total": 300_000_000, "maximum": 20_000_000}


@pytest.mark.parametrize(
    ("funder", "address"),
    [
        ("ukri", "https://www.ukri.org/councils/mrc/opportunity/calm-hours/"),
        ("ukri", "https://www.ukri.org/opportunity/2026/calm-hours/"),
        ("nordforsk", "https://www.nordforsk.org/en/calls/archive/calm-hours"),
        ("nordforsk", "https://www.nordforsk.org/no/calls/calm-hours/"),
    ],
)
def test_folders_around_a_call_are_no_part_of_it(funder: str, address: str, tmp_path: Path) -> None:
    source = f"URL: {address}\n\nCalm hours\n\nClosing date: 10 February 2027\n\nCalm.\n"
    assert read(funder, source, tmp_path).native_id == "calm-hours"


@pytest.mark.parametrize(
    ("funder", "address"),
    [
        ("ukri", "https://www.ukri.org/news/calm-hours/"),
        ("nordforsk", "https://www.nordforsk.org/calls/archive"),
        ("tillvaxtverket", "https://tillvaxtverket.se/om-oss.html"),
        ("energimyndigheten", "https://www.energimyndigheten.se/om-oss/"),
        ("formas", "https://formas.se/en/start-page/about-us/contact.html"),
        ("vr", "https://www.vr.se/om-oss.html"),
        ("forte", "https://forte.se/om-oss/"),
    ],
)
def test_an_address_that_is_no_calls_is_named_as_the_reason(
    funder: str, address: str, tmp_path: Path
) -> None:
    path = tmp_path / "page.txt"
    path.write_text(f"URL: {address}\n\nCalm hours\n\nText.\n", encoding="utf-8")
    ((_, message),) = parse_files(funder, [path]).problems
    assert address in message


def test_a_letter_of_intent_of_the_guide_binds_nobody(tmp_path: Path) -> None:
    source = """URL: https://grants.nih.gov/grants/guide/pa-files/PAR-27-126.html

Funding Opportunity Title
Calm hours
Funding Opportunity Announcement (FOA) Number
PAR-27-126
Letter of Intent Due Date(s)
January 5, 2027
Application Due Date(s)
February 5, 2027
Expiration Date
March 8, 2027
Funding Opportunity Purpose
Calm wards.
"""
    call = read("nih_guide", source, tmp_path)
    assert all(one.stage is None for one in call.deadlines)
    assert not any(f"{one.local():%Y-%m-%d}" == "2027-01-05" for one in call.deadlines)
