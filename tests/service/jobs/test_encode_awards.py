"""Awards are encoded apart from everything else: estimated, stopped, gone on with, indexed."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Sequence

import pytest

from index.embedding.encoder import HashEncoder, Vectors
from index.text.sentences import Span
from service.caches.award_progress import STALE_AFTER, AwardProgress
from service.cli import encode_awards as command
from service.cli.main import run
from service.context import Context
from service.jobs import encode_awards as jobs
from service.jobs.encode_awards import JOB, AwardBacklog, encode_awards, measure_backlog
from service.jobs.lock import hold_lock
from service.jobs.reindex import ReindexReport, reindex, reindex_awards
from service.messages.render import english
from service.settings import Settings
from service.use_cases.match import match_text
from tests.service.conftest import NOW, a_call
from tests.service.sample_awards import an_award

pytestmark = pytest.mark.whole

BAD = "Oläslig"


class CountingEncoder(HashEncoder):
    """An encoder that counts the passages that it reads, and fails at one."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[str] = []

    def encode_with_spans(
        self, texts: Sequence[str], spans: Sequence[Sequence[Span]], *, asking: bool
    ) -> tuple[Vectors, list[Vectors]]:
        """Count passages."""
        if any(BAD in text for text in texts):
            raise ValueError("no such letters")
        if not asking:
            self.read += texts
        return super().encode_with_spans(texts, spans, asking=asking)


@pytest.fixture
def encoder(context: Context, monkeypatch: pytest.MonkeyPatch) -> CountingEncoder:
    one = CountingEncoder()
    context._encoder = one
    monkeypatch.setattr(Context, "_load_model", lambda _: one)
    return one


def store(context: Context, count: int) -> None:
    awards = [
        an_award(
            f"vinnova:{n:03}",
            title=f"Projekt {n} om vård",
            texts={"sv": f"Vi prövar vård nummer {n}."},
        )
        for n in range(count)
    ]
    context.awards.upsert(awards, NOW)


def test_the_backlog_is_counted_and_its_time_measured_on_a_sample(
    context: Context, encoder: CountingEncoder
) -> None:
    store(context, 150)
    backlog = measure_backlog(context)
    assert len(backlog.ids) == 150
    assert backlog.passages == 300
    assert backlog.seconds > 0
    assert 32 <= len(encoder.read) <= 64, "a sample, from all over"
    assert any("Projekt 14" in text for text in encoder.read)
    again = measure_backlog(context)
    assert again.passages == 300 - 64 or again.passages < 300, "the sample is kept"


def test_all_are_encoded_once_and_indexed(context: Context, encoder: CountingEncoder) -> None:
    store(context, 50)
    seen: list[tuple[int, int]] = []
    done = encode_awards(context, measure_backlog(context), lambda *now: seen.append(now))
    assert (done.projects, done.encoded, done.left_out) == (50, 50, {})
    assert seen == [(16, 50), (32, 50), (48, 50), (50, 50)]
    assert done.index is not None
    assert (done.index.documents, done.index.encoded) == (50, 100)
    assert sorted(encoder.read) == sorted(set(encoder.read)), "none twice"
    assert measure_backlog(context) == AwardBacklog((), 0, 0.0)


def test_a_run_that_is_stopped_goes_on_where_it_was(
    context: Context, encoder: CountingEncoder
) -> None:
    store(context, 50)
    state = AwardProgress(context.settings.data)

    def stop(done: int, _: int) -> None:
        assert state.read() == (done, 50)
        if done == 32:
            state.ask_to_stop()

    first = encode_awards(context, measure_backlog(context), stop)
    assert (first.encoded, first.index) == (32, None)
    assert state.read() is None
    assert context.similar_awards() == (None, None)
    read = len(encoder.read)
    rest = measure_backlog(context)
    assert len(rest.ids) < 50 - 16
    done = encode_awards(context, rest)
    assert done.index is not None
    assert done.index.documents == 50
    assert len(encoder.read) == 100
    assert read < 100


def test_a_run_that_is_killed_loses_a_step_at_most(
    context: Context, encoder: CountingEncoder
) -> None:
    store(context, 50)

    def kill(done: int, _: int) -> None:
        if done == 32:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        encode_awards(context, measure_backlog(context), kill)
    assert encode_awards(context, measure_backlog(context)).index is not None
    assert len(encoder.read) == 100


