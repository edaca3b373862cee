"""The conditions of many calls, judged for a profile at once.

Calls state the same conditions again and again, and a condition is judged from its own facts
alone. So the facts on each condition are kept as a text without their quotes, and each different
text is judged once: the verdicts are those of `may_apply`.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from importlib.resources import files
from threading import Lock
from typing import Any, get_args

from scrapers.call import Call
from service.domain.eligibility.extract import extract_facts
from service.domain.eligibility.facts import Fact, FactValue, InvitationOnly
from service.domain.eligibility.profile_gates import evaluate_profile
from service.domain.eligibility.verdict import Verdict
from service.domain.pilots.profile import Profile

_PROFILES_KEPT = 16
_VALUE_TYPES = {one.__name__: one for one in get_args(FactValue)}

_METHOD_FOLDERS = (
    "service.domain.eligibility.extract",
    "service.domain.eligibility.extract.applicants",
    "service.domain.eligibility.extract.country",
    "service.domain.eligibility.subject",
    "service.domain.eligibility",
    "service.domain.calls",
    "scrapers.reading",
    "index.text",
)
"""Folders whose files decide which conditions are read in a text."""

Stated = tuple[str, str]
"""The name of a condition, and the facts on it as a text."""

_NOTHING: frozenset[Stated] = frozenset()


@cache
def reading_method() -> str:
    """Return a text that changes when conditions may be read in another way: a hash of its code."""
    digest = sha256()
    for folder in _METHOD_FOLDERS:
        for file in sorted(files(folder).iterdir(), key=lambda one: one.name):
            if file.name.endswith((".py", ".toml")):
                digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def write_conditions(call: Call) -> str:
    """Return the conditions of ``call`` as a text, for `ConditionIndex`; reading them takes long.

    It is a JSON object of texts by the condition's name, without quotes.
    """
    stated: dict[str, list[Any]] = {}
    for fact in extract_facts(call):
        plain = type(fact.value).__name__, fact.value.model_dump(mode="json"), fact.confidence
        stated.setdefault(fact.name, []).append(plain)
    texts = {name: json.dumps(own, ensure_ascii=False) for name, own in stated.items()}
    return json.dumps(texts, ensure_ascii=False)


def write_facts(call: Call) -> str:
    """Return the facts of ``call`` with their quotes as a text, for `read_facts`."""
    return json.dumps(
        [(type(fact.value).__name__, fact.model_dump(mode="json")) for fact in extract_facts(call)],
        ensure_ascii=False,
    )


def read_facts(text: str) -> tuple[Fact, ...]:
    """Return the facts that `write_facts` wrote."""
    return tuple(
        Fact.model_validate(fact | {"value": _VALUE_TYPES[kind].model_validate(fact["value"])})
        for kind, fact in json.loads(text)
    )


def read_condition(stated: Stated) -> tuple[Fact, ...]:
    """Return the facts on one condition, without quotes."""
    name, text = stated
    return tuple(
        Fact(name=name, value=_VALUE_TYPES[kind].model_validate(value), confidence=confidence)
        for kind, value, confidence in json.loads(text)
    )


class ConditionIndex:
    """The conditions of calls, by id. Safe to share by threads."""

    def __init__(self, written: Iterable[tuple[str, str]] = ()) -> None:
        """Take the id of each call with what `write_conditions` returned of it."""
        self._known: dict[frozenset[Stated], frozenset[Stated]] = {}
        self._stated: dict[str, frozenset[Stated]] = {}
        self._failing: OrderedDict[str, dict[Stated, bool]] = OrderedDict()
        self._lock = Lock()
        self.add(written)

    def add(self, written: Iterable[tuple[str, str]]) -> None:
        """Add calls, or replace what was known of them."""
        for call_id, text in written:
            stated = frozenset(json.loads(text).items())
            self._stated[call_id] = self._known.setdefault(stated, stated)

    def failing(self, call_ids: Iterable[str], profile: Profile | None) -> set[str]:
        """Return those of some calls that have a condition, times aside, known to fail.

        Args:
            call_ids: of calls; one that is not known is taken to state nothing.
            profile: what they are checked against; without one, only an invitation can fail.
        """
        verdicts = self._verdicts(profile)
        by_calls: dict[frozenset[Stated], bool] = {}
        failing: set[str] = set()
        for call_id in call_ids:
            stated = self._stated.get(call_id, _NOTHING)
            fails = by_calls.get(stated)
            if fails is None:
                fails = by_calls[stated] = any(_look_up(verdicts, one, profile) for one in stated)
            if fails:
                failing.add(call_id)
        return failing

    def _verdicts(self, profile: Profile | None) -> dict[Stated, bool]:
        """Return what is known already for a profile; the last few profiles are kept."""
        checked = profile is not None and not profile.is_empty
        key = profile.model_dump_json() if profile is not None and checked else ""
        with self._lock:
            verdicts = self._failing.setdefault(key, {})
            self._failing.move_to_end(key)
            if len(self._failing) > _PROFILES_KEPT:
                self._failing.popitem(last=False)
            return verdicts


def _look_up(verdicts: dict[Stated, bool], stated: Stated, profile: Profile | None) -> bool:
    fails = verdicts.get(stated)
    if fails is None:
        fails = verdicts[stated] = _fails(stated, profile)
    return fails


def _fails(stated: Stated, profile: Profile | None) -> bool:
    facts = read_condition(stated)
    if any(isinstance(fact.value, InvitationOnly) for fact in facts):
        return True
    if profile is None or profile.is_empty:
        return False
    gates = evaluate_profile(facts, profile)
    return any(gate.name == stated[0] and gate.verdict is Verdict.FAIL for gate in gates)
