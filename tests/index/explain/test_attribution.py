"""What is quoted is what the score needs: foreseen falls beside real ones, and their sum."""

from __future__ import annotations

import numpy as np
import pytest

from index.embedding.encoder import HashEncoder
from index.explain.explaining_searcher import ExplainingSearcher
from index.search.query import read_query
from index.store.document import Document, Field, cut_passages, quotable_sentences
from index.text.sentences import Span, split_sentences

TEXT = (
    "Remote care of heart failure\n"
    "Patients with heart failure measure weight and blood pressure at home every day. "
    "The project has a steering group and meets once a month. "
    "Nurses see the values and call patients whose heart failure gets worse."
)


def test_the_sentences_of_a_text_add_up_to_its_vector() -> None:
    text = "Patients measure weight. Nurses see the values."
    encoder = HashEncoder()
    vectors, (added,) = encoder.encode_with_spans([text], [split_sentences(text)], asking=True)
    assert added.shape == (2, encoder.dimension)
    assert np.allclose(vectors, encoder.queries([text]))
    total = added.sum(axis=0)
    # the grams that lie across the gap belong to no sentence
    assert float(total @ vectors[0] / np.linalg.norm(total)) > 0.97


def test_a_text_read_to_be_explained_has_the_same_vectors() -> None:
    plain = read_query(TEXT, HashEncoder(), "en")
    explained = read_query(TEXT, HashEncoder(), "en", explained=True)
    assert np.array_equal(plain.vectors, explained.vectors)
    assert plain.sentences is None
    assert explained.sentences is not None
    said = [TEXT[s.start : s.end] for s in explained.sentences.sentences]
    assert said[0] == "Remote care of heart failure"
    assert len(said) == 4


def test_quoted_is_what_the_score_needs_most(searcher: ExplainingSearcher) -> None:
    query = searcher.query(TEXT, "en", explained=True)
    hits = [hit for hit in searcher.search(query) if hit.document == "eu:heart"]
    (why,) = searcher.explain(query, hits)
    worths = [evidence.worth for evidence in why.evidence]
    assert worths == sorted(worths, reverse=True)
    assert "steering group" not in " ".join(e.query_text for e in why.evidence)
    before = hits[0].score

    def left(span: Span) -> float:
        shorter = searcher.query(TEXT[: span.start] + TEXT[span.end :], "en")
        return searcher.search(shorter, allowed=["eu:heart"])[0].score

    start = TEXT.index("The project has")
    dull = Span(start, TEXT.index("Nurses"))
    assert left(why.evidence[0].query) < min(before, left(dull))


def test_an_explanation_is_the_same_however_the_text_was_read(searcher: ExplainingSearcher) -> None:
    ready, later = searcher.query(TEXT, "en", explained=True), searcher.query(TEXT, "en")
    assert searcher.explain(ready, searcher.search(ready)) == searcher.explain(
        later, searcher.search(later)
    )


def test_nothing_found_needs_no_explanation(searcher: ExplainingSearcher) -> None:
    assert searcher.explain(searcher.query(TEXT, "en"), []) == []


@pytest.mark.parametrize("keywords", ["", "sepsis; telemedicine"])
def test_sentences_lie_where_the_model_reads_them(keywords: str) -> None:
    text = "Patients measure weight every day. Nurses see the values at once."
    fields = (Field("titles", "en", "A call on heart failure"), Field("texts", "en", text))
    document = Document("one", fields, keywords)
    read_as = []
    for passage in cut_passages(document):
        whole = document.text(passage.field, passage.language)
        for span in quotable_sentences(document, passage):
            encoded = passage.encoded[
                span.start + passage.encoded_offset : span.end + passage.encoded_offset
            ]
            assert encoded == whole[span.start : span.end]
            read_as.append(encoded)
    assert read_as == ["A call on heart failure", *text.replace(". N", ".|N").split("|")]
