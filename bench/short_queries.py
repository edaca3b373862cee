"""The same need in a few words of Swedish and of English: the same first call, at the same score?

    python -m bench.short_queries [SETS] [--needs FILE] [--data FOLDER]

Needs are rows of ``sv`` and ``en``; those of ``bench/short_needs.tsv`` are what the list of words
in `index/text/glossary.py` was first tried on. They are searched in the calls of 2026 of the EU
below SETS (``../shared/eval``).
"""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path

from bench.held_out import BundledModel
from bench.pilots import LANGUAGES, documents_of
from index.search.hit import Hit
from index.search.searcher import Searcher

_NEEDS = Path(__file__).with_name("short_needs.tsv")
_FACTOR = 1.5


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("sets", nargs="?", type=Path, default=Path("../shared/eval"))
    parser.add_argument("--needs", type=Path, default=_NEEDS)
    parser.add_argument("--data", type=Path, default=Path("data"), help="keeps model and vectors")
    arguments = parser.parse_args()
    models = BundledModel(arguments.data)
    calls = documents_of(arguments.sets / "eu_calls_2026" / "corpus.jsonl")
    searcher = models.open_searcher(tuple(calls[id_] for id_ in sorted(calls)))
    with arguments.needs.open(encoding="utf-8", newline="") as file:
        needs = list(csv.DictReader(file, delimiter="\t"))
    same = alike = 0
    for need in needs:
        first = [_first_hit(searcher, need[language]) for language in LANGUAGES]
        is_same = len({hit.document for hit in first}) == 1
        low, high = sorted(hit.score for hit in first)
        same += is_same
        alike += high <= _FACTOR * low
        titles = [calls[hit.document].title("en")[:40] for hit in first]
        sys.stdout.write(
            f"{'same' if is_same else '    '} {need['sv'][:36]:36} "
            f"{first[0].score:.3f} {first[1].score:.3f}  {' | '.join(dict.fromkeys(titles))}\n"
        )
    sys.stdout.write(
        f"{len(needs)} needs: the same first call {same}, scores within {_FACTOR} times {alike}\n"
    )
    return 0


def _first_hit(searcher: Searcher, text: str) -> Hit:
    return searcher.search(searcher.query(text), top=1)[0]


if __name__ == "__main__":
    sys.exit(main())
