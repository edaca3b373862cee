"""Queries of spreadsheets: those of the lists, and the language of the headings."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from scrapers.call import Status
from service.api.calls.schemas import ShortlistQuery
from service.api.matches.schemas import PilotMatchQuery
from service.domain.matching.filters import MOST_CHOICES
from service.http.queries import ANY, ActorQuery, FilterQuery, RequestModel
from service.messages.sentence import Language


class SheetQuery(RequestModel):
    """In which language a spreadsheet is."""

    lang: Language = Field(default="en", description="Of headings, words and titles.")


class CallSheetQuery(FilterQuery, SheetQuery):
    """Which calls a spreadsheet has; by default all of them."""

    status: tuple[Status | Literal["all"], ...] = Field(
        default=(ANY,),
        max_length=MOST_CHOICES,
        description="Statuses to show; `all` shows every one.",
    )
    q: str = Field(
        default="",
        max_length=200,
        description="Words as in the list of calls: all must stand in the call.",
    )


class MatchSheetQuery(PilotMatchQuery, SheetQuery):
    """How to match a stored pilot for a spreadsheet."""


class ShortlistSheetQuery(ShortlistQuery, SheetQuery):
    """How many pilots of a call a spreadsheet has."""


class ActorSheetQuery(ActorQuery, SheetQuery):
    """A subject, and which actors of it a spreadsheet has."""
