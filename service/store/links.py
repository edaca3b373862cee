"""Links between calls in the database: the machine renews its own, and never a person's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import Engine, and_, func, or_, select

from service.domain.calls.duplicates.candidate_pairs import CallPair
from service.domain.calls.duplicates.decisions import Decision, Relation
from service.domain.calls.duplicates.evidence import LinkEvidence
from service.domain.calls.duplicates.links import (
    CallGroups,
    CallLink,
    DecidedBy,
    LinkState,
    order_pair,
)
from service.store.database import open_session
from service.store.stamps import LINKS_STAMP, advance_stamp, read_stamp
from service.store.sync.change_log import record_changes
from service.store.tables import CallLinkRow

_EVIDENCE = TypeAdapter(tuple[LinkEvidence, ...])


@dataclass(frozen=True)
class LinkReport:
    """What renewing the machine's links did; ``kept`` are those that a person decided on."""

    new: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0
    kept: int = 0

    @property
    def nothing_changed(self) -> bool:
        """Whether the store is as it was."""
        return not (self.new or self.changed or self.removed)


class LinkStore:
    """Every link by its pair."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._cached: tuple[str, CallGroups] | None = None

    def all(self) -> tuple[CallLink, ...]:
        """Return every link, by pair; those that a person has split are among them."""
        with open_session(self._engine) as session:
            rows = session.scalars(select(CallLinkRow).order_by(CallLinkRow.a, CallLinkRow.b))
            return tuple(map(_link, rows))

    def count(self) -> int:
        """Return how many links there are."""
        with open_session(self._engine) as session:
            return session.scalar(select(func.count(CallLinkRow.key))) or 0

    def groups(self) -> CallGroups:
        """Return what is shown as one call; the same object until a link changes.

        It keeps which calls are one, and reads the links of a call when it is asked for them.
        """
        merging = and_(
            CallLinkRow.relation == Relation.SAME.value, CallLinkRow.state != LinkState.SPLIT.value
        )
        wanted = select(CallLinkRow).where(or_(merging, CallLinkRow.state == LinkState.SPLIT.value))
        with open_session(self._engine) as session:
            stamp = read_stamp(session, LINKS_STAMP)
            if self._cached is None or self._cached[0] != stamp:
                rows = session.scalars(wanted.order_by(CallLinkRow.a, CallLinkRow.b)).all()
                links = map(_link, rows)
                pairs = session.execute(select(CallLinkRow.a, CallLinkRow.b))
                linked = frozenset(end for pair in pairs for end in pair)
                self._cached = stamp, CallGroups.over(links, self.links_of, linked)
            return self._cached[1]

    def stamp(self) -> str:
        """Return a text that changes whenever a link does."""
        with open_session(self._engine) as session:
            return read_stamp(session, LINKS_STAMP)

    def links_of(self, call_id: str) -> tuple[CallLink, ...]:
        """Return the links of a call by pair, but for those that a person has split."""
        ends = or_(CallLinkRow.a == call_id, CallLinkRow.b == call_id)
        wanted = select(CallLinkRow).where(ends, CallLinkRow.state != LinkState.SPLIT.value)
        with open_session(self._engine) as session:
            rows = session.scalars(wanted.order_by(CallLinkRow.a, CallLinkRow.b))
            return tuple(map(_link, rows))

    def get(self, a: str, b: str) -> CallLink | None:
        """Return the link between two calls, in whichever order, if there is one."""
        first, second = order_pair(a, b)
        wanted = select(CallLinkRow).where(CallLinkRow.a == first, CallLinkRow.b == second)
        with open_session(self._engine) as session:
            row = session.scalars(wanted).one_or_none()
            return None if row is None else _link(row)

    def renew(self, decisions: Mapping[CallPair, Decision], now: datetime) -> LinkReport:
        """Replace the machine's links by ``decisions``, in one transaction.

        Links that a person has confirmed or split stay as they are.

        Raises:
            StoreError: the database cannot be written; it is then as it was.
        """
        counts = dict.fromkeys(("new", "changed", "removed", "unchanged", "kept"), 0)
        ends: set[str] = set()
        with open_session(self._engine) as session:
            rows = {(row.a, row.b): row for row in session.scalars(select(CallLinkRow))}
            for pair, row in rows.items():
                if row.decided_by == DecidedBy.PERSON:
                    counts["kept"] += 1
                elif pair not in decisions:
                    ends.update(_merged_ends(pair, row.relation))
                    session.delete(row)
                    counts["removed"] += 1
            for pair, decision in decisions.items():
                known = rows.get(pair)
                if known is None:
                    session.add(_row(decision, now))
                    counts["new"] += 1
                    ends.update(_merged_ends(pair, decision.relation))
                elif known.decided_by != DecidedBy.PERSON:
                    was = known.relation
                    outcome = _update(known, decision, now)
                    counts[outcome] += 1
                    if outcome == "changed":
                        ends.update(_merged_ends(pair, was, decision.relation))
            stored = LinkReport(**counts)
            if not stored.nothing_changed:
                advance_stamp(session, LINKS_STAMP)
                session.flush()
                record_changes(session, ends, now)
                session.commit()
        return stored

    def decide(
        self, pair: CallPair, state: LinkState, evidence: tuple[LinkEvidence, ...], now: datetime
    ) -> CallLink:
        """Store a person's decision on two stored calls: confirmed (one call) or split.

        Args:
            pair: the lesser id first.
            state: confirmed or split.
            evidence: what the machine finds in the pair, kept with the decision.
            now: the aware instant.
        """
        a, b = order_pair(*pair)
        with open_session(self._engine) as session:
            wanted = select(CallLinkRow).where(CallLinkRow.a == a, CallLinkRow.b == b)
            row = session.scalars(wanted).one_or_none()
            if row is None:
                row = CallLinkRow(a=a, b=b)
                session.add(row)
            row.relation, row.state = Relation.SAME.value, state.value
            row.evidence = _EVIDENCE.dump_json(evidence).decode()
            row.decided_by, row.decided_at = DecidedBy.PERSON.value, now
            advance_stamp(session, LINKS_STAMP)
            session.flush()
            record_changes(session, pair, now)
            session.commit()
            return _link(row)


def _merged_ends(pair: CallPair, *relations: str) -> CallPair | tuple[()]:
    """Return the two calls if what they are to each other, or were, is one and the same."""
    return pair if Relation.SAME.value in relations else ()


def _row(decision: Decision, now: datetime) -> CallLinkRow:
    return CallLinkRow(
        a=decision.a,
        b=decision.b,
        relation=decision.relation.value,
        state=LinkState.PROPOSED.value,
        evidence=_EVIDENCE.dump_json(decision.evidence).decode(),
        decided_by=DecidedBy.MACHINE.value,
        decided_at=now,
    )


def _update(row: CallLinkRow, decision: Decision, now: datetime) -> str:
    """Bring a machine's row up to date; return which count of the report it belongs to."""
    evidence = _EVIDENCE.dump_json(decision.evidence).decode()
    if (row.relation, row.evidence) == (decision.relation.value, evidence):
        return "unchanged"
    row.relation, row.evidence, row.decided_at = decision.relation.value, evidence, now
    return "changed"


def _link(row: CallLinkRow) -> CallLink:
    return CallLink(
        a=row.a,
        b=row.b,
        relation=Relation(row.relation),
        state=LinkState(row.state),
        evidence=_EVIDENCE.validate_json(row.evidence),
        decided_by=DecidedBy(row.decided_by),
        decided_at=row.decided_at,
    )
