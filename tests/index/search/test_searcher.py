"""A search: order, limits and scores."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.embedding.encoder import HashEncoder
from index.explain.explaining_searcher import ExplainingSearcher
from index.note import note
from index.search.searcher import Searcher

PILOT = (
    "Heart failure followed at home.\n"
    "Patients with heart failure measure blood pressure at home. "
    "Nurses at the hospital see the values the same day."
)


def test_finds_the_nearest_first_and_scores_add_up(searcher: ExplainingSearcher) -> None:
    hits = searcher.search(searcher.query(PILOT))
    assert hits[0].document == "eu:heart"
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    for hit in hits:
        assert 0 <= hit.score <= 1
        assert sum(part.contribution for part in hit.parts) == pytest.approx(hit.score)


def test_only_allowed_documents_are_found_with_the_same_score(searcher: ExplainingSearcher) -> None:
    query = searcher.query(PILOT)
    everything = {hit.document: hit.score for hit in searcher.search(query)}
    allowed = searcher.search(query, allowed={"eu:wind", "unknown:id"})
    assert [hit.document for hit in allowed] == ["eu:wind"]
    assert allowed[0].score == pytest.approx(everything["eu:wind"])
    assert searcher.search(query, allowed=()) == []


def test_top_limits_and_ties_are_stable(searcher: ExplainingSearcher) -> None:
    query = searcher.query(PILOT)
    assert searcher.search(query, top=2) == searcher.search(query)[:2]


@pytest.mark.parametrize("text", ["", "   \n ", "…"])
def test_a_text_that_says_nothing_raises_nothing(searcher: ExplainingSearcher, text: str) -> None:
    hits = searcher.search(searcher.query(text))
    assert searcher.explain(searcher.query(text), hits) is not None


def test_a_documents_direction_is_the_mean_of_its_passages(searcher: Searcher) -> None:
    ids = sorted(searcher.documents)
    means = searcher.mean_vectors(ids)
    assert means.shape == (4, means.shape[1])
    assert np.linalg.norm(means, axis=1) == pytest.approx(np.ones(4), abs=1e-5)
    again = searcher.mean_vectors([ids[2]])
    assert again[0] == pytest.approx(means[2])
    cosines = means @ means.T
    assert cosines[0, 1] < 0.99, "documents differ"
    assert searcher.mean_vectors([]).shape[0] == 0
    assert 0 <= searcher.unrelated < 1


def test_what_a_model_has_to_say_is_said_with_every_answer(root: Path) -> None:
    encoder = HashEncoder()
    encoder.notes = (note("uncalibrated"),)
    assert Searcher.open(root, encoder).notes == (note("uncalibrated"),)
    assert Searcher.open(root, HashEncoder()).notes == ()
