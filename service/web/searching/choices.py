"""A reader's choices on a page: chips that can be taken off, facets to press, and orders."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from scrapers.call import Money
from service.domain.matching.facets.amount_bands import UNSTATED, find_band
from service.domain.matching.facets.facet_counts import CallFacets, FacetValue
from service.domain.matching.filters import DEFAULT_STATUSES
from service.http.queries import ANY, FilterQuery
from service.messages import facts
from service.messages.message import Month
from service.messages.words import Words
from service.untrusted_text import clean
from service.web import forms

Parts = dict[str, Any]
"""The parameters of a link."""

_FACETS = ("status", "applicant", "level", "month", "amount", "funder")
"""The facets in the order in which they are shown."""

_LISTED = {"status": "status", "level": "level", "funder": "funder"}
_WINDOW = ("deadline_from", "deadline_to")
_AMOUNT = ("min_amount", "max_amount", "min_currency", "unstated")


@dataclass(frozen=True)
class Chip:
    """A choice that was made, and the link without it."""

    label: str
    without: Parts


@dataclass(frozen=True)
class FacetButton:
    """A choice that can be made, or taken back when it is ``chosen``."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class FacetGroup:
    """The choices of one facet."""

    name: str
    buttons: tuple[FacetButton, ...]

    @property
    def is_chosen(self) -> bool:
        """Whether any of its choices was made."""
        return any(button.chosen for button in self.buttons)


def toggled_link(query: FilterQuery, asked: str, currency: str) -> Parts:
    """Return the link to ``query`` with one choice made, or taken back.

    Args:
        query: the choices so far.
        asked: a facet and a value, such as ``funder:vinnova``; what is neither changes nothing.
        currency: of the bands of amounts.
    """
    parts = forms.as_link(query)
    parts.pop("page", None)
    facet, _, value = asked.partition(":")
    if facet == "status":
        _toggle_status(parts, query, value)
    elif facet in _LISTED:
        chosen = list(parts.get(facet, ()))
        parts[facet] = [one for one in chosen if one != value] or []
        if value not in map(str, chosen):
            parts[facet] = [*chosen, value]
    elif facet == "month":
        _toggle_month(parts, value)
    elif facet == "amount":
        _toggle_amount(parts, value, currency)
    elif facet == "applicant":
        is_off = str(parts.get("kind", "")) == value and parts.get("gates") == "pass"
        parts |= {"kind": None, "gates": None} if is_off else {"kind": value, "gates": "pass"}
    return {name: kept for name, kept in parts.items() if kept not in (None, [], "")}


def _toggle_status(parts: Parts, query: FilterQuery, value: str) -> None:
    usual = {str(one) for one in DEFAULT_STATUSES}
    chosen = {str(one) for one in query.status}
    if chosen == {value}:
        parts.pop("status", None)
    elif chosen in ({ANY}, usual):
        parts["status"] = [value]
    else:
        parts["status"] = sorted(chosen ^ {value})


def _toggle_month(parts: Parts, value: str) -> None:
    window = month_window(value)
    if window is None:
        return
    is_off = (parts.get("deadline_from"), parts.get("deadline_to")) == window
    first, last = (None, None) if is_off else window
    parts |= {"deadline_from": first, "deadline_to": last}


def _toggle_amount(parts: Parts, value: str, currency: str) -> None:
    before = _band_of(parts, currency)
    for name in _AMOUNT:
        parts.pop(name, None)
    if before == value:
        return
    band = find_band(value, currency)
    if value == UNSTATED:
        parts |= {"unstated": "only", "min_currency": currency}
    elif band is not None:
        parts |= {
            "min_amount": band.least,
            "max_amount": band.most,
            "min_currency": currency,
            "unstated": "leave",
        }


def _band_of(parts: Parts, currency: str) -> str:
    """Return the name of the band of amounts that is chosen, nothing if none is."""
    if parts.get("unstated") == "only":
        return UNSTATED
    if "min_amount" not in parts and "max_amount" not in parts:
        return ""
    if parts.get("min_currency", currency) != currency:
        return ""
    least, most = parts.get("min_amount"), parts.get("max_amount")
    name = f"{'' if least is None else int(least)}-{'' if most is None else int(most)}"
    return name if find_band(name, currency) else ""


def month_window(value: str) -> tuple[date, date] | None:
    """Return the first and the last day of a month such as 2026-04; None when it is none."""
    try:
        first = date.fromisoformat(f"{value}-01")
    except ValueError:
        return None
    return first, first.replace(day=monthrange(first.year, first.month)[1])


def list_facets(
    query: FilterQuery, counts: CallFacets, funders: Mapping[str, str], t: Words
) -> tuple[FacetGroup, ...]:
    """Return the facets of a page; one with a single choice that was not made is left out."""
    chosen = _chosen_values(query, counts.currency)
    groups = []
    for name in _FACETS:
        values = _with_chosen(getattr(counts, name), chosen[name])
        buttons = tuple(
            FacetButton(
                value=f"{name}:{one.value}",
                label=_facet_label(name, one.value, counts.currency, funders, t),
                count=one.count,
                chosen=one.value in chosen[name],
            )
            for one in values
        )
        group = FacetGroup(name, buttons)
        if group.is_chosen or _narrows(name, buttons):
            groups.append(group)
    return tuple(groups)


def _narrows(name: str, buttons: Sequence[FacetButton]) -> bool:
    """Return whether any choice of a facet leaves less than all; kinds of applicants overlap."""
    if name == "applicant":
        return len({button.count for button in buttons}) > 1
    return len(buttons) > 1


def _with_chosen(values: Sequence[FacetValue], chosen: set[str]) -> list[FacetValue]:
    """Return the values, with those that were chosen and leave nothing."""
    known = {one.value for one in values}
    return [*values, *(FacetValue(value=one, count=0) for one in sorted(chosen - known))]


