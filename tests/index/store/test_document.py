"""Documents cut into passages, and where their sentences are."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.store.document import Document, Field
from index.store.passages import (
    PASSAGE_LENGTH,
    WHOLE_LENGTH,
    WHOLE_SECTION,
    cut_chunks,
    cut_passages,
    quotable_sentences,
)
from index.text.sentences import is_prose, split_sentences


def test_a_title_is_a_passage_and_heads_the_others() -> None:
    document = Document(
        "x", (Field("titles", "en", "Home care"), Field("texts", "en", "Body one. Body two.")), "AI"
    )
    title, body = cut_passages(document)
    assert (title.section, title.encoded) == ("title", "Home care. AI")
    assert (body.section, body.encoded) == ("text", "Home care\nBody one. Body two.")
    assert (body.start, body.end) == (0, 19)


def test_sections_are_never_mixed_and_text_between_them_is_kept() -> None:
    text = "Intro here.\n\nScope of it.\n\nWho may apply."
    sections = (("scope", 13, 25), ("eligibility", 27, 41))
    document = Document("x", (Field("titles", "en", "T"), Field("texts", "en", text, sections)))
    cut = [(p.section, text[p.start : p.end]) for p in cut_passages(document)][1:]
    assert cut == [
        ("text", "Intro here."),
        ("scope", "Scope of it."),
        ("eligibility", "Who may apply."),
        (WHOLE_SECTION, text),
    ]


def test_long_texts_are_cut_at_sentences() -> None:
    text = "This sentence has exactly fifty characters in it.. " * 60
    document = Document("x", (Field("titles", "en", "T"), Field("texts", "en", text)))
    *parts, whole = list(cut_passages(document))[1:]
    assert len(parts) > 3
    assert max(p.end - p.start for p in parts) <= PASSAGE_LENGTH
    assert (whole.section, whole.start, whole.end) == (WHOLE_SECTION, 0, WHOLE_LENGTH)


def test_a_passage_has_the_title_of_its_language_or_any() -> None:
    document = Document(
        "x",
        (
            Field("titles", "sv", "Hemsjukvård"),
            Field("texts", "sv", "Svensk text."),
            Field("texts", "en", "English text."),
        ),
    )
    encoded = [p.encoded for p in cut_passages(document)]
    assert encoded == ["Hemsjukvård", "Hemsjukvård\nSvensk text.", "Hemsjukvård\nEnglish text."]


def test_lists_of_addresses_and_numbers_open_no_passage() -> None:
    addresses = " ".join(f"https://example.org/paper/{n}/annex-of-the-programme" for n in range(12))
    text = f"Words about care at home.\n{'1 234; ' * 90}\n{addresses}"
    document = Document("x", (Field("titles", "en", "T"), Field("texts", "en", text)))
    cut = [text[p.start : p.end] for p in cut_passages(document) if p.section == "text"]
    assert cut == ["Words about care at home."]


@given(st.text(alphabet="abc .\n1", max_size=4000))
def test_chunks_hold_every_sentence_of_prose(text: str) -> None:
    spans = cut_chunks(text)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    for sentence in split_sentences(text):
        if is_prose(text, sentence):
            assert any(s.start <= sentence.start and sentence.end <= s.end for s in spans)


@pytest.mark.parametrize("keywords", ["", "sepsis; telemedicine"])
def test_sentences_lie_where_the_model_reads_them(keywords: str) -> None:
    text = "Patients measure weight every day. Nurses see the values at once."
    fields = (Field("titles", "en", "A call on heart failure"), Field("texts", "en", text))
    document = Document("one", fields, keywords)
    encoded_sentences = []
    for passage in cut_passages(document):
        whole = document.text(passage.field, passage.language)
        for span in quotable_sentences(document, passage):
            encoded = passage.encoded[
                span.start + passage.encoded_offset : span.end + passage.encoded_offset
            ]
            assert encoded == whole[span.start : span.end]
            encoded_sentences.append(encoded)
    assert encoded_sentences == ["A call on heart failure", *text.replace(". N", ".|N").split("|")]


def test_keywords_are_searched_and_shown() -> None:
    document = Document("x", (Field("titles", "en", "A call"),), "sepsis")
    assert document.title("sv") == "A call"
