"""The nearest relatives of a document."""

from __future__ import annotations

import pytest

from index.search.signals.related_documents import related_similarity


def test_documents_are_judged_by_their_nearest_relatives() -> None:
    similarity = {"p1": 0.9, "p2": 0.5, "p3": 0.1}
    relatives = {"a": ["p1", "p2", "p3"], "b": ["p3"], "c": [], "d": ["unknown"]}
    near = related_similarity(similarity, relatives, 2)
    assert near == {"a": pytest.approx(0.7), "b": pytest.approx(0.1), "d": 0.0}
