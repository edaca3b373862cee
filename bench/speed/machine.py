"""The machine: what it is, and how much memory processes take on it."""

from __future__ import annotations

import os
import platform
import resource
import subprocess
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_PROC = Path("/proc")

PACKAGES = (
    "numpy",
    "faiss-cpu",
    "bm25s",
    "onnxruntime",
    "tokenizers",
    "sentence-transformers",
    "transformers",
    "torch",
)
"""Packages whose versions decide how fast anything is."""


def machine_facts() -> dict[str, str]:
    """Return what the machine is: processor, cores, memory and system."""
    cores = len(os.sched_getaffinity(0))
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "processor": _processor(),
        "cores": str(cores),
        "memory": f"{pages / 2**30:.0f} GiB",
        "system": f"{platform.system()} {platform.release()}",
        "load when it began": f"{os.getloadavg()[0]:.1f}",
    }


def versions(root: Path) -> dict[str, str]:
    """Return the versions of Python, of the tree ``root`` and of the packages that count."""
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"],  # noqa: S607  whichever git there is
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    return {
        "python": platform.python_version(),
        "fundscout": commit or "unknown",
        **{name: _version(name) for name in PACKAGES},
    }


def memory_of(pid: int) -> float:
    """Return the memory of a process and all below it, in MB: each shared page counted once."""
    return sum(_field(one, "smaps_rollup", "Pss:") for one in _family(pid)) / 1024


def own_peak() -> float:
    """Return the most memory that this process, or one that it waited for, has taken, in MB."""
    peaks = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return max(peak.ru_maxrss for peak in peaks) / 1024


def _family(pid: int) -> Iterator[int]:
    yield pid
    for task in (_PROC / str(pid) / "task").glob("*/children"):
        try:
            children = task.read_text().split()
        except OSError:  # the thread has ended
            continue
        for child in children:
            yield from _family(int(child))


def _field(pid: int, file: str, name: str) -> int:
    """Return the kB that a file of /proc gives for ``name``; 0 for a process that has ended."""
    try:
        lines = (_PROC / str(pid) / file).read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(name)), 0)


def _processor() -> str:
    lines = (_PROC / "cpuinfo").read_text().splitlines()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "none"
