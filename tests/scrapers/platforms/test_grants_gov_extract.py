"""The register's extract: plain or in a zip, whole or broken, and beside other answers."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from scrapers.run import parse_files

EXTRACT = Path(__file__).parents[2] / "examples" / "grants_gov" / "invented_extract.xml"
HITS = b"""{"errorcode": 0, "data": {"hitCount": 1, "oppHits": [
  {"id": "900101", "number": "XX-31-001", "title": "Sensors", "openDate": "01/15/2031"}]}}"""


def zipped(**files: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, body in files.items():
            archive.writestr(f"{name}.xml", body)
    return held.getvalue()


def test_a_zip_gives_what_its_file_gives(tmp_path: Path) -> None:
    packed = tmp_path / "extract.zip"
    packed.write_bytes(zipped(extract=EXTRACT.read_bytes()))
    plain = parse_files("grants_gov", [EXTRACT]).calls
    found = parse_files("grants_gov", [packed]).calls
    assert [c.content_hash() for c in found] == [c.content_hash() for c in plain]
    assert len(found) == 3


def test_a_row_of_the_extract_says_more_than_a_hit(tmp_path: Path) -> None:
    hits = tmp_path / "hits.json"
    hits.write_bytes(HITS)
    for order in ([hits, EXTRACT], [EXTRACT, hits]):
        found = {call.id: call for call in parse_files("grants_gov", order).calls}
        assert found["grants_gov:900101"].deadlines[0].local().hour == 17


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (zipped(one=b"<a/>", two=b"<a/>"), "a zip with one XML file"),
        (b"PK\x03\x04 and no more", "a zip that can be opened"),
        (b"<?xml version='1.0'?><Grants/>", "XML without any"),
        (EXTRACT.read_bytes()[:-200], "XML"),
        (b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><Grants>&b;</Grants>", "entities"),
    ],
)
def test_what_is_no_extract_is_refused_in_words(tmp_path: Path, body: bytes, said: str) -> None:
    path = tmp_path / "extract"
    path.write_bytes(body)
    report = parse_files("grants_gov", [path])
    assert not report.complete
    assert said in report.problems[0][1]


def test_a_bad_row_is_lost_alone(tmp_path: Path) -> None:
    body = EXTRACT.read_text("utf-8")
    body = body.replace(">900102<", ">no number<").replace(">03102031<", ">13322031<")
    body = body.replace("<EligibleApplicants>23<", "<EligibleApplicants>77<")
    path = tmp_path / "extract.xml"
    path.write_text(body, "utf-8")
    report = parse_files("grants_gov", [path])
    assert [call.id for call in report.calls] == ["grants_gov:900103"]
    said = " ".join(message for _, message in report.problems)
    assert "OpportunityID" in said
    assert "CloseDate" in said
