"""Tokens of a text: the Unigram pieces of the bundled model, found in a memory-mapped trie.

The pieces' 250,000 strings take a second to read from JSON and 100 MB to hold. A trie on disk is
there at once and shared by all processes; a word that comes again is looked up. It cuts as the
`tokenizers` library does with the same pieces (a test compares them): NFKC, white space folded
(characters of no width count as white space), each word behind ``▁``, the cut whose pieces have the
highest sum of log probabilities.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import marisa_trie
import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError

TRIE, SCORES, SPECIAL = "pieces.marisa", "pieces.npy", "special.json"

_UNKNOWN_PENALTY = 10.0
"""How much less likely than the least likely piece a character without a piece is."""

_LONGEST_WORD = 2000
"""Characters of one word that are read: more tokens than a model's window has."""

ZERO_WIDTH = "\u200b-\u200f\u2060\ufeff"
"""Characters of no width, as a range of a pattern: the model learned to read blanks for them."""

_WORD = re.compile(rf"[^\s{ZERO_WIDTH}]+")
_CACHE_SIZE = 50_000


@dataclass(frozen=True)
class PieceVocabulary:
    """The Unigram pieces with their log probabilities, and the ids of the special ones."""

    pieces: Sequence[tuple[str, float]]
    bos: int
    eos: int
    pad: int
    unk: int


@dataclass(frozen=True)
class _Cut:
    """A word's tokens: their ids, and where the middle of each lies, 0 to 1 of the word."""

    ids: tuple[int, ...]
    middles: tuple[float, ...]


@dataclass(frozen=True)
class Tokens:
    """A text's tokens: ``ids``, and the ``middles`` of each in the text, in code points.

    The first and the last stand for no character; their middle is before the text.
    """

    ids: list[int]
    middles: list[float]


class Tokenizer:
    """Cuts texts into the pieces that `save_vocabulary` wrote. Safe to share by threads."""

    def __init__(self, folder: Path) -> None:
        """Open the files in ``folder``; raise `ModelError` when they are not what was written."""
        try:
            self._trie = marisa_trie.Trie().mmap(str(folder / TRIE))
            table = np.load(folder / SCORES, mmap_mode="r", allow_pickle=False)
            special = json.loads((folder / SPECIAL).read_text("utf-8"))
            self._bos, self._eos, self._unknown = (special[k] for k in ("bos", "eos", "unk"))
            self._lowest = float(special["lowest"]) - _UNKNOWN_PENALTY
        except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
            raise ModelError(f"The tokenizer in {folder} cannot be read: {error}.") from error
        self._ids, self._scores = table["id"], table["score"]
        self._cut = lru_cache(_CACHE_SIZE)(self._cut_word)

    def encode(self, text: str, limit: int) -> Tokens:
        """Cut ``text`` into at most ``limit`` tokens, the first and the last included.

        What lies beyond is not looked at, however long it is.
        """
        ids, middles = [self._bos], [-1.0]
        for start, length, cut in self._words(text):
            ids += cut.ids
            middles += [start + middle * length for middle in cut.middles]
            if len(ids) >= limit - 1:
                break
        del ids[limit - 1 :], middles[limit - 1 :]
        return Tokens([*ids, self._eos], [*middles, -1.0])

    def _words(self, text: str) -> Iterator[tuple[int, int, _Cut]]:
        """Yield each word's place and length in ``text`` and how it is cut."""
        for match in _WORD.finditer(text):
            start, end = match.span()
            word = text[start : min(end, start + _LONGEST_WORD)]
            yield start, end - start, self._cut(word)

    def _cut_word(self, word: str) -> _Cut:
        """Cut one word of a text; normalised it may be several."""
        normal = unicodedata.normalize("NFKC", word)
        ids: list[int] = []
        middles: list[float] = []
        for match in _WORD.finditer(normal):
            marked = "▁" + match.group()
            for id_, start, end in self._best_path(marked):
                ids.append(id_)
                inside = match.start() + (max(start - 1, 0) + end - 1) / 2
                middles.append(inside / len(normal))
        return _Cut(tuple(ids), tuple(middles))

    def _best_path(self, word: str) -> list[tuple[int, int, int]]:
        """Return the likeliest pieces of ``word``: id, start and end of each (Viterbi)."""
        size = len(word)
        best = [0.0] + [-np.inf] * size
        origin, piece = [0] * (size + 1), [self._unknown] * (size + 1)
        for start in range(size):
            here = best[start]
            alone = False
            for text in self._trie.prefixes(word[start:]):
                key = self._trie[text]
                end = start + len(text)
                alone = alone or end == start + 1
                score = here + float(self._scores[key])
                if score > best[end]:
                    best[end], origin[end], piece[end] = score, start, int(self._ids[key])
            if not alone and here + self._lowest > best[start + 1]:
                best[start + 1] = here + self._lowest
                origin[start + 1], piece[start + 1] = start, self._unknown
        return self._trace(origin, piece)

    def _trace(self, origin: list[int], piece: list[int]) -> list[tuple[int, int, int]]:
        """Follow the best path back from the end; unknown characters in a row are one token."""
        path: list[tuple[int, int, int]] = []
        end = len(origin) - 1
        while end > 0:
            start = origin[end]
            if path and piece[end] == path[-1][0] == self._unknown:
                path[-1] = (self._unknown, start, path[-1][2])
            else:
                path.append((piece[end], start, end))
            end = start
        return path[::-1]


def save_vocabulary(vocabulary: PieceVocabulary, folder: Path) -> None:
    """Write ``vocabulary`` below ``folder`` in the form that `Tokenizer` maps into memory.

    Special pieces are left out: a text that spells one is a text.
    """
    special = {vocabulary.bos, vocabulary.eos, vocabulary.pad, vocabulary.unk}
    rows = {
        text: (id_, score)
        for id_, (text, score) in enumerate(vocabulary.pieces)
        if id_ not in special and text
    }
    trie = marisa_trie.Trie(rows)
    table: NDArray[np.void] = np.zeros(len(rows), [("id", "<i4"), ("score", "<f4")])
    for text, row in rows.items():
        table[trie[text]] = row
    trie.save(str(folder / TRIE))
    np.save(folder / SCORES, table, allow_pickle=False)
    facts = {
        "bos": vocabulary.bos,
        "eos": vocabulary.eos,
        "unk": vocabulary.unk,
        "pad": vocabulary.pad,
        "lowest": min(score for _, score in vocabulary.pieces),
    }
    (folder / SPECIAL).write_text(json.dumps(facts), "utf-8")
