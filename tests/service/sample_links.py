"""A link between two calls, for tests of what shows links."""

from __future__ import annotations

from datetime import UTC, datetime

from service.domain.same import By, CallLink, Evidence, Kind, Relation, State, ordered

DECIDED = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)


def a_link(
    one: str,
    other: str,
    relation: Relation = Relation.SAME,
    state: State = State.PROPOSED,
    similarity: float = 1.0,
) -> CallLink:
    """A link that rests on the title; a person's unless it is proposed."""
    a, b = ordered(one, other)
    return CallLink(
        a=a,
        b=b,
        relation=relation,
        state=state,
        evidence=(Evidence(kind=Kind.TITLE, a="Care", b="Care", similarity=similarity),),
        decided_by=By.MACHINE if state is State.PROPOSED else By.PERSON,
        decided_at=DECIDED,
    )
