"""Learning what sections of a text are, from texts whose sections are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.embedding.encoder import Encoder
from index.search.query import MAX_QUERY_LENGTH, split_query
from index.search.sections.cut import Break, LinePart, cut_sections
from index.search.sections.kind import KINDS
from index.search.sections.model import PROJECT, SectionModel, lengths_of, vector_features
from index.search.sections.shape import section_shapes
from index.search.sections.vectors import (
    SectionVectors,
    section_vectors,
    spans_by_part,
    with_lines_alone,
)
from index.text.reading.clean import clean_text
from index.training.known_text import KnownText

_DIRECTIONS = 48
_STEPS = 250
_STEP = 0.1
_MOST_ROWS = 8000
"""Sections of the project that are learned from at most: there are many more of them."""
_DECAY = 1e-3
"""Pull of the weights towards 0, on features of deviation 1."""

_PROJECT_WEIGHT = 2.0
"""How much more it costs to take a project for something else than the other way round."""

_TITLE_WEIGHT = 1.5
"""How much more again for a short section of it: a title is worth a quarter of the ranking."""

_PLAIN_TITLE_WEIGHT = 12.0
"""The same by shapes alone, which say little of a title: with another model it must not be lost."""

_TITLE_LENGTH = 160

_MOST_FOLLOW = 2.5
"""Bound of what a neighbour may say, in logarithms: a surprise must stay possible."""

Rows = NDArray[np.int64]
Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class LearnedText:
    """A known text with its sections, their vectors and what they are: (sections,)."""

    text: str
    sections: list[LinePart]
    vectors: SectionVectors
    kinds: Rows


def read_known(known: KnownText, encoder: Encoder) -> LearnedText:
    """Return the sections of a known text as a query would have them."""
    read = clean_text(known.text)
    sections = cut_sections(read.text, MAX_QUERY_LENGTH)
    parts = [part.span for part in split_query(read.text)]
    inside, owners = spans_by_part(parts, sections)
    texts = [read.text[part.start : part.end] for part in parts]
    _, added = encoder.encode_with_spans(texts, inside, asking=True)
    within = section_vectors(owners, added, len(sections), encoder.dimension)
    vectors = with_lines_alone(within, read.text, sections, encoder.queries)
    kinds = [KINDS.index(known.kind_at(read.given_span(section.span))) for section in sections]
    return LearnedText(read.text, sections, vectors, np.array(kinds, np.int64))


def shapes_of(known: KnownText) -> LearnedText:
    """Return the sections of a known text without their vectors, which take long to make."""
    read = clean_text(known.text)
    sections = cut_sections(read.text, MAX_QUERY_LENGTH)
    kinds = [KINDS.index(known.kind_at(read.given_span(section.span))) for section in sections]
    none = np.zeros((len(sections), 0), np.float32)
    return LearnedText(read.text, sections, SectionVectors(none, none), np.array(kinds, np.int64))


def learn(plain: Sequence[LearnedText], texts: Sequence[LearnedText], encoder: str) -> SectionModel:
    """Return what texts teach.

    Args:
        plain: many texts, of which only the shapes are learned from.
        texts: fewer, with vectors.
        encoder: how the fingerprint of the encoder that made these begins.
    """
    shapes, kinds = _shapes(plain), _kinds(plain)
    mean, scale = shapes.mean(axis=0), np.maximum(shapes.std(axis=0), 1e-2)
    said = _fit((shapes - mean) / scale, kinds, _costs(plain, kinds, _PLAIN_TITLE_WEIGHT))
    kinds = _kinds(texts)
    directions = _directions(np.concatenate([one.vectors.own for one in texts]), kinds)
    features = np.concatenate(
        [
            vector_features(directions, scores, one.vectors, lengths_of(one.sections))
            for one in texts
            for scores in [((_shapes([one]) - mean) / scale) @ said[:-1] + said[-1]]
        ]
    )
    weights = _fit(features, kinds, _costs(texts, kinds, _TITLE_WEIGHT))
    return SectionModel(encoder, mean, scale, said, directions, weights, _follows(plain))


def _shapes(texts: Sequence[LearnedText]) -> Floats:
    return np.concatenate([section_shapes(one.text, one.sections) for one in texts])


def _kinds(texts: Sequence[LearnedText]) -> Rows:
    return np.concatenate([one.kinds for one in texts])


def _costs(texts: Sequence[LearnedText], kinds: Rows, title_weight: float) -> NDArray[np.float64]:
    """Return what a mistake costs in each section; kinds that are rare here are so by chance."""
    counts = np.bincount(kinds, minlength=len(KINDS))
    costs: NDArray[np.float64] = (1 / np.sqrt(np.maximum(counts, 1)))[kinds]
    costs[kinds == PROJECT] *= _PROJECT_WEIGHT
    lengths = np.concatenate([lengths_of(one.sections) for one in texts])
    costs[(kinds == PROJECT) & (lengths < _TITLE_LENGTH)] *= title_weight
    costs /= costs.mean()
    return costs


def _directions(vectors: Floats, kinds: Rows) -> Floats:
    """Return the directions in which sections differ most, those between kinds first."""
    means = np.stack(
        [vectors[kinds == kind].mean(axis=0) for kind in range(len(KINDS)) if (kinds == kind).any()]
    )
    between = np.linalg.qr((means - vectors.mean(axis=0)).T)[0]
    left = vectors - vectors.mean(axis=0)
    left = left - (left @ between) @ between.T
    _, _, rest = np.linalg.svd(left, full_matrices=False)
    directions: Floats = np.concatenate([between, rest[:_DIRECTIONS].T], axis=1).astype(np.float32)
    return directions


def _fit(features: Floats, kinds: Rows, costs: NDArray[np.float64]) -> Floats:
    """Return the weights of a logistic regression, by Adam over all rows at once."""
    chosen = np.flatnonzero(kinds != PROJECT)
    own = np.flatnonzero(kinds == PROJECT)
    kept = np.random.default_rng(0).permutation(own)[:_MOST_ROWS]
    rows = np.concatenate([chosen, kept])
    ones = np.ones((len(rows), 1), np.float32)
    inputs = np.concatenate([features[rows], ones], axis=1).astype(np.float32)
    share = costs[rows] * np.where(kinds[rows] == PROJECT, len(own) / max(len(kept), 1), 1)
    shares = (share / share.sum()).astype(np.float32)[:, None]
    wanted = np.eye(len(KINDS), dtype=np.float32)[kinds[rows]]
    weights = np.zeros((inputs.shape[1], len(KINDS)), np.float32)
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, _STEPS + 1):
        scores = inputs @ weights
        chances = np.exp(scores - scores.max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
        slope = inputs.T @ ((chances - wanted) * shares)
        slope[:-1] += np.float32(_DECAY) * weights[:-1]
        first = 0.9 * first + 0.1 * slope
        second = 0.99 * second + 0.01 * slope**2
        rate = _STEP * (1 - step / _STEPS)
        weights -= rate * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
    return weights.astype(np.float32)


def _follows(texts: Sequence[LearnedText]) -> Floats:
    """Return how much more often kinds follow each other than by chance, by what is between."""
    counts = np.ones((len(Break), len(KINDS), len(KINDS)))
    for one in texts:
        for n in range(1, len(one.kinds)):
            counts[one.sections[n].before, one.kinds[n - 1], one.kinds[n]] += 1
    alone = counts.sum(axis=(0, 1)) / counts.sum()
    chances = counts / counts.sum(axis=2, keepdims=True)
    ratios: Floats = np.log(chances / alone).clip(-_MOST_FOLLOW, _MOST_FOLLOW).astype(np.float32)
    return ratios
