from __future__ import annotations

import numpy as np
import pytest

from index.embedding.encoder import HashEncoder
from index.explain.explaining_searcher import ExplainingSearcher
from index.note import note
from index.search.query import MAX_QUERY_LENGTH, QueryRole, read_query, split_query
from index.store.vectors.faiss import FaissVectors

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


def test_the_title_the_whole_and_the_passages_are_asked(searcher: ExplainingSearcher) -> None:
    query = searcher.query(PILOT)
    assert [part.role for part in query.parts] == [
        QueryRole.TITLE,
        QueryRole.WHOLE,
        QueryRole.PASSAGE,
    ]
    first, whole, rest = (PILOT[p.span.start : p.span.end] for p in query.parts)
    assert first == "Heart failure followed at home."
    assert whole == PILOT
    assert rest.startswith("Patients")


def test_a_few_words_are_one_part() -> None:
    assert [part.role for part in split_query("hjärtsvikt i hemmet")] == [QueryRole.TITLE]


@pytest.mark.parametrize(
    "text",
    [
        "The first sentence of a long paragraph is no title. " * 8,
        "Sammanfattning\n" + "En utlysning om vård i hemmet. " * 8,
    ],
)
def test_a_first_sentence_or_a_bare_heading_is_no_title(text: str) -> None:
    assert [part.role for part in split_query(text)] == [QueryRole.WHOLE, QueryRole.PASSAGE]


def test_a_hundred_thousand_characters_are_read_in_part_and_said(
    searcher: ExplainingSearcher,
) -> None:
    query = searcher.query("Heart failure at home is common. " * 3100)
    (told,) = query.notes
    assert told == note("too_long", characters=len(query.text), ranked=MAX_QUERY_LENGTH)
    assert max(part.span.end for part in query.parts) <= MAX_QUERY_LENGTH
    assert searcher.search(query)[0].document == "eu:heart"


def test_a_third_language_is_said() -> None:
    text = "Wir wollen eine neue Methode für Patienten mit Herzschwäche erproben."
    assert read_query(text, HashEncoder()).notes == (note("other_language", code="de"),)
    assert read_query(text, HashEncoder(), given="de").notes == ()


def test_faiss_finds_the_same_rows_as_a_plain_product() -> None:
    generator = np.random.default_rng(3)
    vectors = generator.normal(size=(500, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    store = FaissVectors.build(vectors)
    allowed = np.arange(0, 500, 3)
    query = vectors[:2]
    expected = {int(allowed[i]) for i in np.argsort(-(query @ vectors[allowed].T))[:, :5].ravel()}
    assert set(store.nearest(query, 5, allowed).tolist()) == expected
    assert np.array_equal(store.rows(np.array([7, 3])), vectors[[7, 3]])
