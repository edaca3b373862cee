"""A server in a process of its own, and clients that do what clients should not."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]

PATIENCE = 30
"""Seconds after which a client takes a server for stopped."""


@dataclass
class Answer:
    """What came back: ``headers`` by their names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Served:
    """A server that runs."""

    process: subprocess.Popen[Any]
    port: int

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Send one request on a connection of its own."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None and not isinstance(body, bytes):
            body, given["Content-Type"] = json.dumps(body).encode(), "application/json"
        try:
            connection.request(method, path, body, given)
            answer = connection.getresponse()
            names = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, names, answer.read())
        finally:
            connection.close()

    def listens(self) -> bool:
        """Whether connections are taken yet."""
        try:
            self.connect().close()
        except ConnectionError:
            return False
        return True

    def match(self, text: str) -> Answer:
        return self.ask("POST", "/api/v1/match", {"text": text})

    def connect(self, sent: bytes = b"") -> socket.socket:
        """Open a connection, and send something on it."""
        opened = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        opened.sendall(sent)
        return opened


@contextmanager
def serve(
    data: Path, *, settings: Mapping[str, str] | None = None, **limits: Any
) -> Iterator[Served]:
    """Serve the data folder until the end of the block."""
    arguments = [str(data), json.dumps(limits), json.dumps(dict(settings or {}))]
    command = [sys.executable, "-m", "tests.service.server.served", *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield Served(process, int(process.stdout.readline()))
        finally:
            process.kill()


def read_all(connection: socket.socket) -> bytes:
    """Read until the other side closes the connection."""
    parts: list[bytes] = []
    try:
        while part := connection.recv(65536):
            parts.append(part)
    except ConnectionResetError:
        pass
    return b"".join(parts)
