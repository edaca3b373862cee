"""What is quoted is what the score needs: foreseen drops of a score against real ones."""

from __future__ import annotations

from index.explain.explaining_searcher import ExplainingSearcher
from index.text.sentences import Span

TEXT = (
    "Remote care of heart failure\n"
    "Patients with heart failure measure weight and blood pressure at home every day. "
    "The project has a steering group and meets once a month. "
    "Nurses see the values and call patients whose heart failure gets worse."
)


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
