"""The reader's choice of calls; those it leaves out are counted by reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError

from scrapers.call import Call, Currency, Level, Money, Status
from service.domain.calls.exchange_rates import ExchangeRates, maximum_for_project
from service.domain.calls.ids import source_of
from service.domain.eligibility.facts import Fact
from service.domain.eligibility.gates import may_apply
from service.domain.pilots.plain_decimal import PlainDecimal
from service.domain.pilots.profile import Profile

DEFAULT_STATUSES = (Status.OPEN, Status.FORTHCOMING)
"""Statuses that are searched by default: the best call is often one that opens later."""

MOST_CHOICES = 200
"""Values of one filter at most: each of them is compared with every call."""


Unstated = Literal["keep", "leave", "only"]
"""What becomes of calls whose amount is not known or cannot be compared."""


class AmountFilter(BaseModel):
    """The choice of calls by what a project may get."""

    min_amount: PlainDecimal | None = Field(
        default=None,
        description="Calls that say a project may get so much, in `min_currency`.",
    )
    min_currency: Currency = Field(
        default="SEK",
        description="Currency of `min_amount`; others are compared by the rates that are kept.",
    )
    max_amount: PlainDecimal | None = Field(
        default=None,
        description="Calls that say a project may get at most so much, in `min_currency`.",
    )
    unstated: Unstated | None = Field(
        default=None,
        description=(
            "Calls that state no amount, or one that no rate compares: `keep` lets them through "
            "`min_amount` and `max_amount`, `leave` leaves them out, `only` shows no others. By "
            "default they are left out when an amount is asked for."
        ),
    )

    @property
    def chooses_amounts(self) -> bool:
        """Whether any call is left out for its amount."""
        return self.bounds_amounts or self.unstated in ("leave", "only")

    @property
    def bounds_amounts(self) -> bool:
        """Whether a least or a largest amount is asked for."""
        return self.min_amount is not None or self.max_amount is not None

    def amount_choice(self) -> dict[str, Any]:
        """Return the fields of this choice by name."""
        return {name: getattr(self, name) for name in AmountFilter.model_fields}


class Filters(AmountFilter):
    """The reader's choices. Everything given must hold; an empty list means any."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    statuses: tuple[Status, ...] = Field(
        default=DEFAULT_STATUSES,
        max_length=MOST_CHOICES,
        description="Only calls with these statuses; empty: all.",
    )
    funders: tuple[str, ...] = Field(
        default=(), max_length=MOST_CHOICES, description="Funder keys, such as vinnova."
    )
    levels: tuple[Level, ...] = Field(default=(), max_length=MOST_CHOICES)
    languages: tuple[Annotated[str, Field(pattern=r"^[a-z]{2,3}$")], ...] = Field(
        default=(),
        max_length=MOST_CHOICES,
        description="Calls with a text or title in one of these languages.",
    )
    deadline_from: date | None = Field(
        default=None, description="Next deadline on or after this day, in the funder's zone."
    )
    deadline_to: date | None = Field(
        default=None, description="Next deadline on or before this day, in the funder's zone."
    )
    gates: Literal["pass"] | None = Field(
        default=None,
        description="pass: leave out calls with a condition that the profile is known to fail.",
    )

    _rates: ExchangeRates | None = PrivateAttr(default=None)

    def with_rates(self, rates: ExchangeRates | None) -> Filters:
        """Return the same choices, comparing amounts of other currencies by ``rates``."""
        copy = self.model_copy()
        copy._rates = rates  # noqa: SLF001  a copy of our own
        return copy

    @property
    def rates(self) -> ExchangeRates | None:
        """What amounts of other currencies are compared by, if anything."""
        return self._rates

    def admits(self, call: Call, now: datetime, profile: Profile | None = None) -> bool:
        """Return whether ``call`` passes every choice at ``now``, for a pilot with ``profile``."""
        return self.exclusion_reason(call, now, profile) is None

    def exclusion_reason(
        self,
        call: Call,
        now: datetime,
        profile: Profile | None = None,
        facts: Sequence[Fact] | None = None,
    ) -> str | None:
        """Name the first choice that leaves ``call`` out, in plain words, or return None.

        ``facts`` are what the call asks for; without them its texts are read.
        """
        reason = self._exclusion_by_facts(call, now)
        if reason is None and self.gates == "pass" and not may_apply(call, profile, facts):
            return "a condition that fails"
        return reason

    def exclusion_reasons(
        self,
        call: Call,
        now: datetime,
        profile: Profile | None = None,
        facts: Sequence[Fact] | None = None,
    ) -> tuple[str, ...]:
        """Name each choice that leaves ``call`` out, in the order of the fields."""
        any_call = self.model_copy(update=dict(field for choice in _CHOICES for field in choice))
        reasons = [
            any_call.model_copy(
                update={name: getattr(self, name) for name, _ in choice}
            ).exclusion_reason(call, now, profile, facts)
            for choice in _CHOICES
        ]
        return tuple(reason for reason in reasons if reason is not None)

    def _exclusion_by_facts(self, call: Call, now: datetime) -> str | None:
        status = call.status(now)
        if self.statuses and status not in self.statuses:
            return f"status {status}"
        if self.funders and source_of(call.id) not in self.funders:
            return "another funder"
        if self.levels and call.level not in self.levels:
            return "another level"
        if self.languages and not self.admits_languages(call.titles.keys() | call.texts.keys()):
            return "another language"
        if (self.deadline_from or self.deadline_to) and not self._in_window(call, now):
            return "deadline outside the window"
        return self.amount_exclusion(maximum_for_project(call.funding))

    def admits_languages(self, languages: Iterable[str]) -> bool:
        """Return whether one of ``languages`` is among those wanted; any is when none is."""
        return not self.languages or not set(self.languages).isdisjoint(languages)

    def amount_exclusion(self, maximum: Money | None) -> str | None:
        """Name why a call that pays ``maximum`` to a project is left out, or return None."""
        if not self.chooses_amounts:
            return None
        if maximum is None:
            return "no amount stated" if self.unstated in (None, "leave") else None
        if self.unstated == "only":
            return None if self.comparable_amount(maximum) is None else "an amount stated"
        if not self.bounds_amounts:
            return None
        return self._bounds_exclusion(self.comparable_amount(maximum))

    def _bounds_exclusion(self, amount: Decimal | None) -> str | None:
        if amount is None:
            return None if self.unstated == "keep" else "an amount in another currency"
        if self.min_amount is not None and amount < self.min_amount:
            return "a smaller amount"
        is_over = self.max_amount is not None and amount > self.max_amount
        return "a larger amount" if is_over else None

    def comparable_amount(self, amount: Money) -> Decimal | None:
        """Return ``amount`` in the currency of the choice; None when no rate converts it."""
        if amount.currency == self.min_currency:
            return amount.amount
        return self._rates.convert_exactly(amount, self.min_currency) if self._rates else None

    def _in_window(self, call: Call, now: datetime) -> bool:
        deadline = call.next_deadline(now)
        if deadline is None or deadline.at is None:
            return False
        day = deadline.local().date()
        return (self.deadline_from or date.min) <= day <= (self.deadline_to or date.max)


