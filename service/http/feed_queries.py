"""The address of a feed of a search: its filters, as an address has them."""

from __future__ import annotations

from pydantic import Field, ValidationError
from werkzeug.datastructures import MultiDict

from service.domain.notifications.feed_link import SavedSearch
from service.http.queries import FilterQuery
from service.http.reading import InvalidRequest, field_errors, gather


class FeedSearchQuery(FilterQuery):
    """A search to follow; by default the calls that are open or open later."""

    q: str = Field(default="", max_length=200, description="Whole words, as in lists.")
    subject: str = Field(default="", max_length=2000, description="A subject, found by meaning.")

    def saved_search(self) -> SavedSearch:
        """Return the search as the domain has it."""
        return SavedSearch(filters=self.filters(), words=self.q, subject=self.subject)


def read_saved_search(sent: MultiDict[str, str], *, apart: tuple[str, ...]) -> SavedSearch:
    """Return the search in the query of an address.

    Args:
        sent: the query.
        apart: names in it that are no part of the search.

    Raises:
        InvalidRequest: a value cannot be used.
    """
    values = {
        name: value for name, value in gather(FeedSearchQuery, sent).items() if name not in apart
    }
    try:
        return FeedSearchQuery.model_validate(values).saved_search()
    except ValidationError as error:
        raise InvalidRequest(field_errors(error)) from error
