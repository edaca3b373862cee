"""The merge on pairs judged by eye, and on two exports of one portal whose codes are hidden."""

from __future__ import annotations

import pytest

from bench.merge import (
    CORPUS,
    EXPORT,
    RelationScore,
    decide_pairs,
    draw_pairs,
    judged_pairs,
    merge_exports,
    score_relation,
)
from scrapers.call import Call
from service.domain.calls.duplicates.decisions import Relation

needs_corpus = pytest.mark.skipif(not CORPUS.exists(), reason="the evaluation corpus is not here")
needs_export = pytest.mark.skipif(
    not (CORPUS.exists() and EXPORT.exists()), reason="the portal's second export is not here"
)


@pytest.fixture
def corpus(real_calls: list[Call]) -> dict[str, Call]:
    return {call.id: call for call in real_calls}


def test_a_hundred_pairs_are_judged_each_with_a_reason() -> None:
    pairs = judged_pairs()
    assert len({one.pair for one in pairs}) == len(pairs) == 100
    assert {one.verdict for one in pairs} == {"same", "reissue", "different"}
    assert all(one.reason and one.pair[0] < one.pair[1] for one in pairs)
    assert 40 <= sum(one.held_out for one in pairs) <= 60


def test_figures_count_what_was_right() -> None:
    one, other, *_ = judged_pairs()
    decided = {one.pair: "same", other.pair: one.verdict}
    assert score_relation([one, other], decided, "same") == RelationScore(
        right=0, decided=1, true=0
    )
    nothing = RelationScore(right=0, decided=0, true=0)
    assert (nothing.precision, nothing.recall) == (1.0, 1.0)
    assert (RelationScore(1, 2, 4).precision, RelationScore(1, 2, 4).recall) == (0.5, 0.25)


@pytest.mark.slow
@needs_corpus
def test_the_machine_agrees_with_who_read_them(corpus: dict[str, Call]) -> None:
    pairs = judged_pairs()
    assert {id_ for one in pairs for id_ in one.pair} <= corpus.keys()
    decided = decide_pairs(corpus, [one.pair for one in pairs])
    assert sum(decided[one.pair] != one.verdict for one in pairs) <= 2
    for chosen in (pairs, [one for one in pairs if one.held_out]):
        same = score_relation(chosen, decided, Relation.SAME.value)
        again = score_relation(chosen, decided, Relation.REISSUE.value)
        assert same.precision >= 0.98
        assert same.recall >= 0.8
        assert again.precision >= 0.85
        assert again.recall >= 0.8


@pytest.mark.slow
@needs_corpus
def test_drawing_pairs_to_judge_can_be_repeated(corpus: dict[str, Call]) -> None:
    drawn = draw_pairs(corpus, 100)
    assert len(set(drawn)) == 100
    assert {id_ for pair in drawn for id_ in pair} <= corpus.keys()
    assert drawn == draw_pairs(corpus, 100) != draw_pairs(corpus, 100, seed=1)
    copies = {one.pair for one in judged_pairs() if one.verdict == Relation.SAME}
    assert copies <= set(drawn)


@pytest.mark.slow
@needs_export
def test_two_exports_of_one_portal_without_codes(corpus: dict[str, Call]) -> None:
    found, wrongly = merge_exports(corpus)
    assert found.true >= 600
    assert wrongly == 0
    assert found.precision >= 0.98
    assert found.recall >= 0.9
