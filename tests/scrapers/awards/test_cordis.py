"""CORDIS in all its layouts, and its tables whose quotes are broken."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.award import Award, Organisation
from scrapers.awards import broken_csv
from scrapers.errors import ShapeError
from tests.scrapers.awards.award_answers import CORDIS, read, zipped

BEDSIDE = {
    "calls": ("HORIZON-HLTH-2023-TOOL-05-09", "HORIZON-HLTH-2023-TOOL-05"),
    "coordinator": Organisation(name="EXEMPEL UNIVERSITET", country="SE"),
}
HOSPITAL = Organisation(name="EXAMPLE HOSPITAL TRUST", country="GB")


def assert_is_bedside(award: Award) -> None:
    assert award.id == "cordis:101900001"
    assert award.titles == {"en": "BEDSIDE – Sepsis found at the bedside"}
    assert award.caller == "eu_portal"
    assert {name: getattr(award, name) for name in BEDSIDE} == BEDSIDE
    assert HOSPITAL in award.partners
    assert award.amount is not None
    assert (award.amount.amount, award.amount.currency) == (Decimal("4999999.5"), "EUR")
    assert (award.start, award.end) == (date(2024, 1, 1), date(2027, 12, 31))
    assert award.url == "https://cordis.europa.eu/project/id/101900001"


def test_all_layouts_of_cordis_give_the_same_award(tmp_path: Path) -> None:
    rcn = "project-rcn-290001_en"
    flat = zipped(
        tmp_path / "flat.zip",
        project__json=CORDIS / "project.json",
        organization__json=CORDIS / "organization.json",
        topics__json="[]",
    )
    bedside: dict[str, bytes | str | Path] = {f"{rcn}__json": CORDIS / f"{rcn}.json"}
    numbered = {"project-rcn-290003_en__json": CORDIS / "project-rcn-290003_en.json"}
    files = zipped(tmp_path / "files.zip", **bedside, **numbered, information__txt="read me")
    xml = zipped(tmp_path / "xml.zip", **{f"xml/{rcn}__xml": CORDIS / f"{rcn}.xml"})
    (one, two), reading = read("cordis", flat)
    assert reading.complete
    assert_is_bedside(one)
    assert one.partners[1] == Organisation(name="BEISPIEL GMBH", country="CH")
    assert two.coordinator == Organisation(name="PARADEIGMA AE", country="GR")
    assert two.titles == {"en": "Wards that “listen”"}
    (one, two), reading = read("cordis", files)
    assert reading.complete
    assert_is_bedside(one)
    assert two.calls == ("HORIZON-HLTH-2023-TOOL-05-09",)
    for path in (xml, CORDIS / f"{rcn}.xml"):
        (one,), reading = read("cordis", path)
        assert reading.complete
        assert_is_bedside(one)


def test_organisations_without_their_projects_are_passed_over() -> None:
    for name in ("organization.json", "broken_quotes_organization.csv"):
        found, reading = read("cordis", CORDIS / name)
        assert found == []
        assert reading.passed == {"organisation outside the zip of its project": reading.rows}
        assert reading.rows >= 3


def test_broken_quotes_lose_no_row_in_silence(tmp_path: Path) -> None:
    path = zipped(
        tmp_path / "csv.zip",
        project__csv=CORDIS / "broken_quotes_project.csv",
        organization__csv=CORDIS / "broken_quotes_organization.csv",
    )
    found, reading = read("cordis", path)
    clean, team, lines, seams, old = found
    assert (reading.rows, reading.lost) == (6, 1)
    assert not reading.complete
    assert any("line 9" in where for where, _ in reading.problems), "the row cut in half"
    assert clean.coordinator == BEDSIDE["coordinator"]
    assert team.titles == {"en": 'THE "A" TEAM – A "smart"; but small patch'}
    assert team.amount is not None
    assert team.amount.amount == Decimal("1999828.25")
    assert team.coordinator == Organisation(
        name='STICHTING "HET VOORBEELD"; ONDERZOEK', country="NL"
    )
    assert team.partners == (Organisation(name="PARADEIGMA AE", country="GR"),)
    assert lines.texts["en"].splitlines() == [
        "First line;",
        'second "line";',
        '2030; a year, and "a last quote"',
    ]
    assert seams.texts["en"] == 'Cells that "look"; "like cells" inside'
    assert old.titles == {"en": "OLD – Käse und Brot"}
    assert {award.calls for award in found} == {BEDSIDE["calls"]}


def test_a_common_reader_would_have_lost_rows() -> None:
    """The example is worth its name: what the house's reader keeps, the usual one swallows."""
    source = (CORDIS / "broken_quotes_project.csv").read_bytes().decode("cp1252")
    rows = list(csv.DictReader(io.StringIO(source), delimiter=";"))
    whole = [row for row in rows if (row.get("topics") or "").startswith("HORIZON-HLTH")]
    assert len(whole) < 5


ROUGH = st.text(alphabet='ab ";\n,', max_size=30)


@given(st.lists(st.tuples(ROUGH, ROUGH), min_size=1, max_size=6))
def test_whatever_the_texts_hold_rows_are_told_apart(texts: list[tuple[str, str]]) -> None:
    names = ["id", "title", "startDate", "ecMaxContribution", "objective", "rcn"]
    body = ";".join(f'"{name}"' for name in names) + "\n"
    for number, (title, objective) in enumerate(texts):
        cells = [f"10190{number:04}", title, "2024-01-01", "1000,5", objective, str(7000 + number)]
        body += ";".join(f'"{cell}"' for cell in cells) + "\n"
    rows = list(broken_csv.read_table(io.BytesIO(body.encode()), "test"))
    ids = [row.cells["id"] for row in rows if isinstance(row, broken_csv.TableRow)]
    assert ids == [f"10190{number:04}" for number in range(len(texts))]
    for number, row in enumerate(rows):
        assert isinstance(row, broken_csv.TableRow)
        assert row.cells["startDate"] == "2024-01-01"
        assert row.cells["ecMaxContribution"] == "1000,5"
        assert row.cells["rcn"] == str(7000 + number)


def test_a_table_of_something_else_is_refused_and_a_flood_of_semicolons_is_cheap() -> None:
    with pytest.raises(ShapeError, match="columns from id or projectID on"):
        list(broken_csv.read_table([b"name;age\n", b"a;1\n"], "test"))
    (row,) = broken_csv.read_table([b"id;title\n", b'1234567;"' + b";" * 100_000], "test")
    assert isinstance(row, broken_csv.UnreadableRow)
    assert "100,002 pieces" in row.reason
    flood = [b"id;title\n", b'1234567;"a\n', *[b"more\n"] * 1000, b"7654321;b\n"]
    rows = list(broken_csv.read_table(flood, "test"))
    assert [row.line for row in rows] == [2, 1003]


def test_real_records_of_cordis(samples: Path) -> None:
    found, reading = read("cordis", *sorted((samples / "cordis").glob("*.xml")))
    assert (reading.rows, reading.came, reading.lost) == (2, 2, 0)
    assert reading.unread == {}
    solar, regulation = found
    assert solar.calls == ("HORIZON-CL5-2021-D2-01-11", "HORIZON-CL5-2021-D2-01")
    assert solar.coordinator == Organisation(name="COMET GLOBAL INNOVATION, SL", country="ES")
    assert len(solar.partners) == 7
    assert solar.amount is not None
    assert solar.amount.amount == Decimal("2073781.25")
    assert regulation.calls[0] == "HORIZON-HLTH-2022-TOOL-11-02"
