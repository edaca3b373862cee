"""The words of a sentence as vectors: what tells each from the other words of its sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.embedding.encoder import Encoder, Vectors, unit_vectors
from index.text.sentences import Span
from index.text.tokens import is_stop_word, word_offsets

_MIN_WORD_LENGTH = 4
"""Letters; shorter words say little."""


@dataclass(frozen=True, eq=False)
class WordVectors:
    """A sentence, where its telling words stand in it, and their (words, dimension) directions.

    The directions are less what the words of the sentence have in common.
    """

    text: str
    spans: tuple[Span, ...]
    directions: Vectors

    @classmethod
    def from_sums(cls, text: str, spans: Sequence[Span], added: Vectors) -> WordVectors:
        """Return the words at ``spans`` from what each adds to the vector of ``text``."""
        if not spans:
            return cls(text, (), added)
        directions = unit_vectors(added)
        return cls(text, tuple(spans), unit_vectors(directions - directions.mean(axis=0)))


def encode_words(
    sentences: Iterable[tuple[str, str]], encoder: Encoder, *, asking: bool
) -> dict[str, WordVectors]:
    """Read sentences by themselves, and return the words of each.

    Args:
        sentences: each with its language (ISO 639).
        encoder: the model.
        asking: whether they are of a query, or of documents.
    """
    once = {text: content_words(text, language) for text, language in sentences}
    _, added = encoder.encode_with_spans(list(once), list(once.values()), asking=asking)
    return {
        text: WordVectors.from_sums(text, spans, sums)
        for (text, spans), sums in zip(once.items(), added, strict=True)
    }


def content_words(text: str, language: str) -> list[Span]:
    """Return the words of ``text`` that can have a counterpart: no stop words, no numbers."""
    return [
        Span(start, end)
        for word, start, end in word_offsets(text)
        if len(word) >= _MIN_WORD_LENGTH and not word.isdigit() and not is_stop_word(word, language)
    ]
