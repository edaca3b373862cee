"""How a text is read as a query."""

from __future__ import annotations

import numpy as np
import pytest

from index.embedding.encoder import HashEncoder
from index.explain.explaining_searcher import ExplainingSearcher
from index.note import note
from index.search.query import MAX_QUERY_LENGTH, QueryRole, read_query, split_query

PILOT = (
    "Heart failure followed at home.\n"
    "Patients with heart failure measure blood pressure at home. "
    "Nurses at the hospital see the values the same day."
)

TEXT = (
    "Remote care of heart failure\n"
    "Patients with heart failure measure weight and blood pressure at home every day. "
    "The project has a steering group and meets once a month. "
    "Nurses see the values and call patients whose heart failure gets worse."
)


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
    (reading,) = query.notes
    assert reading == note("too_long", characters=len(query.text), ranked=MAX_QUERY_LENGTH)
    assert max(part.span.end for part in query.parts) <= MAX_QUERY_LENGTH
    assert searcher.search(query)[0].document == "eu:heart"


def test_a_third_language_is_said() -> None:
    text = "Wir wollen eine neue Methode für Patienten mit Herzschwäche erproben."
    assert read_query(text, HashEncoder()).notes == (note("other_language", code="de"),)
    assert read_query(text, HashEncoder(), given="de").notes == ()


def test_a_text_read_to_be_explained_has_the_same_vectors() -> None:
    plain = read_query(TEXT, HashEncoder(), "en")
    explained = read_query(TEXT, HashEncoder(), "en", explained=True)
    assert np.array_equal(plain.vectors, explained.vectors)
    assert plain.sentences is None
    assert explained.sentences is not None
    quoted = [TEXT[s.start : s.end] for s in explained.sentences.sentences]
    assert quoted[0] == "Remote care of heart failure"
    assert len(quoted) == 4


def test_a_pasted_text_is_the_same_query(searcher: ExplainingSearcher) -> None:
    lines = "".join(f"<p class=MsoNormal>{line}</p>" for line in PILOT.split("\n"))
    pasted = f"<!--[if gte mso 9]><xml><w:Zoom>0</w:Zoom></xml><![endif]-->{lines}"
    plain, query = searcher.query(PILOT), searcher.query(pasted)
    assert [part.role for part in query.parts] == [part.role for part in plain.parts]
    assert np.allclose(query.vectors, plain.vectors)
    span, words = query.given(query.parts[0].span)
    assert words == pasted[span.start : span.end] == "Heart failure followed at home."
