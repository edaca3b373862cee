"""What people think of calls for a pilot, and how it moves the ranking."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from index.search import feedback
from index.search.hit import Hit
from index.search.query import Query
from index.search.searcher import Searcher
from scrapers.call import Call
from service.domain.calls.duplicates.links import CallGroups
from service.domain.calls.near_duplicates import are_near_duplicates
from service.domain.calls.stored.call_reader import read_ahead
from service.domain.frozen_model import FrozenModel
from service.domain.matching.fit import GOOD_SCORE

DISMISSED_REASON = "judged not relevant"
"""Why a dismissed call is left out, as `left_out` names it."""


class Opinion(StrEnum):
    """What somebody thinks of a call for a pilot; ``none`` takes an earlier opinion back."""

    RELEVANT = "relevant"
    NOT_RELEVANT = "not-relevant"
    APPLIED = "applied"
    NONE = "none"


PersonName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=r"\S")
]
"""Who judges: a name, initials or a team."""


class Judgement(FrozenModel):
    """One opinion as it was given. All are kept; of those on one call the latest holds."""

    pilot: str
    call: str
    verdict: Opinion = Field(description="`none` takes the earlier judgement back.")
    by: PersonName = Field(description="Who judged: a name, initials or a team.")
    at: AwareDatetime = Field(description="When it was given.")


def current_judgements(history: Sequence[Judgement]) -> list[Judgement]:
    """Return the judgements of ``history`` (oldest first) that hold, newest first."""
    latest: dict[str, Judgement] = {}
    for judgement in history:
        latest.pop(judgement.call, None)  # so that a later one is also later in order
        latest[judgement.call] = judgement
    return [one for one in reversed(latest.values()) if one.verdict is not Opinion.NONE]


class CurrentOpinions:
    """The opinions that hold on a pilot's calls."""

    def __init__(self, judgements: Iterable[Judgement] = ()) -> None:
        """Read the judgements for one pilot, oldest first; of those on one call the last holds."""
        current = current_judgements(list(judgements))[::-1]
        self._opinions = {one.call: one.verdict for one in current}
        self._times = {one.call: one.at for one in current}

    def __bool__(self) -> bool:
        """Return whether there is any opinion."""
        return bool(self._opinions)

    def with_copies(self, groups: CallGroups) -> CurrentOpinions:
        """Return opinions in which the latest on a copy of a call holds for all its copies."""
        spread = CurrentOpinions()
        for call, opinion in self._opinions.items():
            spread._opinions.update(dict.fromkeys(groups.group(call), opinion))
            spread._times.update(dict.fromkeys(groups.group(call), self._times[call]))
        return spread

    def opinion_on(self, call_id: str) -> Opinion | None:
        """Return the opinion on a call, if there is one."""
        return self._opinions.get(call_id)

    def judged_at(self, call_id: str) -> datetime | None:
        """Return when the opinion on a call was given, if there is one."""
        return self._times.get(call_id)

    @property
    def dismissed(self) -> frozenset[str]:
        """The calls that do not fit."""
        return self._calls_with(Opinion.NOT_RELEVANT)

    @property
    def relevant(self) -> frozenset[str]:
        """The calls that fit and that nobody has applied for yet."""
        return self._calls_with(Opinion.RELEVANT)

    @property
    def applied(self) -> frozenset[str]:
        """The calls that were applied for."""
        return self._calls_with(Opinion.APPLIED)

    @property
    def liked(self) -> frozenset[str]:
        """The calls that fit: relevant, or applied to."""
        return self.relevant | self.applied

    def _calls_with(self, opinion: Opinion) -> frozenset[str]:
        return frozenset(call for call, held in self._opinions.items() if held is opinion)


RERANK_DEPTH = 300
"""Hits that opinions may move: a deeper one is too far down to rise to a first page."""


def search_with_feedback(
    searcher: Searcher,
    query: Query,
    calls: Mapping[str, Call],
    opinions: CurrentOpinions,
    top: int,
    *,
    allowed: Collection[str],
) -> list[Hit]:
    """Return the ``top`` hits for ``query`` among ``allowed``, moved by the opinions."""
    if not opinions:
        return searcher.search(query, top=top, allowed=allowed)
    hits = searcher.search(query, top=max(RERANK_DEPTH, top), allowed=allowed)
    return rerank(searcher, hits, calls, opinions)[:top]


def rerank(
    searcher: Searcher, hits: Sequence[Hit], calls: Mapping[str, Call], opinions: CurrentOpinions
) -> list[Hit]:
    """Return ``hits`` as the opinions move them; in the same order when there are none.

    Near duplicates of a dismissed call lose the most. What fits well does so by its own text: no
    opinion on another call, or on the call itself, makes it so. Every score that somebody sees is
    made here, so that lists, explanations, short lists and mails say the same of a call.
    """
    liked = sorted(opinions.liked & searcher.documents)
    disliked = sorted(opinions.dismissed & searcher.documents)
    if not hits or not (liked or disliked):
        return list(hits)
    values = feedback.judgement_similarity(
        searcher.mean_vectors([hit.document for hit in hits]),
        searcher.mean_vectors(liked),
        searcher.mean_vectors(disliked),
        searcher.unrelated,
        feedback.DISMISSAL_WEIGHT,
    )
    copies = _find_dismissed_near_duplicates(hits, calls, opinions)
    return feedback.rerank(hits, values, copies, ceiling=GOOD_SCORE)


def _find_dismissed_near_duplicates(
    hits: Sequence[Hit], calls: Mapping[str, Call], opinions: CurrentOpinions
) -> set[str]:
    """Return the ids of hits that are nearly the same as a dismissed call and not liked."""
    hit_ids = (hit.document for hit in hits if hit.document not in opinions.liked)
    read_ahead(calls, {*opinions.dismissed, *(hit_ids if opinions.dismissed else ())})
    dismissed = [calls[id_] for id_ in opinions.dismissed if id_ in calls]
    return {
        hit.document
        for hit in hits
        if hit.document not in opinions.liked
        and any(are_near_duplicates(calls[hit.document], one) for one in dismissed)
    }
