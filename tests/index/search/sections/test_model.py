"""The shipped weights, and how chances of neighbours agree."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.embedding.load import load_encoder
from index.embedding.model import BUNDLED, SHIPPED
from index.search.sections.kind import KINDS
from index.search.sections.model import SectionModel, log_softmax, shipped_model, smooth


@pytest.mark.model
def test_the_weights_are_for_the_encoder_that_is_shipped(models: Path) -> None:
    """Learn them again after the adapter: `python -m bench.project_parts --write`."""
    assert shipped_model().knows(load_encoder(BUNDLED, models, SHIPPED).fingerprint)


def test_weights_are_read_as_they_were_written(tmp_path: Path) -> None:
    shipped_model().write(tmp_path / "weights.safetensors")
    again = SectionModel.read(tmp_path / "weights.safetensors")
    assert again.encoder == shipped_model().encoder
    assert np.array_equal(again.plain, shipped_model().plain)


def test_a_doubtful_section_is_what_its_neighbours_are() -> None:
    kinds = len(KINDS)
    follows = np.zeros((3, kinds, kinds), np.float32)
    follows[:, range(kinds), range(kinds)] = 2
    own = np.full((3, kinds), -5.0)
    own[[0, 2], 1] = 0
    own[1, [0, 1]] = -0.7
    chances = smooth(log_softmax(own), [2, 1, 1], follows)
    assert np.allclose(chances.sum(axis=1), 1)
    assert chances[1, 1] > 0.9 > chances[1, 0]


def test_nothing_has_no_chances() -> None:
    assert shipped_model().chances("", [], None).shape == (0, len(KINDS))
