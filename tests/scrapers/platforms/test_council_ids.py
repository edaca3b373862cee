"""A council's call through its two doors, the interface and the pages: one id, whichever it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scrapers.run import RunReport, parse_files
from tests.scrapers.platforms.council_runs import FORMAS_CALLS

PAGES = {
    "formas": f"https://formas.se{FORMAS_CALLS}/2098-01-02-pahittad-utlysning.html",
    "forte": "https://forte.se/utlysning/pahittad-utlysning-2098/",
    "vr": "https://www.vr.se/soka-finansiering/utlysningar/2098-01-02-pahittad-utlysning.html",
}
TEXT = "Påhittad utlysning\n\nVem kan söka?\n\nKommuner.\n\nSista ansökningsdatum: 2099-05-06\n"


def a_row(number: int, *addresses: str | None, **more: object) -> dict[str, object]:
    places = [{"webbadress": address} for address in addresses]
    named = {"diarienummer": f"2099-{number:05}", "titel": f"Nummer {number}"}
    return {**named, "stangningsdatum": "2099-05-06", "publiceringsplatser": places, **more}


def interface(folder: Path, key: str, *rows: dict[str, object]) -> RunReport:
    path = folder / "answer.json"
    path.write_text(json.dumps(rows), "utf-8")
    return parse_files(key, [path])


def saved(folder: Path, address: str) -> Path:
    path = folder / "page.txt"
    path.write_text(f"URL: {address}\n\n{TEXT}", "utf-8")
    return path


@pytest.mark.parametrize("key", PAGES)
def test_both_doors_give_a_call_one_id_and_one_address(key: str, tmp_path: Path) -> None:
    (page,) = parse_files(key, [saved(tmp_path, PAGES[key])]).calls
    (record,) = interface(tmp_path, key, a_row(1, PAGES[key])).calls
    assert page.id == record.id
    assert page.url == record.url == PAGES[key]
    assert page.native_id in page.identifiers
    assert set(record.identifiers) == {"2099-00001", record.native_id}


def test_a_call_that_came_through_both_at_once_is_one_call_of_its_page(tmp_path: Path) -> None:
    answer = tmp_path / "answer.json"
    answer.write_text(json.dumps([a_row(1, PAGES["vr"], finansiarNamn="Vetenskapsrådet")]))
    report = parse_files("vr", [answer, saved(tmp_path, PAGES["vr"])])
    (call,) = report.calls
    assert call.titles == {"sv": "Påhittad utlysning"}
    assert (report.problems, report.findings, report.unread) == ((), (), {})


def test_a_record_without_a_page_of_its_own_has_its_number(tmp_path: Path) -> None:
    shared = f"https://formas.se{FORMAS_CALLS}/2098-02-03-delad.html"
    rows = [
        a_row(1),
        a_row(2, None),
        a_row(3, "https://formas.se/om-formas.html"),
        a_row(4, f"https://elsewhere.example{FORMAS_CALLS}/2098-01-02-annans.html"),
        a_row(5, shared),
        a_row(6, shared),
    ]
    report = interface(tmp_path, "formas", *rows)
    assert report.complete
    assert [call.native_id for call in report.calls] == [f"2099-{n:05}" for n in range(1, 7)]


def test_the_page_in_swedish_counts_before_the_one_in_english(tmp_path: Path) -> None:
    english = (
        "https://formas.se/en/start-page/apply-for-funding/all-calls/calls/2098-01-02-made-up.html"
    )
    (one,) = interface(tmp_path, "formas", a_row(1, english, PAGES["formas"])).calls
    assert one.native_id == "2098-01-02-pahittad-utlysning"
    (other,) = interface(tmp_path, "formas", a_row(1, english)).calls
    assert other.native_id == "2098-01-02-made-up"


def test_a_record_whose_places_are_none_is_lost_alone_and_said_once(tmp_path: Path) -> None:
    bad = a_row(1, publiceringsplatser="överallt")
    unfit = a_row(2, "javascript:alert(1)", PAGES["formas"])
    report = interface(tmp_path, "formas", bad, unfit)
    assert [call.native_id for call in report.calls] == ["2098-01-02-pahittad-utlysning"]
    where = [where for where, _ in report.problems]
    assert len(where) == len(set(report.problems)) == 2
    assert any("publiceringsplatser" in message for _, message in report.problems)
