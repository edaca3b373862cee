"""Which awards of a funder come nearest to a text: by the meaning of a search, its own alone."""

from __future__ import annotations

import pytest

from index.search.query import Query
from index.search.searcher import Searcher
from service.context import Context
from service.domain.awards.award_similarity import AwardSimilarity
from service.domain.awards.similar_awards import meaning_of_hit
from service.jobs.reindex import reindex_awards
from tests.service.conftest import NOW
from tests.service.domain.awards.test_similar_awards import PILOT, an_award

WORDS = "vikt blodtryck puls syre fall sömn smärta hosta feber yrsel trötthet oro".split()
OURS = [f"vinnova:{word}" for word in WORDS]
FAR = "vinnova:vind"


@pytest.fixture
def searcher(context: Context) -> Searcher:
    awards = [an_award(f"vinnova:{word}", f"Hjärtsvikt och {word}", text="") for word in WORDS]
    awards += [an_award(FAR, "Vindkraft till havs", text="Fundament i saltvatten.")]
    awards += [an_award("swecris:1_Forte", "Hjärtsvikt i hemmet", funder="Forte")]
    context.awards.upsert(awards, NOW)
    reindex_awards(context)
    past, note = context.similar_awards()
    assert past is not None, note
    return Searcher.open(context.settings.award_snapshots, context.encoder())


def likeness(searcher: Searcher) -> AwardSimilarity:
    unindexed = "vinnova:later"
    return AwardSimilarity(
        searcher, {"vinnova": [*OURS, FAR, unindexed], "forte": ["swecris:1_Forte"]}
    )


def asked(searcher: Searcher) -> Query:
    return searcher.query(PILOT, "sv")


def test_likeness_is_the_meaning_of_a_search_among_the_funders_own(searcher: Searcher) -> None:
    query = asked(searcher)
    hits = [meaning_of_hit(hit) for hit in searcher.search(query, top=99, allowed=[*OURS, FAR])]
    expected = sorted(hits, key=lambda hit: (-hit[1], hit[0]))
    found = likeness(searcher).nearest(query, "vinnova", 0.0)
    assert len(found) == len(WORDS) + 1
    assert [id_ for id_, _ in found] == [id_ for id_, _ in expected]
    assert [value for _, value in found] == pytest.approx([value for _, value in expected])


def test_what_is_less_like_is_left_out_and_what_is_not_indexed_too(searcher: Searcher) -> None:
    query, known = asked(searcher), likeness(searcher)
    whole = known.nearest(query, "vinnova", 0.0)
    least = whole[3][1]
    assert known.nearest(query, "vinnova", least) == [one for one in whole if one[1] >= least]
    assert known.nearest(query, "nobody", 0.0) == []
    named = known.similarities(query, "vinnova", ["vinnova:later", FAR, "swecris:1_Forte"], 0.0)
    assert [id_ for id_, _ in named] == [FAR]


def test_named_awards_are_compared_however_many_are_nearer(
    searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.domain.awards.award_similarity._NEAREST_PASSAGES", 1)
    query, known = asked(searcher), likeness(searcher)
    near = known.nearest(query, "vinnova", 0.0)
    assert len(near) < len(WORDS)
    assert FAR not in dict(near)
    ((id_, value),) = known.similarities(query, "vinnova", [FAR], 0.0)
    assert id_ == FAR
    assert value < near[-1][1]
