"""Signals to one strength. Words count only as far as they can match at all.

Meaning is a cosine, words a BM25 share. Added plainly, BM25 ruins a Swedish query against English
calls: it ranks by the few stray words both languages share. So the words' value is multiplied by
the chance that the query is in the documents' language, and by their coverage: the share of the
query's telling words that these documents know. In another language than the query's it is names
and words spelled nearly alike that count (`index/text/cognates.py`). `bench/fusion.py` learns the
weights on some of the topics that training left out and measures them on others; what stands here
lies near them and counts passages more, because a text without a title is found more often across
languages then. `bench/pilots.py` measures how alike a pilot ranks in two; `docs/figures/ranking.md`
has the figures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.search.query import QueryRole
from index.search.signals.similarity import DOCUMENT_ROLE, Values

MEANING = "meaning"
WORDS = "words"

SIGNAL_WEIGHTS = {MEANING: 0.90, WORDS: 0.10}
"""Shares of the strength; they sum to 1."""

_FULL_COGNATE_SHARE = 0.25
"""Share of a query's words with which those of another language count in full."""

ROLE_WEIGHTS = {
    QueryRole.TITLE.value: 0.25,
    QueryRole.WHOLE.value: 0.12,
    QueryRole.PASSAGE.value: 0.50,
    DOCUMENT_ROLE: 0.13,
}
"""Shares of the meaning; they sum to 1. Of a query without some of these the others share all."""


@dataclass(frozen=True)
class SignalPart:
    """One signal of a hit: its value (0 to 1) and what it adds to the score."""

    name: str
    value: float
    contribution: float


def meaning_strength(near: Mapping[str, Values], unrelated: float) -> Values:
    """Fuse what `index.search.signals.similarity.role_similarities` found.

    Args:
        near: for each role a cosine of every document; at least one role.
        unrelated: cosine that counts as nothing in common; the model's own.

    Returns:
        For each document a value from 0 to 1.
    """
    total = sum(ROLE_WEIGHTS[role] for role in near)
    cosine = sum(found * (ROLE_WEIGHTS[role] / total) for role, found in near.items())
    value: Values = np.clip((cosine - unrelated) / (1 - unrelated), 0, 1)
    return value


def word_strength(scores: Values, coverage: float, chance: float) -> Values:
    """Turn BM25 ``scores`` of one language into values from 0 to 1.

    Args:
        scores: of every document in the language.
        coverage: share of the query's telling words that the language's documents know.
        chance: how likely the query is in this language, relative to the likeliest.
    """
    highest = float(scores.max(initial=0))
    value: Values = scores * (coverage * chance / highest) if highest > 0 else scores
    return value


def cognate_strength(scores: Values, coverage: float, chance: float) -> Values:
    """Turn scores by words of another language into values from 0 to 1.

    Even of a text on the same topic only some words are spelled alike, so a quarter of them is all
    that can be expected.

    Args:
        scores: of every document in the language.
        coverage: share of the query's words that are spelled like one of theirs.
        chance: how likely the query is in another language.
    """
    return word_strength(scores, min(1.0, coverage / _FULL_COGNATE_SHARE), chance)


def fuse_signals(values: Mapping[str, NDArray[np.float64]]) -> NDArray[np.float64]:
    """Return the strength (0 to 1) of many documents at once, from their values."""
    total: NDArray[np.float64] = sum(
        (values[name] * weight for name, weight in SIGNAL_WEIGHTS.items()), np.zeros(1)
    )
    return total


def signal_parts(values: Mapping[str, float]) -> tuple[SignalPart, ...]:
    """Return what each of a document's ``values`` adds to its strength."""
    return tuple(
        SignalPart(n, values[n], values[n] * weight) for n, weight in SIGNAL_WEIGHTS.items()
    )
