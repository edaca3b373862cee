"""Lanes: how many wait, who is refused, and what happens to threads that are stuck."""

from __future__ import annotations

import logging
import threading

import pytest

from service.server import http_server
from service.server.lanes import Lane, LaneSize


class Held:
    """A request that is answered when it is told to."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.may_end = threading.Event()

    def service(self) -> None:
        self.begun.set()
        self.may_end.wait(30)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_so_many_wait_and_no_more() -> None:
    lane = Lane("test", LaneSize(1, 2))
    jobs = [Held() for _ in range(4)]
    assert lane.offer(jobs[0])
    assert jobs[0].begun.wait(30)
    assert [lane.offer(job) for job in jobs[1:]] == [True, True, False]
    assert 1 <= lane.retry_after() <= 60
    for job in jobs:
        job.may_end.set()
    assert jobs[2].begun.wait(30)
    assert not jobs[3].begun.is_set()


def test_what_has_waited_too_long_is_taken_out() -> None:
    clock = Clock()
    lane = Lane("test", LaneSize(1, 4), clock)
    first, early, late = Held(), Held(), Held()
    lane.offer(first)
    assert first.begun.wait(30)
    lane.offer(early)
    clock.now = 8
    lane.offer(late)
    clock.now = 11
    assert lane.take_overdue(10) == [early]
    first.may_end.set()
    assert late.begun.wait(30)
    late.may_end.set()
    assert not early.begun.is_set()


def test_another_thread_stands_in_for_one_that_is_stuck() -> None:
    clock = Clock()
    lane = Lane("test", LaneSize(1, 4), clock)
    stuck, after, last = Held(), Held(), Held()
    lane.offer(stuck)
    assert stuck.begun.wait(30)
    lane.offer(after)
    assert lane.replace_stuck(60) == 0
    clock.now = 61
    assert lane.replace_stuck(60) == 1
    assert lane.replace_stuck(60) == 0
    assert after.begun.wait(30)
    lane.offer(last)
    stuck.may_end.set()  # its thread ends, for another has its place
    after.may_end.set()
    assert last.begun.wait(30)
    last.may_end.set()


def test_an_error_ends_no_thread() -> None:
    class Broken:
        def service(self) -> None:
            raise RuntimeError("broken")

    lane = Lane("test", LaneSize(1, 4))
    lane.offer(Broken())
    after = Held()
    lane.offer(after)
    assert after.begun.wait(30)
    after.may_end.set()


def test_a_lane_that_stops_hands_back_what_waits() -> None:
    lane = Lane("test", LaneSize(1, 4))
    first, second = Held(), Held()
    lane.offer(first)
    assert first.begun.wait(30)
    lane.offer(second)
    assert lane.stop() == [second]
    assert not lane.offer(Held())
    first.may_end.set()
    assert not second.begun.is_set()


def test_the_server_logs_no_path(caplog: pytest.LogCaptureFixture) -> None:
    assert http_server._leave_out_path in logging.getLogger("waitress").filters
    path = "/u/a-link-that-stops"
    logging.getLogger("waitress").warning(f"Exception while serving {path}")  # noqa: G004  as it does
    logging.getLogger("waitress").warning("total of %s connections", 3)
    assert [one.getMessage() for one in caplog.records] == [
        "Exception while serving a request",
        "total of 3 connections",
    ]
