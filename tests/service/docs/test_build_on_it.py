"""What "build on it" says is what happens: each example runs, and its output is what is shown.

A reader's shell, server and clients run over the example calls with the bundled model. Changed are
the ports alone; and the names below example.org, which lead nowhere, lead to the internet.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import runpy
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from service.context import Context
from service.domain.access.rights import Scope
from service.feeds.webhook_message import make_secret, sign_message
from service.mail.signed_links import LinkKeys
from tests.service.docs.example_page import (
    FILES,
    SHELL,
    Example,
    ExampleSection,
    read_sections,
    shown_matches,
)
from tests.service.docs.example_shell import ExampleShell
from tests.service.feeds.test_webhook_message import a_webhook
from tests.service.http.closed_service import close, open_copy

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "using" / "build_on_it.md"
START, *SECTIONS = read_sections(PAGE.read_text("utf-8"))
PORTS = ("8000", "8001", "8002")
"""The ports that the page names: of the service, of the assistants' tools, of a receiver."""

PROGRAMS = ("bash", "curl", "jq", "openssl")
MORE_PROGRAMS = {"TypeScript": ("node", "npm")}

_NAMES = """
import socket

_look_up = socket.getaddrinfo


def _look_up_examples(host, *rest, **more):
    return _look_up("93.184.215.14" if host == "tools.example.org" else host, *rest, **more)


socket.getaddrinfo = _look_up_examples
"""
"""What Python imports first: a name that the page uses leads to an address, as a reader's would."""


def need(programs: tuple[str, ...]) -> None:
    """Skip the test where a program is missing; on CI, where all must be, fail."""
    missing = [name for name in programs if shutil.which(name) is None]
    if not missing:
        return
    told = f"The examples need {' and '.join(missing)}, which this machine lacks."
    if os.environ.get("CI") == "true":
        pytest.fail(told)
    pytest.skip(told)


def free_port() -> str:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return str(tried.getsockname()[1])


