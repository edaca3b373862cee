"""What the tests of agencies share: reading a text as a saved page, and answers of NIH's search."""

from __future__ import annotations

import json
from pathlib import Path

from scrapers.call import Call, Deadline
from scrapers.http.page import Page
from scrapers.run import RunReport, parse_files

PAGED = ("energimyndigheten", "nordforsk", "tillvaxtverket", "ukri")


def read(key: str, folder: Path, text: str, name: str = "saved.txt") -> RunReport:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return parse_files(key, [path])


def only(report: RunReport) -> Call:
    assert report.problems == ()
    assert report.unread == {}
    (call,) = report.calls
    return call


def one_deadline(call: Call) -> Deadline:
    (deadline,) = call.deadlines
    return deadline


def page(body: str, address: str = "https://example.org/x") -> Page:
    return Page(url=address, body=body.encode())


def hit(number: str, **more: object) -> dict[str, object]:
    return {"_source": {"docnum": number, "title": f"About {number}", "purpose": "Why.", **more}}


def guide(*hits: dict[str, object], total: object = None) -> str:
    count = len(hits) if total is None else total
    return json.dumps({"data": {"hits": {"total": count, "hits": list(hits)}}})
