"""Compared: the calls that a text is ranked against, and those that stay away from it."""

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
    """Calls by id. ``leads`` has of those that are one call the one that is ranked and shown.

    ``left_out`` counts by reason what stays away.
    """

    admitted: frozenset[str]
    indexed: frozenset[str]
    leads: frozenset[str]
    left_out: Mapping[str, int]

    @property
    def notes(self) -> list[Message]:
        """What a reader must know of them."""
        waiting = len(self.admitted) - len(self.indexed)
        return [message("note.waiting", count=waiting, calls=str(waiting))] if waiting else []


def select_candidates(
    scene: MatchContext,
    chosen: Filters,
    language: str,
    *,
    profile: Profile | None,
    dismissed: bool = False,
) -> Candidates:
    """Say which calls of ``scene`` a text is compared with.

    Args:
        scene: where; what was said of one copy of a call counts for all.
        chosen: the reader's choices.
        language: of the text: of copies alike, the one in it leads.
        profile: what the calls' conditions are checked against, if the pilot has one.
        dismissed: let calls that were judged not relevant through too.
    """
    calls, now = scene.calls, scene.now
    reasons = {id_: chosen.exclusion_reason(call, now, profile) for id_, call in calls.items()}
    let_through = frozenset(id_ for id_, reason in reasons.items() if reason is None)
    hidden = frozenset() if dismissed else let_through & scene.opinions.dismissed
    indexed = (let_through - hidden) & scene.searcher.documents
    return Candidates(
        admitted=let_through - hidden,
        indexed=indexed,
        leads=frozenset(choose_leads(indexed, calls, scene.links, now, language)),
        left_out=count_reasons(reasons.values())
        | ({DISMISSED_REASON: len(hidden)} if hidden else {}),
    )
