"""Calls that were read lately, so that one shown again is not read again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection, Mapping

from scrapers.call import Call


class RecentCalls:
    """The last calls that were read, until any call changes. Safe to share by threads."""

    def __init__(self, size: int) -> None:
        """Keep at most ``size`` calls."""
        self._size = size
        self._stamp = ""
        self._calls: OrderedDict[str, Call] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, stamp: str, call_ids: Collection[str]) -> dict[str, Call]:
        """Return those of some calls that are kept; none of an older ``stamp`` of the store."""
        with self._lock:
            if stamp != self._stamp:
                self._stamp = stamp
                self._calls.clear()
            found = {id_: self._calls[id_] for id_ in call_ids if id_ in self._calls}
            for id_ in found:
                self._calls.move_to_end(id_)
            return found

    def add(self, stamp: str, calls: Mapping[str, Call]) -> None:
        """Keep calls that were read while the store had ``stamp``."""
        with self._lock:
            if stamp != self._stamp:
                return
            self._calls |= calls
            while len(self._calls) > self._size:
                self._calls.popitem(last=False)
