"""What the tests of bad input share: a collection of Vinnova's lists, one of which is bad."""

from __future__ import annotations

import json

from scrapers.call import Call
from scrapers.funder import Expectations
from scrapers.funders.vinnova import Vinnova
from scrapers.http.fetch import Fetcher
from scrapers.run import RunReport, collect
from tests.scrapers.conftest import Site, SiteReply

ROUNDS = "/ansokningsomgangar/2020-01-01"
AGAIN = ("/utlysningar/2020-01-01", "/program/2020-01-01")


def a_round(number: int, **more: object) -> dict[str, object]:
    base: dict[str, object] = {
        "Diarienummer": f"2099-{number:05}",
        "DiarienummerUtlysning": "2098-00001",
        "Titel": f"Omgång {number}",
        "Oppningsdatum": "2099-01-01T00:00:00",
        "Stangningsdatum": f"2099-05-{number % 28 + 1:02}T14:00:00",
    }
    return base | more


def as_json(value: object, charset: str = "utf-8", declared: str = "utf-8") -> SiteReply:
    body = json.dumps(value, ensure_ascii=False).encode(charset)
    return SiteReply(body, headers={"Content-Type": f"application/json; charset={declared}"})


def page(body: str, status: int = 200) -> SiteReply:
    return SiteReply(body.encode(), status, {"Content-Type": "text/html; charset=utf-8"})


def source_at(site: Site) -> Vinnova:
    source = Vinnova(site.url)
    object.__setattr__(source, "expects", Expectations(minimum=1, fill=()))
    return source


def rounds(
    site: Site, fetcher: Fetcher, reply: SiteReply | bytes, last_good: int | None = None
) -> RunReport:
    """A collection in which the one list that matters is answered with ``reply``."""
    site.serve(ROUNDS, reply)
    parent = {
        "Diarienummer": "2098-00001",
        "DiarienummerProgram": "2097-00001",
        "Titel": "Utlysning",
    }
    site.serve(AGAIN[0], as_json([parent]))
    site.serve(AGAIN[1], as_json([{"Diarienummer": "2097-00001", "Titel": "Program"}]))
    return collect(source_at(site), fetcher, last_good=last_good)


def all_messages(report: RunReport) -> str:
    return " | ".join(
        [
            *(message for _, message in report.problems),
            *(finding.message for finding in report.findings),
        ]
    )


def the_call(report: RunReport) -> Call:
    (call,) = report.calls
    return call
