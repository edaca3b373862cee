"""The calls that a text is ranked against, and how many are left out and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.domain.calls.copies import choose_leads
from service.domain.matching.feedback import DISMISSED_REASON
from service.domain.matching.filters import Filters, count_reasons
from service.domain.matching.match_context import MatchContext
from service.domain.pilots.profile import Profile
from service.messages.message import Message, message


@dataclass(frozen=True)
class Candidates:
    """Ids of the calls that may be matched.

    ``admitted`` passed the filters, ``indexed`` are those of them in the index, and ``leads`` has
    one of each group of copies: the copy that is ranked and shown. ``left_out`` counts the other
    calls by reason.
    """

    admitted: frozenset[str]
    indexed: frozenset[str]
    leads: frozenset[str]
    left_out: Mapping[str, int]

    @property
    def notes(self) -> list[Message]:
        """What a reader must know of them: that some are not indexed yet."""
        waiting = len(self.admitted) - len(self.indexed)
        return [message("note.waiting", count=waiting, calls=str(waiting))] if waiting else []


def select_candidates(
    context: MatchContext,
    filters: Filters,
    language: str,
    *,
    profile: Profile | None,
    dismissed: bool = False,
) -> Candidates:
    """Return which calls of ``context`` a text is compared with.

    Args:
        context: the calls; an opinion on one copy of a call counts for all.
        filters: the reader's choices.
        language: of the text: of several copies, the one in it leads.
        profile: what the calls' conditions are checked against, if the pilot has one.
        dismissed: admit also the calls that were judged not relevant.
    """
    calls, now = context.calls, context.now
    reasons = {id_: filters.exclusion_reason(call, now, profile) for id_, call in calls.items()}
    passing = frozenset(id_ for id_, reason in reasons.items() if reason is None)
    hidden = frozenset() if dismissed else passing & context.opinions.dismissed
    indexed = (passing - hidden) & context.searcher.documents
    return Candidates(
        admitted=passing - hidden,
        indexed=indexed,
        leads=frozenset(choose_leads(indexed, calls, context.links, now, language)),
        left_out=count_reasons(reasons.values())
        | ({DISMISSED_REASON: len(hidden)} if hidden else {}),
    )
