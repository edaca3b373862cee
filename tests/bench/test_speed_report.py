"""The report of `python -m bench.speed`: floors, exit status, JSON, page and plot."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from bench.speed import __main__ as speed
from bench.speed import alone
from bench.speed.plan import Plan
from bench.speed.plot import draw_plot, gain
from bench.speed.report import Report, SubjectReport, show_value, subject_lines
from bench.speed.rows import HERE, Bound, Place, Row, SkippedError, curve_row
from bench.speed.subjects import NAMES

pytestmark = pytest.mark.slow

RATE = Row("passages a second", 4.0, "times", "in turns", Bound(3.5, 5))
SHARE = Row("memory", 0.4, "of it", "in turns", Bound(1 / 2, 1 / 4, less_is_better=True))
PLACES = [Place("a match", HERE, size) for size in (1_000, 10_000)]
POINTS = [curve_row(place, place.size / 100, "ms", "median") for place in PLACES]


def report_of(*rows: Row, **states: str) -> Report:
    subject = SubjectReport("encoding", rows, 1.5, 120.0, **states)
    facts = {"processor": "a <fast> one", "cores": "2"}
    return Report(
        date(2026, 11, 30), facts, {"numpy": "2"}, "real calls", Plan(Path("work")), [subject]
    )


@pytest.mark.parametrize(
    ("bound", "value", "holds", "aim"),
    [
        (Bound(3.5, 5), 3.5, True, False),
        (Bound(3.5, 5), 3.4, False, False),
        (Bound(3.5, 5), 5.0, True, True),
        (Bound(1 / 2, 1 / 4, less_is_better=True), 0.5, True, False),
        (Bound(1 / 2, 1 / 4, less_is_better=True), 0.51, False, False),
        (Bound(1 / 2, 1 / 4, less_is_better=True), 0.2, True, True),
        (Bound(0, less_is_better=True), 0.0, True, True),
        (Bound(3.5, 5), math.nan, False, False),
        (Bound(3.5, 5, less_is_better=True), math.nan, False, False),
    ],
)
def test_a_floor_is_reached_or_missed(bound: Bound, value: float, holds: bool, aim: bool) -> None:
    assert bound.holds(value) is holds
    assert bound.reaches_aim(value) is aim


def test_how_many_times_better_than_the_floor_a_figure_is() -> None:
    assert gain(Bound(3.5), 7) == pytest.approx(2)
    assert gain(Bound(1 / 6, less_is_better=True), 1 / 12) == pytest.approx(2)
    assert gain(Bound(1 / 6, less_is_better=True), 1 / 3) == pytest.approx(1 / 2)


def test_shares_are_shown_as_people_say_them() -> None:
    assert show_value(1 / 12, "of it") == "1/12"
    assert show_value(0.75, "of it") == "0.75"
    assert show_value(4.2, "times") == "4.2 times"
    assert show_value(1234.5, "MB") == "1,234 MB"


@pytest.mark.parametrize(
    ("found", "status"),
    [
        (SubjectReport("encoding", (RATE, SHARE, *POINTS)), 0),
        (SubjectReport("encoding", (replace(RATE, value=3.0), SHARE)), 1),
        (SubjectReport("encoding", failed="Traceback …"), 1),
        (SubjectReport("encoding", skipped="git has no commit"), 0),
    ],
)
def test_a_missed_floor_and_a_failure_end_with_1(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    found: SubjectReport,
    status: int,
) -> None:
    def run_alone(name: str, plan: Plan) -> SubjectReport:
        assert (name, plan.sizes) == ("encoding", (10, 20))
        return found

    monkeypatch.setattr(speed, "run_alone", run_alone)
    sizes = ("--tiny", "--sizes", "20", "10")
    assert speed.main([*sizes, "--only", "encoding", "--out", str(tmp_path)]) == status
    written = json.loads((tmp_path / "speed.json").read_text("utf-8"))
    assert written["good"] is (status == 0)
    assert [one["name"] for one in written["subjects"]] == ["encoding"]
    assert {"speed.json", "speed.svg", "speed.md"} == {one.name for one in tmp_path.iterdir()}
    printed = capsys.readouterr()
    assert printed.err == "".join(f"MISSED: {r.figure}\n" for r in found.rows if r.passed is False)
    assert printed.out.startswith("encoding: 0 s")


def test_without_names_every_subject_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def run_alone(name: str, plan: Plan) -> SubjectReport:
        asked.append(f"{name} at {len(plan.sizes)} sizes")
        return SubjectReport(name)

    monkeypatch.setattr(speed, "run_alone", run_alone)
    assert speed.main(["--out", str(tmp_path)]) == 0
    assert asked == [f"{name} at 4 sizes" for name in NAMES]


def test_a_subject_that_cannot_be_measured_or_breaks_is_said() -> None:
    def skip(_: Plan) -> list[Row]:
        raise SkippedError("no evaluation data here")

    def fail(_: Plan) -> list[Row]:
        raise RuntimeError("the server ended")

    plan = Plan(Path("work"))
    skipped = alone.measure_subject("encoding", plan, skip)
    failed = alone.measure_subject("encoding", plan, fail)
    good = alone.measure_subject("encoding", plan, lambda _: [RATE])
    assert skipped.skipped == "no evaluation data here"
    assert not skipped.failed
    assert "RuntimeError: the server ended" in failed.failed
    assert good.rows == (RATE,)
    assert good.peak > 1
    assert "  skipped: no evaluation data here" in list(subject_lines(skipped))


@pytest.mark.slow
def test_a_subject_runs_in_a_process_of_its_own(tmp_path: Path) -> None:
    found = alone.run_alone("memory", Plan(tmp_path, sizes=(10,)))
    assert found.skipped == "memory for each call needs two sizes"
    assert not found.failed


def test_the_json_says_what_was_measured_where_and_how() -> None:
    written = json.loads(report_of(RATE, SHARE, *POINTS).as_json())
    assert written["date"] == "2026-11-30"
    assert written["machine"]["cores"] == "2"
    assert written["versions"] == {"numpy": "2"}
    assert written["against"] == "486580e"
    (subject,) = written["subjects"]
    assert (subject["seconds"], subject["peak_mb"]) == (1.5, 120)
    rate, share, point, _ = subject["rows"]
    assert rate == {
        "figure": "passages a second",
        "value": 4.0,
        "unit": "times",
        "floor": 3.5,
        "aim": 5,
        "less_is_better": False,
        "passed": True,
        "how": "in turns",
        "curve": None,
        "whose": None,
        "size": None,
    }
    assert (share["floor"], share["less_is_better"], share["passed"]) == (0.5, True, True)
    assert (point["curve"], point["whose"], point["size"]) == ("a match", HERE, 1_000)
    assert (point["floor"], point["passed"]) == (None, None)


def test_the_page_has_floors_growth_and_what_failed() -> None:
    page = report_of(replace(RATE, value=3.0), SHARE, *POINTS, failed="it broke\nhere").as_page()
    assert "| passages a second | 3 times | 3.5 times | 5 times | missed | in turns |" in page
    assert "| memory | 1/2.5 | 1/2 | 1/4 | floor | in turns |" in page
    assert "| a match, ms | 1,000 | 10,000 |" in page
    assert f"| {HERE} | 10 | 100 |" in page
    assert "| encoding | 2 | 120 | it broke |" in page
    assert "`make bench`" in page


def test_the_plot_is_sound_svg() -> None:
    rows = (RATE, replace(SHARE, value=0.0), *POINTS, Row("errors", 0, "errors", "", Bound(0)))
    drawn = etree.fromstring(draw_plot(report_of(*rows)).encode())
    texts = [one.text for one in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert "passages a second" in texts
    assert "a match, ms" in texts
    assert "errors" not in texts  # there is nothing to compare a floor of 0 with
    assert "a <fast> one" in texts[0]


def test_a_report_without_rows_is_drawn_and_written() -> None:
    empty = report_of(skipped="no evaluation data")
    assert etree.fromstring(draw_plot(empty).encode()) is not None
    assert "skipped: no evaluation data" in empty.as_page()
