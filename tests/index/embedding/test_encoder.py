"""Encoders, and what the spans of a text add to its vector."""

from __future__ import annotations

import numpy as np

from index.embedding.encoder import HashEncoder
from index.text.sentences import split_sentences


def test_the_sentences_of_a_text_add_up_to_its_vector() -> None:
    text = "Patients measure weight. Nurses see the values."
    encoder = HashEncoder()
    vectors, (added,) = encoder.encode_with_spans([text], [split_sentences(text)], asking=True)
    assert added.shape == (2, encoder.dimension)
    assert np.allclose(vectors, encoder.queries([text]))
    total = added.sum(axis=0)
    # the grams that lie across the gap belong to no sentence
    assert float(total @ vectors[0] / np.linalg.norm(total)) > 0.97


def test_the_light_encoder_knows_likeness() -> None:
    light = HashEncoder()
    near, far = (
        light.passages(["heart failure at home", "wind power"])
        @ light.queries(["heart failures at home"]).T
    )
    assert near > far
