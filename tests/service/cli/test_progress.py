"""Progress where standard error is no terminal: a line every ten seconds, none for short work."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from service.cli import common
from service.cli.common import progress_bar


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A clock that a test sets: ``now``, in seconds."""
    clock = SimpleNamespace(now=1000.0)
    monkeypatch.setattr(common, "time", SimpleNamespace(monotonic=lambda: clock.now))
    return clock


def test_long_work_says_how_far_it_is_and_what_is_left(
    capsys: pytest.CaptureFixture[str], clock: SimpleNamespace
) -> None:
    with progress_bar("Encoding", "passage") as advance:
        for done in range(0, 2000, 100):
            clock.now += 4
            advance(done, 2000)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 6  # in 80 seconds, after every third step
    assert lines[0] == "Encoding: passage 200 of 2,000, 10%, about 01:48 left"
    assert lines[-1] == "Encoding: passage 1,700 of 2,000, 85%, about 00:12 left"


def test_work_of_unknown_length_says_how_much_is_done(
    capsys: pytest.CaptureFixture[str], clock: SimpleNamespace
) -> None:
    with progress_bar("Vinnova", "page") as advance:
        for done in (1, 2):
            clock.now += 75
            advance(done, None)
    assert capsys.readouterr().err.splitlines() == [
        "Vinnova: page 1 after 01:15",
        "Vinnova: page 2 after 02:30",
    ]


def test_short_work_says_nothing(
    capsys: pytest.CaptureFixture[str], clock: SimpleNamespace
) -> None:
    with progress_bar("Encoding", "passage") as advance:
        clock.now += 9
        advance(1, 2)
        advance(2, 2)
    assert capsys.readouterr().err == ""


def test_a_terminal_has_a_bar_that_goes_away(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with progress_bar("Encoding", "passage") as advance:
        advance(1, 2)
    shown = capsys.readouterr().err
    assert "Encoding" in shown
    assert "\n" not in shown
