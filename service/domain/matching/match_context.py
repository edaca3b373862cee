"""What matches are made from: the stored calls at an instant, their index, and earlier activity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Self

from index.explain.explaining_searcher import ExplainingSearcher
from scrapers.call import Call
from service.domain.calls.duplicates.links import CallGroups
from service.domain.calls.freshness import Arrivals
from service.domain.calls.names.find_names import NameIndex
from service.domain.calls.stored.call_changes import ChangeTimes
from service.domain.eligibility.condition_reader import ConditionReader
from service.domain.eligibility.nearest_sentences import NearestSentences
from service.domain.eligibility.subject.any_subject_calls import AnySubjectCalls, FindAnySubject
from service.domain.matching.candidates import CandidateIndex
from service.domain.matching.feedback import CurrentOpinions
from service.domain.matching.pricing import Pricing
from service.domain.matching.prior_activity import PriorActivityIndex
from service.messages.message import Message


@dataclass(frozen=True, kw_only=True)
class StoredCalls:
    """Calls at an instant, with what a card or a match shows of them beyond the record.

    ``calls`` holds every call by id, ``now`` is the aware instant that open and closed are
    computed by, ``conditions`` has what the calls ask for, ``links`` say which calls are one,
    ``opinions`` are those on the calls for one pilot, ``arrivals`` say when calls were first seen,
    ``pricing`` converts amounts into the reader's currency, ``nearest`` finds the sentences that
    are shown where a call was not found to say something, and ``modified`` says when calls last
    changed. What is missing is not shown.
    """

    calls: Mapping[str, Call]
    now: datetime
    conditions: ConditionReader = field(default_factory=ConditionReader)
    links: CallGroups = field(default_factory=CallGroups)
    opinions: CurrentOpinions = field(default_factory=CurrentOpinions)
    arrivals: Arrivals | None = None
    pricing: Pricing = field(default_factory=Pricing)
    nearest: NearestSentences | None = None
    modified: ChangeTimes = field(default_factory=ChangeTimes)

    def with_opinions_on_copies(self) -> Self:
        """Return the same with each opinion on a call held on its copies too."""
        return replace(self, opinions=self.opinions.with_copies(self.links))


@dataclass(frozen=True, kw_only=True)
class MatchContext(StoredCalls):
    """What a text is matched in: stored calls, and ``searcher``, an opened index of them.

    ``prior_activity`` finds earlier rounds and paid projects; ``notes`` tell the reader what could
    not be read. ``candidates`` chooses among the calls; without it every call is read for that.
    ``any_subject`` returns the calls that are open to any subject.
    ``names`` finds the calls that a text names; without it none is.
    """

    searcher: ExplainingSearcher
    candidates: CandidateIndex | None = None
    names: NameIndex | None = None
    prior_activity: PriorActivityIndex = field(default_factory=PriorActivityIndex)
    notes: tuple[Message, ...] = ()
    any_subject: FindAnySubject = AnySubjectCalls
