"""Real pilots: each in two languages, and how people judge its first calls.

Both languages alike: 87 pilots in Swedish and in English against the EU's calls of 2026; how many
of the first ten calls are the same. Judged: pairs of pilot and call (ids and grades in
`tests/data/judged_matches.tsv`: 3 fits well, 2 fits in part, 1 of the field, 0 not), read by eye
out of the first calls of several systems in both languages: how well they rank, and how many are
worth reading at which score.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from bench.held_out import BundledModel
from index.embedding.model import SHIPPED
from index.search.searcher import Searcher
from index.store.document import TITLE_FIELD, Document, Field

LANGUAGES = ("sv", "en")
JUDGED_FILE = Path("tests/data/judged_matches.tsv")
SCORE_BANDS = (0.0, 0.001, 0.002, 0.003, 0.005, 0.01, 0.03, 0.06, 0.1, 0.2, 0.4, 1.01)


@dataclass(frozen=True)
class BilingualPilot:
    """A real project's title and text, by language."""

    id: str
    texts: dict[str, str]


def main() -> int:
    """Measure and print."""
    arguments = _arguments()
    models = BundledModel(arguments.data, arguments.adapter)
    pilots = pilots_of(arguments.sets / "pilots" / "vinnova_medtech.jsonl")
    models.encode_queries([text for pilot in pilots for text in pilot.texts.values()])
    calls = documents_of(arguments.sets / "eu_calls_2026" / "corpus.jsonl")
    _print_agreement(models.open_searcher(tuple(calls.values())), pilots)
    calls |= documents_of(arguments.sets / "horizon_europe" / "corpus.jsonl")
    _print_judged(models.open_searcher(tuple(calls.values())), pilots)
    return 0


def _print_agreement(searcher: Searcher, pilots: list[BilingualPilot]) -> None:
    shared, surest = [], defaultdict(list)
    for pilot in pilots:
        tops = {}
        for language in LANGUAGES:
            hits = searcher.search(searcher.query(pilot.texts[language], language), top=10)
            tops[language] = {hit.document for hit in hits}
            surest[language].append(hits[0].score)
        shared.append(len(tops["sv"] & tops["en"]) / 10)
    low, high = _interval(shared)
    print(f"{len(pilots)} pilots, {len(searcher.documents)} calls")
    print(f"shared in the first ten: {np.mean(shared):.3f} [{low:.3f}, {high:.3f}]")
    for language, scores in surest.items():
        quarters = ", ".join(f"{value:.2f}" for value in np.percentile(scores, (25, 50, 75)))
        print(f"{language}: best score, quartiles {quarters}")


def _print_judged(searcher: Searcher, pilots: list[BilingualPilot]) -> None:
    grades: dict[str, dict[str, int]] = defaultdict(dict)
    for line in JUDGED_FILE.read_text("utf-8").splitlines():
        pilot, call, grade = line.split("\t")
        grades[pilot][call] = int(grade)
    pairs: list[tuple[float, int]] = []
    for language in LANGUAGES:
        gains = []
        for judged in (one for one in pilots if one.id in grades):
            query = searcher.query(judged.texts[language], language)
            scores = {hit.document: hit.score for hit in searcher.search(query, top=1000)}
            own = grades[judged.id]
            gains.append(_ndcg([own[c] for c in sorted(own, key=lambda c: -scores.get(c, 0))]))
            pairs += [(scores.get(call, 0.0), grade) for call, grade in own.items()]
        print(f"judged, {language}: nDCG {np.nanmean(gains):.3f} of {len(gains)} pilots")
    print("\n score         pairs  grade 3  grade 2+  grade 1+")
    for low, high in pairwise(SCORE_BANDS):
        band = np.array([grade for score, grade in pairs if low <= score < high])
        if len(band):
            shares = "".join(f"{(band >= least).mean():9.2f}" for least in (3, 2, 1))
            print(f"{low:5.2f} to {min(high, 1):4.2f}{len(band):8}{shares}")


def _ndcg(grades: list[int]) -> float:
    """Return nDCG of all judged calls in their order; nan when none is any good."""

    def gain(ordered: Iterable[int]) -> float:
        return math.fsum((2**g - 1) / math.log2(place + 2) for place, g in enumerate(ordered))

    best = gain(sorted(grades, reverse=True))
    return gain(grades) / best if best else float("nan")


def _interval(values: list[float]) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of the mean."""
    drawn = np.random.default_rng(7).choice(values, (2000, len(values))).mean(axis=1)
    low, high = np.percentile(drawn, (2.5, 97.5))
    return float(low), float(high)


def pilots_of(path: Path) -> list[BilingualPilot]:
    """Read real projects, {id, title_sv, text_sv, title_en, text_en} a line."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return [
        BilingualPilot(
            row["id"],
            {lang: f"{row[f'title_{lang}']}\n{row[f'text_{lang}']}" for lang in LANGUAGES},
        )
        for row in rows
    ]


def documents_of(path: Path) -> dict[str, Document]:
    """Read a corpus, {id, title, text, lang} a line, by id."""
    documents = {}
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        language = row.get("lang") or "en"
        fields = [Field(TITLE_FIELD, language, row["title"] or row["text"][:200])]
        fields += [Field("texts", language, row["text"])] if row["text"] else []
        documents[row["id"]] = Document(row["id"], tuple(fields))
    return documents


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=Path, default=Path("../shared/eval"))
    parser.add_argument("--data", type=Path, default=Path("data"))
    parser.add_argument("--adapter", default=SHIPPED, help="`none` for the model as it came")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
