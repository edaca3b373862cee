"""Evaluation data: documents, queries, and the relevant documents of each query (qrels)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.errors import IndexingError
from index.store.document import TITLE_FIELD, Document, Field

_CORPUS, _QUERIES, _ANSWERS = "corpus.jsonl", "queries.jsonl", "qrels.tsv"


@dataclass(frozen=True)
class EvaluationQuery:
    """A query's text, and the grades of its answers by row of the documents in order of id."""

    id: str
    text: str
    language: str
    grades: dict[int, float]


@dataclass(frozen=True)
class EvaluationSet:
    """A folder of evaluation data; ``skipped`` counts queries without an answer."""

    __test__ = False  # pytest would take the name for a test

    documents: tuple[Document, ...]
    queries: tuple[EvaluationQuery, ...]
    skipped: int

    @classmethod
    def read(cls, folder: Path, fields: tuple[str, ...]) -> EvaluationSet:
        """Read ``folder``; a question's text is its row's ``fields``, joined by a line's end.

        Raises:
            IndexingError: a file is missing, a line is wrong, or no question has an answer.
        """
        unknown = set(fields) - {"title", "text"}
        if unknown or not fields:
            raise IndexingError("The fields of a query are title, text, or title,text.")
        documents = {row["id"]: _document(row) for row in _rows(folder / _CORPUS)}
        order = {id_: row for row, id_ in enumerate(sorted(documents))}
        answers = _read_qrels(folder / _ANSWERS, order)
        questions = []
        skipped = 0
        for row in _rows(folder / _QUERIES):
            text = "\n".join(filter(None, (str(row.get(f) or "").strip() for f in fields)))
            grades = answers.get(row["id"], {})
            if text and grades:
                language = str(row.get("lang") or "en")
                questions.append(EvaluationQuery(row["id"], text, language, grades))
            else:
                skipped += 1
        if not questions:
            raise IndexingError(f"No query of {folder / _QUERIES} has an answer in {_ANSWERS}.")
        return cls(tuple(documents[id_] for id_ in order), tuple(questions), skipped)


def topic_of(document: Document) -> str:
    """Return the topic of a document: its title, which is the same in every year."""
    return " ".join(document.title("en").lower().split())


def is_held_out(topic: str, share: float) -> bool:
    """Return whether ``topic`` is among the ``share`` (0 to 1) that nothing is trained on.

    It depends on the topic alone, so it is the same on every machine and for every folder.
    """
    place = int(hashlib.sha256(topic.encode()).hexdigest()[:8], 16) / 16**8
    return place < share


def _document(row: dict[str, Any]) -> Document:
    language = str(row.get("lang") or "en")
    title, text = (str(row.get(name) or "").strip() for name in ("title", "text"))
    fields = [Field(TITLE_FIELD, language, title or text[:200])]
    if text:
        fields.append(Field("texts", language, text))
    return Document(row["id"], tuple(fields))


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    for number, line in _lines(path):
        try:
            row = json.loads(line)
        except ValueError as error:
            raise IndexingError(f"{path}, line {number}, is not JSON: {error}.") from error
        if not isinstance(row, dict) or not isinstance(row.get("id"), str | int):
            raise IndexingError(f"{path}, line {number}, is not an object with an id.")
        yield row | {"id": str(row["id"])}


def _read_qrels(path: Path, order: dict[str, int]) -> dict[str, dict[int, float]]:
    """Read {query: {row: grade}}, leaving out answers that are not in the corpus."""
    grades: dict[str, dict[int, float]] = {}
    for number, line in _lines(path):
        cells = line.split("\t")
        try:
            query, document, grade = cells[0], cells[1], float(cells[2] if cells[2:] else 1)
        except (IndexError, ValueError) as error:
            if number == 1:  # a heading, as some write it
                continue
            raise IndexingError(
                f"{path}, line {number}, is not: query TAB document TAB grade."
            ) from error
        if grade > 0 and document in order:
            grades.setdefault(query, {})[order[document]] = grade
    return grades


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield number, line.rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise IndexingError(f"{path} cannot be read: {error}.") from error
