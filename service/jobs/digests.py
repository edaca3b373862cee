"""Digests of many pilots: ranked in batches, decided one by one, explained where told.

What is told depends on the recipient; the rank only on the pilot. So recipients of one pilot are
best given one after another.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Protocol

from index.bulk import Bulk
from index.hit import Hit
from index.query import Query
from index.search import Searcher
from scrapers.call import Call
from service.domain.alike import near_identical
from service.domain.before import Before
from service.domain.digest import (
    Candidate,
    Digest,
    Mark,
    Moment,
    Quiet,
    Selection,
    can_be_applied_for,
    compose,
    select,
)
from service.domain.feedback import Judged
from service.domain.freshness import Arrivals
from service.domain.gates import open_to
from service.domain.groups import Group
from service.domain.match import Match, matches
from service.domain.news import Memory, Past
from service.domain.pick import Pick
from service.domain.pilot import Pilot
from service.domain.profile import Profile
from service.domain.same import Groups
from service.domain.scene import Scene
from service.domain.sources import SourceStatus
from service.domain.week import next_mail, week_of

BATCH = 256
"""Recipients whose digests are made together."""

DEEP = 200
"""Ranked calls that are looked at for each pilot; those told or marked before come on top."""


class Calls(Protocol):
    """The stored calls, as far as digests need them."""

    def all(self) -> Mapping[str, Call]:
        """Return every call by id."""
        ...

    def versions_of(self, call_ids: Collection[str], /) -> Mapping[str, Past]:
        """Return the versions of calls, oldest first."""
        ...

    def not_seen_since(self) -> Mapping[str, datetime]:
        """Return the calls that their source lists no more."""
        ...

    def absences(self) -> Mapping[str, tuple[datetime, datetime]]:
        """Return from when to when calls that came back were last off their source's list."""
        ...

    def first_seen(self) -> Mapping[str, datetime]:
        """Return when each call was first seen."""
        ...


@dataclass(frozen=True)
class Asked:
    """A recipient: the pilot, the keys told to them, their last mail, what was marked and when."""

    pilot: Pilot
    sent_keys: Collection[str] = ()
    since: datetime | None = None
    marks: Mapping[str, Mark] = field(default_factory=dict)
    marked_at: Mapping[str, datetime] = field(default_factory=dict)

    @classmethod
    def from_pilot(
        cls,
        pilot: Pilot,
        judged: Judged,
        told: Collection[str] = (),
        since: datetime | None = None,
    ) -> Asked:
        """Return a recipient of ``pilot``, on whose calls ``judged`` holds."""
        marks = marks_of(judged)
        times = {call: at for call in marks if (at := judged.judged_at(call)) is not None}
        return cls(pilot, told, since, marks, times)

    @property
    def followed_calls(self) -> frozenset[str]:
        """The calls that are looked at however low they rank."""
        return Memory(self.sent_keys).call_ids | frozenset(self.marks)


@dataclass(frozen=True)
class Rules:
    """What decides whether a mail is sent, and what fits: the settings of digests."""

    minimum: float
    quiet: Quiet = Quiet.SILENT


