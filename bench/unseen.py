"""How well the index ranks projects and calls that no training saw, with BM25 and the plain model.

    python -m bench.unseen [--sets DIR] [--data DIR]

Queries are real med-tech projects of Vinnova in Swedish and in English, documents the EU calls of
2026. Right are the calls that people judged to fit them at least in part
(`tests/data/judged_matches.tsv`). Training saw neither the projects nor the calls.
The judged calls were the first ones of several systems; whether others fit is not known.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.held_out import print_progress
from bench.pilots import JUDGED_FILE, LANGUAGES, documents_of, pilots_of
from index.embedding.cache import VectorCache
from index.embedding.load import load_encoder
from index.embedding.model import BUNDLED, SHIPPED
from index.evaluation.evaluate import evaluate

MIN_GRADE = 2
"""The grade from which a call fits at least in part."""


def main() -> int:
    """Measure and print."""
    arguments = _arguments()
    cache = VectorCache(arguments.data / "vectors.sqlite")
    with tempfile.TemporaryDirectory(prefix="fundscout-bench-") as scratch:
        for language in LANGUAGES:
            folder = Path(scratch) / language
            _write(folder, arguments.sets, language)
            for adapter in ("none", SHIPPED):
                encoder = load_encoder(BUNDLED, arguments.data / "models", adapter)
                report = evaluate(folder, encoder, cache, progress=print_progress)
                print(f"{language}, {'as it ships' if adapter == SHIPPED else 'the plain model'}")
                print(report.table(), flush=True)
    return 0


def _write(folder: Path, sets: Path, language: str) -> None:
    """Write evaluation data below ``folder``."""
    folder.mkdir()
    corpus = sets / "eu_calls_2026" / "corpus.jsonl"
    (folder / "corpus.jsonl").write_bytes(corpus.read_bytes())
    grades = list(_grades(set(documents_of(corpus))))
    judged = {pilot for pilot, _, _ in grades}
    rows = [
        {"id": one.id, "title": title, "text": text, "lang": language}
        for one in pilots_of(sets / "pilots" / "vinnova_medtech.jsonl")
        if one.id in judged
        for title, _, text in [one.texts[language].partition("\n")]
    ]
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    (folder / "queries.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    answers = [f"{pilot}\t{call}\t{grade}" for pilot, call, grade in grades]
    (folder / "qrels.tsv").write_text("\n".join(answers) + "\n", "utf-8")


def _grades(calls: set[str]) -> Iterator[tuple[str, str, int]]:
    for line in JUDGED_FILE.read_text("utf-8").splitlines():
        pilot, call, grade = line.split("\t")
        if call in calls and int(grade) >= MIN_GRADE:
            yield pilot, call, int(grade)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sets", type=Path, default=Path("../shared/eval"))
    parser.add_argument("--data", type=Path, default=Path("data"))
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
