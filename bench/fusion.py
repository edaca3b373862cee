"""Learns how the signals are weighed, on half of the topics that training left out.

The weights of `index/search/fusion.py` maximise the likelihood of the right document among the hundred
strongest (a softmax over the list), every set and slice counting the same. The other half of the
topics judges them. What is printed first can be written into `index/search/fusion.py`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from bench.held_out import BundledModel, HeldOutSet, held_out_sets
from index.evaluation.metrics import METRICS, score_metrics, summarise
from index.evaluation.qrels import EvaluationQuery
from index.search.fusion import ROLE_WEIGHTS, SIGNAL_WEIGHTS, WORDS
from index.search.signals.similarity import Values

LIST_LENGTH = 100
STEPS = 60
MIN_WEIGHT = 1e-3
"""Of the weights' squares, so that none runs away."""

SIGNAL_NAMES = (*ROLE_WEIGHTS, WORDS)


@dataclass(frozen=True, eq=False)
class QuerySignals:
    """A question: every document's signals, (documents, len(NAMES)), and the right rows."""

    signals: Values
    right: list[int]
    question: EvaluationQuery


def query_signals(held: HeldOutSet, questions: Iterable[EvaluationQuery]) -> list[QuerySignals]:
    """Return the signals of ``questions``; a role that a query lacks has the mean of the others."""
    rows = np.arange(len(held.ids))
    found = []
    for question in questions:
        query = held.searcher.query(question.text)
        near = held.searcher.role_similarities(query, rows)
        usual: Values = np.mean(list(near.values()), axis=0)
        signals = [near.get(role, usual) for role in ROLE_WEIGHTS]
        signals.append(held.searcher.word_scores(query))
        best = max(question.grades.values())
        right = [row for row, grade in question.grades.items() if grade == best]
        found.append(QuerySignals(np.stack(signals, axis=1).astype(np.float32), right, question))
    return found


def learn_weights(several: Sequence[Sequence[QuerySignals]], unrelated: float) -> Values:
    """Return the weights of `NAMES`, each above 0, as they count in a strength; they sum to 1."""
    lists = [(_candidate_list(one), 1 / len(group)) for group in several for one in group]
    logs = torch.full((len(SIGNAL_NAMES),), -1.5, requires_grad=True)
    solver = torch.optim.LBFGS([logs], max_iter=STEPS, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        solver.zero_grad()
        weights = torch.exp(logs)
        total = MIN_WEIGHT * weights.pow(2).sum()
        for (signals, right), share in lists:
            strengths = 10 * signals @ weights
            missed = torch.logsumexp(strengths, 0) - torch.logsumexp(strengths[right], 0)
            total = total + missed * share / len(several)
        total.backward()  # type: ignore[no-untyped-call]
        return total

    solver.step(loss)  # type: ignore[no-untyped-call]
    weights = torch.exp(logs).detach().numpy()
    # a cosine counts from `unrelated` on, so it fills less of its share than words do
    weights[:-1] *= 1 - unrelated
    found: Values = weights / weights.sum()
    return found


def _candidate_list(one: QuerySignals) -> tuple[torch.Tensor, list[int]]:
    """Return the signals of the strongest documents, and which of them are right."""
    usual = one.signals @ np.array(
        [*(np.array(list(ROLE_WEIGHTS.values())) * 0.7), 0.1], np.float32
    )
    rows = np.union1d(np.argsort(-usual)[:LIST_LENGTH], one.right)
    return torch.tensor(one.signals[rows]), np.flatnonzero(np.isin(rows, one.right)).tolist()


def main() -> int:
    """Learn, judge, print."""
    arguments = _arguments()
    models = BundledModel(arguments.data)
    taught, judged, unrelated = [], {}, 0.0
    for held in held_out_sets(arguments.sets, models):
        taught.append(query_signals(held, held.learn))
        judged[held.name] = query_signals(held, held.judge)
        unrelated = held.searcher.unrelated
    learned = learn_weights(taught, unrelated)
    _print_weights("learned", learned)
    meant = 1 - SIGNAL_WEIGHTS[WORDS]
    shipped = np.array(
        [*(share * meant for share in ROLE_WEIGHTS.values()), SIGNAL_WEIGHTS[WORDS]], np.float32
    )
    _print_weights("shipped", shipped)
    print(f"\n{'on the other topics':36}{'':10}" + "".join(f"{name:>22}" for name in METRICS))
    for name, several in judged.items():
        for system, weights in (("learned", learned), ("shipped", shipped)):
            scale = np.array([*([1 / (1 - unrelated)] * len(ROLE_WEIGHTS)), 1], np.float32)
            outcomes = [
                score_metrics((one.signals @ (weights * scale)).astype(float), one.question.grades)
                for one in several
            ]
            cells = [
                f"{f.value:.3f} [{f.low:.3f}, {f.high:.3f}]" for f in summarise(outcomes).values()
            ]
            print(f"{name:36}{system:10}" + "".join(f"{cell:>22}" for cell in cells))
    return 0


def _print_weights(name: str, weights: Values) -> None:
    meant = float(weights[:-1].sum())
    shares = ", ".join(
        f"{n} {w / meant:.3f}" for n, w in zip(ROLE_WEIGHTS, weights[:-1], strict=True)
    )
    print(f"{name}: meaning {meant:.3f} ({shares}), words {weights[-1]:.3f}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=Path, default=Path("../shared/eval"))
    parser.add_argument("--data", type=Path, default=Path("data"))
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
