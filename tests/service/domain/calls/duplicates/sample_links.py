"""A link between two calls, for tests of what shows links."""

from __future__ import annotations

from datetime import UTC, datetime

from service.domain.calls.duplicates.decisions import Relation
from service.domain.calls.duplicates.evidence import LinkEvidence, LinkEvidenceKind
from service.domain.calls.duplicates.links import CallLink, DecidedBy, LinkState, order_pair

DECIDED = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)


def a_link(
    one: str,
    other: str,
    relation: Relation = Relation.SAME,
    state: LinkState = LinkState.PROPOSED,
    similarity: float = 1.0,
) -> CallLink:
    """A link that rests on the title; a person's unless it is proposed."""
    a, b = order_pair(one, other)
    return CallLink(
        a=a,
        b=b,
        relation=relation,
        state=state,
        evidence=(
            LinkEvidence(kind=LinkEvidenceKind.TITLE, a="Care", b="Care", similarity=similarity),
        ),
        decided_by=DecidedBy.MACHINE if state is LinkState.PROPOSED else DecidedBy.PERSON,
        decided_at=DECIDED,
    )
