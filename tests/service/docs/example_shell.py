"""A shell that runs a page's blocks one after another, as a reader's does."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from threading import Timer

_DONE = "--- the block is done ---"


class BlockFailedError(Exception):
    """A block ended with an error, or took too long; with what it printed."""


class ExampleShell:
    """One bash over a folder; the first command that fails ends it, as `set -e` does.

    Variables, functions and servers in the background last from block to block. `close` ends
    whatever still runs.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self._number = 0
        self._errors = folder / "errors.log"
        with self._errors.open("wb") as errors:
            self._bash = subprocess.Popen(
                ["/bin/bash", "--noprofile", "--norc", "-euo", "pipefail"],
                cwd=folder,
                env=dict(environment),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=True,
            )
        assert self._bash.stdin is not None
        # servers end with the shell, also where the tests are interrupted
        self._bash.stdin.write(b"trap 'kill $(jobs -p) 2> /dev/null || true' EXIT\n")

    @property
    def alive(self) -> bool:
        """Whether no block has failed yet."""
        return self._bash.poll() is None

    def run(self, block: str, seconds: float = 300) -> str:
        """Run a block; return what it prints on standard output.

        Raises:
            BlockFailedError: a command in it failed, or it ran for longer than ``seconds``.
        """
        self._number += 1
        script = self.folder / f"block-{self._number}.sh"
        script.write_text(f"{block}\n", "utf-8")
        assert self._bash.stdin is not None
        self._bash.stdin.write(f". '{script}' < /dev/null\nprintf '\\n{_DONE}\\n'\n".encode())
        self._bash.stdin.flush()
        watch = Timer(seconds, self._end)
        watch.start()
        try:
            printed, is_done = self._read()
        finally:
            watch.cancel()
        if not is_done:
            self._end()
            self._bash.wait()
            errors = self._errors.read_text("utf-8", "replace")[-4000:]
            raise BlockFailedError(f"{block}\n{printed}\n{errors}")
        return printed

    def _read(self) -> tuple[str, bool]:
        """Return what is printed until the block's end, and whether it got there."""
        assert self._bash.stdout is not None
        lines: list[bytes] = []
        for line in self._bash.stdout:
            if line.decode().rstrip("\n") == _DONE:
                return b"".join(lines).decode().removesuffix("\n"), True
            lines.append(line)
        return b"".join(lines).decode("utf-8", "replace"), False

    def close(self) -> None:
        """End the shell and everything that was started in it."""
        self._end()
        self._bash.wait()
        for pipe in (self._bash.stdin, self._bash.stdout):
            if pipe is not None:
                pipe.close()

    def _end(self) -> None:
        # the group is this shell's own, and lasts as long as one of its processes
        try:
            os.killpg(self._bash.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