class Reader:
    """Who follows the page in a folder that looks like a checkout, with the environment active."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ports = {port: free_port() for port in PORTS}
        self.shell = ExampleShell(folder, self._environment())

    def _environment(self) -> dict[str, str]:
        """Return the variables of a shell in which fundscout and its Python come first."""
        names, programs = self.folder / "names", self.folder / "bin"
        for made in (names, programs):
            made.mkdir(exist_ok=True)
        (names / "sitecustomize.py").write_text(_NAMES, "utf-8")
        command = programs / "fundscout"
        command.write_text(
            f"#!/bin/sh\nPYTHONPATH={names}:{ROOT} exec {sys.executable} "
            "-c 'from service.cli import main; main()' \"$@\"\n",
            "utf-8",
        )
        command.chmod(0o755)
        mine = {name: value for name, value in os.environ.items() if name in {"HOME", "CI"}}
        path = f"{programs}:{Path(sys.executable).parent}:{os.environ['PATH']}"
        return {**mine, "PATH": path, "LANG": "C.UTF-8"}

    def follow(self, section: ExampleSection) -> None:
        """Do what a section says; fail at the first example that does something else."""
        for example in section.examples:
            self._try(example)

    def _try(self, example: Example) -> None:
        block = example.block
        text = self._at_our_ports(block.text)
        if block.language in FILES:
            where = Path(self.shell.run("pwd").strip())
            (where / block.file_name).write_text(text, "utf-8")
            return
        assert block.language == SHELL
        came = self.shell.run(text)
        if example.shown is not None:
            shown = self._at_our_ports(example.shown.text)
            assert shown_matches(shown, came), (
                f"line {example.shown.line} of the page shows\n{shown}\nand this came:\n{came}"
            )

    def _at_our_ports(self, text: str) -> str:
        return re.sub(r"\b800[0-2]\b", lambda found: self.ports[found[0]], text)


@pytest.fixture(scope="module")
def readers() -> Iterator[list[Reader]]:
    """The readers who have begun, to be ended with what they started."""
    begun: list[Reader] = []
    yield begun
    for reader in begun:
        reader.shell.close()


@pytest.fixture
def reader(readers: list[Reader], tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """A reader who has followed the start; a new one where an example has ended the last shell."""
    need(PROGRAMS)
    if readers and readers[-1].shell.alive:
        return readers[-1]
    folder = tmp_path_factory.mktemp("reader")
    shutil.copytree(
        ROOT / "clients", folder / "clients", ignore=shutil.ignore_patterns("node_modules")
    )
    readers.append(Reader(folder))
    readers[-1].follow(START)
    return readers[-1]


@pytest.mark.model
@pytest.mark.whole
@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.title)
def test_the_examples_run_as_shown(reader: Reader, section: ExampleSection) -> None:
    need(MORE_PROGRAMS.get(section.title, ()))
    reader.follow(section)


@pytest.mark.model
@pytest.mark.whole
def test_the_conversation_of_an_assistant_is_the_one_that_is_shown(reader: Reader) -> None:
    data = {"FUNDSCOUT_DATA": str(reader.folder / "data"), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "bench.assistant"],
        cwd=ROOT,
        env=data | {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    told = (ROOT / "docs" / "using" / "assistants.md").read_text("utf-8")
    shown = told[told.index("**instructions**") :]
    assert without_scores(done.stdout) == without_scores(shown)
    assert scores(done.stdout) == pytest.approx(scores(shown), abs=0.02), "processors round alike"


_SCORE = re.compile(r'"score": ([\d.]+)')


def without_scores(text: str) -> list[str]:
    return _SCORE.sub("a score", text.strip()).splitlines()


def scores(text: str) -> list[float]:
    return [float(score) for score in _SCORE.findall(text)]


def blocks(language: str) -> dict[str, str]:
    """Return the files that the page has in a language, by name and section."""
    return {
        f"{one.title}/{example.block.file_name}": example.block.text
        for one in SECTIONS
        for example in one.examples
        if example.block.language == language
    }


def test_the_page_has_each_way_in_and_shows_what_comes() -> None:
    assert START.title == "Start"
    assert [one.title for one in SECTIONS] == [
        "Find calls",
        "Store a pilot",
        "Keep a copy",
        "Subscribe",
        "Be told",
        "Python",
        "TypeScript",
        "Spreadsheets",
        "Assistants",
    ]
    for one in (START, *SECTIONS):
        shown = [example.shown.text for example in one.examples if example.shown]
        assert shown, f"{one.title} shows nothing"
        for text in shown:
            assert any("..." not in line for line in text.split()), text
    assert len(blocks("python")) == 3
    assert len(blocks("ts")) == 1


@pytest.mark.whole
def test_the_receiver_believes_what_fundscout_signs_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "receiver.py").write_text(blocks("python")["Be told/receiver.py"], "utf-8")
    is_ours = runpy.run_path(str(tmp_path / "receiver.py"))["is_ours"]
    webhook = a_webhook()
    secret, other = (make_secret(LinkKeys(one * 40), webhook) for one in "kl")
    now, body = datetime.now(UTC), b'{"type":"match.new"}'
    headers = sign_message(secret, "msg_1", now, body)
    assert is_ours(secret, headers, body)
    assert not is_ours(other, headers, body)
    assert not is_ours(secret, headers, body + b" ")
    assert not is_ours(secret, headers | {"webhook-id": "msg_2"}, body)
    assert not is_ours(secret, headers | {"webhook-timestamp": "now"}, body)
    old = sign_message(secret, "msg_1", now - timedelta(minutes=6), body)
    assert not is_ours(secret, old, body)
    both = headers["webhook-signature"] + " " + old["webhook-signature"]
    assert is_ours(secret, headers | {"webhook-signature": both}, body), "while a secret changes"


ADDRESSES = sorted(
    set(re.findall(r"https?://[^\s\"`]+(/api/v1/[^\s\"`)]+)", PAGE.read_text("utf-8")))
)
"""What the page tells to type into a spreadsheet."""


@pytest.mark.parametrize("form", [".csv", ".xlsx"])
def test_the_addresses_for_spreadsheets_are_files(own_context: Context, form: str) -> None:
    asked = [address for address in ADDRESSES if form in address]
    assert asked
    service = close(own_context)
    key = service.keys[Scope.READ].text
    for address in asked:
        assert service.visitor().get(address).status_code == 401
        answer = service.visitor().get(address, headers={"X-API-Key": key})
        assert len(rows_of(form, answer.data)) > 1


def test_programs_that_send_no_key_get_calls_in_public_mode(
    sample_data: Path, tmp_path: Path
) -> None:
    shutil.copytree(sample_data, tmp_path / "data")
    context = open_copy(tmp_path / "data", FUNDSCOUT_ACCESS="public")
    visitor = close(context).visitor()
    for address in ADDRESSES:
        form = ".xlsx" if ".xlsx" in address else ".csv"
        assert len(rows_of(form, visitor.get(address).data)) > 1
    assert visitor.get("/api/v1/pilots.csv").status_code == 401
    context.calls._engine.dispose()


def rows_of(form: str, content: bytes) -> list[Any]:
    """Return the rows of a file as a program reads them."""
    if form == ".csv":
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    return list(openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows())


@pytest.mark.slow
def test_the_python_on_the_page_is_in_our_style(tmp_path: Path) -> None:
    for number, text in enumerate(blocks("python").values()):
        (tmp_path / f"example_{number}.py").write_text(text, "utf-8")
    ruff = [sys.executable, "-m", "ruff", "--config", str(ROOT / "pyproject.toml")]
    # a script prints, asserts what it expects, and needs no docstrings
    left_out = "--ignore=D,T201,S101,INP001,N802,S104"
    for arguments in (["format", "--diff"], ["check", left_out]):
        done = subprocess.run(
            [*ruff, *arguments, str(tmp_path)], check=False, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_a_missing_program_is_named_and_on_ci_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "")
    need(("sh",))
    with pytest.raises(pytest.skip.Exception, match="no-such-program"):
        need(("sh", "no-such-program"))
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="no-such-program"):
        need(("no-such-program",))


def test_what_makes_clients_is_pinned() -> None:
    text = PAGE.read_text("utf-8")
    locked = (ROOT / "requirements.lock").read_text("utf-8")
    (pin,) = re.findall(r"openapi-python-client==[\d.]+", " ".join(text.split()))
    assert pin in locked.splitlines()
    folder = ROOT / "clients" / "typescript"
    package = json.loads((folder / "package.json").read_text("utf-8"))
    installed = json.loads((folder / "package-lock.json").read_text("utf-8"))["packages"]
    wanted = package["dependencies"] | package["devDependencies"]
    assert {"openapi-fetch", "openapi-typescript", "typescript"} <= wanted.keys()
    for name, version in wanted.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), name
        assert installed[f"node_modules/{name}"]["version"] == version
    assert all("integrity" in one for name, one in installed.items() if name)
    options = json.loads((folder / "tsconfig.json").read_text("utf-8"))["compilerOptions"]
    assert options["strict"] is True
