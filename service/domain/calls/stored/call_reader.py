"""Stored calls by id, each read when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from scrapers.call import Call

ReadCalls = Callable[[Collection[str]], Mapping[str, Call]]
"""Returns the stored ones of some calls by id."""


class CallReader(Mapping[str, Call]):
    """Every stored call, read one by one or, with `read_ahead`, many at once.

    What was read is kept as long as the reader: it belongs to one request.
    """

    def __init__(self, read: ReadCalls, list_ids: Callable[[], Collection[str]]) -> None:
        """Take what reads calls, and what lists the ids of all of them."""
        self._read = read
        self._list_ids = list_ids
        self._known: dict[str, Call | None] = {}

    def __getitem__(self, call_id: str) -> Call:
        self.fetch([call_id])
        call = self._known[call_id]
        if call is None:
            raise KeyError(call_id)
        return call

    def __iter__(self) -> Iterator[str]:
        return iter(self._list_ids())

    def __len__(self) -> int:
        return len(self._list_ids())

    def fetch(self, call_ids: Collection[str]) -> None:
        """Read those of some calls that were not read before."""
        missing = {id_ for id_ in call_ids if id_ not in self._known}
        if missing:
            found = self._read(missing)
            self._known |= {id_: found.get(id_) for id_ in missing}


def read_ahead(calls: Mapping[str, Call], call_ids: Collection[str]) -> None:
    """Read some of ``calls`` at once, before each is asked for."""
    if isinstance(calls, CallReader):
        calls.fetch(call_ids)
