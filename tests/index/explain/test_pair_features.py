"""Which sentences can convince at all, and what two sentences share."""

from __future__ import annotations

import numpy as np
import pytest

from index.embedding.encoder import unit_vectors
from index.explain.pair_features import (
    FEATURES,
    VECTOR_FEATURES,
    can_convince,
    shared_rarity,
    vector_features,
)
from index.store.words.bm25 import LexicalIndex

ABLE = (
    ("Patients with kidney disease measure their weight at home every day.", "en"),
    ("Personer med hjärtsvikt mäter vikt och blodtryck i hemmet varje dag.", "sv"),
    ("Drones with cameras count rare lichens in the crowns of old trees.", "en"),
    ("Mikrofoner i kalvstallet hör hosta innan djuren får feber.", "sv"),
)
UNABLE = (
    ("Kidney disease at home", "en"),
    ("Syfte och mål", "sv"),
    ("https://fund.example/calls/2026-17/documents/guide-for-applicants.pdf", "en"),
    ("Health; Biology; Kidney disease; Home care; Digital health; Sensors", "en"),
    ("The proposal should contribute to the expected outcomes.", "en"),
    ("Proposals are expected to contribute to the aims of kidney research in Europe.", "en"),
    ("Applicants should describe their kidney trial in the annex with the template.", "en"),
    ("Late kidney failure: a review of diagnosis and care, Larsson et al. 2019.", "en"),
    ("Projektet ska bidra till innovation och stärka Sverige i framtiden.", "sv"),
    ("Ansökan ska beskriva hur vården av hjärtsvikt i hemmet förbättras.", "sv"),
    ("Budget: 2 000 000 kronor för njurvård i hemmet under två år.", "sv"),
)


@pytest.mark.parametrize(("text", "language"), ABLE)
def test_a_sentence_that_names_things_can_convince(text: str, language: str) -> None:
    assert can_convince(text, language)


@pytest.mark.parametrize(("text", "language"), UNABLE)
def test_headings_lists_addresses_and_procedure_cannot(text: str, language: str) -> None:
    assert not can_convince(text, language)


def test_vectors_near_to_each_other_and_far_from_subjects_stand_out() -> None:
    chance = np.random.default_rng(3)
    subjects = unit_vectors(chance.normal(size=(40, 16)).astype(np.float32) + 1)
    query = unit_vectors(chance.normal(size=(1, 16)).astype(np.float32))[0]
    documents = np.stack([query, subjects.mean(axis=0)])
    features = vector_features(query, unit_vectors(documents), subjects)
    assert features.shape == (2, VECTOR_FEATURES)
    near, _, general, same = features.T
    assert near[0] == pytest.approx(1)
    assert same[0] == pytest.approx(1)
    assert general[0] < general[1]
    assert len(FEATURES) == VECTOR_FEATURES + 1


def test_shared_words_count_within_a_language_and_across_two() -> None:
    texts = dict.fromkeys(range(8), "patients in care")
    texts[0] += " with sepsis and diagnostics"
    index = LexicalIndex.build("en", texts)
    document = ("Diagnostics of sepsis for patients when there is innovation.", "en")
    same = shared_rarity(("Sepsis in patients, but innovation", "en"), document, index)
    assert 1 <= same < 2
    foreign = shared_rarity(("Diagnostik av sepsis vid innovation", "sv"), document, index)
    assert 1.5 <= foreign <= 2
    assert shared_rarity(("Vind till havs", "sv"), document, index) == 0
    assert shared_rarity(("Sepsis i vården", "sv"), document, None) == 0
