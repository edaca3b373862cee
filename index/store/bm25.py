"""BM25, one index per language: words are stemmed by the rules of the language they are in."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import bm25s
import numpy as np
from numpy.typing import NDArray

from index.text.cognates import Cognates
from index.text.compounds import Compounds
from index.text.tokens import stem_tokens

K1 = 1.2
B = 0.75


class LexicalIndex:
    """BM25 over the documents of one language. Rows are positions in the snapshot's documents."""

    def __init__(
        self, language: str, rows: NDArray[np.int32], model: Any, compounds: Compounds
    ) -> None:
        self.language = language
        self.rows = rows
        self._model = model
        self._compounds = compounds
        self._idf = _idf(model)
        self._rarest = max(self._idf.values(), default=0.0)

    @classmethod
    def build(cls, language: str, texts: Mapping[int, str]) -> LexicalIndex:
        """Index ``texts``, which are keyed by the document's row."""
        model = bm25s.BM25(k1=K1, b=B, method="lucene")
        stems = [stem_tokens(text, language) for text in texts.values()]
        compounds = Compounds.learn(language, stems)
        split = [compounds.split(tokens) for tokens in stems]
        # in order, because the library would number the words as a set happens to hold them
        numbers = {word: n for n, word in enumerate(sorted({w for words in split for w in words}))}
        corpus = [[numbers[word] for word in words] for words in split]
        model.index((corpus, numbers), show_progress=False)
        return cls(language, np.array(list(texts), np.int32), model, compounds)

    def save(self, folder: Path) -> None:
        """Write the index below ``folder``: JSON and plain arrays only."""
        folder.mkdir(parents=True)
        self._model.save(str(folder), show_progress=False, allow_pickle=False)
        np.save(folder / "rows.npy", self.rows, allow_pickle=False)
        known = json.dumps(self._compounds.frequencies, ensure_ascii=False)
        (folder / "stems.json").write_text(known, "utf-8")

    @classmethod
    def load(cls, language: str, folder: Path) -> LexicalIndex:
        """Read what `save` wrote."""
        model = bm25s.BM25.load(str(folder), allow_pickle=False, show_progress=False)
        rows = np.load(folder / "rows.npy", allow_pickle=False)
        return cls(
            language, rows, model, Compounds(json.loads((folder / "stems.json").read_text("utf-8")))
        )

    def rarity(self, token: str) -> float:
        """Return how rare ``token`` is here, from 0 (in every document) to 1 (in one)."""
        return self._idf.get(token, 0.0) / self._rarest if self._rarest else 0.0

    def scores(self, query: Iterable[str]) -> tuple[NDArray[np.float32], float]:
        """Score every row for the stems ``query``.

        Returns:
            BM25 for each of ``rows``, and the share (0 to 1) of the query's distinct stems,
            weighted by what they tell, that occur here at all: near 1 within a language, low
            when the words are another language's.
        """
        counted = self._compounds.split(query)
        known = [token for token in counted if token in self._idf]
        if not known:
            return np.zeros(len(self.rows), np.float32), 0.0
        distinct = dict.fromkeys(counted)  # in their order: a sum of floats depends on it
        share = sum(self._idf.get(t, 0.0) for t in distinct) / sum(
            self._idf.get(t, self._rarest) for t in distinct
        )
        found: NDArray[np.float32] = self._model.get_scores(known)
        return found, float(share)

    def split_compounds(self, stems: Iterable[str]) -> list[str]:
        """Return ``stems``, each followed by its halves if it is a compound of words used here."""
        return self._compounds.split(stems)

    def cognate_scores(self, query: Iterable[str]) -> tuple[NDArray[np.float32], float]:
        """Score every row for stems of another language: names, and words spelled nearly alike.

        Returns:
            As `scores` does; a word counts for the square of how much it is like the one here,
            because half alike is most often another word.
        """
        found = np.zeros(len(self.rows), np.float32)
        told, distinct = 0.0, Counter(query)
        starts, rows, values = (self._model.scores[name] for name in ("indptr", "indices", "data"))
        for token, times in distinct.items():
            if near := self.find_cognate(token):
                here, weight = near[0], near[1] ** 2
                column = self._model.vocab_dict[here]
                span = slice(starts[column], starts[column + 1])
                found[rows[span]] += times * weight * values[span]
                told += weight * self._idf[here]
        return found, told / (len(distinct) * self._rarest) if told else 0.0

    def find_cognate(self, token: str) -> tuple[str, float] | None:
        """Return the stem here that is or is spelled like a foreign one, and how alike, to 1."""
        return (token, 1.0) if token in self._idf else self._cognates.nearest(token)

    @cached_property
    def _cognates(self) -> Cognates:
        return Cognates(self._idf)


def _idf(model: Any) -> dict[str, float]:
    """Read each token's document frequency off the index and turn it into Lucene's idf."""
    frequencies = np.diff(model.scores["indptr"])
    count = int(model.scores["num_docs"])
    weights = np.log1p((count - frequencies + 0.5) / (frequencies + 0.5))
    return {t: float(weights[i]) for t, i in model.vocab_dict.items() if t and frequencies[i]}
