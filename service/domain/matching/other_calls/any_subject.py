"""Calls that are open to any subject: no search by meaning finds them, so they stand by themselves.

Shown are those of which the pilot is not known to fail a condition; what is not known is said.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from pydantic import Field

from scrapers.call import Call
from service.domain.calls.near_duplicates import are_near_duplicates
from service.domain.calls.stored.call_columns import NEVER
from service.domain.calls.stored.call_facts import to_instant
from service.domain.calls.stored.call_reader import read_ahead
from service.domain.eligibility.facts import Quote
from service.domain.eligibility.gates import evaluate_gates
from service.domain.eligibility.subject.any_subject_calls import AnySubjectCalls, ConditionFit
from service.domain.eligibility.verdict import Gate
from service.domain.frozen_model import FrozenModel
from service.domain.matching.call_card import CallCard, make_card
from service.domain.matching.match_context import MatchContext, StoredCalls
from service.domain.matching.reasons import Reason, gate_reasons
from service.domain.pilots.profile import Profile

MOST_SHOWN = 5
"""Calls that are shown; the rest are a number."""

_READ_FOR_EACH = 3
"""Calls that are read for each that is shown, for some are nearly the same."""


class AnySubjectCall(FrozenModel):
    """A call that is open to any subject, and how the pilot meets its conditions."""

    call: CallCard
    says: Quote = Field(description="The words of the call by which it is open to any subject.")
    by_name: bool = Field(
        description="Whether only the name of its programme says so, and no sentence."
    )
    gates: tuple[Gate, ...] = Field(description="The conditions; none is known to fail.")
    reasons: tuple[Reason, ...] = Field(
        description="Which conditions are met, and which are still to be checked."
    )


class AnySubjectList(FrozenModel):
    """The calls that are open to any subject: the best fit of conditions first, then the deadline.

    None of them is among the matches.
    """

    calls: tuple[AnySubjectCall, ...] = Field(default=(), description="At most five.")
    more: int = Field(default=0, description="How many more there are.")


def find_any_subject(
    context: MatchContext,
    candidates: Collection[str],
    shown: Iterable[str],
    profile: Profile | None,
    language: str,
) -> AnySubjectList:
    """Return the calls among ``candidates`` that are open to any subject.

    Args:
        context: the calls.
        candidates: ids of the calls that the reader's filters admit, of copies one.
        shown: ids of calls that are shown already: they and their copies are left out.
        profile: the pilot's; one that does not want such calls gets none.
        language: of the titles (ISO 639).
    """
    stored = context.any_subject()
    if not wants_any_subject(profile) or not stored.ids:
        return AnySubjectList()
    known = {copy for id_ in shown for copy in context.links.group(id_)}
    wanted = [id_ for id_ in stored.ids if id_ in candidates and id_ not in known]
    ranked = rank_by_conditions(stored, wanted, profile, _deadline_of(context))
    chosen = _without_near_duplicates(context, ranked[: MOST_SHOWN * _READ_FOR_EACH])[:MOST_SHOWN]
    context.conditions.fetch(chosen)
    return AnySubjectList(
        calls=tuple(make_any_subject(context, stored, one, profile, language) for one in chosen),
        more=len(ranked) - len(chosen),
    )


def wants_any_subject(profile: Profile | None) -> bool:
    """Return whether a pilot with ``profile`` wants to see calls that are open to any subject."""
    return profile is None or profile.any_subject


def rank_by_conditions(
    stored: AnySubjectCalls,
    call_ids: Iterable[str],
    profile: Profile | None,
    deadline: Callable[[str], int],
) -> list[str]:
    """Return those of some calls of which no condition is known to fail, the best fit first.

    Args:
        stored: the calls that are open to any subject.
        call_ids: some of them.
        profile: the pilot's.
        deadline: returns a call's next deadline in microseconds since 1970; `NEVER`: it has none.
    """
    fits: dict[str, ConditionFit] = {}
    for id_ in call_ids:
        fit = stored.fit(id_, profile)
        if fit is not None:
            fits[id_] = fit
    return sorted(fits, key=lambda id_: (fits[id_], deadline(id_), id_))


def make_any_subject(
    stored_calls: StoredCalls,
    stored: AnySubjectCalls,
    call: Call,
    profile: Profile | None,
    language: str,
) -> AnySubjectCall:
    """Put a call that is open to any subject into the words of funding."""
    says = stored.says(call.id)
    facts = stored_calls.conditions.facts(call)
    gates = evaluate_gates(call, stored_calls.now, profile, facts)
    return AnySubjectCall(
        call=make_card(stored_calls, call, language),
        says=says.quote,
        by_name=says.by_name,
        gates=gates,
        reasons=tuple(Reason.of(text, about=topic) for topic, text in gate_reasons(gates)),
    )


def _deadline_of(context: MatchContext) -> Callable[[str], int]:
    """Return what gives the next deadline of a call: from columns, or else from its record."""
    if context.candidates is None:
        return lambda id_: next_deadline_instant(context.calls[id_], context)
    columns = context.candidates.columns
    instants, _ = columns.next_entries(context.now)
    return lambda id_: int(instants[columns.rows[id_]])


def next_deadline_instant(call: Call, stored: StoredCalls) -> int:
    """Return a call's next deadline in microseconds since 1970, `NEVER` without one."""
    deadline = call.next_deadline(stored.now)
    return NEVER if deadline is None or deadline.at is None else to_instant(deadline.at)


def _without_near_duplicates(context: MatchContext, call_ids: Sequence[str]) -> list[Call]:
    """Return calls in their order, of those nearly the same the first."""
    read_ahead(context.calls, call_ids)
    kept: list[Call] = []
    for id_ in call_ids:
        call = context.calls[id_]
        if not any(are_near_duplicates(call, one) for one in kept):
            kept.append(call)
    return kept
