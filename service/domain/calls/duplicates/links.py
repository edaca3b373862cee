"""Links between two calls, and the groups of calls shown as one, which never rest on a chain."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from service.domain.calls.duplicates.candidate_pairs import CallPair
from service.domain.calls.duplicates.decisions import Relation
from service.domain.calls.duplicates.evidence import LinkEvidence, LinkEvidenceKind
from service.domain.frozen_model import FrozenModel


class LinkState(StrEnum):
    """Who has the last word on a link: proposed ones count until a person says otherwise."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    SPLIT = "split"


class DecidedBy(StrEnum):
    """Who decided."""

    MACHINE = "machine"
    PERSON = "person"


class CallLink(FrozenModel):
    """What two stored calls are to each other; the lesser id is ``a``."""

    a: str
    b: str
    relation: Relation
    state: LinkState
    evidence: tuple[LinkEvidence, ...]
    decided_by: DecidedBy
    decided_at: datetime

    @property
    def pair(self) -> CallPair:
        """The two ids."""
        return self.a, self.b

    @property
    def merges(self) -> bool:
        """Whether it says that the two are one call."""
        return self.relation is Relation.SAME and self.state is not LinkState.SPLIT

    def other(self, call_id: str) -> str:
        """Return the id at the other end."""
        return self.b if call_id == self.a else self.a


def order_pair(a: str, b: str) -> CallPair:
    """Return two ids in the order that links keep, the lesser first."""
    return (a, b) if a < b else (b, a)


ReadLinks = Callable[[str], Sequence[CallLink]]


class CallGroups:
    """The links of a store, and the groups of calls that they make.

    A machine's link joins two groups only when every call of the one is the same as every call
    of the other: that a is b and b is c does not make a and c one call. A person's link joins
    them whatever the machine decided, but never across a pair that a person has split.
    """

    def __init__(self, links: Iterable[CallLink] = ()) -> None:
        """Form the groups of ``links``, which are every link of a store."""
        links = list(links)
        self._links: dict[str, list[CallLink]] = {}
        for link in links:
            if link.state is not LinkState.SPLIT:
                for end in link.pair:
                    self._links.setdefault(end, []).append(link)
        self._read: ReadLinks = lambda call_id: self._links.get(call_id, ())
        self._members = _form_groups(links)

    @classmethod
    def over(
        cls, links: Iterable[CallLink], read: ReadLinks, linked: Collection[str]
    ) -> CallGroups:
        """Return the groups of the links in a store, which are not kept.

        Args:
            links: at least those that merge calls, and those that a person has split.
            read: returns the links of one call, but for those that a person has split.
            linked: ids of the calls that have links.
        """
        groups = cls()
        groups._members = _form_groups(links)
        groups._read = lambda call_id: read(call_id) if call_id in linked else ()
        return groups

    def copies(self, call_id: str) -> tuple[str, ...]:
        """Return the ids of the calls that are the same as this one, in order, without its own."""
        members: Sequence[str] = self._members.get(call_id, ())
        return tuple(one for one in members if one != call_id)

    def group(self, call_id: str) -> tuple[str, ...]:
        """Return the ids of the call's group; of a call without copies, its own id."""
        return self._members.get(call_id, (call_id,))

    def groups(self) -> tuple[tuple[str, ...], ...]:
        """Return every group of several calls, once."""
        return tuple(dict.fromkeys(self._members.values()))

    def links(self, call_id: str) -> tuple[CallLink, ...]:
        """Return the links of the call, but for those that a person has split."""
        return tuple(self._read(call_id))


def _form_groups(links: Iterable[CallLink]) -> dict[str, tuple[str, ...]]:
    merging: dict[CallPair, _Merge] = {}
    split: set[CallPair] = set()
    for link in links:
        if link.state is LinkState.SPLIT:
            split.add(link.pair)
        elif link.merges:
            merging[link.pair] = _Merge.of(link)
    groups: dict[str, set[str]] = {}
    for a, b, is_confirmed in (
        (*pair, one.is_confirmed)
        for pair, one in sorted(merging.items(), key=lambda item: (item[1].order, item[0]))
    ):
        one, other = groups.get(a, {a}), groups.get(b, {b})
        if one is other:
            continue
        across = {order_pair(x, y) for x in one for y in other}
        agreed = is_confirmed or across <= merging.keys()
        if agreed and not across & split:
            joined = one | other
            groups.update(dict.fromkeys(joined, joined))
    return {id_: tuple(sorted(members)) for id_, members in groups.items()}


class _Merge(NamedTuple):
    """What is kept of a link that merges, so that a store's links need not be kept whole."""

    is_confirmed: bool
    common: float

    @classmethod
    def of(cls, link: CallLink) -> _Merge:
        common = sum(e.similarity + (e.kind is LinkEvidenceKind.IDENTIFIER) for e in link.evidence)
        return cls(link.state is LinkState.CONFIRMED, common)

    @property
    def order(self) -> tuple[bool, float]:
        """A person's links come first, then those with most in common."""
        return not self.is_confirmed, -self.common
