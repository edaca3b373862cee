"""The card of a call: the facts that lists, matches, mails and the terminal show of it."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from scrapers.call import Call, Deadline, Funding, Level, Status
from service.domain.calls.copies import CallCopy, list_copies, title_in
from service.domain.calls.exchange_rates import HasConvertedFunding
from service.domain.frozen_model import FrozenModel
from service.domain.matching.match_context import StoredCalls


class CallCard(FrozenModel, HasConvertedFunding):
    """The facts of a call that a result shows; the whole of it is at ``/api/v1/calls/{id}``."""

    id: str
    title: str
    titles: dict[str, str]
    funder: str
    level: Level
    programme: str
    status: Status
    opens: datetime | None
    deadlines: tuple[Deadline, ...]
    next_deadline: Deadline | None
    funding: Funding | None
    url: str | None
    apply_url: str | None
    curated: bool = Field(default=False, description="Kept by hand, not read from its source.")
    checked_on: date | None = Field(
        default=None, description="When somebody last compared a curated call with its source."
    )
    stale: bool = Field(default=False, description="Curated, and long or never checked.")
    modified_at: datetime | None = Field(
        default=None, description="When the stored call last changed, if that is known."
    )
    also: tuple[CallCopy, ...] = Field(
        default=(), description="The same call in other places; one of them is shown."
    )


def make_card(stored: StoredCalls, call: Call, language: str) -> CallCard:
    """Return the card of ``call``. Every card is made here.

    Args:
        stored: the calls that its copies are looked for in, the clock, and the rates.
        call: as stored.
        language: of the title, where the call has one in it (ISO 639).
    """
    now = stored.now
    return CallCard(
        id=call.id,
        title=title_in(call, language),
        titles=dict(call.titles),
        funder=call.funder,
        level=call.level,
        programme=call.programme,
        status=call.status(now),
        opens=call.opens,
        deadlines=call.deadlines,
        next_deadline=call.next_deadline(now),
        funding=call.funding,
        url=call.url,
        apply_url=call.apply_url,
        curated=call.provenance.curated,
        checked_on=call.provenance.checked_on,
        stale=call.stale(now),
        modified_at=stored.modified.of(call.id),
        also=list_copies(call, stored.calls, stored.links, now, language),
        converted=stored.pricing.convert_funding(call.funding),
    )
