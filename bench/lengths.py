"""How well calls of every length are found: three lines and three pages in one list.

    python -m bench.lengths [SETS] [--data FOLDER]

SETS (``../shared/eval``) has `horizon_europe`, whose 2,384 topics are a few lines each, and
`he_fulltext`, 748 calls with all that applicants read. Measured are: the calls with full text among
themselves, all of them and those on topics that the adapter was not trained on; and the mixed list,
the 2,384 topics of which some have their full text, beside the same list without any. There the
questions are on topics left out of training; but the strength of the correction in
`index/store/words/length_trend.py` was chosen on the mixed list, so that its figures are fitted.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from bench.held_out import SLICES, BundledModel, print_progress
from index.embedding.cache import VectorCache
from index.evaluation.evaluate import SYSTEMS, ComparedSystems
from index.evaluation.metrics import QueryMetrics, summarise
from index.evaluation.qrels import EvaluationQuery, EvaluationSet, is_held_out, topic_of
from index.store import index_data, snapshot
from index.store.build import build
from index.store.document import Document
from index.training.trainer import TrainingConfig

_SHOWN = ("recall@1", "recall@10", "mrr@10")


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("sets", nargs="?", type=Path, default=Path("../shared/eval"))
    parser.add_argument("--data", type=Path, default=Path("data"), help="keeps model and vectors")
    arguments = parser.parse_args()
    bench = LengthBench(arguments.data)
    full = arguments.sets / "he_fulltext"
    bench.compare_full(full)
    bench.compare_mixed(arguments.sets / "horizon_europe", full)
    return 0


class LengthBench:
    """Builds lists of calls, and measures every system on questions over them."""

    def __init__(self, data: Path) -> None:
        self._models = BundledModel(data)
        self._data = data

    def compare_full(self, folder: Path) -> None:
        """Print the figures of the calls with full text among themselves."""
        for fields in SLICES:
            data = EvaluationSet.read(folder, fields)
            measured = self._measure(data.documents, data.queries)
            topics = _topics(data)
            name = f"full texts, {' and '.join(fields)}"
            left_out = {id_ for id_, topic in topics.items() if is_held_out(topic, _SHARE)}
            _print_table(name, measured, set(topics))
            _print_table(f"{name}, topics left out of training", measured, left_out)

    def compare_mixed(self, thin: Path, full: Path) -> None:
        """Print the figures of the thin list, and of the one in which some have their full text."""
        for fields in SLICES:
            data = EvaluationSet.read(thin, fields)
            texts = {one.id: one for one in EvaluationSet.read(full, fields).documents}
            mixed = tuple(texts.get(one.id, one) for one in data.documents)
            topics = _topics(data)
            asked = [query for query in data.queries if is_held_out(topics[query.id], _SHARE)]
            long = {q.id for q in asked if data.documents[_best(q)].id in texts}
            lists = {"thin list": data.documents, "mixed list": mixed}
            measured = {name: self._measure(one, asked) for name, one in lists.items()}
            for is_long, kind in ((False, "thin topics"), (True, "topics with full text")):
                chosen = {query.id for query in asked if (query.id in long) == is_long}
                for name, one in measured.items():
                    _print_table(f"{' and '.join(fields)}, {kind} in the {name}", one, chosen)

    def _measure(
        self, documents: Sequence[Document], queries: Sequence[EvaluationQuery]
    ) -> list[tuple[EvaluationQuery, dict[str, QueryMetrics]]]:
        encoder = self._models.encoder
        cache = VectorCache(self._data / "vectors.sqlite")
        with tempfile.TemporaryDirectory(prefix="fundscout-lengths-") as scratch:
            root = Path(scratch)
            build(tuple(documents), encoder, root, cache, print_progress)
            data = index_data.load(root / (snapshot.current_snapshot(root) or ""))
            self._models.encode_queries([query.text for query in queries])
            systems = ComparedSystems(data, encoder)
            return [(query, systems.measure(query)) for query in queries]


_SHARE = TrainingConfig.held_out


def _topics(data: EvaluationSet) -> dict[str, str]:
    return {query.id: topic_of(data.documents[_best(query)]) for query in data.queries}


def _best(query: EvaluationQuery) -> int:
    return max(query.grades, key=query.grades.__getitem__)


def _print_table(
    title: str,
    measured: Iterable[tuple[EvaluationQuery, dict[str, QueryMetrics]]],
    chosen: Collection[str],
) -> None:
    """Print a line for each system: of the queries whose ids are ``chosen``."""
    measures = [figures for query, figures in measured if query.id in chosen]
    if not measures:
        return
    sys.stdout.write(f"\n{title}: {len(measures)} queries\n")
    for system in SYSTEMS:
        figures = summarise([one[system] for one in measures])
        cells = (
            f"{figures[n].value:.3f} [{figures[n].low:.3f}, {figures[n].high:.3f}]" for n in _SHOWN
        )
        sys.stdout.write(f"  {system:8}" + "".join(f"{cell:>24}" for cell in cells) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
