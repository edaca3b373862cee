"""The request for a link to a feed."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from service.domain.notifications.feed_link import FeedKind, FeedSubject, SavedSearch
from service.http.queries import RequestModel
from service.messages.sentence import Language
from service.use_cases.feeds.links import LONGEST_LABEL


class NewFeedLink(RequestModel):
    """Which feed a link shall open."""

    kind: FeedKind
    subject: Annotated[str, StringConstraints(max_length=100)] = Field(
        default="",
        description="The pilot's id, the funder's key or the focus area; not for a search.",
    )
    search: SavedSearch | None = Field(default=None, description="What a search looks for.")
    language: Language = Field(default="en", description="Of the feed's words.")
    label: Annotated[str, StringConstraints(max_length=LONGEST_LABEL)] = Field(
        default="", description="What the link is for."
    )

    @model_validator(mode="after")
    def _has_what_its_kind_needs(self) -> Self:
        if (self.kind is FeedKind.SEARCH) != (self.search is not None):
            raise ValueError("give search for the kind search, and for no other")
        if (self.kind is FeedKind.SEARCH) == bool(self.subject):
            raise ValueError("give subject for every kind but search")
        return self

    @property
    def feed(self) -> FeedSubject:
        """The feed."""
        return FeedSubject(self.kind, self.search.key if self.search else self.subject)
