"""Registers of awards: their formats played in our own words, damage of every kind, real files."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.award import Award, Organisation, register, registers
from scrapers.awards import archives, broken_csv, cordis, values
from scrapers.awards.archives import Limits
from scrapers.awards.reading import Reading, read_files, read_live
from scrapers.call import Provenance
from scrapers.errors import ShapeError, UnknownFunderError
from scrapers.exchange import Limits as FetchLimits
from scrapers.fetch import Fetcher
from scrapers.fields import Fields
from tests.scrapers.conftest import FakeClock, Reply, Site

EXAMPLES = Path(__file__).parents[1] / "award_examples"
CORDIS = EXAMPLES / "cordis"
PERSONS = ("Exempelsson", "Jane", "exempel@", "0000-0000", "08-000", "19811228", "640823")


def read(key: str, *paths: Path) -> tuple[list[Award], Reading]:
    reading = read_files(register(key), paths)
    found = list(reading.awards())
    assert_accounted(reading)
    return found, reading


def assert_accounted(reading: Reading) -> None:
    passed = sum(reading.passed.values())
    assert reading.rows == reading.came + reading.lost + reading.repeated + passed


def zipped(path: Path, **files: bytes | str | Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            content = body.read_bytes() if isinstance(body, Path) else body
            archive.writestr(name.replace("__", "."), content)
    return path


def test_every_register_has_examples_and_is_found_by_its_key() -> None:
    assert registers() == ["cordis", "formas", "swecris", "vinnova"]
    assert {folder.name for folder in EXAMPLES.iterdir()} == set(registers())
    with pytest.raises(UnknownFunderError, match="there are: cordis, formas, swecris, vinnova"):
        register("nobody")


@pytest.mark.parametrize("key", registers())
def test_no_person_gets_through(key: str) -> None:
    found, reading = read(key, *sorted((EXAMPLES / key).iterdir()))
    out = "\n".join(award.model_dump_json() for award in found)
    out += json.dumps(reading.problems, ensure_ascii=False)
    assert len(found) >= 3
    assert [trace for trace in PERSONS if trace in out] == []


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("vinnova", "two_languages.json"),
        ("vinnova", "bom_and_damage.json"),
        ("formas", "getall.json"),
        ("formas", "one_project.json"),
        ("swecris", "with_people.json"),
        ("swecris", "export_seconds.json"),
        ("swecris", "search_answer.json"),
        ("cordis", "project.json"),
        ("cordis", "project-rcn-290001_en.json"),
        ("cordis", "project-rcn-290003_en.json"),
    ],
)
def test_sound_answers_are_read_whole_and_every_field_is_known(key: str, name: str) -> None:
    found, reading = read(key, EXAMPLES / key / name)
    assert found
    assert reading.complete
    assert reading.problems == []
    assert reading.unread == {}
    for award in found:
        assert award.provenance.source == key
        assert Award.model_validate_json(award.model_dump_json()) == award


def test_a_project_of_vinnova_names_its_round_first() -> None:
    (one, two), _ = read("vinnova", EXAMPLES / "vinnova" / "two_languages.json")
    assert one.id == "vinnova:2024-09101"
    assert one.caller == "vinnova"
    assert one.calls == ("2024-09001", "2024-09002", "2024-09003")
    assert set(one.titles) == set(one.texts) == {"sv", "en"}
    assert "Projektledare: [person]" in one.texts["sv"]
    assert "Färre återbesök" in one.texts["sv"]
    assert one.coordinator == Organisation(name="Exempelkliniken AB", country="SE")
    assert one.amount is not None
    assert (one.amount.amount, one.amount.currency) == (Decimal(1450000), "SEK")
    assert (one.start, one.end) == (date(2024, 9, 1), date(2026, 8, 31))
    assert set(two.titles) == {"sv"}, "x is no English"


def test_a_mark_and_a_wrong_charset_are_undone_in_names_and_texts() -> None:
    (award,), _ = read("vinnova", EXAMPLES / "vinnova" / "bom_and_damage.json")
    assert award.titles["sv"] == "Sårvård på håll för äldre i glesbygd"
    assert award.texts["sv"].startswith("Sjuksköterskor följer svårläkta sår")


def test_odd_values_are_named_and_cost_only_themselves() -> None:
    (award,), reading = read("vinnova", EXAMPLES / "vinnova" / "odd_values.json")
    assert award.calls == ("2021-09006",)
    assert [award.amount, award.end, award.coordinator] == [None, None, None]
    assert award.start == date(2021, 10, 1)
    assert (reading.rows, reading.lost) == (4, 2)
    assert reading.passed == {"round, call or programme": 1}
    said = "\n".join(message for _, message in reading.problems)
    for part in ("'ej fastställt'", "an end before the start", "'2021-9105'", "an object"):
        assert part in said


def test_formas_drops_who_is_a_person_by_number_and_keeps_the_call() -> None:
    (one, two), _ = read("formas", EXAMPLES / "formas" / "getall.json")
    assert one.calls == two.calls == ("2023-09011",)
    assert one.programme == "Hälsa i en hållbar stad"
    assert one.coordinator == Organisation(name="Exempel universitet", country="SE")
    assert two.coordinator is None
    assert two.texts["sv"].startswith("Huvudsökande: [person].")
    assert two.amount is not None
    assert two.amount.amount == 1_500_000


def test_swecris_reads_times_and_seconds_and_counts_repeats() -> None:
    (award,), reading = read("swecris", EXAMPLES / "swecris" / "with_people.json")
    assert (reading.rows, reading.repeated) == (2, 1)
    assert (award.start, award.end) == (date(2024, 1, 1), date(2026, 12, 31))
    assert award.funder == "Swedish Research Council"
    assert award.calls == ()
    (award,), _ = read("swecris", EXAMPLES / "swecris" / "export_seconds.json")
    assert (award.start, award.end) == (date(2022, 1, 1), date(2023, 12, 31))
    assert award.coordinator is None, "a personal number of twelve digits"


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
    rows = list(broken_csv.table(io.BytesIO(body.encode()), "test"))
    ids = [row.cells["id"] for row in rows if isinstance(row, broken_csv.Table)]
    assert ids == [f"10190{number:04}" for number in range(len(texts))]
    for number, row in enumerate(rows):
        assert isinstance(row, broken_csv.Table)
        assert row.cells["startDate"] == "2024-01-01"
        assert row.cells["ecMaxContribution"] == "1000,5"
        assert row.cells["rcn"] == str(7000 + number)


def test_a_table_of_something_else_is_refused_and_a_flood_of_semicolons_is_cheap() -> None:
    with pytest.raises(ShapeError, match="columns from id or projectID on"):
        list(broken_csv.table([b"name;age\n", b"a;1\n"], "test"))
    (row,) = broken_csv.table([b"id;title\n", b'1234567;"' + b";" * 100_000], "test")
    assert isinstance(row, broken_csv.Unread)
    assert "100,002 pieces" in row.reason
    flood = [b"id;title\n", b'1234567;"a\n', *[b"more\n"] * 1000, b"7654321;b\n"]
    rows = list(broken_csv.table(flood, "test"))
    assert [row.line for row in rows] == [2, 1003]


def test_half_a_zip_is_said_to_be_half(tmp_path: Path) -> None:
    whole = zipped(tmp_path / "whole.zip", project__json=CORDIS / "project.json").read_bytes()
    half = tmp_path / "half.zip"
    half.write_bytes(whole[: len(whole) // 2])
    found, reading = read("cordis", half)
    assert found == []
    assert not reading.complete
    ((where, message),) = reading.problems
    assert "half.zip" in where
    assert "cut off or damaged" in message


def test_one_damaged_file_of_a_zip_does_not_end_the_others(tmp_path: Path) -> None:
    path = tmp_path / "files.zip"
    good = (CORDIS / "project-rcn-290001_en.json").read_bytes()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("project-rcn-1_en.json", b'{"id": "101900009", "title": "Damaged"}')
        archive.writestr("project-rcn-2_en.json", good[: len(good) // 2])
        archive.writestr("project-rcn-3_en.xml", b"<project><id>1</id>")
        archive.writestr("project-rcn-4_en.json", good)
    path.write_bytes(path.read_bytes().replace(b"Damaged", b"dAMAGED"))
    (award,), reading = read("cordis", path)
    assert_is_bedside(award)
    assert (reading.rows, reading.lost) == (4, 3)
    said = "\n".join(message for _, message in reading.problems)
    for part in ("project-rcn-1_en.json", "CRC", "project-rcn-2_en.json", "project-rcn-3_en.xml"):
        assert part in said


def test_damaged_organisations_leave_the_projects(tmp_path: Path) -> None:
    path = zipped(
        tmp_path / "flat.zip",
        project__json=CORDIS / "project.json",
        organization__json=(CORDIS / "organization.json").read_bytes()[:-200],
    )
    found, reading = read("cordis", path)
    assert [award.id for award in found] == ["cordis:101900001", "cordis:101900002"]
    assert reading.lost == 1
    assert "without these organisations" in reading.problems[0][1]


@pytest.mark.parametrize(
    "limits",
    [Limits(one=10_000), Limits(whole=10_000), Limits(ratio=10, small=1000), Limits(files=1)],
    ids=["one file", "in all", "packed too well", "files"],
)
def test_a_zip_that_unpacks_without_end_is_refused(
    limits: Limits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cordis.Cordis, "limits", limits)
    path = zipped(tmp_path / "bomb.zip", project__json=b"[" + b" " * 5_000_000, other__txt="")
    found, reading = read("cordis", path)
    assert found == []
    assert reading.broken == 1
    assert "It is not what the register publishes." in reading.problems[0][1]


def test_a_bomb_is_not_unpacked_further_than_its_limit(tmp_path: Path) -> None:
    path = zipped(tmp_path / "bomb.zip", project__json=b"0" * 30_000_000)
    archive = archives.Archive(path.read_bytes(), "bomb", Limits(ratio=2, small=1_000_000))
    sizes: list[int] = []
    with pytest.raises(ShapeError, match="unpacks to more than 1,000,000 bytes"):
        sizes.extend(len(piece) for piece in archive.chunks("project.json"))
    assert 0 < sum(sizes) <= 1_000_000


def test_a_zip_of_something_else_says_so(tmp_path: Path) -> None:
    _, reading = read("cordis", zipped(tmp_path / "other.zip", readme__txt="hello"))
    assert "a zip of 1 other files" in reading.problems[0][1]
    locked = tmp_path / "not.zip"
    locked.write_bytes(b"PK\x03\x04 nothing follows")
    _, reading = read("cordis", locked)
    assert "cut off or damaged" in reading.problems[0][1]


def test_a_list_is_read_piece_by_piece_wherever_the_pieces_end() -> None:
    items = [{"å": "ö€😀", "n": 12345}, 678, "x]y,", [1, [2]], None]
    body = json.dumps(items, ensure_ascii=False, indent=1).encode()
    for size in (1, 2, 3, 7, 1000):
        pieces = (body[at : at + size] for at in range(0, len(body), size))
        assert list(archives.json_items(pieces, "test")) == items
    assert list(archives.json_items(iter([b"\xef\xbb\xbf []"]), "test")) == []


@pytest.mark.parametrize("end", [b"", b'{"id": 2', b'{"id": 2}', b'{"id": 2} oops]'])
def test_a_list_that_breaks_off_gives_what_came_before(end: bytes) -> None:
    found: list[Any] = []
    with pytest.raises(ShapeError, match="cut off or broken"):
        found.extend(archives.json_items(iter([b'[{"id": 1}, ' + end]), "test"))
    items = archives.json_items(iter([b'[{"id": 1}, ' + end]), "test")
    assert next(items) == {"id": 1}


def test_half_a_list_of_projects_gives_its_first_half(tmp_path: Path) -> None:
    body = (CORDIS / "project.json").read_bytes()
    path = tmp_path / "half.json"
    path.write_bytes(body[: len(body) - 40])
    (award,), reading = read("cordis", path)
    assert award.id == "cordis:101900001"
    assert (reading.broken, reading.lost) == (1, 0)


def test_xml_with_entities_of_its_own_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "entities.xml"
    path.write_text('<!DOCTYPE p [<!ENTITY a "aa">]><project><id>101900001</id></project>', "utf-8")
    found, reading = read("cordis", path)
    assert found == []
    assert "entities" in reading.problems[0][1]


@pytest.mark.parametrize(
    ("key", "body", "said"),
    [
        ("vinnova", b"<!DOCTYPE html><title>API</title>", "a page of HTML"),
        ("formas", b"[]", "an empty list"),
        ("formas", b"", "an empty answer"),
        ("swecris", b'"token"', "a list of projects"),
        ("cordis", b"<!DOCTYPE html><html></html>", "a page of HTML"),
        ("cordis", b"\xff\xfe\x00", "columns from id"),
        ("cordis", b'{"message": "gone"}', "a grant's number"),
        ("cordis", b"<other/>", "an element project"),
    ],
)
def test_what_is_no_answer_is_refused_in_words(
    key: str, body: bytes, said: str, tmp_path: Path
) -> None:
    path = tmp_path / "answer"
    path.write_bytes(body)
    found, reading = read(key, path, tmp_path / "missing")
    assert found == []
    assert not reading.complete
    assert said in reading.problems[0][1]
    assert "No such file" in reading.problems[1][1]
    assert not any("\n" in message for _, message in reading.problems)


@pytest.mark.parametrize(
    "number", ["640823-3234", "6408233234", "19640823-3234", "196408233234", "640823+3234"]
)
def test_a_personal_number_is_no_organisation(number: str) -> None:
    assert values.organisation("Någons firma", "SE", number) is None
    assert values.organisation(f"Firma {number}", "SE") is None or "-" not in number


def test_organisations_are_kept_by_their_numbers() -> None:
    for number in ("202100-3054", "556000-0000", "2021003054", "802012-1276", "DE 123", ""):
        found = values.organisation("Ett bolag", "se", number)
        assert found == Organisation(name="Ett bolag", country="SE")
    assert values.organisation("Ej öppna data", "SE") is None
    assert values.organisation("Bo Ek enskild firma", "SE") is None
    assert values.organisation("Verket", "Sverige") == Organisation(name="Verket")


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        ("Projektledare: Anna Exempelsson och andra", "Projektledare: [person] och andra"),
        ("Principal Investigator: Dr. Jane Q. Doe", "Principal Investigator: [person]"),
        ("PI: Jane van Exempel.", "PI: [person]."),
        ("professor Jane Exempelsson leads", "professor [person] leads"),
        ("Kontaktperson: 850101-1234", "Kontaktperson: [number]"),
        ("Koordinator: Region Stockholm", "Koordinator: Region Stockholm"),
        ("Koordinator: Anna Exempelsson", "Koordinator: [person]"),
        ("Projektet leds av Exempelkliniken AB", "Projektet leds av Exempelkliniken AB"),
        ("PI controllers: PID Tuning", "PI controllers: PID Tuning"),
    ],
)
def test_persons_with_a_label_are_cut_from_texts(source: str, kept: str) -> None:
    assert values.text(source) == kept


def test_amounts_have_no_more_decimals_than_they_need_and_commas_are_decimals() -> None:
    for written, amount in (
        ("2073781,25", "2073781.25"),
        (13330200.0, "13330200"),
        ("5 000", "5000"),
    ):
        found = values.amount(Fields({"a": written}, "test"), "a", "EUR")
        assert found is not None
        assert str(found.amount) == amount
    for nothing in (None, 0, "", "-5", "many", True):
        assert values.amount(Fields({"a": nothing}, "test"), "a", "EUR") is None


def test_identifiers_of_calls_need_the_funder_they_belong_to() -> None:
    with pytest.raises(ValueError, match="the funder they belong to"):
        Award(
            id="a:1",
            funder="A",
            titles={"sv": "T"},
            calls=("2024-00001",),
            provenance=Provenance(source="a"),
        )


# ---- live, against a server on this machine


@pytest.fixture
def fetcher(clock: FakeClock) -> Fetcher:
    limits = FetchLimits(retries=0)
    return Fetcher("test@example.org", limits=limits, clock=clock, local=True)


def test_vinnova_and_formas_are_asked_since_a_day(site: Site, fetcher: Fetcher) -> None:
    body = (EXAMPLES / "vinnova" / "two_languages.json").read_bytes()
    site.serve("/projekt/2020-01-01", body)
    site.serve("/projekt/2024-05-06", b"[]")
    reading = read_live(register("vinnova", site.url), fetcher)
    assert len(list(reading.awards())) == 2
    (award, *_) = read_live(register("vinnova", site.url), fetcher).awards()
    assert award.provenance.url == f"{site.url}/projekt/2020-01-01"
    reading = read_live(register("vinnova", site.url, date(2024, 5, 6)), fetcher)
    assert list(reading.awards()) == []
    assert reading.complete, "nothing may have changed since"
    site.serve("/GetAll", (EXAMPLES / "formas" / "getall.json").read_bytes())
    site.serve("/getbychangeddate/2024-05-06", Reply(b"no", 500))
    assert len(list(read_live(register("formas", site.url), fetcher).awards())) == 2
    reading = read_live(register("formas", site.url, date(2024, 5, 6)), fetcher)
    assert list(reading.awards()) == []
    assert reading.broken == 1


def test_swecris_sends_its_token_and_asks_nothing_without(site: Site, fetcher: Fetcher) -> None:
    source = register("swecris", site.url)
    reading = read_live(source, fetcher)
    assert list(reading.awards()) == []
    assert "wants a token" in reading.problems[0][1]
    assert site.asked == []
    body = (EXAMPLES / "swecris" / "with_people.json").read_bytes()
    site.serve("/projects/funders/202100-5208", body)
    site.serve("/projects/funders/202100-5216", Reply(b"", 401))
    source.secret = "a-token-of-ours"  # noqa: S105  it opens nothing
    reading = read_live(source, fetcher)
    assert len(list(reading.awards())) == 1
    assert site.asked[-1].headers["authorization"] == "Bearer a-token-of-ours"
    assert site.paths()[-1].endswith("202100-5216"), "a refused token is not tried again"
    assert "ask for a new one" in reading.problems[0][1]
    assert "a-token-of-ours" not in json.dumps(reading.problems)


def test_cordis_is_fetched_as_one_zip(site: Site, fetcher: Fetcher, tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", project__json=CORDIS / "project.json")
    site.serve("/cordis-HORIZONprojects-json.zip", path.read_bytes())
    reading = read_live(register("cordis", site.url), fetcher)
    assert [award.id for award in reading.awards()] == ["cordis:101900001", "cordis:101900002"]
    assert reading.complete


# ---- real files, where they are at hand


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


def test_real_rows_of_swecris(samples: Path) -> None:
    path = samples / "swecris" / "swecris_kth_sample60.json"
    found, reading = read("swecris", path)
    assert (reading.rows, reading.came, reading.lost) == (60, 60, 0)
    assert reading.problems == []
    assert reading.unread == {}
    first = found[0]
    assert first.funder == "Swedish Energy Agency"
    assert (first.start, first.end) == (date(2022, 12, 1), date(2026, 12, 31))
    assert sum(set(award.texts) == {"sv", "en"} for award in found) >= 50
    assert all(award.amount and award.coordinator for award in found)


def test_real_calls_are_no_awards(samples: Path) -> None:
    found, reading = read("vinnova", *sorted((samples / "vinnova").glob("*.json")))
    assert found == []
    assert reading.came == 0
    assert reading.rows == reading.lost + sum(reading.passed.values())
    found, reading = read("formas", *sorted((samples / "formas").glob("*.json")))
    assert found == []
    assert reading.rows == reading.lost > 0
