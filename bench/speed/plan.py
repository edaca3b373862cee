"""What a run of the bench measures, and with how much."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

LARGEST_INDEX = 100_000
"""Calls of the largest index that is built whole; beyond it there are vectors alone."""


@dataclass(frozen=True)
class Plan:
    """The size of everything. The defaults take less than 20 minutes on two idle cores.

    ``work`` is a folder for unpacked models, indexes and the tree of ``against``, a commit or a
    folder. ``sets`` has the real calls and pilots, which are not in the repository. ``sizes``
    are the calls of growth curves. Of the real calls ``calls`` are indexed with mixed vectors and
    ``encoded`` by the model; ``base`` passages are what vectors are mixed from.
    """

    work: Path
    sizes: tuple[int, ...] = (1_000, 10_000, 100_000, 1_000_000)
    against: str = "486580e"
    sets: Path = Path("../shared/eval")
    rounds: int = 3
    passages: int = 200
    base: int = 2_000
    calls: int = 1_368
    encoded: int = 400
    pilots: int = 10_000
    requests: int = 48
    clients: tuple[int, ...] = (1, 4, 16)

    @property
    def index_sizes(self) -> tuple[int, ...]:
        """The sizes of which whole indexes are built."""
        return tuple(size for size in self.sizes if size <= LARGEST_INDEX)

    @classmethod
    def tiny(cls, work: Path) -> Plan:
        """Return a plan that tries everything in a few minutes; its figures mean nothing."""
        return cls(
            work,
            sizes=(100, 200),
            rounds=1,
            passages=4,
            base=64,
            calls=60,
            encoded=4,
            pilots=50,
            requests=4,
            clients=(1, 2),
        )
