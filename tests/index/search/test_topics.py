"""Which documents are about a phrase."""

from __future__ import annotations

from index.explain.explaining_searcher import ExplainingSearcher
from index.search.topics import TopicFilter


def test_a_document_is_about_what_its_title_says(searcher: ExplainingSearcher) -> None:
    ids = sorted(searcher.documents)
    topics = dict(zip(ids, TopicFilter(searcher, ["offshore wind"]).topics(ids), strict=True))
    assert topics["eu:wind"] == "offshore wind"
    assert topics["eu:heart"] is None
    assert topics["se:title-only"] is None


def test_nothing_is_about_no_phrase(searcher: ExplainingSearcher) -> None:
    ids = sorted(searcher.documents)
    assert TopicFilter(searcher, []).topics(ids) == [None] * len(ids)
    assert TopicFilter(searcher, ["offshore wind"]).topics([]) == []


def test_a_phrase_in_one_language_finds_the_words_of_the_other(
    searcher: ExplainingSearcher,
) -> None:
    ids = sorted(searcher.documents)
    topics = dict(zip(ids, TopicFilter(searcher, ["havsbaserad vind"]).topics(ids), strict=True))
    swedish = TopicFilter(searcher, ["havsbaserad vindkraft"])
    assert swedish._phrase_stems("en") == [{"offshor", "wind", "power"}]
    assert topics["eu:heart"] is None
