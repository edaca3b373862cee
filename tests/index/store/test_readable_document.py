"""Documents are ranked as they are read, and quoted as they are stored."""

from __future__ import annotations

from pathlib import Path

from index.embedding.cache import VectorCache
from index.embedding.encoder import HashEncoder
from index.explain.explaining_searcher import ExplainingSearcher
from index.store.build import build
from index.store.document import Document, Field
from index.store.passages import cut_passages, quotable_sentences
from index.store.readable_document import ReadableDocument

TITLE = "Egenmonitorering vid KOL och astma i hemmet"
TEXT = (
    "Utlysningen riktar sig till kommuner och regioner som prövar egenmonitorering.\n\n"
    "Patienter med KOL mäter sin andning i hemmet varje dag. Vården ser deras värden."
)
SECTIONS = (("scope", TEXT.index("Patienter"), len(TEXT)),)


def _document(title: str, text: str, id_: str = "x") -> Document:
    start = text.lower().index("\n\n") + 2
    sections = (("scope", start, len(text)),)
    return Document(id_, (Field("titles", "sv", title), Field("texts", "sv", text, sections)), "")


def test_a_document_in_capitals_is_read_like_any() -> None:
    plain = ReadableDocument.of(_document(TITLE, TEXT)).document
    assert plain == _document(TITLE, TEXT)
    assert ReadableDocument.of(_document(TITLE.upper(), TEXT.upper())).document == plain


def test_a_title_in_capitals_keeps_the_acronyms_of_its_text() -> None:
    document = _document(
        "ANSÖKAN TILL SESAM FÖR LÄKARE", "Programmet SESAM betalar.\n\nMer om det."
    )
    assert ReadableDocument.of(document).document.title("sv") == "Ansökan till SESAM för läkare"


def test_sections_and_sentences_are_where_they_are_stored() -> None:
    stored = "<p>F&ouml;rst om v&aring;rden, som &auml;r god.</p>\n\n" + TEXT.replace(
        "a", "a\u00ad"
    )
    document = _document("<b>Andning</b>", stored)
    readable = ReadableDocument.of(document)
    found = []
    for passage in cut_passages(readable.document):
        for span in quotable_sentences(readable.document, passage):
            place = readable.stored_span(passage, span)
            given = document.text(passage.field, "sv")[place.start : place.end]
            found.append((passage.section, given))
    assert (
        "scope",
        "Pa\u00adtienter med KOL mäter sin a\u00adndning i hemmet va\u00adrje da\u00adg.",
    ) in found


def test_quotations_of_a_search_are_verbatim_of_what_is_stored(tmp_path: Path) -> None:
    text = TEXT.upper().replace("EGENMONITORERING", "EGEN\u00adMONITORERING")
    documents = [_document(TITLE.upper(), text, "se:a"), _document("Vind", "Vind.\n\nHav.", "se:b")]
    cache = VectorCache(tmp_path / "vectors.sqlite")
    build(documents, HashEncoder(), tmp_path / "snapshots", cache)
    cache.close()
    searcher = ExplainingSearcher.open(tmp_path / "snapshots", HashEncoder())
    given = "\ufeffAndning i hemmet\nPatienter m\u00e4&shy;ter sin <b>and\u00adning</b> varje dag."
    query = searcher.query(given, "sv", explained=True)
    (hit, *_), (why, *_) = (hits := searcher.search(query)), searcher.explain(query, hits)
    assert hit.document == "se:a"
    for pair in why.evidence:
        field = documents[0].text(pair.field, "sv")
        assert field[pair.span.start : pair.span.end] == pair.text
        assert given[pair.query.start : pair.query.end] == pair.query_text
    assert "Patienter mäter sin andning varje dag." in [pair.query_read for pair in why.evidence]
