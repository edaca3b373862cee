"""Pages of Swedish agencies and councils: sums, applicants, counties, titles and periods."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from scrapers.call import Call
from scrapers.reading.applicants import excluded_kind
from scrapers.run import parse_files

PAGES: list[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("agency_pages.toml").read_text("utf-8")
)["page"]


def parsed(page: dict[str, Any], folder: Path) -> Call:
    file = folder / ("page.html" if page.get("html") else "page.txt")
    file.write_text(page["source"], "utf-8")
    report = parse_files(page["funder"], [file])
    assert report.problems == ()
    (call,) = report.calls
    return call


def said(call: Call, names: list[str]) -> dict[str, Any]:
    """Return the fields of ``call`` in the words of the file of pages."""
    pays = call.funding
    deadline = call.deadlines[0] if call.deadlines else None
    sums = {
        name: getattr(pays, name).amount if pays and getattr(pays, name) else "none"
        for name in ("total", "minimum", "maximum")
    }
    values = {
        **sums,
        "share": pays.share_percent if pays else "none",
        "applicants": sorted(e.value for e in call.eligibility if e.kind == "applicant"),
        "refused": sorted(excluded_kind(e.value) for e in call.eligibility if e.kind == "excluded"),
        "regions": sorted(
            name for e in call.eligibility if e.kind == "region" for name in e.value.split(", ")
        ),
        "title": next(iter(call.titles.values())),
        "opens": call.opens.isoformat() if call.opens else "none",
        "closes": deadline.at.isoformat() if deadline and deadline.at else "none",
        "note": deadline.text if deadline else "",
        "id": call.id,
    }
    return {name: values[name] for name in names}


@pytest.mark.parametrize("page", PAGES, ids=[one["name"] for one in PAGES])
def test_a_page_is_read_as_it_says(page: dict[str, Any], tmp_path: Path) -> None:
    call = parsed(page, tmp_path)
    says = dict(page["says"])
    text = "\n".join(call.texts.values())
    assert [words for words in says.pop("not_in_text", []) if words in text] == []
    found = said(call, list(says))
    for name in ("opens", "closes"):
        if name in says:
            assert str(found.pop(name)).startswith(says.pop(name))
    assert says.pop("note", "") in found.pop("note", "")
    assert found == {
        name: Decimal(value) if isinstance(value, int) else value for name, value in says.items()
    }


def test_counties_are_quoted_as_one_condition_and_an_applicant_region_stays(tmp_path: Path) -> None:
    source = """URL: https://tillvaxtverket.se/sok/utlysningar/skog.90007.html

Skogen som klassrum

 • Stänger 16 mars 2027
 • Region Värmland
 • Dalarnas län

Vem kan söka?

 • Region Värmland
 • Kommuner
"""
    call = parsed({"funder": "tillvaxtverket", "source": source}, tmp_path)
    regions = [e.value for e in call.eligibility if e.kind == "region"]
    assert regions == ["Värmland, Dalarna"]
    assert "Region Värmland" in call.texts["sv"]


def test_a_page_of_no_call_is_refused_with_its_address(tmp_path: Path) -> None:
    file = tmp_path / "page.txt"
    file.write_text("URL: https://formas.se/om-formas/kontor.html\n\nKontor\n\nVi finns här.\n")
    (problem,) = parse_files("formas", [file]).problems
    assert "https://formas.se/om-formas/kontor.html" in problem[1]
    assert "URL:" not in problem[1]


def test_a_closed_page_without_any_day_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "page.txt"
    source = "URL: https://www.energimyndigheten.se/utlysningar/tak/\n\nSol på tak\n\nStängd\n\n"
    file.write_text(source + "Vem kan söka?\n\nKommuner.\n", "utf-8")
    report = parse_files("energimyndigheten", [file])
    assert report.calls == ()
    assert report.problems == ()
