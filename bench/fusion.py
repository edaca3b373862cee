"""Learns the weights of the signals on half of the topics that training left out.

The weights maximise the likelihood of the right document among the hundred strongest (a softmax
over the list), every set and slice counting the same. The other half of the topics judges them.
What is printed first can be written into `index/search/fusion.py` (signals) and
`index/search/signals/meaning.py` (roles).
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
from index.search.fusion import SIGNAL_WEIGHTS
from index.search.signals.meaning import ROLE_WEIGHTS, MeaningSignal
from index.search.signals.signal import Values

LIST_LENGTH = 100
STEPS = 60
MIN_WEIGHT = 1e-3
"""Of the weights' squares, so that none runs away."""

OTHER_WEIGHTS = {one: weight for one, weight in SIGNAL_WEIGHTS.items() if one is not MeaningSignal}
"""The signals that are learned beside the roles of the meaning."""

ROLE_COUNT = len(ROLE_WEIGHTS)


@dataclass(frozen=True, eq=False)
class QuestionSignals:
    """A question: every document's signals, (documents, roles + others), and the right rows."""

    signals: Values
    right: list[int]
    question: EvaluationQuery


def question_signals(
    held: HeldOutSet, questions: Iterable[EvaluationQuery]
) -> list[QuestionSignals]:
    """Return the signals of ``questions``; a role that a query lacks has the mean of the others."""
    rows = np.arange(len(held.ids))
    corpus = held.searcher.corpus
    measured = []
    for question in questions:
        query = held.searcher.query(question.text)
        near = MeaningSignal(corpus, query).role_similarities(rows)
        mean: Values = np.mean(list(near.values()), axis=0)
        signals = [near.get(role, mean) for role in ROLE_WEIGHTS]
        signals += [signal(corpus, query).values(rows) for signal in OTHER_WEIGHTS]
        best = max(question.grades.values())
        right = [row for row, grade in question.grades.items() if grade == best]
        matrix = np.stack(signals, axis=1).astype(np.float32)
        measured.append(QuestionSignals(matrix, right, question))
    return measured


def learn_weights(several: Sequence[Sequence[QuestionSignals]], unrelated: float) -> Values:
    """Return the weights of roles and other signals in a strength: above 0, they sum to 1."""
    lists = [(_candidate_list(one), 1 / len(group)) for group in several for one in group]
    logs = torch.full((ROLE_COUNT + len(OTHER_WEIGHTS),), -1.5, requires_grad=True)
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
    # a cosine counts from `unrelated` on, so it fills less of its share than others do
    weights[:ROLE_COUNT] *= 1 - unrelated
    shares: Values = weights / weights.sum()
    return shares


def _candidate_list(one: QuestionSignals) -> tuple[torch.Tensor, list[int]]:
    """Return the signals of the strongest documents, and which of them are right."""
    roles = np.array(list(ROLE_WEIGHTS.values())) * 0.7
    strengths = one.signals @ np.array([*roles, *OTHER_WEIGHTS.values()], np.float32)
    rows = np.union1d(np.argsort(-strengths)[:LIST_LENGTH], one.right)
    return torch.tensor(one.signals[rows]), np.flatnonzero(np.isin(rows, one.right)).tolist()


def main() -> int:
    """Learn, judge, print."""
    arguments = _arguments()
    models = BundledModel(arguments.data)
    taught, judged, unrelated = [], {}, 0.0
    for held in held_out_sets(arguments.sets, models):
        taught.append(question_signals(held, held.learn))
        judged[held.name] = question_signals(held, held.judge)
        unrelated = held.searcher.unrelated
    learned = learn_weights(taught, unrelated)
    _print_weights("learned", learned)
    roles = (share * SIGNAL_WEIGHTS[MeaningSignal] for share in ROLE_WEIGHTS.values())
    shipped = np.array([*roles, *OTHER_WEIGHTS.values()], np.float32)
    _print_weights("shipped", shipped)
    print(f"\n{'on the other topics':36}{'':10}" + "".join(f"{name:>22}" for name in METRICS))
    for name, several in judged.items():
        for system, weights in (("learned", learned), ("shipped", shipped)):
            scale = np.array(
                [1 / (1 - unrelated)] * ROLE_COUNT + [1] * len(OTHER_WEIGHTS), np.float32
            )
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
    roles, others = weights[:ROLE_COUNT], weights[ROLE_COUNT:]
    meaning = float(roles.sum())
    shares = ", ".join(
        f"{role} {weight / meaning:.3f}" for role, weight in zip(ROLE_WEIGHTS, roles, strict=True)
    )
    rest = (f", {one.name} {weight:.3f}" for one, weight in zip(OTHER_WEIGHTS, others, strict=True))
    print(f"{name}: meaning {meaning:.3f} ({shares})" + "".join(rest))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=Path, default=Path("../shared/eval"))
    parser.add_argument("--data", type=Path, default=Path("data"))
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
