"""Trees: this checkout and an earlier one, whose commands run in the same virtual environment."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tarfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.speed.plan import Plan
from bench.speed.rows import BEFORE, HERE, SkippedError

ROOT = Path(__file__).resolve().parents[2]

_RUN_COMMAND = "import sys; from service.cli.main import run; sys.exit(run(sys.argv[1:]))"


@dataclass(frozen=True)
class Spent:
    """What a process took: seconds of all cores together, and on the clock."""

    cpu: float
    clock: float


@dataclass(frozen=True)
class Tree:
    """A checkout; ``key`` names its folders.

    Its code shadows the installed one in every process that is started here.
    """

    key: str
    root: Path

    @property
    def whose(self) -> str:
        """What its rows are called in the report."""
        return HERE if self.root == ROOT else BEFORE

    def command(self, *arguments: str) -> list[str]:
        """Return what runs `fundscout` with ``arguments``."""
        return [sys.executable, "-P", "-c", _RUN_COMMAND, *arguments]

    def environment(self, data: Path, examples: Path | None = None) -> dict[str, str]:
        """Return the environment of a process over ``data``: no other setting than the default."""
        kept = {
            name: value
            for name, value in os.environ.items()
            # compiled once, as an installed program is
            if not name.startswith("FUNDSCOUT_") and name != "PYTHONDONTWRITEBYTECODE"
        }
        kept["PYTHONPATH"] = str(self.root)
        kept["FUNDSCOUT_DATA"] = str(data)
        kept["FUNDSCOUT_EXAMPLES"] = str(examples or self.root / "examples")
        return kept

    def run(self, *arguments: str, data: Path, examples: Path | None = None) -> Spent:
        """Run `fundscout` with ``arguments`` over ``data`` and return what it took."""
        return run_timed(self.command(*arguments), self.environment(data, examples), self.root)

    def run_script(
        self, script: Path, *arguments: str, data: Path, examples: Path | None = None
    ) -> None:
        """Run a file of this bench against the code of this tree."""
        command = [sys.executable, "-P", str(script), *arguments]
        run_timed(command, self.environment(data, examples), self.root)


def run_timed(
    command: Sequence[str], environment: Mapping[str, str], folder: Path, given: str = ""
) -> Spent:
    """Run ``command`` in ``folder`` and let it read ``given``, a line at most.

    Raises:
        RuntimeError: it failed; the text ends with its errors.
    """
    started = time.perf_counter()
    with subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        if process.stdin is None or process.stderr is None:
            raise RuntimeError("a process without pipes")
        process.stdin.write(given.encode())
        process.stdin.close()
        errors = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    clock = time.perf_counter() - started
    if process.returncode:
        tail = errors.decode("utf-8", "replace")[-2000:]
        raise RuntimeError(f"{' '.join(command[3:])} ended with {process.returncode}: {tail}")
    return Spent(usage.ru_utime + usage.ru_stime, clock)


def here() -> Tree:
    """Return this checkout."""
    return Tree("here", ROOT)


def before(plan: Plan) -> Tree:
    """Return the checkout to compare with, taken out of git once a work folder.

    Raises:
        SkippedError: git does not know the commit.
    """
    given = Path(plan.against)
    if given.is_dir():
        return Tree("before", given.resolve())
    folder = plan.work / f"tree-{plan.against}"
    if not folder.is_dir():
        archive = subprocess.run(
            ["git", "archive", plan.against],  # noqa: S607  whichever git there is
            cwd=ROOT,
            capture_output=True,
            check=False,
        )
        if archive.returncode:
            raise SkippedError(f"git has no commit {plan.against} to compare with")
        with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as packed:
            packed.extractall(folder, filter="data")
    return Tree("before", folder)
