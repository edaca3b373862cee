"""Why a call was not recommended to a pilot: every reason, not only the first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import Field

from scrapers.call import Call
from service.domain.calls.copies import title_in
from service.domain.eligibility.facts import Fact
from service.domain.frozen_model import FrozenModel
from service.domain.matching.filters import Filters
from service.domain.matching.fit import Fit
from service.domain.matching.rank_position import RankPosition
from service.domain.pilots.profile import Profile
from service.messages.message import Value, message, quote
from service.messages.sentence import Sentence

RECOMMENDED_RANKS = 10
"""Ranks of a list that count as recommended."""


class WhyNot(FrozenModel):
    """One reason why a call was not recommended."""

    code: str = Field(
        description="unindexed, vague, filter, dismissed, excluded, copy, similar, weak or rank."
    )
    call: str | None = Field(default=None, description="The call that is shown for it, if one is.")
    sentence: Sentence


@dataclass(frozen=True)
class RecommendationCase:
    """A call, and all that may keep it from being recommended.

    ``facts`` are what the call asks for, ``copy`` is the id of the copy that is ranked in its
    place, if one is, ``excluded`` the phrase of those that the pilot excludes that it is about.
    """

    call: Call
    facts: Sequence[Fact]
    calls: Mapping[str, Call]
    language: str
    is_dismissed: bool
    is_indexed: bool
    is_vague: bool
    excluded: str | None
    copy: str | None
    position: RankPosition | None

    def reasons(
        self, filters: Filters, now: datetime, profile: Profile | None
    ) -> tuple[WhyNot, ...]:
        """Return every reason; first those that keep the call from being ranked at all.

        Args:
            filters: the reader's choices.
            now: the aware instant that open and closed are computed by.
            profile: the pilot's.
        """
        excluded = filters.exclusion_reasons(self.call, now, profile, self.facts)
        return (
            *self._why_unranked(),
            *(make_reason("filter", what=message(f"why_not.filter.{one}")) for one in excluded),
            *self._why_hidden(),
            *self._why_low(),
        )

    def _why_unranked(self) -> Iterator[WhyNot]:
        if not self.is_indexed:
            yield make_reason("unindexed")
        if self.is_vague:
            yield make_reason("vague")

    def _why_hidden(self) -> Iterator[WhyNot]:
        """Yield that somebody dismissed the call, and what is shown instead of it."""
        if self.is_dismissed:
            yield make_reason("dismissed")
        if self.excluded:
            yield make_reason("excluded", topic=quote(self.excluded))
        if self.copy:
            yield self._shown_instead("copy", self.copy)
        lead = self.position.group.lead.document if self.position else self.call.id
        if lead != self.call.id:
            yield self._shown_instead("similar", lead)

    def _why_low(self) -> Iterator[WhyNot]:
        if self.position is None:
            return
        if Fit.from_score(self.position.hit.score) is Fit.WEAK:
            yield make_reason("weak")
        if self.position.rank > RECOMMENDED_RANKS:
            yield make_reason("rank", rank=str(self.position.rank))

    def _shown_instead(self, code: str, id_: str) -> WhyNot:
        title = " ".join(title_in(self.calls[id_], self.language).split())
        return make_reason(code, call=id_, title=title, id=id_)


def make_reason(code: str, *, call: str | None = None, **values: Value) -> WhyNot:
    """Return a reason; ``values`` fill its sentence, ``call`` is what is shown instead."""
    sentence = Sentence.of(message(f"why_not.{code}", **values))
    return WhyNot(code=code, call=call, sentence=sentence)
