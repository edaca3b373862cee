"""What a user would write instead: sentence-transformers' default, FAISS flat, BM25, ranks added.

    python -m bench.speed.by_hand FOLDER MODEL [--stay] < TEXT

FOLDER holds what `ByHand.build` wrote, MODEL a sentence-transformers folder. The ten passages that
fit the text best are printed by their row. With --stay the process then waits for its input to
end, so that its memory can be read.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import bm25s
import faiss
import numpy as np

from index.embedding.encoder import Vectors

_REACH = 100
_RANK_CONSTANT = 60
"""The usual constant of reciprocal rank fusion."""

Encode = Callable[[Sequence[str]], Vectors]
"""Turns texts that search into vectors: (len(texts), dimension)."""


class DefaultEncoder:
    """A model on the CPU as sentence-transformers runs it when nobody sets anything."""

    def __init__(self, location: str) -> None:
        """Load the model in the folder ``location``."""
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415  seconds to import
        from transformers.utils import logging  # noqa: PLC0415

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        self._model: SentenceTransformer = SentenceTransformer(
            location, device="cpu", local_files_only=True
        )

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Encode texts that are searched: (len(texts), dimension)."""
        return self._encode(texts, "document")

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Encode texts that search: (len(texts), dimension)."""
        return self._encode(texts, "query")

    def _encode(self, texts: Sequence[str], prompt: str) -> Vectors:
        found: Any = self._model.encode(
            list(texts), prompt_name=prompt, normalize_embeddings=True, show_progress_bar=False
        )
        vectors: Vectors = found
        return vectors


class ByHand:
    """Passages in FAISS and in BM25; the two orders are joined by reciprocal ranks."""

    def __init__(self, folder: Path, encode: Encode) -> None:
        """Read what `build` wrote below ``folder``."""
        self._encode = encode
        self._vectors = faiss.read_index(str(folder / "vectors.faiss"))
        self._words = bm25s.BM25.load(str(folder / "words"), allow_pickle=False)

    @staticmethod
    def build(folder: Path, texts: Sequence[str], vectors: Vectors) -> None:
        """Write the index of ``texts`` with ``vectors`` (n, dimension) below ``folder``."""
        folder.mkdir(parents=True, exist_ok=True)
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
        faiss.write_index(index, str(folder / "vectors.faiss"))
        words = bm25s.BM25()
        words.index(_tokens(texts), show_progress=False)
        words.save(str(folder / "words"), show_progress=False, allow_pickle=False)

    def search(self, text: str, top: int = 10) -> list[int]:
        """Return the rows of the ``top`` passages, best first."""
        reach = min(_REACH, self._vectors.ntotal)
        near = self._vectors.search(self._encode([text]), reach)[1][0]
        (words,) = _tokens([text], as_ids=False)
        scores = self._words.get_scores(words)
        said = np.argsort(-scores)[:reach]
        points = np.zeros(len(scores))
        for order in (near, said):
            points[order] += 1 / (_RANK_CONSTANT + np.arange(len(order)))
        best: list[int] = np.argsort(-points)[:top].tolist()
        return best


def _tokens(texts: Sequence[str], *, as_ids: bool = True) -> list[list[str]]:
    tokens: list[list[str]] = bm25s.tokenize(
        list(texts), stopwords=None, return_ids=as_ids, show_progress=False
    )
    return tokens


def main() -> None:
    """Load, search once, print, and perhaps stay."""
    folder, model, *stay = sys.argv[1:]
    text = sys.stdin.readline().replace("\\n", "\n")
    print(*ByHand(Path(folder), DefaultEncoder(model).queries).search(text), flush=True)
    if stay:
        sys.stdin.read()


if __name__ == "__main__":
    main()
