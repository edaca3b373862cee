"""Why a call was not recommended to a pilot: every reason there is, not only the first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import Field

from scrapers.call import Call
from service.domain.calls.copies import title_in
from service.domain.frozen_model import FrozenModel
from service.domain.matching.filters import Filters
from service.domain.matching.fit import Fit
from service.domain.matching.rank_position import RankPosition
from service.domain.pilots.profile import Profile
from service.messages.message import Value, message
from service.messages.sentence import Sentence

RECOMMENDED_RANKS = 10
"""Calls that a list shows first: what stands further down is not recommended."""


class WhyNot(FrozenModel):
    """One reason why a call was not recommended."""

    code: str = Field(
        description="unindexed, vague, filter, dismissed, copy, similar, weak or rank."
    )
    call: str | None = Field(default=None, description="The call that is shown for it, if one is.")
    sentence: Sentence


@dataclass(frozen=True)
class RecommendationCase:
    """A call and what is known of it: all that may keep it from being recommended."""

    call: Call
    calls: Mapping[str, Call]
    language: str
    is_dismissed: bool
    is_indexed: bool
    is_vague: bool
    copy: str | None
    position: RankPosition | None

    def reasons(
        self, chosen: Filters, now: datetime, profile: Profile | None
    ) -> tuple[WhyNot, ...]:
        """Return every reason, what keeps it from being ranked at all first.

        Args:
            chosen: the reader's choices.
            now: the aware instant that open and closed are computed by.
            profile: the pilot's.
        """
        left_out = chosen.exclusion_reasons(self.call, now, profile)
        return (
            *self._why_unranked(),
            *(because("filter", what=message(f"why_not.filter.{one}")) for one in left_out),
            *self._why_hidden(),
            *self._why_low(),
        )

    def _why_unranked(self) -> Iterator[WhyNot]:
        given = {"unindexed": not self.is_indexed, "vague": self.is_vague}
        yield from map(because, _true_names(given))

    def _why_hidden(self) -> Iterator[WhyNot]:
        """Tell what is shown instead, or that somebody does not want to see it."""
        if self.is_dismissed:
            yield because("dismissed")
        if self.copy:
            yield self._shown_instead("copy", self.copy)
        lead = self.position.group.lead.document if self.position else self.call.id
        if lead != self.call.id:
            yield self._shown_instead("similar", lead)

    def _why_low(self) -> Iterator[WhyNot]:
        if self.position is None:
            return
        if Fit.from_score(self.position.hit.score) is Fit.WEAK:
            yield because("weak")
        if self.position.rank > RECOMMENDED_RANKS:
            yield because("rank", rank=str(self.position.rank))

    def _shown_instead(self, code: str, id_: str) -> WhyNot:
        title = " ".join(title_in(self.calls[id_], self.language).split())
        return because(code, call=id_, title=title, id=id_)


def because(code: str, *, call: str | None = None, **values: Value) -> WhyNot:
    """Return a reason; ``values`` fill its sentence, ``call`` is what is shown instead."""
    said = message(f"why_not.{code}", **values)
    return WhyNot(code=code, call=call, sentence=Sentence.of(said))


def _true_names(given: Mapping[str, bool]) -> Iterable[str]:
    return (name for name, holds in given.items() if holds)