def test_an_award_that_cannot_be_encoded_stops_no_other(
    context: Context, encoder: CountingEncoder
) -> None:
    store(context, 20)
    backlog = measure_backlog(context)
    context.awards.upsert([an_award("vinnova:bad", title=BAD)], NOW)
    backlog = AwardBacklog((*backlog.ids, "vinnova:bad"), backlog.passages, 0.0)
    done = encode_awards(context, backlog)
    assert done.left_out == {"vinnova:bad": "ValueError: no such letters"}
    assert done.index is not None
    assert (done.index.documents, list(done.index.left_out)) == (20, ["vinnova:bad"])
    assert len({text for text in encoder.read if "Projekt" in text}) == 40


def test_calls_can_be_indexed_while_awards_are_encoded(
    context: Context, encoder: CountingEncoder
) -> None:
    store(context, 20)
    context.calls.upsert([a_call()], NOW)

    def index_calls(done: int, _: int) -> None:
        if done == 16:
            assert reindex(context).documents == 1
            notes = [english(one) for one in match_text(context, "hjärtsvikt i hemmet").notes]
            assert "Past projects are being prepared (16 of 20), so none are shown yet." in notes

    encode_awards(context, measure_backlog(context), index_calls)
    assert match_text(context, "hjärtsvikt i hemmet").notes == ()
    assert encoder.read


def test_a_process_that_died_is_not_waited_for(context: Context) -> None:
    state = AwardProgress(context.settings.data)
    state.write(3, 7)
    assert state.read() == (3, 7)
    old = time.time() - STALE_AFTER - 1
    os.utime(context.settings.data / "award-encoding.json", (old, old))
    assert state.read() is None
    (context.settings.data / "award-encoding.json").write_text("{", "utf-8")
    assert state.read() is None


@pytest.mark.usefixtures("encoder")
def test_the_command_says_how_long_it_takes_and_then_what_it_did(
    here: Settings, context: Context, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["encode-awards"]) == 0
    assert "There are no awards" in capsys.readouterr().out
    store(context, 3)
    assert run(["encode-awards"]) == 0
    said = capsys.readouterr()
    assert "3 projects to encode (6 passages), less than a minute here." in said.err
    assert "Indexed 3 awards in 6 passages" in said.out
    assert run(["encode-awards"]) == 0
    assert "Nothing to do: the index holds 3 awards" in capsys.readouterr().out
    assert run(["encode-awards", "--status"]) == 0
    assert "No awards are being encoded." in capsys.readouterr().out
    AwardProgress(here.data).write(3200, 12400)
    assert run(["encode-awards", "--status"]) == 0
    assert "Encoding awards: 3,200 of 12,400 projects, 26%." in capsys.readouterr().out
    assert run(["encode-awards", "--stop"]) == 0
    assert AwardProgress(here.data).is_asked_to_stop()


def test_the_estimate_is_said_in_minutes_or_hours() -> None:
    ids = tuple(map(str, range(12_400)))
    line = command.backlog_line(AwardBacklog(ids, 61_000, 485.0))
    assert line == "12,400 projects to encode (61,000 passages), about 8 minutes here."
    assert "about 3 hours" in command.backlog_line(AwardBacklog(ids, 61_000, 10_000.0))
    assert "about 1 minute here" in command.backlog_line(AwardBacklog(ids[:1], 1, 60.0))
    assert command.backlog_line(AwardBacklog((), 0, 0.0)) == "Every award is encoded."


@pytest.mark.usefixtures("encoder")
def test_in_the_background_a_process_of_its_own_goes_on(
    here: Settings,
    context: Context,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    started: list[Sequence[str]] = []
    monkeypatch.setattr(subprocess, "Popen", lambda order, **_: started.append(order))
    store(context, 20)
    assert run(["encode-awards", "--background"]) == 0
    said = capsys.readouterr().out
    assert "20 projects to encode" in said
    assert str(here.data / "award-encoding.log") in said
    assert [order[-1] for order in started] == ["encode-awards"]
    assert context.similar_awards() == (None, None), "this process encodes a sample alone"
    with hold_lock(here.data, JOB):
        assert run(["encode-awards", "--background"]) == 0
        assert run(["reindex"]) == 0
    assert capsys.readouterr().out.count("Another process encodes the awards") == 2
    assert len(started) == 1


def test_an_index_that_is_built_just_then_is_waited_for(
    context: Context, encoder: CountingEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []

    def build(context: Context, *, wait: float) -> ReindexReport | None:
        waits.append(wait)
        return reindex_awards(context)

    monkeypatch.setattr(jobs, "reindex_awards", build)
    store(context, 2)
    assert encode_awards(context, measure_backlog(context)).index is not None
    assert waits == [900.0]
    assert encoder.read
