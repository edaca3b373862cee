"""Sentences by their words, with the direction that the index has of each."""

from __future__ import annotations

import numpy as np
import pytest

from index.explain.explaining_searcher import ExplainingSearcher
from index.explain.stored_sentences import SentenceKey


def test_every_sentence_that_can_be_quoted_has_a_direction(searcher: ExplainingSearcher) -> None:
    found = searcher.sentence_directions("eu:heart")
    daily = SentenceKey("en", "Patients measure weight and blood pressure every day.")
    assert {daily, SentenceKey("en", "Remote care of heart failure at home.")} <= found.keys()
    assert all(np.linalg.norm(one) == pytest.approx(1, abs=1e-3) for one in found.values())
    query = searcher.corpus.encoder.queries([daily.text])[0]
    assert max(found, key=lambda key: float(found[key] @ query)) == daily


def test_a_document_that_is_not_indexed_has_none(searcher: ExplainingSearcher) -> None:
    assert searcher.sentence_directions("eu:elsewhere") == {}
