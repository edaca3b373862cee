"""Calls as documents of the index: whole, but for texts that nobody wrote to be read."""

from __future__ import annotations

from index.store.passages import cut_passages
from index.text.limits import LONGEST_FIELD
from scrapers.call import Section
from service.domain.calls.documents import call_document
from service.domain.eligibility.extract.sentences import read_sentences
from tests.service.conftest import a_call


def test_a_call_keeps_its_texts_and_sections() -> None:
    call = a_call()
    document = call_document(call)
    text = next(field for field in document.fields if field.name == "texts")
    assert text.text == call.texts["sv"]
    assert text.sections == tuple((s.name, s.start, s.end) for s in call.sections["sv"])


def test_of_a_text_of_megabytes_the_beginning_is_indexed() -> None:
    text = "Vård i hemmet för äldre. " * 100_000
    sections = (
        Section(name="first", start=0, end=len(text) - 10),
        Section(name="last", start=len(text) - 10, end=len(text)),
    )
    call = a_call().model_copy(update={"texts": {"sv": text}, "sections": {"sv": sections}})
    document = call_document(call)
    assert [len(field.text) for field in document.fields if field.name == "texts"] == [
        LONGEST_FIELD
    ]
    passages = list(cut_passages(document))
    assert max(passage.end for passage in passages) <= LONGEST_FIELD
    assert {passage.section for passage in passages} == {"first", "title", "whole"}
    assert max(sentence.end for sentence in read_sentences(call)) <= LONGEST_FIELD
