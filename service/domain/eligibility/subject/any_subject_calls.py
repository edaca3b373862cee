"""The calls that are open to any subject, and how a pilot meets the conditions of each.

There are few of them, so their conditions are kept and judged apart from those of all calls. Calls
state the same conditions again and again: each different set is judged once for a profile.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from threading import Lock

from service.domain.eligibility.condition_index import read_condition
from service.domain.eligibility.facts import InvitationOnly
from service.domain.eligibility.profile_gates import evaluate_profile
from service.domain.eligibility.subject.any_subject import AnySubject
from service.domain.eligibility.verdict import Verdict
from service.domain.pilots.profile import Profile

_PROFILES_KEPT = 16


@dataclass(frozen=True, order=True)
class ConditionFit:
    """How a pilot meets the conditions of a call: the least is the best fit.

    ``unknown`` counts the conditions that are not known to be met, ``unmet`` is how many are met,
    below 0.
    """

    unknown: int
    unmet: int


class AnySubjectCalls:
    """The calls that are open to any subject, by id. Safe to share by threads."""

    def __init__(self, written: Iterable[tuple[str, str, str]] = ()) -> None:
        """Take of each call its id, what `write_conditions` wrote, and its `AnySubject` as JSON."""
        rows = list(written)
        self._conditions = {id_: conditions for id_, conditions, _ in rows}
        self._says = {id_: says for id_, _, says in rows}
        self._fits: OrderedDict[str, dict[str, ConditionFit | None]] = OrderedDict()
        self._lock = Lock()

    @property
    def ids(self) -> Collection[str]:
        """The ids of the calls."""
        return self._says.keys()

    def says(self, call_id: str) -> AnySubject:
        """Return the words by which a call is open to any subject."""
        return AnySubject.model_validate_json(self._says[call_id])

    def fit(self, call_id: str, profile: Profile | None) -> ConditionFit | None:
        """Return how ``profile`` meets a call's conditions; None when one is known to fail."""
        checked = None if profile is None or profile.is_empty else profile
        fits = self._fits_of(checked)
        conditions = self._conditions[call_id]
        if conditions not in fits:
            fits[conditions] = _fit(conditions, checked)
        return fits[conditions]

    def _fits_of(self, profile: Profile | None) -> dict[str, ConditionFit | None]:
        """Return what is known already for a profile; the last few profiles are kept."""
        key = "" if profile is None else profile.model_dump_json()
        with self._lock:
            fits = self._fits.setdefault(key, {})
            self._fits.move_to_end(key)
            if len(self._fits) > _PROFILES_KEPT:
                self._fits.popitem(last=False)
            return fits


FindAnySubject = Callable[[], AnySubjectCalls]
"""Returns the stored calls that are open to any subject."""


def _fit(conditions: str, profile: Profile | None) -> ConditionFit | None:
    facts = [fact for stated in json.loads(conditions).items() for fact in read_condition(stated)]
    if any(isinstance(fact.value, InvitationOnly) for fact in facts):
        return None
    if profile is None:
        return ConditionFit(0, 0)
    verdicts = [gate.verdict for gate in evaluate_profile(facts, profile)]
    if Verdict.FAIL in verdicts:
        return None
    return ConditionFit(verdicts.count(Verdict.UNKNOWN), -verdicts.count(Verdict.PASS))