def _chosen_values(query: FilterQuery, currency: str) -> dict[str, set[str]]:
    parts = forms.as_link(query)
    window = (query.deadline_from, query.deadline_to)
    month = f"{query.deadline_from:%Y-%m}" if query.deadline_from else ""
    gates, kind = getattr(query, "gates", None), getattr(query, "kind", None)
    return {
        "status": {str(one) for one in parts.get("status", ()) if one != ANY},
        "level": {str(one) for one in query.level},
        "funder": set(query.funder),
        "month": {month} if month and month_window(month) == window else set(),
        "amount": {band} if (band := _band_of(parts, currency)) else set(),
        "applicant": {str(kind)} if kind and gates else set(),
    }


def _facet_label(name: str, value: str, currency: str, funders: Mapping[str, str], t: Words) -> str:
    if name == "funder":
        return clean(funders.get(value, value))
    if name == "month":
        window = month_window(value)
        return _month_label(window[0], t) if window else value
    if name == "amount":
        return _band_label(value, currency, t)
    if name == "applicant":
        return t(f"kind.{value}")
    return t(f"level.{value}") if name == "level" else t(f"status.{value}")


def _month_label(first: date, t: Words) -> str:
    return t("facet.month.of", month=Month(first.month), year=f"{first:%Y}")


def _band_label(value: str, currency: str, t: Words) -> str:
    band = find_band(value, currency)
    if band is None:
        return t("facet.amount.unstated")
    least, most = _money(band.least, currency), _money(band.most, currency)
    if least is None or most is None:
        key = "facet.amount.most" if least is None else "facet.amount.least"
        return t(key, amount=_told(least or most, t))
    return facts.money_range(least, most, t)


def _money(amount: int | None, currency: str) -> Money | None:
    return None if amount is None else Money(amount=amount, currency=currency)


def _told(amount: Money | None, t: Words) -> str:
    return "" if amount is None else facts.money(amount, t)


def list_chips(query: FilterQuery, funders: Mapping[str, str], t: Words) -> tuple[Chip, ...]:
    """Return every choice that differs from what is usual, each with the link without it."""
    parts = forms.as_link(query)
    parts.pop("page", None)
    chips: list[Chip] = []

    def add(label: str, *names: str) -> None:
        chips.append(Chip(label, {name: v for name, v in parts.items() if name not in names}))

    if "status" in parts:
        add(_status_label(query, t), "status")
    for name, label_of in _list_labels(funders, t).items():
        for value in parts.get(name, ()):
            rest = [one for one in parts[name] if one != value]
            without = {key: v for key, v in parts.items() if key != name}
            chips.append(Chip(label_of(str(value)), without | ({name: rest} if rest else {})))
    if query.deadline_from or query.deadline_to:
        add(_window_label(query, t), *_WINDOW)
    if query.bounds_amounts:
        add(_amount_label(query, t), *_AMOUNT)
    elif query.unstated in ("leave", "only"):
        add(t(f"chip.unstated.{query.unstated}"), "unstated")
    _add_profile_chips(query, add, t)
    if parts.get("dismissed"):
        add(t("judge.dismissed.show"), "dismissed")
    return tuple(chips)


def _list_labels(funders: Mapping[str, str], t: Words) -> dict[str, Callable[[str], str]]:
    return {
        "level": lambda value: t(f"level.{value}"),
        "funder": lambda value: clean(funders.get(value, value)),
        "language": lambda value: t("chip.language", language=t.language_name(value)),
        "exclude": lambda value: t("chip.exclude", topic=clean(value)),
        "as_written": lambda value: t("chip.as_written", text=clean(value)),
        "count": lambda value: t("chip.count", part=t.known("around", value)),
    }


def _status_label(query: FilterQuery, t: Words) -> str:
    if ANY in query.status:
        return t("chip.status.all")
    return t("chip.status", names=", ".join(t(f"status.{one}").lower() for one in query.status))


def _window_label(query: FilterQuery, t: Words) -> str:
    first, last = query.deadline_from, query.deadline_to
    if first and last and month_window(f"{first:%Y-%m}") == (first, last):
        return t("chip.month", month=_month_label(first, t))
    if first and last:
        return t("chip.window", first=first, last=last)
    return t("chip.window.from", first=first) if first else t("chip.window.to", last=last or "")


def _amount_label(query: FilterQuery, t: Words) -> str:
    least, most = (
        None if one is None else Money(amount=one, currency=query.min_currency)
        for one in (query.min_amount, query.max_amount)
    )
    if least and most:
        label = facts.money_range(least, most, t)
    elif least:
        label = t("facet.amount.least", amount=facts.money(least, t))
    else:
        label = t("facet.amount.most", amount=_told(most, t))
    return t("chip.amount.kept", amount=label) if query.unstated == "keep" else label


def _add_profile_chips(query: FilterQuery, add: Callable[..., None], t: Words) -> None:
    kind, gates = getattr(query, "kind", None), getattr(query, "gates", None)
    if kind and gates:
        add(t("chip.applicant", kind=t(f"kind.{kind}")), "kind", "gates")
    elif kind:
        add(t("chip.kind", kind=t(f"kind.{kind}")), "kind")
    elif gates:
        add(t("chip.gates"), "gates")
    if country := getattr(query, "country", None):
        add(t("chip.country", country=t.country(country)), "country")
    if trl := getattr(query, "trl", None):
        add(f"TRL {trl}", "trl")
    budget = getattr(query, "budget", None)
    if budget is not None:
        wanted = Money(amount=budget, currency=getattr(query, "currency", "SEK"))
        add(t("chip.budget", amount=facts.money(wanted, t)), "budget", "currency")
