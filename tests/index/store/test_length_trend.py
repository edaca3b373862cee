"""What the length of a text gives by chance is taken off its score."""

from __future__ import annotations

import numpy as np

from index.store.words.bm25 import LexicalIndex
from index.store.words.length_trend import LengthTrend


def test_scores_that_follow_the_length_alone_count_nothing() -> None:
    lengths = np.repeat([10, 100, 1000], 200)
    scores = np.log1p(lengths).astype(np.float32)
    assert not LengthTrend(lengths).above_chance(scores).any()


def test_a_short_text_above_those_of_its_length_passes_a_long_one_that_is_not() -> None:
    lengths = np.repeat([10, 1000], 300)
    scores = np.where(lengths == 10, 1, 9).astype(np.float32)
    scores[0] = 8
    above = LengthTrend(lengths).above_chance(scores)
    assert above.argmax() == 0
    assert above[-1] == 0


def test_among_a_few_texts_nearly_all_of_a_score_counts() -> None:
    scores = np.array([3, 0, 0], np.float32)
    above = LengthTrend(np.array([10, 20, 30])).above_chance(scores)
    assert above[0] > 0.9 * scores[0]


def test_texts_of_one_length_and_no_texts_at_all() -> None:
    even = LengthTrend(np.full(50, 7)).above_chance(np.arange(50, dtype=np.float32))
    assert np.isfinite(even).all()
    assert even.argmax() == 49
    assert len(LengthTrend(np.zeros(0, np.int64)).above_chance(np.zeros(0, np.float32))) == 0


def test_a_page_among_many_lines_does_not_win_by_its_length() -> None:
    chance = np.random.default_rng(1)
    words = np.array([f"word{n}" for n in range(600)])
    texts = {
        row: " ".join(chance.choice(words, 4 if row % 2 else 300, replace=False))
        for row in range(400)
    }
    texts[401] = f"falls {words[1]} {words[2]} {words[3]}"
    index = LexicalIndex.build("en", texts)
    query = ["fall", *words[:80]]
    raw, _ = index.scores(query)
    assert raw.argmax() != 400
    assert index.above_chance(raw).argmax() == 400
