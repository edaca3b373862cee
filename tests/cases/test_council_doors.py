"""The councils' open data by another door: no limit, or the key as a parameter."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from scrapers.catalogue import get_funder
from scrapers.errors import FetchError
from scrapers.funder import Funder
from scrapers.http.archive import PageArchive
from scrapers.http.exchange import Limits
from scrapers.http.fetch import Fetcher
from scrapers.http.page import Page
from scrapers.http.secrets import address_without_key, text_without_keys
from scrapers.probe import probe
from scrapers.run import RunReport, collect
from tests.scrapers.conftest import FakeClock, Site, SiteReply, SiteRequest

KEY = "a-key+of/ours"
DAYS = ("oppningsdatum", "stangningsdatum")


def a_row(number: int, *, dated: bool = True) -> dict[str, Any]:
    row = {
        "diarienummer": f"2049-{number:05}",
        "titel": f"Utlysning {number} om vård",
        "beskrivning": f"Text nummer {number} om saken.",
        "finansiarNamn": "Formas",
    }
    days = ("2048-12-01", f"2049-{1 + number % 12:02}-{1 + number % 27:02}")
    return row | dict(zip(DAYS, days if dated else (None, None), strict=True))


class Interface:
    """An interface that refuses what a test says it does, and remembers what it was asked."""

    def __init__(
        self,
        count: int,
        *,
        status: Mapping[str, int] | None = None,
        days_with_limit: bool = True,
        days_without: bool = True,
        cap: int = 500,
    ) -> None:
        self.count, self.status, self.cap = count, status or {}, cap
        self.days = {True: days_with_limit, False: days_without}
        self.asked: list[str] = []

    def get(self, url: str, *, deadline: float | None = None, headers: Any = None) -> Page:
        assert deadline
        query = parse_qs(urlsplit(url).query)
        named = {
            "header": bool(headers),
            "parameter": "authorization" in query,
            "limit": "limit" in query,
        }
        self.asked.append("+".join(name for name, there in named.items() if there))
        for name, status in self.status.items():
            if named.get(name):
                raise FetchError(f"{address_without_key(url)} answered {status}")
        assert KEY in (headers or {}).values() or query["authorization"] == [KEY]
        start = int(query.get("offset", ["0"])[0])
        most = min(int(query.get("limit", [self.cap])[0]), self.cap)
        numbers = range(start, min(start + most, self.count))
        rows = [a_row(n, dated=self.days[named["limit"]]) for n in numbers]
        body = json.dumps(rows).encode()
        return Page(url=url, body=body, headers={"x-totalrecords": str(self.count)})


def council() -> Funder:
    source = get_funder("formas")
    source.secret = KEY
    return source


def collected(interface: Interface) -> tuple[RunReport, str]:
    source = council()
    report = collect(source, interface)  # type: ignore[arg-type]
    assert KEY not in repr(report)
    return report, source.door


WAYS = {
    "as specified": (Interface(40), "the key in the header, with a limit", ["header+limit"]),
    "no days with a limit": (
        Interface(40, days_with_limit=False),
        "the key in the header, without a limit: with one all days were missing",
        ["header+limit", "header"],
    ),
    "the key in the header is refused": (
        Interface(40, status={"header": 401}),
        "the key as a parameter, with a limit",
        ["header+limit", "parameter+limit"],
    ),
    "refused with 403": (
        Interface(40, status={"header": 403}),
        "the key as a parameter, with a limit",
        ["header+limit", "parameter+limit"],
    ),
    "both": (
        Interface(40, status={"header": 401}, days_with_limit=False),
        "the key as a parameter, without a limit: with one all days were missing",
        ["header+limit", "parameter+limit", "parameter"],
    ),
    "the limit itself is refused": (
        Interface(40, status={"limit": 400}),
        "the key in the header, without a limit",
        ["header+limit", "header"],
    ),
    "a limit is not found and the key not taken": (
        Interface(40, status={"limit": 404, "header": 401}),
        "the key as a parameter, without a limit",
        ["header+limit", "header", "parameter"],
    ),
}


@pytest.mark.parametrize("name", WAYS)
def test_the_next_way_is_tried_and_told(name: str) -> None:
    interface, door, asked = WAYS[name]
    report, said = collected(interface)
    assert (len(report.calls), report.complete, report.publishable) == (40, True, True)
    assert all(call.deadlines for call in report.calls)
    assert (said, interface.asked) == (door, asked)


def test_days_that_are_missing_either_way_are_said_and_hold_the_run_back() -> None:
    report, door = collected(Interface(40, days_with_limit=False, days_without=False))
    assert not report.publishable
    assert "the days are missing, also without a limit" in door
    assert len(report.calls) == 40


def test_a_key_that_no_way_takes_is_asked_for_anew() -> None:
    report, _ = collected(Interface(40, status={"header": 401, "parameter": 401}))
    assert not report.publishable
    ((_, message),) = report.problems
    assert "the key for formas was refused; ask Formas for a new one" in message


def test_a_failing_server_is_not_asked_in_other_ways() -> None:
    interface = Interface(40, status={"header": 503})
    report, _ = collected(interface)
    assert not report.publishable
    assert interface.asked == ["header+limit"]


def test_pages_without_a_limit_that_are_cut_are_counted() -> None:
    report, _ = collected(Interface(40, status={"limit": 400}, cap=25))
    assert not report.complete
    assert any("25 of 40 rows came, 15 missing" in message for _, message in report.problems)


class Overlapping(Interface):
    """Gives rows of the page before again in place of others."""

    def get(self, url: str, *, deadline: float | None = None, headers: Any = None) -> Page:
        page = super().get(url, deadline=deadline, headers=headers)
        start = int(parse_qs(urlsplit(url).query)["offset"][0])
        rows = json.loads(page.body)
        if start:
            rows[:7] = [a_row(n) for n in range(start - 7, start)]
        return Page(url=url, body=json.dumps(rows).encode(), headers=page.headers)


def test_rows_that_come_again_do_not_hide_rows_lost() -> None:
    report, _ = collected(Overlapping(240, cap=200))
    assert not report.complete
    assert any("233 of 240 rows came, 7 missing" in message for _, message in report.problems)


@pytest.fixture
def site() -> Iterator[Site]:
    served = Site()
    yield served
    served.close()


def test_a_key_in_the_address_is_kept_nowhere(site: Site, tmp_path: Path) -> None:
    def answer(request: SiteRequest) -> SiteReply:
        if "authorization=" not in request.path:
            return SiteReply(b"{}", 401)
        if "offset=200" in request.path:
            return SiteReply(b"no", 500)
        rows = [a_row(n) for n in range(200)]
        return SiteReply(json.dumps(rows).encode(), headers={"x-totalrecords": "201"})

    site.routes["/utlysningar"] = answer
    source = get_funder("formas", site.url)
    source.secret = KEY
    archive = PageArchive(tmp_path / "pages")
    limits = Limits(retries=0)
    fetcher = Fetcher("https://example.org/who", archive, clock=FakeClock(), limits=limits)
    report = collect(source, fetcher, archive=archive)
    fetcher.close()
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    quoted = b"a-key%2Bof%2Fours"
    for secret in (KEY.encode(), quoted):
        assert secret not in kept
        assert secret not in repr(report).encode()
    assert len(report.calls) == 200
    assert any("answered 500" in message for _, message in report.problems)


def test_a_live_doctor_says_which_door_was_open() -> None:
    result = probe(council(), Interface(40, status={"header": 401}))  # type: ignore[arg-type]
    assert result.door == "the key as a parameter, with a limit"
    assert KEY not in repr(result)


def test_addresses_and_messages_lose_their_key() -> None:
    address = "https://api.example.org/x?limit=1&authorization=s%2Bt&offset=0"
    assert address_without_key(address) == "https://api.example.org/x?limit=1&offset=0"
    assert text_without_keys(f"{address} answered 500") == (
        "https://api.example.org/x?limit=1&offset=0 answered 500"
    )
    assert address_without_key("https://example.org/a?b=1") == "https://example.org/a?b=1"
