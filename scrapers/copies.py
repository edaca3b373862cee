"""Copies: which of several records of one thing counts, in whatever order they came.

A source may list a thing twice: pages that overlap, an earlier system beside the one in use, a
forecast beside the grant, a stub beside the whole record. Every reader that can meet two asks here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterable
from typing import Any

from scrapers.funder import SourceItem
from scrapers.reading.fields import Fields
from scrapers.reading.parse import is_placeholder

Standing = tuple[Any, ...]
"""What a reader knows of a copy, most important first; the larger tuple is the better copy."""


def no_standing(item: SourceItem) -> Standing:
    """Say nothing of a copy: the fullest counts."""
    del item
    return ()


def best_first(
    items: Iterable[SourceItem], standing: Callable[[SourceItem], Standing] = no_standing
) -> list[SourceItem]:
    """Return the copies, the best first: by ``standing``, then the fullest.

    Copies that are alike in that are ordered by their content, so the order of ``items`` never
    decides; of two dates the earlier one comes first then.
    """
    by_content = sorted(items, key=lambda item: content_of(item.fields))
    return sorted(
        by_content,
        key=lambda item: (*standing(item), count_values(item.fields), len(content_of(item.fields))),
        reverse=True,
    )


def best_copies(
    items: Iterable[SourceItem],
    thing: Callable[[SourceItem], Hashable],
    standing: Callable[[SourceItem], Standing] = no_standing,
) -> list[SourceItem]:
    """Return the best copy of each thing, in the order in which the things first came."""
    copies: dict[Hashable, list[SourceItem]] = {}
    for item in items:
        copies.setdefault(thing(item), []).append(item)
    return [
        same[0] if len(same) == 1 else best_first(same, standing)[0] for same in copies.values()
    ]


def count_values(fields: Fields) -> int:
    """Return how many names of a record have a value that is none of the placeholders."""
    return sum(not _is_empty(value) for _, value in fields.content())


def content_of(fields: Fields) -> str:
    """Return all that a record holds as one text, the same for equal records."""
    return json.dumps(dict(fields.content()), sort_keys=True, ensure_ascii=False, default=str)


def _is_empty(value: object) -> bool:
    if isinstance(value, list | tuple | dict):
        parts = value.values() if isinstance(value, dict) else value
        return all(_is_empty(part) for part in parts)
    return is_placeholder(value)
