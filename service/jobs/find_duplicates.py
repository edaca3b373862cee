"""Links between stored calls: found after every collection and import, or decided by a person."""

from __future__ import annotations

from service.context import Context
from service.domain.calls.duplicates.decisions import decide_all, pair_evidence
from service.domain.calls.duplicates.evidence import MeaningSimilarity
from service.domain.calls.duplicates.links import CallLink, LinkState, order_pair
from service.errors import InputError, NotFoundError
from service.jobs.lock import hold_lock
from service.store.links import LinkReport

JOB = "merge"
METHOD_VERSION = "1"
"""To be raised when the method decides otherwise than before: then all links are computed again."""


def find_links(context: Context, similarity: MeaningSimilarity | None = None) -> LinkReport:
    """Find the links between stored calls and store them; decisions of persons stay.

    Nothing is done, and nothing written, when no call has changed since the last time.

    Args:
        context: where the calls are.
        similarity: compares the meaning of calls in two languages; without it, only numbers,
            links and words can show that they are one.

    Raises:
        JobBusyError: another process is collecting or importing.
    """
    with hold_lock(context.settings.data, "collect"):
        mark = f"{context.calls.stamp()}/{METHOD_VERSION}{'' if similarity is None else '+meaning'}"
        last = context.runs.last_good(JOB, "")
        if last is not None and last.report.get("mark") == mark:
            return LinkReport(unchanged=context.links.count())
        with context.runs.record(JOB) as run:
            decisions = decide_all(context.calls.all(), similarity)
            stored = context.links.renew(decisions, context.now())
            run.report = {
                "mark": mark,
                "new": stored.new,
                "changed": stored.changed,
                "removed": stored.removed,
                "unchanged": stored.unchanged,
                "kept": stored.kept,
            }
    return stored


def decide_link(context: Context, one: str, other: str, state: LinkState) -> CallLink:
    """Store a person's decision that two calls are one (confirmed) or are not (split).

    Raises:
        NotFoundError: there is no such call.
        InputError: the two are one id.
    """
    if one == other:
        raise InputError(f"{one} is given twice: give the ids of two calls.")
    calls = context.calls.all()
    for id_ in (one, other):
        if id_ not in calls:
            raise NotFoundError(f"There is no call {id_}: `fundscout match` shows ids.")
    pair = order_pair(one, other)
    evidence = pair_evidence(calls, pair)
    return context.links.decide(pair, state, evidence, context.now())