_CHOICES: tuple[tuple[tuple[str, Any], ...], ...] = (
    (("statuses", ()),),
    (("funders", ()),),
    (("levels", ()),),
    (("languages", ()),),
    (("deadline_from", None), ("deadline_to", None)),
    (("min_amount", None), ("max_amount", None), ("unstated", None)),
    (("gates", None),),
)
"""The fields of each choice, with the value that means no choice."""


_NAMES_IN_ADDRESSES = {
    "status": "statuses",
    "funder": "funders",
    "level": "levels",
    "language": "languages",
}
"""The names of choices in addresses, where the field has another."""


def read_filters(query: Mapping[str, Sequence[str]]) -> Filters:
    """Return the filters in the parameters of an address, without those that cannot be used."""
    values: dict[str, Any] = {}
    for name, texts in query.items():
        field = _NAMES_IN_ADDRESSES.get(name, name)
        if field not in Filters.model_fields:
            continue
        own = list(texts) if name in _NAMES_IN_ADDRESSES else texts[0] if texts else None
        if own == ["all"]:
            own = []
        try:
            Filters.model_validate({field: own})
        except ValidationError:
            continue
        values[field] = own
    return Filters.model_validate(values)


def count_reasons(reasons: Iterable[str | None]) -> dict[str, int]:
    """Count the calls that are left out by reason, the most frequent first.

    Args:
        reasons: for each call what `Filters.exclusion_reason` returned.
    """
    return dict(Counter(reason for reason in reasons if reason is not None).most_common())
