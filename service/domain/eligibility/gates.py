"""Gates: the conditions that a pilot must meet, each with its verdict, the reason and quotes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from scrapers.call import Call
from service.domain.eligibility.extract import extract_facts
from service.domain.eligibility.facts import Fact, InvitationOnly
from service.domain.eligibility.profile_gates import evaluate_profile
from service.domain.eligibility.time_gates import (
    deadline_gate,
    start_gate,
    status_gate,
)
from service.domain.eligibility.verdict import Gate, Verdict, make_gate
from service.domain.pilots.profile import Profile


def evaluate_gates(
    call: Call,
    now: datetime,
    profile: Profile | None = None,
    facts: Sequence[Fact] | None = None,
) -> tuple[Gate, ...]:
    """Return the gates of ``call`` at ``now`` (aware) for a pilot with ``profile``.

    Status and deadline come always, invitation when only invited applicants may apply, then a gate
    for each kind of fact in the call or the profile. Without a profile, one gate says so.
    ``facts`` are those of the call; without them its texts are read.
    """
    facts = extract_facts(call) if facts is None else facts
    gates = [status_gate(call, now), deadline_gate(call, now), *_invitation_gate(facts)]
    if profile is None or profile.is_empty:
        return (*gates, make_gate("profile", Verdict.UNKNOWN, "none"))
    gates += filter(None, [start_gate(call, profile.start, now)])
    return (*gates, *evaluate_profile(facts, profile))


def may_apply(call: Call, profile: Profile | None, facts: Sequence[Fact] | None = None) -> bool:
    """Return whether no condition of ``call``, those of time aside, is known to fail.

    ``facts`` are those of the call; without them its texts are read.
    """
    facts = extract_facts(call) if facts is None else facts
    if _invitation_gate(facts):
        return False
    if profile is None or profile.is_empty:
        return True
    return all(gate.verdict is not Verdict.FAIL for gate in evaluate_profile(facts, profile))


def _invitation_gate(facts: Sequence[Fact]) -> list[Gate]:
    found = [fact for fact in facts if isinstance(fact.value, InvitationOnly)]
    return [make_gate("invitation", Verdict.FAIL, "fail", facts=found)] if found else []
