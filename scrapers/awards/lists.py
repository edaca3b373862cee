"""Answers that are one JSON list of objects, as most registers give them."""

from __future__ import annotations

from collections.abc import Iterator

from scrapers.award import Register, Row
from scrapers.errors import ShapeError
from scrapers.fields import Fields
from scrapers.funder import Lost
from scrapers.page import Page
from scrapers.parse import mend


def rows_of(
    register: Register, page: Page, what: str, *, advice: str = "", inside: str = ""
) -> Iterator[Row | Lost]:
    """Yield the objects of a list, of the list ``inside`` an object, or one object alone.

    ``what`` names them in messages. An empty list is an answer only to a question since a day.

    Raises:
        ShapeError: the page is no JSON, or holds no such list.
    """
    where = f"{register.key} {page.url}"
    answer = page.json(where)
    if isinstance(answer, dict) and inside and isinstance(answer.get(inside), list):
        answer = answer[inside]
    elif isinstance(answer, dict):
        answer = [answer]
    if not isinstance(answer, list):
        raise ShapeError(where, f"a list of {what}", type(answer).__name__, advice)
    if not answer and register.since is None:
        raise ShapeError(where, what, "an empty list", advice)
    provenance = register.provenance(page)
    for position, row in enumerate(answer):
        place = f"{register.key} row {position}"
        try:
            yield Row(Fields(_mended(row), place), provenance)
        except ShapeError as error:
            yield Lost(place, str(error))


def _mended(row: object) -> object:
    """Return a row whose names have å, ä and ö again, where a wrong charset took them."""
    if not isinstance(row, dict) or all(name.isascii() for name in row):
        return row
    return {mend(name): value for name, value in row.items()}
