"""Gates: conditions a pilot must meet. Each says pass, fail or unknown, why, and by what words."""

from __future__ import annotations

from datetime import datetime

from scrapers.call import Call
from service.domain.facts import Invited, facts_of
from service.domain.gates.fit import fit
from service.domain.gates.gate import Gate, Verdict, gate
from service.domain.gates.timing import deadline, describe, start, status
from service.domain.profile import Profile

__all__ = ["Gate", "Verdict", "describe", "gates", "open_to"]


def gates(call: Call, now: datetime, profile: Profile | None = None) -> tuple[Gate, ...]:
    """Return the gates of ``call`` at ``now`` (aware) for a pilot with ``profile``.

    Status and deadline always; invitation when only the invited may apply. Then one gate for each
    fact that the call states or the profile asks about; without a profile one gate says so.
    """
    found = [status(call, now), deadline(call, now), *_invitation(call)]
    if profile is None or profile.is_empty:
        return (*found, gate("profile", Verdict.UNKNOWN, "none"))
    found += filter(None, [start(call, profile.start, now)])
    return (*found, *fit(facts_of(call), profile))


def open_to(call: Call, profile: Profile | None) -> bool:
    """Return whether no condition of ``call`` but those of time is known to fail."""
    if _invitation(call):
        return False
    if profile is None or profile.is_empty:
        return True
    return all(one.verdict is not Verdict.FAIL for one in fit(facts_of(call), profile))


def _invitation(call: Call) -> list[Gate]:
    facts = [fact for fact in facts_of(call) if isinstance(fact.value, Invited)]
    return [gate("invitation", Verdict.FAIL, "fail", facts=facts)] if facts else []
