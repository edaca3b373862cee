"""What is sent and answered about searches."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints, field_validator

from service.domain.frozen_model import FrozenModel
from service.domain.matching.facets.facet_counts import CallFacets
from service.domain.matching.match import MatchList
from service.domain.pilots.stored_search import LONGEST_NAME, StoredSearch
from service.http.queries import PilotText, RequestModel
from service.http.search_choices import SearchChoices

SearchName = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_NAME, pattern=r"\S")]
ChoiceValues = dict[
    Annotated[str, StringConstraints(max_length=40)],
    Annotated[
        tuple[Annotated[str, StringConstraints(max_length=2000)], ...], Field(max_length=200)
    ],
]
_CHOICES = (
    "Choices as the page's address has them, each a name with its values: `status`, `funder`, "
    "`level`, `language`, `deadline_from`, `deadline_to`, `min_amount`, `max_amount`, "
    "`min_currency`, `unstated`, `gates`, `kind`, `country`, `trl`, `budget`, `currency`, "
    "`exclude`, `sort` (`fit`, `deadline`, `amount`, `newest`), `top` and more."
)


def _check_choices(query: ChoiceValues | None) -> ChoiceValues | None:
    """Refuse choices that no search could be made with."""
    if query is None:
        return None
    unknown = sorted(query.keys() - SearchChoices.model_fields.keys())
    if unknown:
        raise ValueError(f"there is no choice {unknown[0]}")
    SearchChoices.of_query(query)
    return query


class NewSearch(RequestModel):
    """A search to keep."""

    text: PilotText = Field(description="What to search with, Swedish or English.")
    name: SearchName | None = Field(
        default=None, description="What it is saved under; without, it is kept for a while only."
    )
    query: ChoiceValues = Field(default_factory=dict, description=_CHOICES)
    shared: bool = Field(default=False, description="Whether colleagues may open it.")

    _query_is_usable = field_validator("query")(_check_choices)


class SearchChange(RequestModel):
    """What changes of a search; what is absent stays."""

    name: SearchName | None = Field(default=None, description="Saves it, or renames it.")
    query: ChoiceValues | None = Field(default=None, description=_CHOICES)
    shared: bool | None = Field(default=None, description="Whether colleagues may open it.")

    _query_is_usable = field_validator("query")(_check_choices)


class SearchCard(FrozenModel):
    """A search, with its text."""

    id: str
    name: str = Field(description="Empty for one that is not saved.")
    text: str
    query: dict[str, tuple[str, ...]] = Field(description=_CHOICES)
    shared: bool = Field(description="Whether others than its owner may open it.")
    page: str = Field(description="The path of its page.")
    created_at: datetime
    saved_at: datetime | None
    removed_at: datetime | None = Field(
        description="When the text of an unsaved search is removed; null when it is saved."
    )

    @classmethod
    def of(cls, search: StoredSearch, keep_days: int) -> SearchCard:
        """Return ``search`` as it is answered; unsaved ones are kept for ``keep_days``."""
        return cls(
            id=search.id,
            name=search.name,
            text=search.text,
            query=search.query,
            shared=not search.private,
            page=f"/searches/{search.id}",
            created_at=search.created_at,
            saved_at=search.saved_at,
            removed_at=search.expires_at(keep_days),
        )


class SearchCardList(FrozenModel):
    """Saved searches, the newest first."""

    searches: tuple[SearchCard, ...]


class SearchMatches(FrozenModel):
    """A search with its matches."""

    search: SearchCard
    matches: MatchList
    facets: CallFacets | None = Field(
        description="How many calls that may fit each further choice would leave; null for a text "
        "that only names a call."
    )
    ignored: tuple[str, ...] = Field(
        default=(), description="Choices of the search that cannot be used today, by name."
    )
