"""A signal that is measured but not in the score: documents judged by others that belong to them.

A topic whose paid projects are near to a query may pay for it too, whatever its own text says.
`bench/past.py` says what that is worth; `index/search/fusion.py` is where it would come in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

NEAREST_COUNT = 2
"""So many of the others count: one may be a stray, and many of them blur."""


def related_similarity(
    likeness: Mapping[str, float],
    relatives: Mapping[str, Iterable[str]],
    nearest: int = NEAREST_COUNT,
) -> dict[str, float]:
    """Return for each document the mean likeness of its nearest relatives.

    Args:
        likeness: of a query with each relative, 0 to 1; one that is missing counts as 0.
        relatives: ids of what belongs to a document.
        nearest: how many count; a document with fewer is judged by those that it has.

    Returns:
        A value from 0 to 1 for each document that has relatives.
    """
    found: dict[str, float] = {}
    for document, others in relatives.items():
        best = sorted((likeness.get(other, 0.0) for other in others), reverse=True)[:nearest]
        if best:
            found[document] = sum(best) / len(best)
    return found
