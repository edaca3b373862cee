"""A server in a process of its own, and clients that ask it for matches."""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus

import numpy as np

from bench.speed.folders import DataFolder
from bench.speed.machine import memory_of
from bench.speed.trees import Tree

_HOST = "127.0.0.1"
_PATIENCE = 300.0
"""Seconds that a start or an answer may take before it counts as an error."""


@dataclass(frozen=True)
class Answer:
    """How long a request took, and its status; 0 when there was no answer."""

    seconds: float
    status: int


@dataclass(frozen=True)
class Latencies:
    """What clients saw: seconds that half and 99 % of the answers took at most, and errors."""

    median: float
    p99: float
    errors: int

    @classmethod
    def of(cls, answers: Sequence[Answer]) -> Latencies:
        """Count ``answers``; whatever is not 200 is an error."""
        seconds = [answer.seconds for answer in answers]
        errors = sum(answer.status != HTTPStatus.OK for answer in answers)
        return cls(float(np.percentile(seconds, 50)), float(np.percentile(seconds, 99)), errors)


@dataclass(frozen=True)
class Server:
    """A running `fundscout serve`; ``ready`` is how many seconds it took to answer /healthz."""

    pid: int
    port: int
    started: float
    ready: float

    @property
    def memory(self) -> float:
        """The memory of its processes together, in MB."""
        return memory_of(self.pid)

    @property
    def age(self) -> float:
        """Seconds since it was started."""
        return time.perf_counter() - self.started

    def match(self, text: str) -> Answer:
        """Ask for ten matches of ``text``."""
        body = json.dumps({"text": text, "top": 10})
        return ask(self.port, "POST", "/api/v1/match", body)


@contextmanager
def run_server(tree: Tree, folder: DataFolder) -> Iterator[Server]:
    """Run `fundscout serve` of a tree over a data folder.

    Raises:
        RuntimeError: it ended, or did not answer in time.
    """
    port = free_port()
    started = time.perf_counter()
    process = subprocess.Popen(
        tree.command("serve", "--host", _HOST, "--port", str(port)),
        cwd=tree.root,
        env=tree.environment(folder.data, folder.examples),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        ready = _wait_ready(process, port, started)
        yield Server(process.pid, port, started, ready)
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_ready(process: subprocess.Popen[bytes], port: int, started: float) -> float:
    while process.poll() is None:
        if ask(port, "GET", "/healthz").status == HTTPStatus.OK:
            return time.perf_counter() - started
        if time.perf_counter() - started > _PATIENCE:
            raise RuntimeError("fundscout serve did not answer in time")
        time.sleep(0.02)
    raise RuntimeError(f"fundscout serve ended with {process.returncode}")


def ask(port: int, method: str, path: str, body: str | None = None) -> Answer:
    """Send one request over a connection of its own and read the whole answer."""
    started = time.perf_counter()
    connection = http.client.HTTPConnection(_HOST, port, timeout=_PATIENCE)
    headers = {"Content-Type": "application/json"} if body else {}
    try:
        connection.request(method, path, body and body.encode(), headers)
        response = connection.getresponse()
        response.read()
        status = response.status
    except (OSError, http.client.HTTPException):
        status = 0
    finally:
        connection.close()
    return Answer(time.perf_counter() - started, status)


def ask_together(server: Server, texts: Sequence[str], clients: int) -> list[Answer]:
    """Let ``clients`` ask at once, one question after another, until all texts were asked."""
    with ThreadPoolExecutor(clients) as pool:
        return list(pool.map(server.match, texts))


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.create_server((_HOST, 0)) as listener:
        port: int = listener.getsockname()[1]
    return port
