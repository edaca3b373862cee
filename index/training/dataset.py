"""What a model is trained on: projects with the calls that funded them, and texts in two languages.

Pairs are split by topic, so that what is measured was never trained on.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from index.embedding import checksum
from index.evaluation.qrels import EvaluationSet, is_held_out, topic_of
from index.search.query import MAX_QUERY_LENGTH
from index.store.document import Document
from index.store.passages import cut_chunks

_WHOLE_LENGTH = 1_100
"""Characters that stand for a whole text, much as in `index.store.document`."""


@dataclass(frozen=True)
class TextViews:
    """The forms in which a text occurs: title, beginning, the same without the title, a passage."""

    title: str
    whole: str
    untitled: str
    passage: str


@dataclass(frozen=True)
class TrainingPair:
    """A query and the row of the document that answers it. Pairs of a ``topic`` stay together."""

    query: TextViews
    document: int
    topic: str


@dataclass(frozen=True)
class Dataset:
    """The pairs of one folder of evaluation data.

    ``bilingual``: query and document are the same text in two languages, so that each may be the
    query. ``sha256`` identifies the data.
    """

    name: str
    bilingual: bool
    documents: tuple[TextViews, ...]
    topics: tuple[str, ...]
    training_pairs: tuple[TrainingPair, ...]
    held_out_pairs: tuple[TrainingPair, ...]
    sha256: str


def read_dataset(folder: Path, held_out: float, seed: int) -> Dataset:
    """Read the pairs of ``folder``.

    Args:
        folder: evaluation data: corpus.jsonl, queries.jsonl, qrels.tsv.
        held_out: share of the topics that is not trained on, 0 to 1.
        seed: of the choice of passages; those of a query and its answer are equally far down.

    Raises:
        IndexingError: the folder does not hold evaluation data, and where it is wrong.
    """
    data = EvaluationSet.read(folder, ("title", "text"))
    chance = random.Random(seed)  # noqa: S311  a sample, not a secret
    places = [chance.random() for _ in data.documents]
    topics = tuple(topic_of(document) for document in data.documents)
    pairs = [
        TrainingPair(_views(question.text, places[row]), row, topics[row])
        for question in data.queries
        for row, grade in question.grades.items()
        if grade == max(question.grades.values())
    ]
    asked_in = {question.language for question in data.queries}
    answered_in = {language for document in data.documents for language in document.languages}
    return Dataset(
        name=folder.name,
        bilingual=not asked_in & answered_in,
        documents=tuple(
            _views(_text(document), place)
            for document, place in zip(data.documents, places, strict=True)
        ),
        topics=topics,
        training_pairs=tuple(one for one in pairs if not is_held_out(one.topic, held_out)),
        held_out_pairs=tuple(one for one in pairs if is_held_out(one.topic, held_out)),
        sha256=_folder_hash(folder),
    )


def _views(text: str, place: float) -> TextViews:
    """Return the views of ``text``; its passage is the one at ``place``, 0 to 1."""
    title, _, rest = text.partition("\n")
    spans = cut_chunks(rest, 0, min(len(rest), MAX_QUERY_LENGTH))
    passages = [rest[span.start : span.end] for span in spans] or [title]
    passage = passages[int(place * len(passages))]
    return TextViews(title, text[:_WHOLE_LENGTH], rest[:_WHOLE_LENGTH] or title, passage)


def _text(document: Document) -> str:
    return "\n".join(field.text for field in document.fields)


def _folder_hash(folder: Path) -> str:
    names: Sequence[str] = ("corpus.jsonl", "queries.jsonl", "qrels.tsv")
    return checksum.sha256_of_text(
        "".join(checksum.sha256_of_file(folder / name) for name in names)
    )
