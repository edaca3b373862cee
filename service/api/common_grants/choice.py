"""The filters and the order of a search in our own terms, and what of them cannot be used."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal

from scrapers.call import Level, Status
from service.api.common_grants.mapping import STATUS_VALUES
from service.api.common_grants.search import (
    RELEVANCE,
    ArrayOperator,
    CustomFilter,
    DateRangeFilter,
    FilterOperator,
    MoneyRangeFilter,
    OpportunityFilters,
    OpportunitySortBy,
    OpportunitySorting,
    RangeOperator,
    SortInfo,
    SortOrder,
    StringArrayFilter,
)
from service.domain.calls.stored.offer_choice import (
    DateBounds,
    MoneyBounds,
    OfferChoice,
    OfferOrder,
)

_ORDERS = {
    OpportunitySortBy.LAST_MODIFIED_AT: OfferOrder.MODIFIED,
    OpportunitySortBy.CREATED_AT: OfferOrder.CREATED,
    OpportunitySortBy.TITLE: OfferOrder.TITLE,
    OpportunitySortBy.STATUS: OfferOrder.STATUS,
    OpportunitySortBy.CLOSE_DATE: OfferOrder.CLOSES,
    OpportunitySortBy.MAX_AWARD: OfferOrder.MAX_AWARD,
    OpportunitySortBy.MIN_AWARD: OfferOrder.MIN_AWARD,
    OpportunitySortBy.TOTAL: OfferOrder.TOTAL,
    OpportunitySortBy.AWARD_COUNT: OfferOrder.AWARD_COUNT,
}
_FIELDS = ("funder", "level")
_WANTED = frozenset({FilterOperator.EQ, FilterOperator.IN})
_UNWANTED = frozenset({FilterOperator.NEQ, FilterOperator.NOT_IN})


@dataclass
class ReadChoice:
    """What a search asks for, and a sentence for each filter that was left out."""

    choice: OfferChoice
    errors: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class ReadOrder:
    """What a search is sorted by, and what is said of it in the answer."""

    order: OfferOrder
    info: SortInfo

    @property
    def is_descending(self) -> bool:
        """Whether the highest value comes first."""
        return self.info.sort_order is SortOrder.DESC


def read_choice(filters: OpportunityFilters | None) -> ReadChoice:
    """Return ``filters`` as a choice; those that cannot be used are left out and named."""
    if filters is None:
        return ReadChoice(OfferChoice())
    errors: list[str] = []
    wanted, unwanted = _read_custom(filters.custom_filters or {}, errors)
    choice = OfferChoice(
        statuses=_read_statuses(filters.status, errors),
        closes=_read_dates(filters.close_date_range),
        total=_read_money(
            "totalFundingAvailableRange", filters.total_funding_available_range, errors
        ),
        min_award=_read_money("minAwardAmountRange", filters.min_award_amount_range, errors),
        max_award=_read_money("maxAwardAmountRange", filters.max_award_amount_range, errors),
        funders=wanted.get("funder"),
        not_funders=unwanted.get("funder", frozenset()),
        levels=wanted.get("level"),
        not_levels=unwanted.get("level", frozenset()),
    )
    return ReadChoice(choice, errors)


def read_order(sorting: OpportunitySorting | None, *, has_text: bool) -> ReadOrder:
    """Return the order that is asked for: of a text the best first, else the latest change."""
    if sorting is None:
        return _relevance(SortOrder.DESC) if has_text else _latest(SortOrder.DESC)
    wanted = sorting.sort_order or SortOrder.DESC
    if sorting.sort_by is not OpportunitySortBy.CUSTOM:
        info = SortInfo(sort_by=sorting.sort_by.value, sort_order=wanted)
        return ReadOrder(_ORDERS[sorting.sort_by], info)
    if sorting.custom_sort_by == RELEVANCE and has_text:
        return _relevance(wanted)
    known = sorting.custom_sort_by == RELEVANCE
    why = (
        "Without a search text nothing is relevant: sorted by lastModifiedAt."
        if known
        else "The only customSortBy is relevance: sorted by "
        f"{'relevance' if has_text else 'lastModifiedAt'}."
    )
    return _relevance(wanted, why) if has_text else _latest(wanted, why)


def _relevance(order: SortOrder, *errors: str) -> ReadOrder:
    info = SortInfo(
        sort_by=OpportunitySortBy.CUSTOM.value,
        custom_sort_by=RELEVANCE,
        sort_order=order,
        errors=list(errors) or None,
    )
    return ReadOrder(OfferOrder.RELEVANCE, info)


def _latest(order: SortOrder, *errors: str) -> ReadOrder:
    info = SortInfo(
        sort_by=OpportunitySortBy.LAST_MODIFIED_AT.value,
        sort_order=order,
        errors=list(errors) or None,
    )
    return ReadOrder(OfferOrder.MODIFIED, info)


def _read_statuses(chosen: StringArrayFilter | None, errors: list[str]) -> frozenset[Status] | None:
    if chosen is None:
        return None
    known = {value.value for value in STATUS_VALUES.values()}
    strange = sorted(set(chosen.value) - known)
    if strange:
        errors.append(_strange("status", strange, known))
    named = {status for status, value in STATUS_VALUES.items() if value.value in chosen.value}
    is_wanted = chosen.operator is ArrayOperator.IN
    return frozenset(named if is_wanted else STATUS_VALUES.keys() - named)


def _read_dates(chosen: DateRangeFilter | None) -> DateBounds | None:
    if chosen is None:
        return None
    low, high = map(_with_zone, (chosen.value.min, chosen.value.max))
    return DateBounds(low, high, outside=chosen.operator is RangeOperator.OUTSIDE)


def _with_zone(bound: date | datetime) -> date | datetime:
    if isinstance(bound, datetime) and bound.tzinfo is None:
        return bound.replace(tzinfo=UTC)
    return bound


def _read_money(
    name: str, chosen: MoneyRangeFilter | None, errors: list[str]
) -> MoneyBounds | None:
    if chosen is None:
        return None
    low, high = chosen.value.min, chosen.value.max
    if low.currency != high.currency:
        errors.append(f"{name}: min and max have different currencies, so it was left out.")
        return None
    return MoneyBounds(
        low.currency,
        Decimal(low.amount),
        Decimal(high.amount),
        outside=chosen.operator is RangeOperator.OUTSIDE,
    )


def _read_custom(
    filters: dict[str, CustomFilter], errors: list[str]
) -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    """Return what of our own fields is wanted, and what is not, by field."""
    wanted: dict[str, frozenset[str]] = {}
    unwanted: dict[str, frozenset[str]] = {}
    for name, one in filters.items():
        values = one.value if isinstance(one.value, list) else [one.value]
        texts = frozenset(value for value in values if isinstance(value, str))
        if name not in _FIELDS:
            errors.append(f"{name[:100]}: there is no such filter, so it was left out.")
        elif one.operator not in _WANTED | _UNWANTED or len(texts) < len(values):
            errors.append(f"{name}: give eq, neq, in or notIn and text; it was left out.")
        else:
            (wanted if one.operator in _WANTED else unwanted)[name] = texts
            if name == "level" and (strange := sorted(texts - set(Level))):
                errors.append(_strange("level", strange, [level.value for level in Level]))
    return wanted, unwanted


def _strange(name: str, values: Iterable[str], known: Iterable[str]) -> str:
    named = ", ".join(value[:40] for value in list(values)[:5])
    return f"{name}: no call has {named}; there are {', '.join(sorted(known))}."
