"""Whether the projects that an area's actors come from are on the subject.

    python bench/actors.py --data data

Each focus area is compared with 3,310 projects of Horizon Europe, on health and all else. Those
count that the page would: at most 400, from `MIN_SIMILARITY` on. A project is on health when it is
in the evaluation's list of health queries. Its title and first characters are compared, as in
bench/past.py. Vectors are cached in the data folder.
Needs ../shared/eval/horizon_europe.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np

from bench.held_out import BundledModel
from index.embedding.encoder import Encoder, Vectors
from index.search.corpus import PassageGroups
from index.search.query import read_query
from index.search.signals.meaning import meaning_strength, role_similarities
from index.store.passages import WHOLE_LENGTH
from service.domain.awards.actors import MAX_AWARDS, MIN_SIMILARITY
from service.domain.awards.focus_areas import FOCUS_AREAS

EVALUATION_SET = Path(__file__).parents[2] / "shared" / "eval" / "horizon_europe"
BOUNDS = (0.2, 0.25, 0.3, 0.35, 0.4)


def main() -> int:
    """Compare every area with the projects and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", type=Path, default=EVALUATION_SET)
    parser.add_argument("--data", type=Path, default=Path("data"))
    arguments = parser.parse_args()
    encoder = BundledModel(arguments.data).encoder
    rows = [json.loads(line) for line in (arguments.set / "queries.jsonl").open(encoding="utf-8")]
    of_health = set((arguments.set / "health_queries.txt").read_text("utf-8").split())
    health = np.array([row["id"] in of_health for row in rows])
    texts = [f"{row['title']}\n{row['text'][:WHOLE_LENGTH]}" for row in rows]
    vectors = encoder.passages(texts)
    print(f"{len(rows)} projects, {health.sum()} of health.")
    similarities = {
        area: _similarities(focus.words, encoder, vectors) for area, focus in FOCUS_AREAS.items()
    }
    for area, meaning in similarities.items():
        nearest = np.argsort(-meaning)[:MAX_AWARDS]
        nearest = nearest[meaning[nearest] >= MIN_SIMILARITY]
        print(f"{area:20} {len(nearest):4} found, {health[nearest].mean():.2f} of health")
    for bound in BOUNDS:
        _print_bound(bound, list(similarities.values()), health)
    return 0


def _similarities(words: str, encoder: Encoder, vectors: Vectors) -> np.ndarray:
    query = read_query(words, encoder)
    near = role_similarities(
        query.parts, query.vectors @ vectors.T, PassageGroups.one_each(len(vectors))
    )
    return np.asarray(meaning_strength(near, encoder.unrelated))


def _print_bound(bound: float, similarities: list[np.ndarray], health: np.ndarray) -> None:
    counted = [
        (meaning >= bound) & (meaning >= np.sort(meaning)[-MAX_AWARDS]) for meaning in similarities
    ]
    total = sum(int(one.sum()) for one in counted)
    right = sum(int((one & health).sum()) for one in counted)
    reached = np.any(counted, axis=0) & health
    print(
        f"likeness from {bound:.2f}: {total / len(similarities):.0f} projects an area, "
        f"{right / max(total, 1):.2f} of them of health; {reached.sum() / health.sum():.2f} of the "
        "health projects are in some area"
    )


if __name__ == "__main__":
    raise SystemExit(main())
