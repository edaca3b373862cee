"""Two scrapers that failed in silence, replayed: our checks hold such runs back.

One gave every call of the Swedish Energy Agency the day of its own run as deadline, and a few
days later found no call at all. The other was answered with a manual instead of data.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from scrapers.call import Call, Deadline, DeadlineKind, Level, Provenance, end_of_day
from scrapers.catalogue import get_funder
from scrapers.checks import Finding, check_run
from scrapers.errors import FetchError
from scrapers.funder import Expectations
from scrapers.http.page import Page
from scrapers.run import RunReport, collect

ZONE = "Europe/Stockholm"
ENERGY = get_funder("energimyndigheten")


def call_of(row: Mapping[str, str]) -> Call:
    """A call as the other scraper had it: its title, address and closing day, and no text."""
    closes = date.fromisoformat(row["closes"])
    deadline = Deadline(
        kind=DeadlineKind.FIXED, zone=ZONE, at=end_of_day(closes, ZONE), date_only=True
    )
    return Call(
        id=f"energimyndigheten:{row['url'].rstrip('/').rsplit('/', 1)[1]}",
        funder="Energimyndigheten",
        level=Level.NATIONAL,
        titles={"sv": row["title"]},
        deadlines=(deadline,),
        url=row["url"],
        provenance=Provenance(source="energimyndigheten"),
    )


def rows(count: int, closes: str = "2026-04-24") -> list[dict[str, str]]:
    """Rows of our own in that scraper's form."""
    return [
        {"title": f"Utlysning {n}", "url": f"https://example.org/u/{n}/", "closes": closes}
        for n in range(count)
    ]


def blocking(found: tuple[Finding, ...]) -> list[str]:
    return [finding.message for finding in found if finding.blocks]


def only_deadlines(calls: list[Call], last_good: int | None = None) -> list[str]:
    """What blocks when texts are not asked for, so that nothing but the deadlines is judged."""
    expects = Expectations(minimum=20, fill=(("deadlines", 0.8),))
    return blocking(check_run(calls, expects=expects, last_good=last_good))


def test_the_real_rows_with_one_deadline_are_held_back(samples: Path) -> None:
    path = samples / "energimyndigheten" / "abeltomy_energi_2026-04-23.json"
    calls = [call_of(row) for row in json.loads(path.read_text("utf-8"))]
    assert len(calls) == len({call.id for call in calls}) == 201
    (message,) = only_deadlines(calls, last_good=201)
    assert message.startswith("all 201 deadlines are the same instant, 2026-04-24")
    assert message in blocking(check_run(calls, expects=ENERGY.expects, last_good=201))


def test_the_real_empty_answer_after_that_is_held_back(samples: Path) -> None:
    path = samples / "energimyndigheten" / "abeltomy_energi_2026-05-04.json"
    calls = [call_of(row) for row in json.loads(path.read_text("utf-8"))]
    assert calls == []
    found = blocking(check_run(calls, expects=ENERGY.expects, last_good=201))
    assert found == [
        "0 calls came; a healthy run has at least 20.",
        "0 calls came, 100 % fewer than the 201 of the last good run.",
    ]


