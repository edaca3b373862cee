from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from index.embedding.encoder import HashEncoder
from index.errors import IndexingError, SnapshotError
from index.store import snapshot
from scrapers.call import Level, Money, Status
from service.context import Context
from service.domain.matching.filters import Filters
from service.errors import InputError, JobBusyError
from service.jobs.imports.files import import_calls
from service.jobs.load_examples import load_examples, remove_examples
from service.jobs.lock import hold_lock
from service.jobs.reindex import reindex
from service.messages.render import english
from service.settings import Settings
from service.use_cases.match import match_text
from tests.service.conftest import a_call

pytestmark = pytest.mark.whole

SHARED = Path(__file__).parents[4] / "shared"

PLAIN = {
    "id": "HORIZON-X-01",
    "title": "Care at home",
    "text": "Projects shall test care at home.",
    "lang": "en",
    "programme": "Horizon Europe",
    "open_date": "2026-01-20",
    "deadline": "2026-03-17",
    "url": "https://ec.europa.eu/info/funding-tenders/opportunities/x",
    "budget_min": 2_000_000,
    "budget_max": 3_000_000,
}


def lines(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def test_a_plain_row_of_the_portal_becomes_a_full_call(context: Context, tmp_path: Path) -> None:
    report = import_calls(context, lines(tmp_path / "rows.jsonl", PLAIN))
    assert (report.stored.new, report.refused) == (1, ())
    call = context.calls.get("eu_portal:HORIZON-X-01")
    assert call is not None
    assert (call.funder, call.level) == ("European Commission", Level.EUROPEAN)
    (deadline,) = call.deadlines
    brussels = ZoneInfo("Europe/Brussels")
    assert deadline.at == datetime(2026, 3, 17, 23, 59, 59, tzinfo=brussels)
    assert deadline.date_only
    assert call.opens == datetime(2026, 1, 20, tzinfo=brussels)
    assert call.funding is not None
    assert call.funding.maximum is not None
    assert call.funding.maximum == Money(amount=Decimal(3_000_000), currency="EUR")
    assert call.status(context.now()) is Status.OPEN


def test_a_plain_row_of_unknown_origin_takes_the_funder_that_is_named(
    context: Context, tmp_path: Path
) -> None:
    row = {"id": "Dnr 12/åäö", "title": "Bidrag", "lang": "sv", "deadline": "x", "budget": "1 500"}
    path = lines(tmp_path / "rows.jsonl", row)
    import_calls(context, path, funder="Region Uppsala", level=Level.REGIONAL)
    (call,) = context.calls.all().values()
    assert call.id == "region_uppsala:Dnr-12/-"
    assert (call.funder, call.level, call.deadlines) == ("Region Uppsala", Level.REGIONAL, ())
    assert call.funding is not None
    assert call.funding.total is not None
    assert call.funding.total.amount == Decimal(1500)
    assert call.status(context.now()) is Status.UNKNOWN


def test_records_and_rows_may_stand_in_one_file(context: Context, tmp_path: Path) -> None:
    path = tmp_path / "mixed.jsonl"
    record = a_call().model_dump_json()
    path.write_text("\ufeff" + record + "\n\n" + json.dumps(PLAIN) + "\n", "utf-8")
    assert import_calls(context, path).stored.new == 2
    assert context.calls.get(a_call().id) == a_call()


def test_every_bad_line_is_named_and_the_good_ones_are_stored(
    context: Context, tmp_path: Path
) -> None:
    path = tmp_path / "rows.jsonl"
    rows: list[object] = [
        PLAIN,
        PLAIN | {"id": ""},
        PLAIN | {"id": "B", "deadline": "soon"},
        PLAIN | {"id": "C", "budget_max": "lots"},
        PLAIN | {"id": "D", "url": "javascript:alert(1)"},
        [1],
        PLAIN,
        json.loads(a_call().model_dump_json()) | {"deadlines": [{"kind": "fixed"}]},
    ]
    text = "".join(json.dumps(row) + "\n" for row in rows) + '{"id": "cut off'
    path.write_text(text, "utf-8")
    report = import_calls(context, path)
    assert (report.read, report.stored.new) == (9, 1)
    reasons = {refusal.line: refusal.reason for refusal in report.refused}
    assert set(reasons) == {2, 3, 4, 5, 6, 7, 8, 9}
    for line, words in {2: "id is missing", 3: "'soon'", 4: "'lots'", 7: "earlier line"}.items():
        assert words in reasons[line]
    assert "deadlines.0" in reasons[8]
    assert "not JSON" in reasons[9]


@pytest.mark.parametrize("content", [b"", b"<html>no</html>", b"\xff\xfe\x00"])
def test_a_file_without_a_call_stores_nothing(
    context: Context, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"rows.jsonl"):
        import_calls(context, path)
    assert context.calls.count() == 0
    assert context.runs.latest()[0].state == "failed"


def test_importing_again_changes_nothing(context: Context, tmp_path: Path) -> None:
    path = lines(tmp_path / "rows.jsonl", PLAIN)
    import_calls(context, path)
    stamp = context.calls.stamp()
    assert import_calls(context, path).stored.nothing_changed
    assert context.calls.stamp() == stamp


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared evaluation data is not here")
def test_the_real_calls_of_2026_are_all_read(context: Context) -> None:
    report = import_calls(context, SHARED / "eval/eu_calls_2026/corpus.jsonl")
    assert report.stored.new == 1367
    (refused,) = report.refused
    assert (refused.line, "is before the opening 2026-02-25" in refused.reason) == (1302, True)
    calls = context.calls.all().values()
    assert {call.funder for call in calls} == {"European Commission"}
    assert sum(1 for call in calls if not call.deadlines) == 5
    statuses = {call.status(context.now()) for call in calls}
    assert {Status.OPEN, Status.CLOSED, Status.FORTHCOMING} <= statuses


def test_examples_are_loaded_once_and_taken_away_again(context: Context) -> None:
    assert load_examples(context).stored.new == 2
    assert load_examples(context).stored.nothing_changed
    assert {call.provenance.source for call in context.calls.all().values()} == {"examples"}
    assert [pilot.id for pilot in context.pilots.all()] == ["hemma"]
    context.calls.upsert([a_call("vinnova:real")], context.now())
    assert remove_examples(context) == (2, 1)
    assert list(context.calls.all()) == ["vinnova:real"]


def test_examples_never_replace_what_a_funder_said(context: Context) -> None:
    real = a_call("vinnova:ex-1", "Det rätta namnet")
    context.calls.upsert([real], context.now())
    assert load_examples(context).stored.kept == 1
    assert context.calls.get("vinnova:ex-1") == real


def test_the_clock_stands_while_there_are_only_examples(settings: Settings) -> None:
    context = Context.open(replace(settings, clock="auto"), HashEncoder)
    assert not context.clock_note
    load_examples(context)
    assert context.clock_note
    assert "stands at 2026-03-02" in english(context.clock_note)
    context.calls.upsert([a_call("vinnova:real")], datetime.now(UTC))
    assert not context.clock_note


@pytest.mark.parametrize("broken", ["calls/vinnova.jsonl", "pilots/hemma.json"])
def test_a_broken_example_is_named(context: Context, examples: Path, broken: str) -> None:
    (examples / broken).write_text("{")
    with pytest.raises(InputError, match=Path(broken).name):
        load_examples(context)
    assert context.calls.count() == 0


def test_missing_examples_say_what_to_set(context: Context, examples: Path) -> None:
    (examples / "calls" / "vinnova.jsonl").unlink()
    with pytest.raises(InputError, match="FUNDSCOUT_EXAMPLES"):
        load_examples(context)


def test_reindexing_encodes_only_what_changed(context: Context) -> None:
    load_examples(context)
    assert not context.index_is_current()
    first = reindex(context)
    assert context.index_is_current()
    assert first.encoded == first.passages > 0
    assert reindex(context).unchanged
    context.calls.upsert([a_call("vinnova:new", "Sepsis", text="Snabb diagnostik.")], context.now())
    assert not context.index_is_current()
    assert 0 < reindex(context).encoded < first.encoded


def test_reindexing_nothing_says_what_to_do(context: Context) -> None:
    with pytest.raises(IndexingError, match="collect or import"):
        reindex(context)


def test_a_new_snapshot_is_picked_up_without_a_restart(context: Context) -> None:
    load_examples(context)
    reindex(context)
    assert "vinnova:new" not in context.searcher().documents
    same = context.searcher()
    assert context.searcher() is same
    context.calls.upsert([a_call("vinnova:new")], context.now())
    assert "not indexed yet" in " ".join(map(english, match_text(context, "hjärtsvikt").notes))
    reindex(context)
    assert "vinnova:new" in context.searcher().documents


def test_a_match_is_explained_gated_and_counted(context: Context) -> None:
    load_examples(context)
    reindex(context)
    pilot = context.pilots.get("hemma")
    assert pilot is not None
    found = match_text(context, pilot.text, top=1)
    (match,) = found.matches
    assert match.call.id == "vinnova:ex-1"
    assert sum(part.contribution for part in match.parts) == pytest.approx(match.score)
    assert {gate.name: gate.verdict.value for gate in match.gates} == {
        "status": "pass",
        "deadline": "pass",
        "profile": "unknown",
    }
    call = context.calls.get(match.call.id)
    assert call is not None
    for evidence in match.evidence:
        field = getattr(call, evidence.call.field)[evidence.call.lang]
        assert field[evidence.call.start : evidence.call.end] == evidence.call.text
        assert pilot.text[evidence.pilot.start : evidence.pilot.end] == evidence.pilot.text
    closed = match_text(context, pilot.text, filters=Filters(statuses=(Status.CLOSED,)))
    assert (closed.matches, closed.left_out) == ((), {"status open": 2})


@pytest.mark.parametrize("text", ["", " \n", "123 456", "å" * 100_001])
def test_a_text_that_cannot_be_matched_says_why(context: Context, text: str) -> None:
    load_examples(context)
    with pytest.raises(InputError, match="text"):
        match_text(context, text)


def test_a_match_without_calls_or_index_says_what_to_run(context: Context) -> None:
    with pytest.raises(InputError, match="load-examples"):
        match_text(context, "hjärtsvikt")
    load_examples(context)
    with pytest.raises(SnapshotError, match="fundscout reindex"):
        match_text(context, "hjärtsvikt")


def test_a_damaged_snapshot_is_not_current(context: Context) -> None:
    load_examples(context)
    reindex(context)
    name = snapshot.current_snapshot(context.snapshots)
    assert name
    (context.snapshots / name / "manifest.json").write_text("{}")
    assert not context.index_is_current()


def test_a_second_process_is_told_to_wait(settings: Settings) -> None:
    code = (
        "import sys, pathlib; from service.jobs.lock import hold_lock\n"
        "from service.errors import JobBusyError\n"
        "try:\n"
        "    with hold_lock(pathlib.Path(sys.argv[1]), 'reindex'): pass\n"
        "except JobBusyError: sys.exit(3)\n"
    )
    command = [sys.executable, "-c", code, str(settings.data)]
    with hold_lock(settings.data, "reindex"):
        assert subprocess.run(command, check=False).returncode == 3
    assert subprocess.run(command, check=False).returncode == 0


def test_a_job_that_is_running_is_not_run_twice(context: Context) -> None:
    load_examples(context)
    with hold_lock(context.settings.data, "reindex"), pytest.raises(JobBusyError, match="busy"):
        reindex(context)
