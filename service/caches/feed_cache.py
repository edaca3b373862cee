"""Feeds that were made lately: readers come again and again, and little changes meanwhile."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable


class FeedCache:
    """The last feeds by what they were made of. Safe to share by threads."""

    def __init__(self, size: int = 256) -> None:
        """Keep at most ``size`` feeds: some 50 KB each."""
        self._size = size
        self._made: OrderedDict[Hashable, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], bytes]) -> bytes:
        """Return the feed that is made of ``key``: as it was kept, or as ``make`` returns it."""
        with self._lock:
            known = self._made.get(key)
            if known is not None:
                self._made.move_to_end(key)
                return known
        made = make()
        with self._lock:
            self._made[key] = made
            while len(self._made) > self._size:
                self._made.popitem(last=False)
        return made
