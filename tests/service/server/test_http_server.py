"""The real server on a port of this machine: slow senders, crowds and stuck requests."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.service.sample_calls import NOW
from tests.service.server.clients import PATIENCE, ROOT, Answer, Served, read_all, serve

pytestmark = pytest.mark.whole

HALF_HEAD = b"GET /calls HTTP/1.1\r\nHost: localhost\r\nX-Half:"
HALF_BODY = (
    b"POST /api/v1/match HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    b'Content-Length: 1000\r\n\r\n{"text":'
)
THREADS, QUEUE = 2, 4
COMMAND = """
import sys
from index.embedding.encoder import HashEncoder
from service.cli.main import run
from service.context import Context
Context._load_model = lambda self: HashEncoder()
sys.exit(run(["serve", "--port", sys.argv[1]]))
"""
"""`fundscout serve` with a model that loads at once."""


@pytest.fixture(scope="module")
def served(sample_data: Path) -> Iterator[Served]:
    limits: dict[str, Any] = {
        "request_seconds": 2,
        "idle_seconds": 2,
        "stuck_seconds": 60,
        "queue_seconds": 30,
    }
    with serve(sample_data, costly=[THREADS, QUEUE], **limits) as running:
        yield running


def asking(text: str) -> bytes:
    """Return a whole request for the matches of a text; its connection is closed after it."""
    body = json.dumps({"text": text}).encode()
    head = "POST /api/v1/match HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def at_once(served: Served, texts: list[str]) -> list[Answer]:
    """Let as many clients as there are texts ask at once."""
    with ThreadPoolExecutor(len(texts)) as clients:
        return list(clients.map(served.match, texts))


def test_half_requests_hold_nothing_up(served: Served) -> None:
    with ExitStack() as held:
        for sent in (HALF_HEAD, HALF_BODY, b""):
            for _ in range(20):
                held.enter_context(served.connect(sent))
        assert served.ask("GET", "/healthz").status == 200
        assert served.match("heart failure").status == 200
        assert served.ask("GET", "/calls").status == 200


@pytest.mark.parametrize("sent", [HALF_HEAD, HALF_BODY])
def test_a_request_that_is_not_whole_in_time_is_given_up(served: Served, sent: bytes) -> None:
    with served.connect(sent) as half:
        answer = read_all(half)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert answer.endswith(b"Send it at once.\n")


def test_a_sender_that_drips_is_given_up_too(served: Served) -> None:
    answer = b""
    with served.connect(HALF_HEAD) as dripping:
        dripping.settimeout(0.1)
        for _ in range(10 * PATIENCE):
            dripping.sendall(b"x")
            with suppress(TimeoutError):
                answer = dripping.recv(4096)
                break
    assert answer.startswith(b"HTTP/1.1 408 ")


def test_a_silent_connection_is_closed(served: Served) -> None:
    with served.connect() as silent:
        assert read_all(silent) == b""


def test_a_crowd_is_answered_or_told_when_to_come_again(served: Served) -> None:
    def ask_page(_: int) -> Answer:
        return served.ask("GET", "/?pilot=heart", Accept_Language="sv")

    with ThreadPoolExecutor(96) as clients:
        crowd = clients.map(served.match, ["sleep 2"] * 64)
        people = clients.map(ask_page, range(32))
        assert served.ask("GET", "/healthz").status == 200
        assert served.ask("GET", "/readyz").json()["status"] == "ready"
        assert b"fundscout_requests_total" in served.ask("GET", "/metrics").body
        answers, pages = list(crowd), list(people)
    assert {answer.status for answer in answers} == {200, 503}
    refused = [answer for answer in answers if answer.status == 503]
    assert len(answers) - len(refused) >= THREADS
    for answer in refused:
        assert answer.headers["content-type"] == "application/problem+json"
        seconds = int(answer.headers["retry-after"])
        assert 1 <= seconds <= 60
        assert f"try again in {seconds} second" in answer.json()["detail"]
    page = next(page for page in pages if page.status == 503)
    assert page.headers["retry-after"]
    assert "För många frågor på en gång".encode() in page.body


def test_clients_within_the_queue_meet_no_error(served: Served) -> None:
    assert {answer.status for answer in at_once(served, ["heart"] * (THREADS + QUEUE))} == {200}


def test_a_body_that_is_too_large_is_a_problem_document(served: Served) -> None:
    answer = served.ask("POST", "/api/v1/match", b" " * 2_000_000, Content_Type="application/json")
    assert answer.status == 413
    assert answer.headers["content-type"] == "application/problem+json"
    head = b"POST /api/v1/match HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    with served.connect(head + b"Content-Length: 9000000000\r\n\r\n") as announced:
        assert read_all(announced).startswith(b"HTTP/1.1 413 ")


def test_a_form_with_a_file_may_be_larger_than_other_bodies(served: Served) -> None:
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
    form = {"Content_Type": "multipart/form-data; boundary=b"}
    text = b"Heart failure at home. " * (5 * 2**20 // 23)
    answer = served.ask("POST", "/api/v1/files", head + text + b"\r\n--b--\r\n", **form)
    assert answer.status == 200
    assert len(answer.json()["text"]) <= 100_000
    too_large = head + b"a" * (11 * 2**20) + b"\r\n--b--\r\n"
    assert served.ask("POST", "/api/v1/files", too_large, **form).status == 413
    elsewhere = "/api/v1/pilots/heart/feedback"
    assert served.ask("POST", elsewhere, head + text[: 2**21], **form).status in {413, 415}


def test_a_large_body_is_refused_readably_while_it_is_being_sent(served: Served) -> None:
    head = b"POST /api/v1/match HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    with served.connect(head + b"Content-Length: 60000000\r\n\r\n") as sender:
        time.sleep(0.5)  # the answer is there, and the sender does not look yet
        sender.sendall(b" " * 30_000_000)
        assert read_all(sender).startswith(b"HTTP/1.1 413 ")


def test_a_sender_that_never_ends_is_not_read_for_ever(sample_data: Path) -> None:
    head = b"POST /api/v1/match HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    with (
        serve(sample_data, costly=[1, 4], linger_seconds=1) as served,
        served.connect(head + b"Content-Length: 9000000000\r\n\r\n") as sender,
        pytest.raises(OSError, match=r"reset|pipe"),
    ):
        send_for_ever(sender)


def send_for_ever(sender: socket.socket) -> None:
    """Send on, slowly, for as long as the other side takes it."""
    for _ in range(10 * PATIENCE):
        sender.sendall(b" " * 1000)
        time.sleep(0.1)


def test_files_that_come_in_at_once_are_limited(sample_data: Path) -> None:
    head = (
        b"POST /api/v1/files HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n"
        b"Content-Type: multipart/form-data; boundary=b\r\n\r\n--b"
    )
    with serve(sample_data, costly=[1, 4], uploads=2) as served, ExitStack() as held:
        coming = [held.enter_context(served.connect(head)) for _ in range(2)]
        time.sleep(0.5)
        with served.connect(head) as one_more:
            answer = read_all(one_more)
        assert answer.startswith(b"HTTP/1.1 503 ")
        assert b"send it again in a minute" in answer
        assert served.match("heart").status == 200
        coming[0].close()
        time.sleep(0.5)
        with served.connect(head) as another:
            another.sendall(b" " * 997)
            assert another.recv(64).startswith(b"HTTP/1.1 422 ")


def test_a_reader_that_goes_away_is_not_answered(served: Served) -> None:
    for _ in range(THREADS + QUEUE):
        served.connect(asking("sleep 0.5")).close()
    assert served.match("heart").status in {200, 503}
    assert served.ask("GET", "/healthz").status == 200


def test_a_stuck_request_does_not_stop_the_others(sample_data: Path) -> None:
    with (
        serve(sample_data, costly=[1, 4], stuck_seconds=1) as served,
        served.connect(asking("sleep 600")),
    ):
        assert served.match("heart").status == 200


def test_what_waits_too_long_is_told_so(sample_data: Path) -> None:
    with serve(sample_data, costly=[1, 4], queue_seconds=1) as served:
        statuses = sorted(answer.status for answer in at_once(served, ["sleep 4"] * 3))
    assert statuses == [200, 503, 503]


def test_the_command_serves_until_it_is_told_to_stop(sample_data: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    data = tmp_path / "data"
    shutil.copytree(sample_data, data)
    settings = {"FUNDSCOUT_DATA": str(data), "FUNDSCOUT_CLOCK": NOW.isoformat()}
    command = [sys.executable, "-c", COMMAND, str(port)]
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, **settings}) as process:
        served = Served(process, port)
        try:
            deadline = time.monotonic() + PATIENCE
            while not served.listens() and time.monotonic() < deadline:
                time.sleep(0.1)
            assert served.ask("GET", "/healthz").json()["status"] == "ok"
            assert served.match("heart failure").status == 200
            process.send_signal(signal.SIGINT)
            assert process.wait(PATIENCE) == 0
        finally:
            process.kill()


def test_a_stop_lets_answers_end_and_takes_no_more(sample_data: Path) -> None:
    with serve(sample_data, costly=[1, 4]) as served, served.connect(asking("sleep 2")) as last:
        assert served.ask("GET", "/healthz").status == 200  # so the one before it is read
        served.process.send_signal(signal.SIGTERM)
        assert read_all(last).startswith(b"HTTP/1.1 200 ")
        assert served.process.wait(PATIENCE) == 0
        with pytest.raises(ConnectionError), socket.create_connection(("127.0.0.1", served.port)):
            pass


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET /calls?q=" + b"a" * 40_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 431),
        (b"GET /calls HTTP/1.1\r\nX-Long: " + b"a" * 40_000 + b"\r\n\r\n", 431),
        (b"GET /calls HTTP/1.1\r\nContent-Length: many\r\n\r\n", 400),
        (b"GET /calls HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
    ],
)
def test_what_is_no_request_gets_a_problem(served: Served, sent: bytes, status: int) -> None:
    with served.connect(sent) as connection:
        head, _, body = read_all(connection).partition(b"\r\n\r\n")
    assert head.startswith((b"HTTP/1.1 %d " % status, b"HTTP/1.0 %d " % status))
    assert b"application/problem+json" in head
    told = json.loads(body)
    assert (told["status"], told["errors"]) == (status, [])
    assert told["detail"]
    assert told["request_id"].encode() in head
