"""Answers that are one JSON list of objects, as most registers give them."""

from __future__ import annotations

from collections.abc import Iterator

from scrapers.errors import ShapeError
from scrapers.http.page import Failure, Page
from scrapers.reading.fields import Fields
from scrapers.reading.parse import repair_encoding
from scrapers.register import Register, RegisterRow


def read_rows(
    register: Register, page: Page, what: str, *, advice: str = "", inside: str = ""
) -> Iterator[RegisterRow | Failure]:
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
            yield RegisterRow(Fields(_repair_names(row), place), provenance)
        except ShapeError as error:
            yield Failure(place, str(error))


def _repair_names(row: object) -> object:
    """Return a row whose names have å, ä and ö again, where a wrong charset took them."""
    if not isinstance(row, dict) or all(name.isascii() for name in row):
        return row
    return {repair_encoding(name): value for name, value in row.items()}
