"""Calls in the year 1 or 9999, and blanks by the ten thousand: refused, or of no consequence."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from scrapers.call import Call, without_impossible_dates
from scrapers.catalogue import get_funder
from scrapers.platforms.curated import CuratedEntryError, curated_funder
from scrapers.run import parse_files
from service.app import create_app
from service.context import Context
from service.domain.calls.name_folding import fold_name
from service.domain.calls.rounds import bare_title
from service.domain.pilots.pilot import Pilot
from service.errors import InputError
from service.jobs.find_duplicates import find_links
from service.jobs.imports.files import import_calls
from service.jobs.load_examples import load_examples
from service.jobs.reindex import reindex
from service.settings import Settings
from service.store.tables import CallRow, MetaRow
from service.use_cases.digest import preview_digest
from tests.service.new_store import open_new

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
ENDS = (
    "9999-12-31T23:59:59+00:00",
    "9999-12-31T23:59:59-12:00",
    "0001-01-01T00:00:00+00:00",
    "0001-01-01T00:00:00+14:00",
    "2150-05-06T12:00:00+02:00",
)
PLACES = ("deadline", "opens", "published", "closed_by")


def a_record(number: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "id": f"vinnova:2026-{number:05}",
        "funder": "Vinnova",
        "level": "national",
        "titles": {"sv": f"Vård i hemmet nummer {number}"},
        "texts": {"sv": "Utlysningen gäller vård i hemmet."},
        "provenance": {"source": "vinnova"},
        **more,
    }


def with_end(place: str, end: str, number: int = 1) -> dict[str, Any]:
    due = {"kind": "fixed", "zone": "Asia/Tokyo", "at": end}
    return a_record(number, **({"deadlines": [due]} if place == "deadline" else {place: end}))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    examples = tmp_path / "examples"
    (examples / "calls").mkdir(parents=True)
    (examples / "pilots").mkdir()
    pilot = {"id": "p", "title": "Vård", "language": "sv", "text": "Vård i hemmet."}
    (examples / "pilots" / "p.json").write_text(json.dumps(pilot), "utf-8")
    return Settings.from_env(
        {
            "FUNDSCOUT_DATA": str(tmp_path / "data"),
            "FUNDSCOUT_EXAMPLES": str(examples),
            "FUNDSCOUT_CLOCK": NOW.isoformat(),
        }
    )


@pytest.fixture
def context(settings: Settings) -> Context:
    return open_new(settings)


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("place", PLACES)
def test_an_import_refuses_its_line(context: Context, tmp_path: Path, place: str, end: str) -> None:
    path = tmp_path / "calls.jsonl"
    rows = [a_record(1), with_end(place, end, 2), a_record(3)]
    path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    report = import_calls(context, path)
    assert report.stored.new == 2
    (refused,) = report.refused
    assert refused.line == 2
    assert f"no call has a date in the year {int(end[:4])}" in refused.reason


@pytest.mark.parametrize("end", ENDS)
def test_examples_name_the_line(settings: Settings, context: Context, end: str) -> None:
    rows = [a_record(1), with_end("deadline", end, 2)]
    path = settings.examples / "calls" / "vinnova.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    with pytest.raises(InputError, match=r"line 2, is no call: .* no call has a date in the year"):
        load_examples(context)
    assert context.calls.is_empty()


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "9999-12-31T23:59:59-11:00"])
def test_a_file_kept_by_hand_names_the_entry(tmp_path: Path, day: str) -> None:
    head = Path(str(get_funder("kks").file)).read_text("utf-8").partition("[[call]]")[0]  # type: ignore[attr-defined]
    entry = f"""[[call]]
id = "one"
url = "https://example.org/one"
titles.sv = "Vård"
sources.what = "https://example.org/one"
sources.deadlines = "https://example.org/one"
[call.texts.sv]
what = "Vi stöder vård."
[[call.deadlines]]
kind = "fixed"
at = {day}
"""
    file = tmp_path / "played.toml"
    file.write_text(head + entry, "utf-8")
    source = curated_funder(file)()
    (page,) = source.pages(None)  # type: ignore[arg-type]
    (item,) = source.items(page)  # type: ignore[arg-type]
    with pytest.raises(CuratedEntryError, match="no call has a date in the year"):
        source.call([item])  # type: ignore[list-item]


def test_a_funders_placeholder_is_left_out(tmp_path: Path) -> None:
    row = {
        "Diarienummer": "2099-00001",
        "DiarienummerUtlysning": "2098-00001",
        "Titel": "Vård i hemmet",
    }
    path = tmp_path / "rounds.json"
    for end in ("9999-12-31T23:59:59", "0001-01-01T00:00:00", "9999-12-31T23:59:59-11:00"):
        path.write_text(json.dumps([{**row, "Stangningsdatum": end}]), "utf-8")
        (call,) = parse_files("vinnova", [path]).calls
        assert call.deadlines == ()


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("place", PLACES)
def test_a_store_that_has_one_answers(
    settings: Settings, context: Context, place: str, end: str
) -> None:
    sound = [Call.model_validate(a_record(number)) for number in (1, 2)]
    context.calls.upsert(sound, NOW)
    bad = Call.model_validate(with_end(place, end))
    with context.calls._engine.begin() as connection:  # as an earlier version stored it
        record = {"record": bad.model_dump_json(), "content_hash": bad.content_hash()}
        connection.execute(update(CallRow).where(CallRow.id == bad.id).values(**record))
        connection.execute(update(MetaRow).where(MetaRow.name == "facts_version").values(value="1"))
    context.calls._engine.dispose()
    again = open_new(settings)
    again.pilots.add(Pilot(id="p", title="Vård", text="Vård i hemmet."))
    reindex(again)
    find_links(again)
    preview_digest(again, "p")
    client = create_app(again).test_client()
    for path in ("/calls", f"/calls/{bad.id}", "/api/v1/calls", f"/api/v1/calls/{bad.id}"):
        assert client.get(path).status_code == 200, path
    stored = again.calls.get(bad.id)
    assert stored is not None
    assert (stored.deadlines, stored.opens, stored.published, stored.closed_by) == ((), *[None] * 3)


def test_what_is_stored_has_none(context: Context) -> None:
    bad = Call.model_validate(with_end("deadline", ENDS[0]))
    context.calls.upsert([bad], NOW)
    assert context.calls.get(bad.id) == without_impossible_dates(bad)
    assert context.calls.upsert([bad], NOW).nothing_changed


TITLES = {
    "blanks": "Vård" + " " * 50_000 + "i hemmet",
    "blanks first": " " * 50_000 + "Vård i hemmet",
    "blanks in brackets": "Vård (a" + " " * 50_000 + "b i hemmet",
    "commas in brackets": "Vård (a" + "," * 50_000 + "b i hemmet",
    "no-break blanks": "Vård" + "\u00a0" * 50_000 + "i hemmet",
    "lines": "Vård" + "\n\t" * 25_000 + "i hemmet",
    "blanks between years": "Vård 2026" + " " * 50_000 + "-" + " " * 50_000 + "2027 i hemmet",
}


@pytest.mark.parametrize("kind", TITLES)
def test_a_title_of_blanks_is_folded_in_few_steps(kind: str) -> None:
    """It took a minute: the test would not end, were it so again."""
    title = TITLES[kind]
    for _ in range(20):
        assert bare_title(title).startswith("vard")
        assert fold_name(title).startswith("vard")