class Composer:
    """Makes the digests of one moment."""

    def __init__(
        self,
        searcher: Searcher,
        calls: Calls,
        now: datetime,
        rules: Rules,
        fare: Sequence[SourceStatus] = (),
        *,
        groups: Groups | None = None,
        before: Before | None = None,
    ) -> None:
        """Take the calls that can be applied for at ``now``, or before the next mail.

        Args:
            searcher: the index of the calls.
            calls: the store.
            now: the aware instant of the mails.
            rules: the settings.
            fare: how the sources fare.
            groups: which calls are one: they are told as one and once, which names its copies.
            before: what is known of earlier rounds and of projects that were paid.
        """
        self._searcher = searcher
        self._calls = calls.all()
        self._store = calls
        self._gone = frozenset(calls.not_seen_since())
        self._returned = {
            id_: back for id_, (gone, back) in calls.absences().items() if next_mail(gone) <= back
        }
        self._now, self._until = now, next_mail(now)
        self._rules = rules
        self._fare = fare
        self._groups = groups or Groups()
        self._scene = Scene(
            searcher,
            self._calls,
            now,
            self._groups,
            before or Before(),
            arrivals=Arrivals(calls.first_seen()),
        )
        self._closed_to_all: dict[str, bool] = {}
        moment = Moment(now, self._until)
        self._open = searcher.documents & {
            id_
            for id_, call in self._calls.items()
            if id_ not in self._gone and can_be_applied_for(call, moment)
        }

    def digests(self, asked: Iterable[Asked]) -> Iterator[Digest]:
        """Yield a digest for each of ``asked``, in their order."""
        batch: list[Asked] = []
        for one in asked:
            batch.append(one)
            if len(batch) == BATCH:
                yield from self._batch(batch)
                batch = []
        yield from self._batch(batch)

    def digest(self, asked: Asked) -> Digest:
        """Return the digest of one recipient."""
        (found,) = self._batch([asked])
        return found

    def _batch(self, batch: Sequence[Asked]) -> Iterator[Digest]:
        pilots = {one.pilot.id: one.pilot for one in batch}
        queries = {
            id_: self._searcher.query(pilot.text, pilot.language) for id_, pilot in pilots.items()
        }
        followed: dict[str, set[str]] = {id_: set() for id_ in pilots}
        for one in batch:
            followed[one.pilot.id] |= {
                copy for id_ in one.followed_calls for copy in self._groups.group(id_)
            }
        found = self._search(list(queries.values()), list(followed.values()))
        ranked = {
            id_: [hit for hit in hits if self._is_considered(hit, followed[id_])]
            for id_, hits in zip(queries, found, strict=True)
        }
        pasts = self._store.versions_of({hit.document for hits in ranked.values() for hit in hits})
        for one in batch:
            id_ = one.pilot.id
            yield self._digest(one, queries[id_], ranked[id_], pasts)

    @cached_property
    def _bulk(self) -> Bulk:
        """Take a copy of the open calls' vectors: worth it for many pilots alone."""
        return Bulk(self._searcher, self._open)

    def _search(
        self, queries: Sequence[Query], followed: Sequence[Collection[str]]
    ) -> Iterator[list[Hit]]:
        if len(queries) > 1 or "_bulk" in self.__dict__:
            yield from self._bulk.search(queries, top=DEEP, also=followed)
            return
        for query, also in zip(queries, followed, strict=True):
            hits = self._searcher.search(query, top=DEEP, allowed=self._open)
            more = set(also) - {hit.document for hit in hits}
            wanted = self._open & more
            yield hits + self._searcher.search(query, top=len(wanted), allowed=wanted)

    def _is_considered(self, hit: Hit, followed: Collection[str]) -> bool:
        return hit.score >= self._rules.minimum or hit.document in followed

    def _digest(
        self, asked: Asked, query: Query, hits: Sequence[Hit], pasts: Mapping[str, Past]
    ) -> Digest:
        moment = Moment(self._now, self._until, asked.since)
        candidates = [
            Candidate(
                pasts.get(hit.document) or ((self._now, self._calls[hit.document]),),
                hit.score,
                ineligible=self._is_ineligible(hit.document, asked.pilot.profile),
                relisted_at=self._returned.get(hit.document),
            )
            for hit in hits
        ]
        chosen = select(
            candidates,
            Memory(asked.sent_keys, self._groups.group),
            moment,
            minimum=self._rules.minimum,
            marks=asked.marks,
            said_at=asked.marked_at,
            gone=self._gone,
            alike=near_identical,
        )
        return compose(
            asked.pilot,
            week_of(self._now),
            chosen,
            self._matches(asked.pilot, query, hits, chosen),
            moment,
            language=query.language,
            considered=len(self._open),
            sources=self._fare,
            quiet=self._rules.quiet,
        )

    def _near_duplicates_of(self, pick: Pick) -> list[str]:
        """Return the calls told beside one that are nearly the same: its copies it names itself."""
        copies = self._groups.group(pick.call_id)
        return [other.call_id for other in pick.others if other.call_id not in copies]

    def _is_ineligible(self, call_id: str, profile: Profile | None) -> bool:
        """Whether a condition is known to fail; without a profile that is the call's alone."""
        if profile is not None and not profile.is_empty:
            return not open_to(self._calls[call_id], profile)
        if call_id not in self._closed_to_all:
            self._closed_to_all[call_id] = not open_to(self._calls[call_id], None)
        return self._closed_to_all[call_id]

    def _matches(
        self, pilot: Pilot, query: Query, hits: Sequence[Hit], chosen: Selection
    ) -> dict[str, Match]:
        """Explain what is told, and nothing else: that is what takes time."""
        by_id = {hit.document: hit for hit in hits}
        groups = [
            Group(by_id[pick.call_id], [by_id[id_] for id_ in self._near_duplicates_of(pick)])
            for pick in (*chosen.items, *chosen.brief)
        ]
        found = matches(self._scene, query, groups, pilot.profile)
        return {group.lead.document: one for group, one in zip(groups, found, strict=True)}


def marks_of(judged: Judged) -> dict[str, Mark]:
    """Return the judgements on a pilot's calls as digests know them."""
    return (
        dict.fromkeys(judged.relevant, Mark.RELEVANT)
        | dict.fromkeys(judged.applied, Mark.APPLIED)
        | dict.fromkeys(judged.dismissed, Mark.DISMISSED)
    )
