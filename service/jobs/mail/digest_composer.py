"""Digests of many recipients: calls ranked in batches, chosen for each, explained when chosen.

The choice depends on the recipient, the ranking only on the pilot, so recipients of one pilot
should come one after another.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, partial
from itertools import islice
from typing import Protocol, TypeVar

import numpy as np

from index.explain.explaining_searcher import ExplainingSearcher
from index.search.batch_search import BatchSearch
from index.search.hit import Hit
from index.search.query import Query
from index.search.topics import TopicFilter
from scrapers.call import Call, Status
from service.domain.calls.duplicates.links import CallGroups
from service.domain.calls.freshness import Arrivals
from service.domain.calls.near_duplicates import are_near_duplicates
from service.domain.calls.sources import SourceStatus
from service.domain.calls.stored.call_changes import ChangeTimes
from service.domain.calls.stored.call_reader import read_ahead
from service.domain.eligibility.condition_reader import ConditionReader
from service.domain.eligibility.gates import may_apply
from service.domain.eligibility.subject.any_subject_calls import AnySubjectCalls
from service.domain.matching.call_card import CallCard, make_card
from service.domain.matching.feedback import (
    RERANK_DEPTH,
    CurrentOpinions,
    rerank,
    search_with_feedback,
)
from service.domain.matching.match import Match, explain_matches
from service.domain.matching.match_context import MatchContext
from service.domain.matching.prior_activity import PriorActivityIndex
from service.domain.matching.result_groups import ResultGroup
from service.domain.notifications.condition_changes import compare_conditions
from service.domain.notifications.digest import (
    AnySubjectItems,
    Digest,
    QuietWeekPolicy,
    compose_digest,
)
from service.domain.notifications.events import CallVersions, SentLog
from service.domain.notifications.selection import (
    MAX_CALLS,
    CallMark,
    DigestCandidate,
    DigestMoment,
    DigestSelection,
    SelectedCall,
    select_calls,
)
from service.domain.notifications.week import next_mail_due, week_of
from service.domain.pilots.pilot import Pilot
from service.domain.pilots.profile import Profile
from service.domain.pilots.reading.read_text import read_text
from service.jobs.mail.any_subject_items import AnySubjectChooser
from service.jobs.mail.skipped_digest import SkippedDigest, attempt

BATCH_SIZE = 512
"""Recipients whose digests are made together."""

RANKING_DEPTH = RERANK_DEPTH
"""Ranked calls that are considered for each pilot, besides those sent or marked before."""


class DigestCalls(Protocol):
    """The stored calls, as far as digests need them."""

    def reader(self) -> Mapping[str, Call]:
        """Return every call by id, each read when it is asked for."""
        ...

    def of_status(self, now: datetime, /, *statuses: Status) -> Collection[str]:
        """Return the calls that have one of some statuses at ``now``."""
        ...

    def versions_of(self, call_ids: Collection[str], /) -> Mapping[str, CallVersions]:
        """Return the versions of calls, oldest first."""
        ...

    def not_seen_since(self) -> Mapping[str, datetime]:
        """Return the calls that their source lists no more."""
        ...

    def absences(self) -> Mapping[str, tuple[datetime, datetime]]:
        """Return from when to when calls that came back were last off their source's list."""
        ...

    def arrivals(self) -> Arrivals:
        """Return when calls were first seen."""
        ...

    def condition_reader(self) -> ConditionReader:
        """Return what has the conditions of the calls."""
        ...

    def change_times(self) -> ChangeTimes:
        """Return what tells when calls last changed."""
        ...

    def any_subject_calls(self) -> AnySubjectCalls:
        """Return the calls that are open to any subject."""
        ...


@dataclass(frozen=True)
class DigestRecipient:
    """A recipient: the pilot, the keys sent, the last mail, and the pilot's marks with times.

    ``opinions`` are those that the marks are made of; they move the ranking. ``joined`` is since
    when the recipient follows the pilot, if that is known.
    """

    pilot: Pilot
    sent_keys: Collection[str] = ()
    since: datetime | None = None
    marks: Mapping[str, CallMark] = field(default_factory=dict)
    marked_at: Mapping[str, datetime] = field(default_factory=dict)
    opinions: CurrentOpinions = field(default_factory=CurrentOpinions)
    joined: datetime | None = None

    @classmethod
    def from_pilot(
        cls,
        pilot: Pilot,
        opinions: CurrentOpinions,
        sent: Collection[str] = (),
        since: datetime | None = None,
        joined: datetime | None = None,
    ) -> DigestRecipient:
        """Return a recipient of ``pilot`` with ``opinions`` on its calls and the keys ``sent``."""
        marks = marks_from_opinions(opinions)
        times = {call: at for call in marks if (at := opinions.judged_at(call)) is not None}
        return cls(pilot, sent, since, marks, times, opinions, joined)

    @property
    def followed_calls(self) -> frozenset[str]:
        """The calls that are considered however low they rank."""
        return SentLog(self.sent_keys).call_ids | frozenset(self.marks)


