"""What a model is trained on: projects beside the calls that funded them, and texts in two
languages; split by topic, so that what is measured was never seen.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from index import digest
from index.document import Document, chunks
from index.query import LONGEST_READ
from index.testset import TestSet, is_held_out, topic_of

_WHOLE = 1_100
"""Characters of a text that stand for all of it, as in `index.document`."""


@dataclass(frozen=True)
class Views:
    """The forms in which a text will be met: its title, its beginning, the same ``bare`` of the
    title, and a passage of it.
    """

    title: str
    whole: str
    untitled: str
    passage: str


@dataclass(frozen=True)
class Lesson:
    """A query and the document that answers it. Lessons of one ``topic`` are never split."""

    query: Views
    document: int
    topic: str


@dataclass(frozen=True)
class Course:
    """The lessons of one folder of evaluation data.

    ``bilingual``: query and document say the same in two languages, so that each may ask for the
    other. ``sha256`` tells the data from every other.
    """

    name: str
    bilingual: bool
    documents: tuple[Views, ...]
    topics: tuple[str, ...]
    training_pairs: tuple[Lesson, ...]
    held_out_pairs: tuple[Lesson, ...]
    sha256: str


def read_course(folder: Path, held_out: float, seed: int) -> Course:
    """Read the lessons of ``folder``.

    Args:
        folder: evaluation data: corpus.jsonl, queries.jsonl, qrels.tsv.
        held_out: share of the topics that is not taught, 0 to 1.
        seed: of the choice of passages: of a query and its answer they lie equally far down.

    Raises:
        IndexingError: the folder does not hold evaluation data, and where it is wrong.
    """
    data = TestSet.read(folder, ("title", "text"))
    chance = random.Random(seed)  # noqa: S311  a sample, not a secret
    places = [chance.random() for _ in data.documents]
    topics = tuple(topic_of(document) for document in data.documents)
    lessons = [
        Lesson(_views(question.text, places[row]), row, topics[row])
        for question in data.queries
        for row, grade in question.grades.items()
        if grade == max(question.grades.values())
    ]
    spoken = {question.language for question in data.queries}
    answered = {language for document in data.documents for language in document.languages}
    return Course(
        name=folder.name,
        bilingual=not spoken & answered,
        documents=tuple(
            _views(_text(document), place)
            for document, place in zip(data.documents, places, strict=True)
        ),
        topics=topics,
        training_pairs=tuple(one for one in lessons if not is_held_out(one.topic, held_out)),
        held_out_pairs=tuple(one for one in lessons if is_held_out(one.topic, held_out)),
        sha256=_hash(folder),
    )


def _views(text: str, place: float) -> Views:
    """Return the views of ``text``; its passage is the one that lies at ``place``, 0 to 1."""
    title, _, rest = text.partition("\n")
    spans = chunks(rest, 0, min(len(rest), LONGEST_READ))
    passages = [rest[span.start : span.end] for span in spans] or [title]
    passage = passages[int(place * len(passages))]
    return Views(title, text[:_WHOLE], rest[:_WHOLE] or title, passage)


def _text(document: Document) -> str:
    return "\n".join(field.text for field in document.fields)


def _hash(folder: Path) -> str:
    names: Sequence[str] = ("corpus.jsonl", "queries.jsonl", "qrels.tsv")
    return digest.of_text("".join(digest.of_file(folder / name) for name in names))
