"""Evaluation of the compared systems, and evaluation data that is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.embedding.cache import VectorCache
from index.embedding.encoder import HashEncoder
from index.errors import IndexingError
from index.evaluation.evaluate import SYSTEMS, evaluate
from index.evaluation.metrics import METRICS

pytestmark = pytest.mark.whole


def write(folder: Path, corpus: list[object], queries: list[object], answers: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, rows in (("corpus", corpus), ("queries", queries)):
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(lines, "utf-8")
    (folder / "qrels.tsv").write_text(answers, "utf-8")
    return folder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    corpus: list[object] = [
        {"id": f"c{n}", "title": f"Topic {word}", "text": f"All about {word}.", "lang": "en"}
        for n, word in enumerate(["hearts", "turbines", "museums", "forests", "batteries"])
    ]
    queries: list[object] = [
        {"id": "q1", "title": "museums", "text": "A museum project.", "lang": "en"},
        {"id": "q2", "title": "batteries", "text": "", "lang": "en"},
        {"id": "q3", "title": "no answer", "text": "at all", "lang": "en"},
    ]
    return write(tmp_path / "set", corpus, queries, "q1\tc2\t1\nq2\tc4\t1\nq9\tc1\t1\n")


def test_all_systems_are_compared(data: Path, cache: VectorCache) -> None:
    report = evaluate(data, HashEncoder(), cache)
    figures = report.as_json()
    assert (figures["queries"], figures["skipped"], figures["documents"]) == (2, 1, 5)
    systems = figures["systems"]
    assert isinstance(systems, dict)
    assert tuple(systems) == SYSTEMS
    for system in SYSTEMS:
        assert set(systems[system]) == {*METRICS, "intervals"}
    assert systems["full"]["recall@1"] == 1.0
    assert "full" in report.table()
    assert "1 query without a known answer was left out." in report.table()


def test_a_second_run_encodes_nothing(data: Path, cache: VectorCache) -> None:
    assert evaluate(data, HashEncoder(), cache).encoded > 0
    assert evaluate(data, HashEncoder(), cache).encoded == 0


def test_a_sample_is_always_the_same(data: Path, cache: VectorCache) -> None:
    one = evaluate(data, HashEncoder(), cache, queries=1, fields=("title",))
    two = evaluate(data, HashEncoder(), cache, queries=1, fields=("title",))
    assert one.queries == 1
    assert one.systems == two.systems


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("corpus.jsonl", "{", "corpus.jsonl, line 1, is not JSON"),
        ("queries.jsonl", "[1]\n", "queries.jsonl, line 1, is not an object with an id"),
        ("qrels.tsv", "q1\tc1\t1\nq1", "qrels.tsv, line 2, is not: query TAB"),
        ("qrels.tsv", "q1\telsewhere\t1\n", "No query of"),
        ("corpus.jsonl", "\xff\xfe", "corpus.jsonl, line 1, is not JSON"),
    ],
)
def test_wrong_data_is_named_by_file_and_line(
    data: Path, cache: VectorCache, name: str, content: str, message: str
) -> None:
    (data / name).write_text(content, "utf-8")
    with pytest.raises(IndexingError, match=message):
        evaluate(data, HashEncoder(), cache)


def test_missing_data_and_unknown_fields_are_named(
    data: Path, tmp_path: Path, cache: VectorCache
) -> None:
    with pytest.raises(IndexingError, match="cannot be read"):
        evaluate(tmp_path / "nowhere", HashEncoder(), cache)
    with pytest.raises(IndexingError, match="title, text"):
        evaluate(data, HashEncoder(), cache, fields=("abstract",))
