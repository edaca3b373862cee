"""Pages with steps and invitations give the deadlines that they name, in every shape."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from scrapers.call import Call, DeadlineKind, Status
from scrapers.run import parse_files
from tests.cases.last_step_pages import LAST_PAGES
from tests.cases.later_step_pages import LATER_PAGES
from tests.cases.step_pages import PAGES, StepPage, make_page

ALL_PAGES = (*PAGES, *LATER_PAGES, *LAST_PAGES)


def read_page(page: StepPage, folder: Path) -> Call:
    path = folder / ("page.html" if page.source.startswith("<") else "page.txt")
    path.write_text(page.source, encoding="utf-8")
    report = parse_files(page.funder, [path])
    assert report.problems == ()
    assert len(report.calls) == 1
    return report.calls[0]


def stages_of(call: Call) -> tuple[tuple[int | None, str], ...]:
    return tuple(
        (one.stage, "later" if one.at is None else f"{one.local():{form(one.date_only)}}")
        for one in call.deadlines
    )


def form(date_only: bool) -> str:
    return "%Y-%m-%d" if date_only else "%Y-%m-%d %H:%M"


@pytest.mark.parametrize("page", ALL_PAGES, ids=lambda page: f"{page.funder}-{page.name}")
def test_a_page_gives_its_steps_and_says_who_is_invited(page: StepPage, tmp_path: Path) -> None:
    call = read_page(page, tmp_path)
    assert stages_of(call) == page.expected.stages
    assert call.invited_only is page.expected.invited


@pytest.mark.parametrize(
    "page",
    [page for page in ALL_PAGES if page.expected.stages[0][0] == 1],
    ids=lambda page: f"{page.funder}-{page.name}",
)
def test_after_the_first_step_a_newcomer_is_too_late(page: StepPage, tmp_path: Path) -> None:
    call = read_page(page, tmp_path)
    first = call.deadlines[0]
    assert first.kind is DeadlineKind.TWO_STAGE
    assert first.at is not None
    after = datetime(first.at.year, first.at.month, first.at.day, tzinfo=UTC).replace(hour=23)
    late = max(after, first.at).timestamp() + 3600
    assert call.status(datetime.fromtimestamp(late, UTC)) is Status.CLOSED
    assert call.next_deadline(datetime.fromtimestamp(late, UTC)) is None


def test_a_step_that_may_bind_is_told_beside_the_deadline(tmp_path: Path) -> None:
    page = next(one for one in PAGES if one.name == "an expression said only to exist")
    (deadline,) = read_page(page, tmp_path).deadlines
    assert deadline.kind is DeadlineKind.FIXED
    assert "check there whether it binds" in deadline.text
    assert "8 December 2026" in deadline.text


@pytest.mark.parametrize(
    "rows",
    [
        "<tr><td>Outline</td><td>2 November 2026</td><td>11 December 2026</td></tr>",
        "<tr><td>2 November 2026</td><td>11 December 2026</td><td>Outline</td></tr>",
    ],
)
def test_a_table_without_columns_gives_no_stage(rows: str, tmp_path: Path) -> None:
    body = f"<p>Closing date: 10 February 2027</p><p>Calm wards.</p><table>{rows}</table>"
    page = make_page("a table without a head", "ukri", body, (None, "2027-02-10"))
    assert stages_of(read_page(page, tmp_path)) == page.expected.stages
    (deadline,) = read_page(page, tmp_path).deadlines
    assert deadline.kind is DeadlineKind.FIXED


def test_a_step_later_than_the_application_or_long_before_it_is_none(tmp_path: Path) -> None:
    body = """Closing date: 10 February 2027

Outlines for the round after this one are due on 1 June 2027. Those of 2024 were due on 1 June 2024.
"""
    page = make_page("other rounds", "ukri", body, (None, "2027-02-10"))
    assert stages_of(read_page(page, tmp_path)) == page.expected.stages


def test_two_days_for_one_step_give_the_earlier(tmp_path: Path) -> None:
    body = """Closing date: 10 February 2027

Outlines are due on 11 December 2026. Outlines must reach us by 14 December 2026.
"""
    page = make_page("two days", "ukri", body, (1, "2026-12-11"), (2, "2027-02-10"))
    assert stages_of(read_page(page, tmp_path)) == page.expected.stages
