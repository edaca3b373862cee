"""How well the index ranks, compared with the committed table: `make quality`.

Queries are only on topics that the shipped adapter was not trained on. Needs folders of evaluation
data (corpus.jsonl, queries.jsonl, qrels.tsv) below the folder given; the committed table was made
with `horizon_europe` and `swecris_sv_en`. A system that loses more than its 95 % interval allows
fails; `--write` makes the table anew.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from index.embedding.cache import VectorCache
from index.embedding.load import load_encoder
from index.embedding.model import BUNDLED, SHIPPED
from index.evaluation.evaluate import evaluate
from index.training.trainer import TrainingConfig

TABLE_PATH = Path(__file__).parent / "quality.json"
SLICES = (("title", "text"), ("title",), ("text",))
COMPARED_METRICS = ("recall@1", "recall@10", "mrr@10")


def main() -> int:
    """Measure, print, compare; return 1 when something was lost."""
    arguments = _arguments()
    encoder = load_encoder(BUNDLED, arguments.data / "models", SHIPPED)
    cache = VectorCache(arguments.data / "vectors.sqlite")
    figures: dict[str, Any] = {}
    for folder in sorted(path.parent for path in arguments.sets.glob("*/qrels.tsv")):
        for fields in SLICES:
            name = f"{folder.name}, {' and '.join(fields)}"
            report = evaluate(
                folder, encoder, cache, fields=fields, held_out=TrainingConfig.held_out
            )
            figures[name] = report.as_json()["systems"]
            print(f"\n{name}\n{report.table()}", flush=True)
    if arguments.write:
        TABLE_PATH.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
        return 0
    losses = _losses(json.loads(TABLE_PATH.read_text("utf-8")), figures)
    print("\n".join(["", *losses]) or "\nNothing was lost.")
    return 1 if losses else 0


def _losses(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """Return a line for each figure below the interval in the committed table, or below a part."""
    losses = []
    for name, systems in now.items():
        for system, figures in systems.items():
            for metric in COMPARED_METRICS:
                earlier = before.get(name, {}).get(system)
                if earlier and figures[metric] < earlier["intervals"][metric][0]:
                    losses.append(
                        f"{name}, {system}: {metric} was {earlier[metric]}, is {figures[metric]}"
                    )
        losses += [
            f"{name}: full is below {part} by {metric}"
            for part in ("lexical", "dense")
            for metric in COMPARED_METRICS
            if systems["full"]["intervals"][metric][1] < systems[part][metric]
        ]
    return losses


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=Path, default=Path("../shared/eval"))
    parser.add_argument("--data", type=Path, default=Path("data"))
    parser.add_argument("--write", action="store_true", help="write the table anew")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
