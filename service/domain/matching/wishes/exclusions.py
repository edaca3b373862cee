"""Calls that are about what a reader excludes: left out of the list, counted, shown on request."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from pydantic import Field

from index.search.hit import Hit
from index.search.searcher import Searcher
from index.search.topics import TopicFilter
from scrapers.call import Call
from service.domain.calls.stored.call_reader import read_ahead
from service.domain.frozen_model import FrozenModel
from service.domain.matching.result_groups import ResultGroup, SimilarCall
from service.domain.pilots.wishes import Wishes
from service.messages.message import Message, ValueList, join_values, message, quote
from service.messages.sentence import Sentence

_MOST_LISTED = 20
_MOST_HITS = 2_000
"""Hits that are looked at, however many of them are about what is excluded."""

FindHits = Callable[[int], Sequence[Hit]]


class ExcludedTopic(FrozenModel):
    """A subject that the reader excludes, and the calls that were left out for it."""

    phrase: str
    count: int = Field(description="Calls that would stand above the last one shown.")
    calls: tuple[SimilarCall, ...] = Field(description="The best of them.")
    sentence: Sentence


class Exclusions:
    """Leaves hits out that are about what a reader excludes, and remembers which."""

    def __init__(self, searcher: Searcher, wishes: Wishes) -> None:
        """Take the index and the reader's wishes."""
        phrases = dict.fromkeys(wishes.exclude)
        self._filter = TopicFilter(searcher, list(phrases)) if phrases else None
        self._is_shown = wishes.show_excluded
        self._topics: dict[str, str | None] = {}
        self._dropped: list[Hit] = []

    def keep(self, find_hits: FindHits) -> FindHits:
        """Return what finds the hits that are left; it asks ``find_hits`` for more if need be."""
        if self._filter is None or self._is_shown:
            return find_hits

        def find_kept(count: int) -> list[Hit]:
            wanted = count
            while True:
                hits = find_hits(wanted)
                left = self._without_excluded(hits)
                if len(left) >= count or len(hits) < wanted or wanted >= _MOST_HITS:
                    return left[:count]
                wanted *= 2

        return find_kept

    def leave_out(self, hits: Sequence[Hit]) -> list[Hit]:
        """Return ``hits`` without those about what is excluded; none is remembered as left out."""
        if self._filter is None or self._is_shown:
            return list(hits)
        self._learn_topics(hits)
        return [hit for hit in hits if self._topics[hit.document] is None]

    def report(
        self, groups: Sequence[ResultGroup], calls: Mapping[str, Call], now: datetime, language: str
    ) -> tuple[ExcludedTopic, ...]:
        """Return what was left out above the last of ``groups``, by subject; all if there is none.

        Args:
            groups: what is shown.
            calls: the stored calls.
            now: the aware instant that deadlines are of.
            language: of the titles.
        """
        least = groups[-1].lead.strength if groups else float("-inf")
        above = [hit for hit in self._dropped if hit.strength > least]
        topics: list[ExcludedTopic] = []
        for phrase in self._filter.phrases if self._filter else ():
            own = [hit for hit in above if self._topics[hit.document] == phrase]
            if not own:
                continue
            read_ahead(calls, {hit.document for hit in own[:_MOST_LISTED]})
            topics.append(
                ExcludedTopic(
                    phrase=phrase,
                    count=len(own),
                    calls=tuple(
                        SimilarCall.from_call(calls[hit.document], hit.score, now, language)
                        for hit in own[:_MOST_LISTED]
                    ),
                    sentence=Sentence.of(
                        message("excluded.count", count=len(own), topic=quote(phrase))
                    ),
                )
            )
        return tuple(topics)

    def notes(self, groups: Sequence[ResultGroup]) -> list[Message]:
        """Return that everything was left out, if it was."""
        if groups or not self._dropped or self._filter is None:
            return []
        topics = dict.fromkeys(filter(None, (self._topics[one.document] for one in self._dropped)))
        listed: ValueList = join_values(quote(topic) for topic in topics)
        return [message("note.excluded_all", topics=listed)]

    def _without_excluded(self, hits: Sequence[Hit]) -> list[Hit]:
        """Return ``hits`` without those about what is excluded, which are remembered."""
        self._learn_topics(hits)
        self._dropped = [hit for hit in hits if self._topics[hit.document] is not None]
        return [hit for hit in hits if self._topics[hit.document] is None]

    def _learn_topics(self, hits: Sequence[Hit]) -> None:
        new = [hit.document for hit in hits if hit.document not in self._topics]
        if self._filter is not None:
            self._topics |= dict(zip(new, self._filter.topics(new), strict=True))


def excluded_topic(searcher: Searcher, exclude: Sequence[str], call_id: str) -> str | None:
    """Return which of the phrases of ``exclude`` an indexed call is about, None if about none."""
    if not exclude or call_id not in searcher.documents:
        return None
    return TopicFilter(searcher, exclude).topics([call_id])[0]
