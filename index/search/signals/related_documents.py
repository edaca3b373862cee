"""A signal that is measured but not in the score: documents judged by others that belong to them.

A topic whose funded projects are near to a query may fund it too, whatever its own text says.
`bench/past.py` measures what that is worth. It is no `Signal`, and has no weight in
`index/search/fusion.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

NEAREST_COUNT = 2
"""How many of the others count: one may be a stray, and many blur the measure."""


def related_similarity(
    similarity: Mapping[str, float],
    relatives: Mapping[str, Iterable[str]],
    nearest: int = NEAREST_COUNT,
) -> dict[str, float]:
    """Return for each document the mean similarity of its nearest relatives.

    Args:
        similarity: of a query with each relative, 0 to 1; a missing one counts as 0.
        relatives: ids of what belongs to each document.
        nearest: how many count; a document with fewer is measured by those that it has.

    Returns:
        A value from 0 to 1 for each document that has relatives.
    """
    means: dict[str, float] = {}
    for document, others in relatives.items():
        best = sorted((similarity.get(other, 0.0) for other in others), reverse=True)[:nearest]
        if best:
            means[document] = sum(best) / len(best)
    return means
