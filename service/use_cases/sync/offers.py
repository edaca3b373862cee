"""List, get and search calls as offers: what CommonGrants calls opportunities."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from scrapers.call import Call
from service.context import Context
from service.domain.calls.exchange_rates import ExchangeRates
from service.domain.calls.stored.call_facts import read_money, wanted_phrases
from service.domain.calls.stored.call_reader import read_ahead
from service.domain.calls.stored.offer_choice import OfferChoice, OfferOrder, OfferTimes
from service.domain.eligibility.facts import Fact
from service.domain.matching.match import Match
from service.domain.matching.match_context import StoredCalls
from service.domain.matching.offers.ranking import RankedOffers, rank_offers
from service.domain.pilots.pilot import MAX_TEXT_LENGTH
from service.errors import InputError, NotFoundError

_AMOUNTS = frozenset({OfferOrder.MAX_AWARD, OfferOrder.MIN_AWARD, OfferOrder.TOTAL})


@dataclass(frozen=True)
class FoundOffer:
    """A call with what others are told of it; ``match`` says how it fits a text, if it does."""

    call: Call
    times: OfferTimes
    facts: tuple[Fact, ...]
    copies: tuple[str, ...]
    match: Match | None = None


@dataclass(frozen=True)
class OfferPage:
    """A page of offers, how many there are on all pages, and the language of the text."""

    offers: tuple[FoundOffer, ...]
    total: int
    stored: StoredCalls
    language: str = "en"


def list_offers(context: Context, page: int, page_size: int) -> OfferPage:
    """Return a page of all offers, those that changed last first."""
    return find_offers(context, OfferChoice(), OfferOrder.MODIFIED, page=page, page_size=page_size)


def get_offer(context: Context, uid: str) -> OfferPage:
    """Return the offer with a UUID, as a page of one; a copy that does not lead too.

    Raises:
        NotFoundError: there is none.
    """
    id_ = context.calls.offers.id_of(uid)
    if id_ is None:
        raise NotFoundError("There is no opportunity with this id: the list has the ids.")
    return OfferPage(_read(context, stored := context.stored_calls(), [id_], {}), 1, stored)


def find_offers(
    context: Context,
    choice: OfferChoice,
    order: OfferOrder,
    *,
    text: str = "",
    is_descending: bool = True,
    page: int = 1,
    page_size: int = 100,
) -> OfferPage:
    """Return a page of the offers that are chosen and, if there is a text, found by it.

    Args:
        context: the stores, and for a text the index.
        choice: what must hold.
        order: what they are sorted by; relevance needs a text. What has no value comes last.
        text: what to find funding for.
        is_descending: the highest value first.
        page: from 1.
        page_size: offers on a page.

    Raises:
        InputError: the text is too long.
        SnapshotError: there is a text, and no sound index.
    """
    if len(text) > MAX_TEXT_LENGTH:
        raise InputError(
            f"The text has {len(text):,} characters; at most {MAX_TEXT_LENGTH:,} are taken."
        )
    matching = context.match_context() if text else None
    stored = matching or context.stored_calls()
    offers = context.calls.offers.find(choice, order, stored.now, stored.links)
    values = {offer.call_id: offer.value for offer in offers}
    ranked = RankedOffers()
    if matching is not None:
        words = wanted_phrases(text)
        with_words = context.calls.offers.with_words(words) if words else ()
        ranked = rank_offers(matching, text, values.keys(), with_words)
        values = {id_: values[id_] for id_ in ranked.ids}
    if order is OfferOrder.RELEVANCE:
        ids = ranked.ids if is_descending else ranked.ids[::-1]
    else:
        ids = _sorted(values, _key_of(order, context.rates()), is_descending=is_descending)
    shown = ids[(page - 1) * page_size : page * page_size]
    matches = ranked.explain(matching, shown) if matching is not None else {}
    return OfferPage(_read(context, stored, shown, matches), len(ids), stored, ranked.language)


def _sorted(values: dict[str, Any], key: Callable[[Any], Any], *, is_descending: bool) -> list[str]:
    """Return the ids by their values, equals by id, and last those without a value."""
    keys: dict[str, Any] = {
        id_: None if value is None else key(value) for id_, value in values.items()
    }
    known = [id_ for id_, one in keys.items() if one is not None]
    known.sort(key=lambda id_: keys[id_], reverse=is_descending)
    return [*known, *(id_ for id_, one in keys.items() if one is None)]


def _key_of(order: OfferOrder, rates: ExchangeRates | None) -> Callable[[Any], Any]:
    """Return what makes values comparable: amounts by the kept rates, else by currency."""

    def in_euro(written: str) -> tuple[bool, str, Decimal]:
        money = read_money(written)
        amount = rates.convert_exactly(money, "EUR") if rates else None
        return (
            amount is not None,
            "" if amount is not None else money.currency,
            amount or money.amount,
        )

    return in_euro if order in _AMOUNTS else lambda value: value


def _read(
    context: Context, stored: StoredCalls, ids: Sequence[str], matches: dict[str, Match]
) -> tuple[FoundOffer, ...]:
    read_ahead(stored.calls, ids)
    calls = [stored.calls[id_] for id_ in ids if id_ in stored.calls]
    stored.conditions.fetch(calls)
    times = context.calls.offers.times(ids)
    return tuple(
        FoundOffer(
            call=call,
            times=times[call.id],
            facts=stored.conditions.facts(call),
            copies=stored.links.copies(call.id),
            match=matches.get(call.id),
        )
        for call in calls
        if call.id in times
    )