@dataclass(frozen=True)
class DigestRules:
    """What decides whether a mail is sent, and what fits: the settings of digests."""

    minimum: float
    quiet: QuietWeekPolicy = QuietWeekPolicy.SILENT


@dataclass(frozen=True)
class ChosenCalls:
    """The calls that a recipient is told of, and why, before any of them is explained.

    ``versions`` has those of every call that was considered, oldest first; ``relisted_at`` when
    the source listed a call again.
    """

    pilot: Pilot
    language: str
    moment: DigestMoment
    selection: DigestSelection
    any_subject: AnySubjectItems
    versions: Mapping[str, CallVersions]
    relisted_at: Mapping[str, datetime]


Made = TypeVar("Made")

_Make = Callable[[DigestRecipient, Query, Sequence[Hit], Mapping[str, CallVersions]], Made]
"""Makes what is asked for of a recipient, the pilot's ranked calls and their versions."""


@dataclass(frozen=True, eq=False)
class _WantedRanking:
    """A pilot's text as a query, the calls that it follows, and its opinions."""

    query: Query
    followed: Collection[str]
    opinions: CurrentOpinions


class Composer:
    """Makes the digests of one moment."""

    def __init__(
        self,
        searcher: ExplainingSearcher,
        calls: DigestCalls,
        now: datetime,
        rules: DigestRules,
        fare: Sequence[SourceStatus] = (),
        *,
        groups: CallGroups | None = None,
        before: PriorActivityIndex | None = None,
    ) -> None:
        """Open the calls that can be applied for at ``now`` or are going to open.

        Args:
            searcher: the index of the calls.
            calls: the store.
            now: the aware instant of the mails.
            rules: the settings.
            fare: the state of every source.
            groups: copies of calls: they are sent as one call, once, which names its copies.
            before: earlier rounds, and projects that were paid.
        """
        self._searcher = searcher
        self._calls = calls.reader()
        self._store = calls
        self._gone = dict(calls.not_seen_since())
        self._returned = {
            id_: back
            for id_, (gone, back) in calls.absences().items()
            if next_mail_due(gone) <= back
        }
        self._now, self._until = now, next_mail_due(now)
        self._rules = rules
        self._fare = fare
        self._groups = groups or CallGroups()
        self._match_context = MatchContext(
            searcher=searcher,
            calls=self._calls,
            now=now,
            conditions=calls.condition_reader(),
            links=self._groups,
            prior_activity=before or PriorActivityIndex(),
            arrivals=calls.arrivals(),
            modified=calls.change_times(),
        )
        self._closed_to_all: dict[str, bool] = {}
        gone = self._gone.keys()
        self._listed = searcher.documents & (self._calls.keys() - gone)
        self._open = self._listed & set(calls.of_status(now, Status.OPEN, Status.FORTHCOMING))
        self._undated = self._listed & set(calls.of_status(now, Status.UNKNOWN))

    def digests(self, recipients: Iterable[DigestRecipient]) -> Iterator[Digest]:
        """Yield a digest for each of ``recipients``, in their order; raise at one that fails."""
        for made in self.attempts(recipients):
            if isinstance(made, SkippedDigest):
                raise made.error
            yield made

    def attempts(self, recipients: Iterable[DigestRecipient]) -> Iterator[Digest | SkippedDigest]:
        """Yield a digest for each of ``recipients``, in their order, or why there is none.

        One pilot that cannot be read, encoded, ranked or explained costs the others nothing.
        """
        for batch in _batches(recipients):
            yield from self._batch(batch, self._digest)

    def choices(
        self, recipients: Iterable[DigestRecipient], *, max_calls: int = MAX_CALLS
    ) -> Iterator[ChosenCalls | SkippedDigest]:
        """Yield what a digest of each of ``recipients`` would tell, unexplained, in their order.

        Args:
            recipients: who is told, and what they know.
            max_calls: how many calls at most; a mail has ten.
        """
        for batch in _batches(recipients):
            yield from self._batch(batch, partial(self._choose, max_calls=max_calls))

    @property
    def match_context(self) -> MatchContext:
        """What the calls are shown with."""
        return self._match_context

    def withdrawn(self, recipient: DigestRecipient, since: datetime) -> list[str]:
        """Return the calls that fit a recipient but that their source lists no more.

        Left out are those that it stopped listing before ``since``, and those with a copy that can
        be applied for.
        """
        gone = self._searcher.documents & {
            id_
            for id_, at in self._gone.items()
            if at >= since and self._open.isdisjoint(self._groups.group(id_))
        }
        if not gone:
            return []
        query = self._read(recipient.pilot)
        hits = self._searcher.search(query, top=len(gone), allowed=gone)
        followed = {id_ for id_, mark in recipient.marks.items() if mark is not CallMark.DISMISSED}
        return [
            hit.document
            for hit in rerank(self._searcher, hits, self._calls, recipient.opinions)
            if self._is_considered(hit, followed)
            and recipient.marks.get(hit.document) is not CallMark.DISMISSED
        ]

    def digest(self, recipient: DigestRecipient) -> Digest:
        """Return the digest of one recipient."""
        (digest,) = self.digests([recipient])
        return digest

    def _batch(
        self, batch: Sequence[DigestRecipient], make: _Make[Made]
    ) -> Iterator[Made | SkippedDigest]:
        followed: dict[str, set[str]] = {one.pilot.id: set() for one in batch}
        for one in batch:
            followed[one.pilot.id] |= {
                copy for id_ in one.followed_calls for copy in self._groups.group(id_)
            }
        pilots = {one.pilot.id: one.pilot for one in batch}
        queries = {id_: attempt(id_, self._read, pilot) for id_, pilot in pilots.items()}
        opinions = {one.pilot.id: one.opinions for one in batch}
        ranked = self._rank(queries, followed, opinions)
        considered = self._any_subject.ids | {
            hit.document for found in ranked.values() for hit in _hits_of(found)
        }
        considered |= {id_ for one in batch for id_ in self._may_have_ended(one)}
        pasts = self._store.versions_of(considered)
        read_ahead(self._calls, considered)
        self._match_context.conditions.fetch(
            [self._calls[id_] for id_ in considered if id_ in self._calls]
        )
        for one in batch:
            query, hits = queries[one.pilot.id], ranked[one.pilot.id]
            if isinstance(query, SkippedDigest):
                yield query
            elif isinstance(hits, SkippedDigest):
                yield hits
            else:
                yield attempt(one.pilot.id, make, one, query, hits, pasts)

    def _read(self, pilot: Pilot) -> Query:
        edited = read_text(pilot.text, pilot.language).edited
        query = self._searcher.query(edited, pilot.language)
        if not np.isfinite(query.vectors).all():
            raise ValueError("The vectors of its text are no numbers.")
        return query

    def _rank(
        self,
        queries: Mapping[str, Query | SkippedDigest],
        followed: Mapping[str, Collection[str]],
        opinions: Mapping[str, CurrentOpinions],
    ) -> dict[str, list[Hit] | SkippedDigest]:
        """Return the calls considered for each pilot; all at once, or else one by one."""
        read = {id_: one for id_, one in queries.items() if isinstance(one, Query)}

        def rank(ids: Sequence[str]) -> list[list[Hit]]:
            wanted = [_WantedRanking(read[id_], followed[id_], opinions[id_]) for id_ in ids]
            found = self._search(wanted)
            return [
                [hit for hit in hits if self._is_considered(hit, followed[id_])]
                for id_, hits in zip(ids, found, strict=True)
            ]

        ranked: dict[str, list[Hit] | SkippedDigest] = {
            id_: one for id_, one in queries.items() if isinstance(one, SkippedDigest)
        }
        together = attempt("", rank, list(read))
        if not isinstance(together, SkippedDigest):
            return ranked | dict(zip(read, together, strict=True))
        for id_ in read:
            alone = attempt(id_, rank, [id_])
            ranked[id_] = alone if isinstance(alone, SkippedDigest) else alone[0]
        return ranked

    @cached_property
    def _any_subject(self) -> AnySubjectChooser:
        """What chooses among the calls that are open to any subject."""
        return AnySubjectChooser(
            self._match_context,
            self._store.any_subject_calls(),
            self._open,
            self._gone,
            self._returned,
        )

    @cached_property
    def _bulk(self) -> BatchSearch:
        """Lay out the open calls, which pays for many pilots only."""
        return BatchSearch(self._searcher, self._open)

    def _search(self, wanted: Sequence[_WantedRanking]) -> Iterator[list[Hit]]:
        """Yield the ranked calls of each pilot, those followed after them.

        Pilots without opinions share one pass; of the others more calls are looked at, for opinions
        move calls beyond the least score.
        """
        plain = [one for one in wanted if not one.opinions]
        if len(plain) > 1 or (plain and "_bulk" in self.__dict__):
            found = self._bulk.search(
                [one.query for one in plain],
                top=RANKING_DEPTH,
                also=[one.followed for one in plain],
                least=self._rules.minimum,
            )
            for one in wanted:
                hits = self._search_alone(one) if one.opinions else next(found)
                yield [*hits, *self._search_followed(one)]
            return
        for one in wanted:
            yield [*self._search_alone(one), *self._search_followed(one)]

    def _search_followed(self, one: _WantedRanking) -> list[Hit]:
        """Return the followed calls that take no applications and yet may change.

        Those are calls that lost every day, and those that the pilot found relevant or applied to.
        """
        marked = one.opinions.relevant | one.opinions.applied
        ids = (self._listed - self._open) & set(one.followed) & (self._undated | set(marked))
        return self._searcher.search(one.query, top=len(ids), allowed=ids) if ids else []

    def _search_alone(self, one: _WantedRanking) -> list[Hit]:
        hits = search_with_feedback(
            self._searcher,
            one.query,
            self._calls,
            one.opinions,
            RANKING_DEPTH,
            allowed=self._open,
        )
        others = self._open & (set(one.followed) - {hit.document for hit in hits})
        more = self._searcher.search(one.query, top=len(others), allowed=others)
        return hits + rerank(self._searcher, more, self._calls, one.opinions)

    def _is_considered(self, hit: Hit, followed: Collection[str]) -> bool:
        return hit.score >= self._rules.minimum or hit.document in followed

    def _digest(
        self,
        recipient: DigestRecipient,
        query: Query,
        hits: Sequence[Hit],
        pasts: Mapping[str, CallVersions],
    ) -> Digest:
        chosen = self._choose(recipient, query, hits, pasts)
        return compose_digest(
            recipient.pilot,
            week_of(self._now),
            chosen.selection,
            self._matches(recipient.pilot, query, hits, chosen.selection),
            chosen.moment,
            language=query.language,
            considered=len(self._open),
            sources=self._fare,
            quiet=self._rules.quiet,
            any_subject=chosen.any_subject,
            ended=self._cards(chosen.selection.ended, query.language),
        )

    def _cards(self, picks: Sequence[SelectedCall], language: str) -> dict[str, CallCard]:
        return {
            pick.call_id: make_card(self._match_context, self._calls[pick.call_id], language)
            for pick in picks
        }

    def _may_have_ended(self, recipient: DigestRecipient) -> set[str]:
        """Return the followed calls that take no applications and were not so at the last mail."""
        after = self._moment_of(recipient).ends_after
        copies = {copy for id_ in recipient.followed_calls for copy in self._groups.group(id_)}
        changed = self._match_context.modified.of
        return {
            id_
            for id_ in (copies & self._calls.keys()) - self._open
            if self._gone.get(id_, after) > after or (changed(id_) or self._now) > after
        }

    def _moment_of(self, recipient: DigestRecipient) -> DigestMoment:
        return DigestMoment(self._now, self._until, recipient.since, recipient.joined)

    def _gone_at(self, call_id: str) -> datetime | None:
        """Return when a call was withdrawn; None while it, or a copy of it, can be applied for."""
        is_open = not self._open.isdisjoint(self._groups.group(call_id))
        return None if is_open else self._gone.get(call_id)

    def _choose(
        self,
        recipient: DigestRecipient,
        query: Query,
        hits: Sequence[Hit],
        pasts: Mapping[str, CallVersions],
        *,
        max_calls: int = MAX_CALLS,
    ) -> ChosenCalls:
        moment = self._moment_of(recipient)
        sent_log = SentLog(recipient.sent_keys, self._groups.group)
        hits = self._without_excluded(
            recipient, [hit for hit in hits if self._fits_by_meaning(hit, recipient, sent_log)]
        )
        shown = {hit.document for hit in hits}
        selection = select_calls(
            [
                *(self._candidate(hit, recipient, pasts) for hit in hits),
                *(
                    self._ended_candidate(id_, pasts)
                    for id_ in sorted(self._may_have_ended(recipient) - shown)
                ),
            ],
            sent_log,
            moment,
            minimum=self._rules.minimum,
            marks=recipient.marks,
            marked_at=recipient.marked_at,
            delisted=self._gone,
            are_alike=are_near_duplicates,
            conditions=compare_conditions,
            max_calls=max_calls,
        )
        any_subject = self._any_subject.choose(
            recipient.pilot.profile,
            sent_log,
            moment,
            pasts,
            taken=shown | recipient.marks.keys(),
            language=query.language,
        )
        return ChosenCalls(
            pilot=recipient.pilot,
            language=query.language,
            moment=moment,
            selection=selection,
            any_subject=any_subject,
            versions=pasts,
            relisted_at=self._returned,
        )

    def _candidate(
        self, hit: Hit, recipient: DigestRecipient, pasts: Mapping[str, CallVersions]
    ) -> DigestCandidate:
        return DigestCandidate(
            pasts.get(hit.document) or ((self._now, self._calls[hit.document]),),
            hit.score,
            ineligible=self._is_ineligible(hit.document, recipient.pilot.profile),
            relisted_at=self._returned.get(hit.document),
            gone_at=self._gone_at(hit.document),
        )

    def _ended_candidate(self, call_id: str, pasts: Mapping[str, CallVersions]) -> DigestCandidate:
        """Return a followed call that is told only if it ended early, however well it fits."""
        return DigestCandidate(
            pasts.get(call_id) or ((self._now, self._calls[call_id]),),
            0.0,
            gone_at=self._gone_at(call_id),
        )

    def _fits_by_meaning(self, hit: Hit, recipient: DigestRecipient, sent_log: SentLog) -> bool:
        """Whether a call is told as one that fits, and not only as one open to any subject.

        One that was told as such, and is so no more for this pilot, is followed here.
        """
        if hit.score >= self._rules.minimum or hit.document in recipient.marks:
            return True
        is_followed = sent_log.contains(hit.document)
        return hit.document not in self._any_subject.ids or (
            is_followed and not self._any_subject.shows(hit.document, recipient.pilot.profile)
        )

    def _without_excluded(self, recipient: DigestRecipient, hits: Sequence[Hit]) -> Sequence[Hit]:
        """Return the hits that are about nothing that the pilot excludes, and those followed."""
        exclude = recipient.pilot.exclude
        if not exclude:
            return hits
        topics = TopicFilter(self._searcher, exclude).topics([hit.document for hit in hits])
        followed = recipient.followed_calls
        return [
            hit
            for hit, topic in zip(hits, topics, strict=True)
            if topic is None or hit.document in followed
        ]

    def _near_duplicates_of(self, pick: SelectedCall) -> list[str]:
        """Return the near duplicates sent with a call; its copies are on its own card."""
        copies = self._groups.group(pick.call_id)
        return [other.call_id for other in pick.others if other.call_id not in copies]

    def _is_ineligible(self, call_id: str, profile: Profile | None) -> bool:
        """Whether a condition is known to fail; without a profile, one that fails for everybody."""
        if profile is not None and not profile.is_empty:
            return self._fails(call_id, profile)
        if call_id not in self._closed_to_all:
            self._closed_to_all[call_id] = self._fails(call_id, None)
        return self._closed_to_all[call_id]

    def _fails(self, call_id: str, profile: Profile | None) -> bool:
        call = self._calls[call_id]
        return not may_apply(call, profile, self._match_context.conditions.facts(call))

    def _matches(
        self, pilot: Pilot, query: Query, hits: Sequence[Hit], chosen: DigestSelection
    ) -> dict[str, Match]:
        """Explain the chosen calls alone: explaining takes the time."""
        by_id = {hit.document: hit for hit in hits}
        groups = [
            ResultGroup(by_id[pick.call_id], [by_id[id_] for id_ in self._near_duplicates_of(pick)])
            for pick in (*chosen.items, *chosen.brief)
        ]
        matches = explain_matches(self._match_context, query, groups, pilot.profile)
        return {group.lead.document: one for group, one in zip(groups, matches, strict=True)}


def marks_from_opinions(opinions: CurrentOpinions) -> dict[str, CallMark]:
    """Return the opinions on a pilot's calls as marks of digests."""
    return (
        dict.fromkeys(opinions.relevant, CallMark.RELEVANT)
        | dict.fromkeys(opinions.applied, CallMark.APPLIED)
        | dict.fromkeys(opinions.dismissed, CallMark.DISMISSED)
    )


def _batches(recipients: Iterable[DigestRecipient]) -> Iterator[list[DigestRecipient]]:
    left = iter(recipients)
    while batch := list(islice(left, BATCH_SIZE)):
        yield batch


def _hits_of(found: list[Hit] | SkippedDigest) -> list[Hit]:
    return [] if isinstance(found, SkippedDigest) else found
