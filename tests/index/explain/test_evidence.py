"""Evidence is verbatim, and the nearest that a document has."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.explain.evidence import MAX_PAIRS, Explanation
from index.explain.explaining_searcher import ExplainingSearcher
from index.store.document import Document


def explained(searcher: ExplainingSearcher, text: str) -> dict[str, Explanation]:
    query = searcher.query(text)
    hits = searcher.search(query)
    return {hit.document: why for hit, why in zip(hits, searcher.explain(query, hits), strict=True)}


def field_text(documents: list[Document], id_: str, name: str, language: str) -> str:
    document = next(d for d in documents if d.id == id_)
    return next(f.text for f in document.fields if (f.name, f.language) == (name, language))


def check_verbatim(documents: list[Document], text: str, reasons: dict[str, Explanation]) -> None:
    for id_, why in reasons.items():
        assert 1 <= len(why.evidence) <= MAX_PAIRS
        for evidence in why.evidence:
            source = field_text(documents, id_, evidence.field, evidence.language)
            assert source[evidence.span.start : evidence.span.end] == evidence.text
            assert text[evidence.query.start : evidence.query.end] == evidence.query_text
            assert 0 <= evidence.similarity <= 1


def test_quotes_the_sentences_that_are_nearest(
    searcher: ExplainingSearcher, documents: list[Document]
) -> None:
    text = "A title\nWe build ships. Patients measure weight and blood pressure daily."
    reasons = explained(searcher, text)
    check_verbatim(documents, text, reasons)
    best = reasons["eu:heart"].evidence[0]
    assert best.query_text == "Patients measure weight and blood pressure daily."
    assert best.text == "Patients measure weight and blood pressure every day."


def test_a_title_alone_is_quoted_as_the_title(searcher: ExplainingSearcher) -> None:
    why = explained(searcher, "Resebidrag för forskare")["se:title-only"]
    (evidence,) = why.evidence
    assert (evidence.field, evidence.section) == ("titles", "title")
    assert evidence.text == "Resebidrag för forskare"


def test_a_section_is_named(searcher: ExplainingSearcher) -> None:
    why = explained(searcher, "Tests of materials in salt water for wind turbines")["eu:wind"]
    assert "scope" in {evidence.section for evidence in why.evidence}


@settings(max_examples=40)
@given(st.text(min_size=1, max_size=400))
@example("0\n0")
def test_any_text_is_quoted_verbatim(
    searcher: ExplainingSearcher, documents: list[Document], text: str
) -> None:
    check_verbatim(documents, text, explained(searcher, text))
