"""The conditions of calls, as they were read when the calls were stored.

Whoever shows or judges the conditions of a stored call asks here, so that page, API, mail and
filters have the same. A call that is not stored, or that was read by other rules, is read anew.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from scrapers.call import Call
from service.domain.eligibility.extract import extract_facts
from service.domain.eligibility.facts import Fact

FindFacts = Callable[[Collection[Call]], Mapping[str, tuple[Fact, ...]]]
"""Returns the facts that are kept of some calls, by id; of others nothing."""


class ConditionReader:
    """The facts of calls for one request: those that are kept, else those in the call's text."""

    def __init__(self, find: FindFacts = lambda _: {}) -> None:
        """Take what finds the facts that are kept; without it every call is read."""
        self._find = find
        self._known: dict[str, tuple[Call, tuple[Fact, ...]]] = {}

    def fetch(self, calls: Collection[Call]) -> None:
        """Find the facts of some calls at once, before each is asked for."""
        missing = [call for call in calls if not self._is_known(call)]
        if missing:
            found = self._find(missing)
            for call in missing:
                facts = found.get(call.id)
                self._known[call.id] = call, extract_facts(call) if facts is None else facts

    def facts(self, call: Call) -> tuple[Fact, ...]:
        """Return the facts of ``call``, in the order of `FACT_NAMES`."""
        self.fetch([call])
        return self._known[call.id][1]

    def _is_known(self, call: Call) -> bool:
        return call.id in self._known and self._known[call.id][0] is call
