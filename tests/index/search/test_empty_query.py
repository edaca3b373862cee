"""Texts that only ask for money, and texts that say what for, however short."""

from __future__ import annotations

import pytest

from index.explain.explaining_searcher import ExplainingSearcher
from index.note import note
from index.search.batch_search import BatchSearch
from index.search.empty_query import is_empty_query


@pytest.mark.parametrize(
    "text",
    [
        "vi söker pengar",
        "Vi söker pengar till vårt nya projekt!",
        "Hej, finns det några utlysningar för oss? 500 000 kr",
        "We are looking for funding for a new project",
        "Need money. Please help us get a grant of 3 million EUR.",
        "innovation",
    ],
)
def test_asking_for_money_says_nothing(text: str) -> None:
    assert is_empty_query(text)


@pytest.mark.parametrize(
    "text",
    ["AI", "hjärtsvikt", "Vi söker pengar till demensvård", "funding for wind turbines", "Прибор"],
)
def test_one_word_of_substance_is_enough(text: str) -> None:
    assert not is_empty_query(text)


def test_nothing_is_found_for_nothing_and_a_note_says_why(searcher: ExplainingSearcher) -> None:
    query = searcher.query("Vi söker pengar till vårt projekt.")
    assert query.parts == ()
    assert query.notes == (note("vague"),)
    assert searcher.search(query) == []
    assert searcher.explain(query, []) == []
    wind = searcher.query("offshore wind")
    results = list(BatchSearch(searcher).search([query, wind, query]))
    assert [bool(hits) for hits in results] == [False, True, False]
    assert list(BatchSearch(searcher).search([query])) == [[]]
