"""What a filter hides: calls that fit better than the best one that is shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pydantic import Field, computed_field

from index.search.hit import Hit
from service.domain.frozen_model import FrozenModel
from service.domain.matching.fit import Fit
from service.messages.message import ListStyle, join_values, message
from service.messages.sentence import Sentence

MOST_COUNTED = 50
"""Hidden calls that are counted: who sees so many widens the filter anyway."""


class HiddenCalls(FrozenModel):
    """The calls that fit better than the best match and that the filters leave out."""

    count: int = Field(default=0, description="How many; counted up to 50.")
    reasons: dict[str, int] = Field(
        default={}, description="How many by reason, as `left_out` names it; the most first."
    )
    alone: bool = Field(
        default=False, description="Whether no match is shown that they could be compared with."
    )

    @computed_field(description="The same in a sentence.")  # type: ignore[prop-decorator]
    @property
    def sentence(self) -> Sentence | None:
        """The same in a sentence; none where nothing is hidden."""
        if not self.count:
            return None
        reasons = (message(f"hidden.{why}", count=number) for why, number in self.reasons.items())
        listed = join_values(reasons, ListStyle.COMMAS)
        key = "hidden.only" if self.alone else "hidden"
        return Sentence.of(message(key, count=self.count, reasons=listed))


@dataclass(frozen=True)
class ExcludedCalls:
    """The indexed calls that filters leave out, of copies one, and why.

    A call with a copy that is let through is not among them. ``reason`` is asked for their ids.
    """

    ids: frozenset[str] = frozenset()
    reason: Callable[[str], str] = str


def find_hidden(
    find_hits: Callable[[int], Sequence[Hit]], excluded: ExcludedCalls, best: Hit | None
) -> HiddenCalls:
    """Return the excluded calls that fit better than the best one that is shown.

    Args:
        find_hits: returns that many of the best hits among the excluded calls.
        excluded: the calls that filters leave out.
        best: the best hit that is shown; None: none is, and whatever may fit is counted.
    """
    if not excluded.ids:
        return HiddenCalls()
    least = 0.0 if best is None else best.score
    reasons = Counter(
        excluded.reason(hit.document)
        for hit in find_hits(MOST_COUNTED)
        if hit.score > least and Fit.from_score(hit.score) is not Fit.WEAK
    )
    return HiddenCalls(
        count=reasons.total(), reasons=dict(reasons.most_common()), alone=best is None
    )
