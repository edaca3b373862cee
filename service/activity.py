"""What a process has answered so far, in numbers alone."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field


@dataclass
class Activity:
    """Searches that were answered, and the matches they showed. Safe to share by threads."""

    searches: int = 0
    matches: int = 0
    _guard: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def count_search(self, matches: int) -> None:
        """Count a search that showed so many matches."""
        with self._guard:
            self.searches += 1
            self.matches += matches
