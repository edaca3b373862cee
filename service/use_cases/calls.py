"""List the stored calls, and get one: as it is now, and its versions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, TypeVar

import numpy as np
from pydantic import Field

from scrapers.call import Call, Deadline, Status
from scrapers.catalogue import all_funders
from service.context import Context
from service.domain.calls.copies import RelatedCall, list_related_calls
from service.domain.calls.exchange_rates import ConvertedFunding, HasConvertedFunding
from service.domain.calls.history import CallVersion, list_versions
from service.domain.calls.rounds import NO_ROUNDS, Round, RoundHistory, UsualMonths
from service.domain.calls.stored.call_changes import BEGINNING, CallChange, write_cursor
from service.domain.calls.stored.call_facts import wanted_phrases
from service.domain.calls.stored.call_reader import read_ahead
from service.domain.eligibility.stated_conditions import StatedCondition, list_conditions
from service.domain.frozen_model import FrozenModel
from service.domain.matching.call_card import CallCard, make_card
from service.domain.matching.facets.facet_counts import CallFacets, FacetCounter
from service.domain.matching.facets.order import MatchOrder, sort_key
from service.domain.matching.filters import Filters
from service.domain.matching.match_context import StoredCalls
from service.domain.pilots.profile import Profile
from service.errors import UnknownCallError
from service.messages.message import Message
from service.messages.notes import Note
from service.store.call_facts.listing import CallChoice
from service.use_cases.sources import call_gap_notes, gap_notes

T = TypeVar("T")

_ALL_CALLS = 1_000_000
"""More calls than any store has."""

_PART_SIZE = 500
"""Calls whose records are read at once for a long list."""


class CallPage(FrozenModel):
    """One page of calls: those to apply to next come first."""

    calls: tuple[CallCard, ...]
    page: int
    page_size: int
    pages: int
    total: int = Field(description="Calls that the filters let through.")
    as_of: datetime = Field(description="The clock that statuses were computed by.")
    notes: tuple[Note, ...] = Field(default=(), description="Plain words about limits met.")
    cursor: str = Field(
        default=BEGINNING,
        description="For `changed_since`: tells what changes after this answer.",
    )
    changes: tuple[CallChange, ...] = Field(
        default=(),
        description="With `changed_since`: what became of each call, in the order of the changes.",
    )


class CallDetail(Call, HasConvertedFunding):
    """A call as stored, with what its dates mean now.

    ``texts[lang][start:end]`` and ``titles[lang][start:end]`` are what evidence quotes.
    """

    current_status: Status = Field(serialization_alias="status")
    upcoming: Deadline | None = Field(serialization_alias="next_deadline")
    out_of_date: bool = Field(
        default=False,
        serialization_alias="stale",
        description="Kept by hand, and not compared with its source for half a year or ever.",
    )
    missing_since: datetime | None = Field(
        default=None,
        serialization_alias="not_seen_since",
        description="When its source first listed every call but this one; null while it is there.",
    )
    call_links: tuple[RelatedCall, ...] = Field(
        default=(),
        description="The same call in other places, its other rounds, and what names it.",
    )

    rounds: tuple[Round, ...] = Field(
        default=(), description="Earlier rounds of the call, the latest first."
    )
    usually: UsualMonths | None = Field(
        default=None, description="When the call usually opens, if at least two years say so."
    )

    conditions: tuple[StatedCondition, ...] = Field(
        default=(),
        description="What the call asks for, as it was read from record and texts when stored.",
    )
    modified_at: datetime | None = Field(
        default=None, description="When the stored call last changed, if that is known."
    )
    notes: tuple[Note, ...] = Field(
        default=(), description="Plain words about limits met, such as a source that fails."
    )

    @classmethod
    def from_call(
        cls,
        call: Call,
        now: datetime,
        *,
        missing_since: datetime | None = None,
        call_links: tuple[RelatedCall, ...] = (),
        round_history: RoundHistory = NO_ROUNDS,
        converted: ConvertedFunding | None = None,
        conditions: tuple[StatedCondition, ...] = (),
        notes: tuple[Message, ...] = (),
        modified_at: datetime | None = None,
    ) -> CallDetail:
        """Return the whole of ``call``.

        Args:
            call: as stored.
            now: the aware instant that its status and next deadline are of.
            missing_since: when its source stopped listing it, if so.
            call_links: how it is related to other calls.
            round_history: its other rounds.
            converted: its amounts in the reader's currency.
            conditions: what it asks for.
            notes: what a reader should know of how it was read.
            modified_at: when it last changed, if that is known.
        """
        stored: dict[str, Any] = {name: getattr(call, name) for name in Call.model_fields}
        return cls.model_construct(
            **stored,
            current_status=call.status(now),
            upcoming=call.next_deadline(now),
            out_of_date=call.stale(now),
            missing_since=missing_since,
            call_links=call_links,
            rounds=round_history.rounds,
            usually=round_history.usually,
            converted=converted,
            conditions=conditions,
            notes=notes,
            modified_at=modified_at,
        )


class CallHistory(FrozenModel):
    """What a call has been, and since when its source does not list it, if so."""

    id: str
    first_seen: datetime
    last_seen: datetime = Field(description="When a run last listed it.")
    not_seen_since: datetime | None = Field(
        description="When its source first listed every call but this one; null while it is there."
    )
    versions: tuple[CallVersion, ...] = Field(description="Oldest first.")


def list_calls(
    context: Context,
    *,
    filters: Filters | None = None,
    words: str = "",
    page: int = 1,
    page_size: int = 50,
    language: str = "en",
    profile: Profile | None = None,
    order: MatchOrder = MatchOrder.DEADLINE,
) -> CallPage:
    """Return a page of the calls that pass ``filters`` and hold every word of ``words``.

    Open calls come first, by their next deadline; then what opens soon, by its opening; closed
    calls come last, the latest deadline first; ties are broken by id. Of several copies of one
    call only the leading one is returned.

    Args:
        context: the stores.
        filters: the reader's choices; by default calls of every status.
        words: each must be in the call's id, titles, programme or texts, as a whole word; those
            in quotation marks or with a hyphen between them as a phrase.
        page: which page, from 1.
        page_size: calls on a page.
        language: of the titles, for calls that have one in it.
        profile: what conditions are checked against, where the filters ask for that.
        order: by deadline as said above; else the largest amount or the newest call comes first.
    """
    cursor = write_cursor(
        context.call_changes.end()
    )  # first: what changes from here on comes again
    stored = context.stored_calls()
    wanted = filters or Filters(statuses=())
    choice = _make_choice(context, stored, wanted, words, profile)
    if order is MatchOrder.DEADLINE:
        ids, total = context.calls.listing.list_page(choice, page, page_size)
    else:
        ids, total = _sorted_page(context, choice, order, page, page_size)
    read_ahead(stored.calls, {copy for id_ in ids for copy in stored.links.group(id_)})
    stored.modified.fetch(ids)
    return CallPage(
        calls=tuple(
            make_card(stored, stored.calls[id_], language) for id_ in ids if id_ in stored.calls
        ),
        page=page,
        page_size=page_size,
        pages=max(1, -(-total // page_size)),
        total=total,
        as_of=stored.now,
        notes=gap_notes(context, wanted),
        cursor=cursor,
    )


def _sorted_page(
    context: Context, choice: CallChoice, order: MatchOrder, page: int, page_size: int
) -> tuple[list[str], int]:
    """Return the ids of a page in another order than by deadline, and how many there are."""
    ids, total = context.calls.listing.list_page(choice, 1, _ALL_CALLS)
    columns = context.calls.columns()
    known = [id_ for id_ in ids if id_ in columns.rows]
    known.sort(key=sort_key(columns, order, choice.filters, choice.now))
    return list(page_of(known, page, page_size)[0]), total


def count_facets(
    context: Context, filters: Filters, words: str = "", profile: Profile | None = None
) -> CallFacets:
    """Return how many calls of a list each further choice would leave.

    Args:
        context: the stores.
        filters: the choices made.
        words: that must all be in a call, as in `list_calls`.
        profile: what conditions are checked against, where the filters ask for that.
    """
    stored, index = context.stored_calls(), context.candidates()
    columns = index.columns
    within = np.ones(len(columns), np.bool_)
    if wanted_phrases(words):
        choice = _make_choice(context, stored, Filters(statuses=()), words)
        ids, _ = context.calls.listing.list_page(choice, 1, _ALL_CALLS)
        rows = [columns.rows[id_] for id_ in ids if id_ in columns.rows]
        within = np.isin(np.arange(len(columns)), rows)
    chosen = stored.pricing.with_rates(filters)
    counter = FacetCounter(index, chosen, stored.now, profile, stored.pricing.currency)
    return counter.count(within)


def list_call_ids(context: Context, filters: Filters, words: str, most: int) -> list[str]:
    """Return the ids of the first ``most`` calls of a list, in its order; no record is read.

    Args:
        context: the stores.
        filters: the reader's choices.
        words: each must be in the call, as in `list_calls`.
        most: ids at most.
    """
    choice = _make_choice(context, context.stored_calls(), filters, words)
    return context.calls.listing.list_page(choice, 1, most)[0]


def list_many_calls(
    context: Context,
    *,
    most: int,
    filters: Filters | None = None,
    words: str = "",
    language: str = "en",
) -> CallPage:
    """Return the first ``most`` calls of a list as one page; the arguments are `list_calls`'.

    They are read in parts, so that a long list needs little memory for its records.
    """
    cards: list[CallCard] = []
    page = 0
    while True:
        page += 1
        part = list_calls(
            context,
            filters=filters,
            words=words,
            page=page,
            page_size=min(_PART_SIZE, most),
            language=language,
        )
        cards += part.calls
        if page >= part.pages or len(cards) >= most:
            first = tuple(cards[:most])
            return part.model_copy(update={"calls": first, "page": 1, "page_size": most})


def get_call(context: Context, call_id: str, language: str = "") -> CallDetail:
    """Return the whole of one call; the titles of others in ``language``, else in its own first.

    Raises:
        UnknownCallError: there is no such call.
    """
    call, stored = _find_call(context, call_id), context.stored_calls()
    read_ahead(stored.calls, {link.other(call_id) for link in stored.links.links(call_id)})
    seen = context.calls.sightings(call_id)
    return CallDetail.from_call(
        call,
        stored.now,
        missing_since=seen.missing_since if seen else None,
        call_links=list_related_calls(
            call, stored.calls, stored.links, stored.now, language or next(iter(call.titles))
        ),
        round_history=context.prior_activity().rounds.rounds_of(call, stored.now),
        converted=stored.pricing.convert_funding(call.funding),
        conditions=list_conditions(stored.conditions.facts(call)),
        notes=call_gap_notes(context, call_id),
        modified_at=stored.modified.of(call_id),
    )


def get_card(context: Context, call_id: str, language: str) -> CallCard:
    """Return what a list shows of one call.

    Raises:
        UnknownCallError: there is no such call.
    """
    return make_card(context.stored_calls(), _find_call(context, call_id), language)


def get_call_history(context: Context, call_id: str) -> CallHistory:
    """Return the versions of a call, and when it was seen.

    Raises:
        UnknownCallError: there is no such call.
    """
    seen = context.calls.sightings(call_id)
    if seen is None:
        raise UnknownCallError(call_id)
    return CallHistory(
        id=call_id,
        first_seen=seen.first,
        last_seen=seen.last,
        not_seen_since=seen.missing_since,
        versions=list_versions(context.calls.versions(call_id)),
    )


def list_funders(context: Context) -> dict[str, str]:
    """Return the key and name of every funder that has stored calls, in order of name."""
    funders = context.calls.listing.funders()
    return dict(sorted(funders.items(), key=lambda item: item[1].casefold()))


def known_funders(context: Context) -> dict[str, str]:
    """Return the key and name of every funder that can be chosen: also one without stored calls."""
    return {key: one.title for key, one in all_funders().items()} | list_funders(context)


def list_titles(context: Context, call_ids: Collection[str]) -> dict[str, dict[str, str]]:
    """Return the titles of the stored ones of some calls, by id and then by language."""
    return {id_: dict(call.titles) for id_, call in context.calls.get_many(call_ids).items()}


def page_of(entries: Sequence[T], page: int, size: int) -> tuple[tuple[T, ...], int]:
    """Return page ``page`` (from 1) of ``entries`` and how many pages there are."""
    pages = max(1, -(-len(entries) // size))
    start = (page - 1) * size
    return tuple(entries[start : start + size]), pages


def _make_choice(
    context: Context,
    stored: StoredCalls,
    filters: Filters,
    words: str,
    profile: Profile | None = None,
) -> CallChoice:
    chosen = stored.pricing.with_rates(filters)
    return CallChoice(
        filters=chosen,
        now=stored.now,
        words=wanted_phrases(words),
        groups=stored.links,
        language=chosen.languages[0] if chosen.languages else "",
        excluded=_failing(context, profile) if chosen.gates else (),
    )


def _failing(context: Context, profile: Profile | None) -> set[str]:
    """Return the calls with a condition that fails for a profile; without one for everybody."""
    return context.calls.conditions().failing(context.calls.ids(), profile)


def _find_call(context: Context, call_id: str) -> Call:
    call = context.calls.get(call_id)
    if call is None:
        raise UnknownCallError(call_id)
    return call
