"""Words of two languages brought together by the model, in sentences written for this."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.aligned import Sides, aligned
from index.encoder import HashEncoder, SentenceEncoder
from index.model import BUNDLED, SHIPPED, resolve

SWEDISH = "Vi utvecklar ett blodprov för tidig upptäckt av bukspottkörtelcancer."
ENGLISH = "Actions should develop biomarkers for early detection of pancreatic cancer."
HEART = Sides(
    "Äldre patienter med hjärtsvikt ska vårdas hemma och slippa åka in till sjukhuset igen.",
    "sv",
    "Older patients with heart failure should be cared for at home.",
    "en",
)


@pytest.mark.slow
def test_the_model_finds_the_words_that_say_the_same(tmp_path: Path) -> None:
    encoder = SentenceEncoder(resolve(BUNDLED, tmp_path, SHIPPED))
    cancer, heart = aligned([Sides(SWEDISH, "sv", ENGLISH, "en"), HEART], encoder)
    assert ("bukspottkörtelcancer", "pancreatic cancer") in {(p.asked, p.told) for p in cancer}
    assert ("tidig", "early") in {(p.asked, p.told) for p in cancer}
    assert ("hjärtsvikt", "heart failure") in {(p.asked, p.told) for p in heart}
    assert [p.cosine for p in cancer] == sorted((p.cosine for p in cancer), reverse=True)


def test_a_sentence_without_words_has_none() -> None:
    assert aligned([], HashEncoder()) == []
    assert aligned([Sides("1 2 3", "sv", ENGLISH, "en")], HashEncoder()) == [[]]
    assert aligned([Sides(SWEDISH, "sv", "– 12 –", "en")], HashEncoder()) == [[]]
