"""Words of two languages that the model aligns, in sentences written for this."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.embedding.encoder import HashEncoder
from index.embedding.load import load_encoder
from index.embedding.model import BUNDLED, SHIPPED
from index.embedding.word_vectors import encode_words
from index.explain.word_alignment import AlignmentInput, align_words

SWEDISH = "Vi utvecklar ett blodprov för tidig upptäckt av bukspottkörtelcancer."
ENGLISH = "Actions should develop biomarkers for early detection of pancreatic cancer."
HEART = "Äldre patienter med hjärtsvikt ska vårdas hemma och slippa åka in till sjukhuset igen."
HOME = "Older patients with heart failure should be cared for at home."


@pytest.mark.model
def test_the_model_aligns_words_of_one_meaning(models: Path) -> None:
    encoder = load_encoder(BUNDLED, models, SHIPPED)
    words = encode_words([(SWEDISH, "sv"), (HEART, "sv")], encoder, asking=True)
    inputs = [
        AlignmentInput(words[SWEDISH], ENGLISH, "en"),
        AlignmentInput(words[HEART], HOME, "en"),
    ]
    cancer, heart = align_words(inputs, encoder)
    assert ("bukspottkörtelcancer", "pancreatic cancer") in {
        (p.query_word, p.document_words) for p in cancer
    }
    assert ("tidig", "early") in {(p.query_word, p.document_words) for p in cancer}
    assert ("hjärtsvikt", "heart failure") in {(p.query_word, p.document_words) for p in heart}
    assert [p.cosine for p in cancer] == sorted((p.cosine for p in cancer), reverse=True)


def test_a_sentence_without_words_has_none() -> None:
    encoder = HashEncoder()
    words = encode_words([("1 2 3", "sv"), (SWEDISH, "sv")], encoder, asking=True)
    assert list(words) == ["1 2 3", SWEDISH]
    assert align_words([], encoder) == []
    assert align_words([AlignmentInput(words["1 2 3"], ENGLISH, "en")], encoder) == [[]]
    assert align_words([AlignmentInput(words[SWEDISH], "– 12 –", "en")], encoder) == [[]]
