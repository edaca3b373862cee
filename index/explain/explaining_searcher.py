"""A searcher that also says why it found what it found."""

from __future__ import annotations

from collections.abc import Sequence

from index.embedding.encoder import Encoder, Vectors
from index.explain.evidence import Explainer, Explanation, QuotedSentence
from index.explain.stored_sentences import SentenceKey, stored_directions
from index.search.hit import Hit
from index.search.query import Query
from index.search.searcher import Searcher
from index.store.index_data import IndexData


class ExplainingSearcher(Searcher):
    """Finds, scores and explains the documents of one snapshot. Safe to share by threads."""

    def __init__(self, encoder: Encoder, data: IndexData, name: str = "") -> None:
        super().__init__(encoder, data, name)
        self._explainer = Explainer(self.corpus)

    def explain(self, query: Query, hits: Sequence[Hit]) -> list[Explanation]:
        """Say why: the passages and words behind each of ``hits``, in their order."""
        return self._explainer.explain(query, [hit.document for hit in hits])

    def quote(self, query: Query, ids: Sequence[str]) -> list[QuotedSentence]:
        """Return the sentence of each document of ``ids`` that is nearest to ``query``."""
        return self._explainer.quote(query, ids)

    def sentence_directions(self, document_id: str) -> dict[SentenceKey, Vectors]:
        """Return the direction of each sentence of a document that the index holds."""
        return stored_directions(self.corpus, document_id)
