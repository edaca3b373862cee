"""What every signal must hold to, and that one more needs nothing but its weight."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import pytest

from index.explain.explaining_searcher import ExplainingSearcher
from index.search import fusion
from index.search.fusion import SIGNAL_WEIGHTS
from index.search.signals.meaning import ROLE_WEIGHTS, MeaningSignal
from index.search.signals.signal import Signal, Values, highest_rows
from index.search.signals.words import WordSignal
from index.store.vectors import Rows

TEXT = (
    "Heart failure followed at home.\n"
    "Patients with heart failure measure blood pressure at home. "
    "Nurses at the hospital see the values the same day."
)


class SwedishSignal(Signal):
    """Whether a document is in Swedish: a signal with no more than it must have."""

    name: ClassVar[str] = "swedish"

    def values(self, rows: Rows) -> Values:
        """Return 1 for documents in Swedish, 0 for others: (len(rows),)."""
        documents = (self.corpus.data.documents[row] for row in rows.tolist())
        return np.array(["sv" in document.languages for document in documents], np.float32)


def test_weights_sum_to_one() -> None:
    assert sum(SIGNAL_WEIGHTS.values()) == pytest.approx(1)
    assert sum(ROLE_WEIGHTS.values()) == pytest.approx(1)


@pytest.mark.parametrize("signal", SIGNAL_WEIGHTS)
def test_values_lie_between_nothing_and_all(
    searcher: ExplainingSearcher, signal: type[Signal]
) -> None:
    query = searcher.query(TEXT, "en", explained=True)
    assert query.sentences is not None
    rows = np.arange(len(searcher.documents))
    made = signal(searcher.corpus, query)
    values, subjects = made.values(rows), made.subject_values()
    assert values.shape == rows.shape
    assert len(subjects) == len(searcher.corpus.data.subjects)
    whole, without = made.values_without(query.sentences, rows)
    assert np.allclose(whole, np.concatenate([values, subjects]), atol=1e-6)
    assert without.shape == (len(query.sentences.sentences), len(whole))
    for several in (values, subjects, without):
        assert 0 <= several.min() <= several.max() <= 1


def test_one_more_signal_needs_only_a_weight(
    searcher: ExplainingSearcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = {MeaningSignal: 0.5, WordSignal: 0.1, SwedishSignal: 0.4}
    query = searcher.query(TEXT, "en", explained=True)
    before = searcher.search(query)
    monkeypatch.setattr(fusion, "SIGNAL_WEIGHTS", weights)
    hits = searcher.search(query)
    assert [part.name for part in hits[0].parts] == ["meaning", "words", "swedish"]
    assert before[0].document == "eu:heart"
    assert hits[0].document.startswith("se:")
    for hit in hits:
        assert sum(part.contribution for part in hit.parts) == pytest.approx(hit.score)
        signal = next(part for part in hit.signals if part.name == "swedish")
        assert signal.value == hit.document.startswith("se:")
    assert all(why.evidence for why in searcher.explain(query, hits))


def test_a_signal_finds_no_candidates_unless_it_says_so(searcher: ExplainingSearcher) -> None:
    query = searcher.query(TEXT, "en")
    everything = np.ones(len(searcher.documents), np.bool_)
    assert len(SwedishSignal(searcher.corpus, query).candidates(everything, 10)) == 0
    assert len(WordSignal(searcher.corpus, query).candidates(everything, 1)) == 1


def test_the_highest_above_nothing_and_the_first_among_equals() -> None:
    values = np.array([0, 0.5, 0.9, 0.5, 0, 0.5], np.float32)
    assert highest_rows(values, 3).tolist() == [2, 1, 3]
    assert highest_rows(values, 9).tolist() == [2, 1, 3, 5]
    assert highest_rows(np.zeros(3, np.float32), 2).tolist() == []