class SameAnswer:
    """A network that gives the same body to whatever is asked."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    def get(
        self, url: str, *, deadline: float | None = None, headers: Mapping[str, str] | None = None
    ) -> Page:
        del deadline, headers
        return Page(url=url, body=self.body, headers={"content-type": "text/html; charset=utf-8"})

    def post_json(
        self, url: str, body: Mapping[str, Any], *, headers: Mapping[str, str] | None = None
    ) -> Page:
        del headers
        raise FetchError(f"{url} takes no {len(body)} fields")

    def post_parts(self, url: str, parts: Mapping[str, Any]) -> Page:
        raise FetchError(f"{url} takes no {len(parts)} parts")


def assert_held_back(report: RunReport) -> list[str]:
    """Check that a manual instead of data publishes nothing; return the blocking messages."""
    assert report.calls == ()
    assert not report.complete
    assert not report.publishable
    messages = blocking(report.findings)
    assert "0 calls came; a healthy run has at least 100." in messages
    assert any("HTML" in message for _, message in report.problems)
    return messages


def test_the_real_manual_instead_of_rounds_is_held_back(samples: Path) -> None:
    page = samples / "vinnova" / "api_ansokningsomgangar_documentation_page.html"
    report = collect(get_funder("vinnova"), SameAnswer(page.read_bytes()), last_good=46)
    messages = assert_held_back(report)
    assert any("100 % fewer than the 46" in message for message in messages)


def test_a_manual_of_our_own_is_held_back_even_in_a_first_run() -> None:
    body = "<!DOCTYPE html><title>Öppna data</title><p>Ange ett datum.".encode()
    messages = assert_held_back(collect(get_funder("vinnova"), SameAnswer(body)))
    assert not any("last good run" in message for message in messages), "there was none"


def test_one_deadline_for_all_is_held_back() -> None:
    (message,) = only_deadlines([call_of(row) for row in rows(40)])
    assert message == "all 40 deadlines are the same instant, 2026-04-24 23:59."


def test_nearly_one_deadline_for_all_is_held_back_too() -> None:
    calls = [call_of(row) for row in (*rows(39), {**rows(40)[39], "closes": "2026-05-01"})]
    assert only_deadlines(calls) == ["39 of 40 deadlines are on 2026-04-24."]


def test_one_day_at_many_hours_is_one_day() -> None:
    first = datetime(2026, 4, 24, 8, tzinfo=ZoneInfo(ZONE))
    calls = []
    for n, row in enumerate(rows(24)):
        at = first + timedelta(minutes=n)
        due = Deadline(kind=DeadlineKind.FIXED, zone=ZONE, at=at)
        calls.append(call_of(row).model_copy(update={"deadlines": (due,)}))
    assert only_deadlines(calls) == ["24 of 24 deadlines are on 2026-04-24."]


def test_deadlines_that_differ_pass_and_a_few_that_agree_too() -> None:
    spread = [call_of({**row, "closes": f"2026-04-{10 + n % 9}"}) for n, row in enumerate(rows(40))]
    assert only_deadlines(spread) == []
    alike = Expectations(minimum=1, fill=(("deadlines", 0.8),))
    assert check_run([call_of(row) for row in rows(9)], expects=alike) == ()


@pytest.mark.parametrize(("count", "held"), [(15, True), (27, True), (28, False), (40, False)])
def test_a_drop_against_the_last_good_run(count: int, held: bool) -> None:
    calls = [call_of({**row, "closes": f"2026-04-{10 + n % 9}"}) for n, row in enumerate(rows(40))]
    found = only_deadlines(calls[:count], last_good=40)
    assert bool(found) is held
    assert any("fewer than the 40" in message for message in found) is held


def texts(filled: int, of: int) -> Iterator[Call]:
    for n, row in enumerate(rows(of)):
        given = {"sv": f"Text {n}. " * 40} if n < filled else {}
        yield call_of({**row, "closes": f"2026-04-{10 + n % 9}"}).model_copy(
            update={"texts": given}
        )


@pytest.mark.parametrize(
    ("filled", "of", "held"),
    [(16, 20, False), (15, 20, True), (0, 20, True), (1, 5, False), (0, 5, True), (0, 3, False)],
)
def test_a_field_that_is_rarely_filled(filled: int, of: int, held: bool) -> None:
    expects = Expectations(minimum=1, fill=(("texts", 0.8),))
    found = blocking(check_run(list(texts(filled, of)), expects=expects))
    assert [message.split(" of the")[0] for message in found] == (
        [f"only {filled / of:.0%}"] if held else []
    )


def test_one_text_for_most_calls_is_held_back() -> None:
    page = "Vi använder kakor på den här webbplatsen. " * 6
    calls = [c.model_copy(update={"texts": {"sv": page}}) for c in texts(11, 20)][:11]
    calls += list(texts(20, 20))[11:]
    found = blocking(check_run(calls, expects=Expectations(minimum=1)))
    assert found == [f"11 of 20 calls have one text, “{page[:60]}…”."]


def test_fields_that_nobody_reads_are_said_and_block_nothing() -> None:
    unread = {f"round.Nytt{n}": n + 1 for n in range(10)}
    calls = list(texts(20, 20))
    (found,) = check_run(calls, expects=Expectations(minimum=1), unread=unread)
    assert not found.blocks
    assert "round.Nytt0 (1)" in found.message
    assert found.message.endswith("and 2 more.")
