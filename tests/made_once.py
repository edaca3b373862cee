"""What is made once a test run, and read by all of its workers."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock


def run_folder(factory: pytest.TempPathFactory) -> Path:
    """Return the folder of this test run, the same for all workers."""
    base = factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return what `make` wrote for the first worker that asked; the others wait for it.

    Args:
        factory: of the test run.
        name: of the file or folder; the same for all who read it.
        make: writes it at the path that it is given.
    """
    path = run_folder(factory) / name
    with FileLock(path.with_name(f"{name}.lock")):
        if not path.exists():
            part = path.with_name(f"{name}.part")
            make(part)
            part.rename(path)
    return path
