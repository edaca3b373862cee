"""Facets: how many calls each further choice would leave, counted over columns.

A value is counted under every other choice that was made, not under the one of its own facet: so
the figure beside it is what choosing it shows. Copies of one call count once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from service.domain.calls.applicant_kinds import ApplicantKind
from service.domain.calls.stored.call_columns import NEVER, STATUSES, Mask
from service.domain.calls.stored.call_facts import STATUS_ORDER, read_money
from service.domain.frozen_model import FrozenModel
from service.domain.matching.candidates import CandidateIndex
from service.domain.matching.facets.amount_bands import UNSTATED, amount_bands, bands_of
from service.domain.matching.filters import Filters
from service.domain.pilots.profile import Party, Profile

STATUS, LEVEL, FUNDER, MONTH, AMOUNT, APPLICANT = (
    "status",
    "level",
    "funder",
    "month",
    "amount",
    "applicant",
)
"""The names of the facets."""

_OTHERS = "others"
_KINDS = tuple(kind for kind in ApplicantKind if kind is not ApplicantKind.UNRESTRICTED)


class FacetValue(FrozenModel):
    """One choice of a facet."""

    value: str = Field(description="As a filter names it; of a month as 2026-04.")
    count: int = Field(description="Calls that are left when it alone is chosen of its facet.")


class CallFacets(FrozenModel):
    """How many calls each choice would leave; values that leave none are not there."""

    status: tuple[FacetValue, ...] = ()
    level: tuple[FacetValue, ...] = ()
    funder: tuple[FacetValue, ...] = Field(default=(), description="The most calls first.")
    month: tuple[FacetValue, ...] = Field(
        default=(), description="Months of the next deadline, in the funder's zone."
    )
    amount: tuple[FacetValue, ...] = Field(
        default=(),
        description="Bands of what a project may get in `currency`, and `unstated` for the rest.",
    )
    applicant: tuple[FacetValue, ...] = Field(
        default=(), description="Kinds of organisations that no condition is known to shut out."
    )
    currency: str = Field(default="SEK", description="Of the bands of amounts.")
    total: int = Field(default=0, description="Calls that every choice lets through.")
    uncompared: int = Field(
        default=0, description="Of these, those that state an amount that no rate compares."
    )
    unstated: int = Field(default=0, description="Of these, those that state no amount.")


@dataclass(frozen=True)
class FacetCounter:
    """Counts the choices that are left of some calls.

    Attributes:
        index: all calls, as columns, with their copies and conditions.
        filters: the choices made, with the rates that amounts are compared by.
        now: the aware instant that statuses and deadlines are of.
        profile: what conditions are checked against, if anything.
        currency: of the bands of amounts.
    """

    index: CandidateIndex
    filters: Filters
    now: datetime
    profile: Profile | None = None
    currency: str = "SEK"

    def count(self, within: Mask) -> CallFacets:
        """Return the counts of the calls of ``within`` (calls,)."""
        passing = self._passing(within)
        columns, groups = self.index.columns, self.index.copy_groups
        under = partial(_under, within, passing)

        def by_word(name: str, column: str) -> tuple[FacetValue, ...]:
            codes, known = columns.codes(column)
            return _counted(under(name), codes, groups, lambda code: str(known[code]))

        everything = under("")
        return CallFacets(
            status=_ordered(
                _counted(
                    under(STATUS),
                    columns.statuses(self.now).astype(np.int32),
                    groups,
                    lambda code: STATUSES[code].value,
                ),
                [status.value for status in STATUS_ORDER],
            ),
            level=by_word(LEVEL, "level"),
            funder=by_word(FUNDER, "funder"),
            month=self._months(under(MONTH)),
            amount=self._amounts(under(AMOUNT)),
            applicant=self._applicants(under(APPLICANT)),
            currency=self.currency,
            total=_distinct(groups[everything]),
            uncompared=_distinct(groups[everything & self._uncompared()]),
            unstated=_distinct(groups[everything & columns.where("maximum", _is_missing)]),
        )

    def _passing(self, within: Mask) -> Mapping[str, Mask]:
        """Return for each facet which calls pass its choice, and for what has no facet."""
        columns, filters = self.index.columns, self.filters
        everything = np.ones(len(columns), np.bool_)
        passing = dict.fromkeys((STATUS, LEVEL, FUNDER, MONTH, AMOUNT, APPLICANT), everything)
        if filters.statuses:
            wanted = [place for place, one in enumerate(STATUSES) if one in filters.statuses]
            passing[STATUS] = np.isin(columns.statuses(self.now), wanted)
        if filters.levels:
            passing[LEVEL] = columns.where("level", lambda word: word in filters.levels)
        if filters.funders:
            passing[FUNDER] = columns.where("funder", lambda word: word in filters.funders)
        if filters.deadline_from or filters.deadline_to:
            _, days = columns.next_entries(self.now)
            first, last = filters.deadline_from or date.min, filters.deadline_to or date.max
            passing[MONTH] = (days >= first.toordinal()) & (days <= last.toordinal())
        if filters.chooses_amounts:
            passing[AMOUNT] = columns.where("maximum", self._admits_amount)
        if filters.gates:
            passing[APPLICANT] = ~self._failing(within, self.profile)
        if filters.languages:
            passing[_OTHERS] = columns.where(
                "languages", lambda word: filters.admits_languages((word or "").split())
            )
        return passing

    def _admits_amount(self, maximum: str | None) -> bool:
        stated = None if maximum is None else read_money(maximum)
        return self.filters.amount_exclusion(stated) is None

    def _uncompared(self) -> Mask:
        def cannot_be(maximum: str | None) -> bool:
            if maximum is None:
                return False
            return bands_of(read_money(maximum), self.currency, self.filters.rates) == (UNSTATED,)

        return self.index.columns.where("maximum", cannot_be)

    def _failing(self, within: Mask, profile: Profile | None) -> Mask:
        """Return which calls of ``within`` have a condition that is known to fail."""
        columns = self.index.columns
        ids = [columns.ids[row] for row in np.flatnonzero(within).tolist()]
        failing = np.zeros(len(columns), np.bool_)
        found = self.index.read_conditions().failing(ids, profile)
        failing[[columns.rows[id_] for id_ in found]] = True
        return failing

    def _months(self, chosen: Mask) -> tuple[FacetValue, ...]:
        _, days = self.index.columns.next_entries(self.now)
        dated = chosen & (days != NEVER)
        rows = np.flatnonzero(dated)
        months: dict[str, set[int]] = {}
        for row in rows.tolist():
            day = date.fromordinal(int(days[row]))
            months.setdefault(f"{day:%Y-%m}", set()).add(int(self.index.copy_groups[row]))
        return tuple(
            FacetValue(value=month, count=len(own)) for month, own in sorted(months.items())
        )

    def _amounts(self, chosen: Mask) -> tuple[FacetValue, ...]:
        groups = self.index.copy_groups

        def lies_in(name: str, maximum: str | None) -> bool:
            stated = None if maximum is None else read_money(maximum)
            return name in bands_of(stated, self.currency, self.filters.rates)

        names = [*(band.name for band in amount_bands(self.currency)), UNSTATED]
        masks = {
            name: chosen & self.index.columns.where("maximum", partial(lies_in, name))
            for name in names
        }
        return _filled((name, _distinct(groups[mask])) for name, mask in masks.items())

    def _applicants(self, chosen: Mask) -> tuple[FacetValue, ...]:
        groups = self.index.copy_groups
        base = self.profile if self.filters.gates and self.profile else Profile()
        counts = []
        for kind in _KINDS:
            asked = base.model_copy(update={"organisations": (Party(kind=kind),)})
            mask = chosen & ~self._failing(chosen, asked)
            counts.append((kind.value, _distinct(groups[mask])))
        return _filled(counts)


def _under(within: Mask, passing: Mapping[str, Mask], but: str) -> Mask:
    """Return the calls that pass every choice, that of the facet ``but`` aside."""
    mask = within
    for name, one in passing.items():
        if name != but:
            mask = mask & one
    return mask


def _counted(
    chosen: Mask,
    codes: NDArray[np.int32],
    groups: NDArray[np.int64],
    name_of: Callable[[int], str],
) -> tuple[FacetValue, ...]:
    """Count the calls of each code, the most first; copies of a call once for each."""
    if not chosen.any():
        return ()
    pairs = np.unique(np.stack([codes[chosen].astype(np.int64), groups[chosen]], axis=1), axis=0)
    places, counts = np.unique(pairs[:, 0], return_counts=True)
    values = [
        FacetValue(value=name_of(int(place)), count=int(count))
        for place, count in zip(places, counts, strict=True)
    ]
    return tuple(sorted(values, key=lambda one: (-one.count, one.value)))


def _ordered(values: Iterable[FacetValue], names: list[str]) -> tuple[FacetValue, ...]:
    return tuple(sorted(values, key=lambda one: names.index(one.value)))


def _filled(counts: Iterable[tuple[str, int]]) -> tuple[FacetValue, ...]:
    return tuple(FacetValue(value=name, count=count) for name, count in counts if count)


def _distinct(groups: NDArray[np.int64]) -> int:
    return len(np.unique(groups))


def _is_missing(word: str | None) -> bool:
    return word is None
