"""How sources fare, told from the runs: failing, stale, mended, never collected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from scrapers.call import Provenance
from scrapers.catalogue import all_funders, get_funder
from scrapers.checks import Finding
from scrapers.http.fetch import Fetcher
from scrapers.run import RunReport
from service.context import Context
from service.domain.calls.sources import SourceState, SourceStatus, list_source_statuses
from service.jobs import collect as collecting
from service.jobs.collect import collect_funder
from service.store.runs import Run
from tests.service.conftest import NOW, a_call

KEY = "vinnova"


@dataclass(frozen=True)
class KnownRuns:
    """Runs that are given, oldest first."""

    runs: tuple[Run, ...] = ()

    def newest(self, job: str, *, state: str | None = None) -> dict[str, Run]:
        wanted = [run for run in self.runs if run.job == job and state in (None, run.state)]
        return {run.subject: run for run in wanted}


def run(id_: int, state: str, *, job: str = "collect", days: int = 0, **report: Any) -> Run:
    at = NOW - timedelta(days=days)
    return Run(id_, job, KEY, at, state, None if state == "running" else at, report)


def status(*runs: Run) -> SourceStatus:
    (result,) = list_source_statuses(
        [get_funder(KEY)], [a_call()], KnownRuns(runs), now=NOW, clock=NOW
    )
    return result


def test_a_source_that_was_never_collected() -> None:
    result = status()
    assert (result.state, result.failing, result.stale) == (SourceState.NEVER, False, False)
    assert (result.last_run, result.last_good, result.findings) == (None, None, ())
    assert (result.key, result.name, result.calls) == (KEY, "Vinnova", 1)
    assert (result.level, result.verified) == ("national", "real answer")


def test_a_good_source() -> None:
    result = status(run(1, "failed", calls=0, findings=["none came"]), run(2, "done", calls=46))
    assert (result.state, result.findings) == (SourceState.GOOD, ())
    assert result.last_run == result.last_good
    assert result.last_run is not None
    assert (result.last_run.calls, result.last_run.state) == (46, "done")


def test_a_run_that_was_held_back_marks_its_source_and_says_why() -> None:
    result = status(run(1, "done", calls=46, days=1), run(2, "failed", findings=["none came"]))
    assert (result.state, result.failing, result.findings) == (
        SourceState.FAILING,
        True,
        ("none came",),
    )
    assert result.last_good is not None
    assert result.last_good.calls == 46
    broken = status(run(1, "failed", error="The disk is full."))
    assert broken.findings == ("The disk is full.",)


def test_what_a_good_run_was_told_is_passed_on_without_alarm() -> None:
    result = status(run(1, "done", calls=46, findings=["a new field came"]))
    assert (result.failing, result.findings) == (False, ("a new field came",))


@pytest.mark.parametrize(("days", "stale"), [(6, False), (8, True)])
def test_a_source_grows_stale(days: int, stale: bool) -> None:
    result = status(run(1, "done", calls=46, days=days), run(2, "running"))
    assert result.stale is stale
    assert result.state is (SourceState.STALE if stale else SourceState.GOOD)
    assert result.last_run is not None
    assert result.last_run.finished_at is None


def test_a_run_that_is_going_on_hides_no_failure() -> None:
    assert status(run(1, "failed", findings=["x"]), run(2, "running")).failing


def test_reading_again_mends_or_breaks() -> None:
    failed = run(1, "failed", findings=["none came"])
    assert not status(failed, run(2, "done", job="reparse", findings=[])).failing
    fell_back = run(2, "done", job="reparse", findings=["these are the good ones of yesterday"])
    assert status(failed, fell_back).failing
    again = run(2, "failed", job="reparse", findings=["all titles alike"])
    assert status(run(1, "done", calls=46), again).findings == ("all titles alike",)


def test_calls_kept_by_hand_that_nobody_checked_are_counted() -> None:
    kept = a_call("kks:hog").model_copy(
        update={"provenance": Provenance(source="kks", curated=True)}
    )
    (result,) = list_source_statuses(
        [get_funder("kks")], [kept, a_call()], KnownRuns(), now=NOW, clock=NOW
    )
    assert (result.calls, result.unchecked) == (1, 1)


def report(*findings: Finding, calls: int) -> RunReport:
    stored = tuple(a_call(f"vinnova:2026-{n:03}") for n in range(calls))
    return RunReport(KEY, NOW, NOW, complete=True, pages=1, calls=stored, findings=findings)


def test_a_failing_run_is_marked_logged_and_leaves_the_last_good_calls(
    context: Context, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    held = Finding("0 calls came; a healthy run has at least 100.", blocks=True)
    outcomes = [report(calls=3), report(held, calls=0)]
    monkeypatch.setattr(collecting, "collect", lambda *_a, **_k: outcomes.pop(0))
    fetcher = Fetcher("https://example.org/who")
    assert collect_funder(context, get_funder(KEY), fetcher).stored is not None
    assert caplog.records == []
    assert collect_funder(context, get_funder(KEY), fetcher).stored is None
    fetcher.close()
    (record,) = caplog.records
    line: Any = record.msg
    assert line["level"] == "warning"
    assert "held back" in line["event"]
    assert (line["funder"], line["findings"]) == (KEY, [held.message])
    assert len(context.calls.all()) == 3
    assert context.calls.not_seen_since() == {}
    known = {KEY: all_funders()[KEY]}
    (result,) = list_source_statuses(
        known.values(), context.calls.all().values(), context.runs, now=NOW, clock=NOW
    )
    assert (result.failing, result.findings, result.calls) == (True, (held.message,), 3)
    assert result.last_good is not None
    assert result.last_good.calls == 3
