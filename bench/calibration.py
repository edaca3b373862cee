"""Is a score the probability that a call is worth reading? A curve fitted, and its error.

Queries are on topics that training left out. On half of them the curve of
`index/search/calibration.py` is fitted, to the first ten hits of every query; on the other half the
expected calibration error is measured: in ten bins of score, how far the mean score is from the
share that is right, weighed by the bin's size. Only the answers of the set are right; other calls
that would have done count as wrong. ``--svg FILE`` draws the reliability plot.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.held_out import BundledModel, HeldOutSet, held_out_sets
from index.embedding.model import SHIPPED
from index.evaluation.qrels import EvaluationQuery
from index.search.calibration import CalibrationCurve

TOP = 10
BINS = 10

Doubles = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class RankedHits:
    """Hits of some queries: deviations above the background, which are right, the shipped curve."""

    deviations: Doubles
    right: NDArray[np.bool_]
    shipped: CalibrationCurve

    def scores(self, curve: CalibrationCurve) -> Doubles:
        """Return the probabilities by ``curve``."""
        return np.array([curve.probability(one) for one in self.deviations])


def rank_queries(held: HeldOutSet, questions: Iterable[EvaluationQuery]) -> RankedHits:
    """Return the first hits of ``questions``."""
    hits = [
        (hit, hit.document in held.best_answers(question))
        for question in questions
        for hit in held.searcher.search(held.searcher.query(question.text), top=TOP)
    ]
    deviations = [hit.background.deviations(hit.strength) for hit, _ in hits]
    right = np.array([right for _, right in hits], np.bool_)
    return RankedHits(np.array(deviations), right, hits[-1][0].background.curve)


def reliability_bins(
    scores: Doubles, right: NDArray[np.bool_]
) -> Iterator[tuple[int, float, float]]:
    """Yield each bin that is not empty: its size, mean score, and share that is right."""
    place = np.minimum((scores * BINS).astype(int), BINS - 1)
    for number in range(BINS):
        chosen = place == number
        if chosen.any():
            yield int(chosen.sum()), float(scores[chosen].mean()), float(right[chosen].mean())


def calibration_error(scores: Doubles, right: NDArray[np.bool_]) -> float:
    """Return the expected calibration error."""
    bins = reliability_bins(scores, right)
    return sum(size * abs(score - share) for size, score, share in bins) / len(scores)


def fit_curve(several: Sequence[RankedHits]) -> CalibrationCurve:
    """Return the likeliest curve; sets count the same."""
    x = np.concatenate([one.deviations for one in several])
    y = np.concatenate([one.right for one in several]).astype(float)
    weight = np.concatenate([np.full(len(o.right), 1 / len(o.right)) for o in several])
    table = np.stack([x, np.ones_like(x)], axis=1)
    curve = np.zeros(2)
    for _ in range(50):  # Newton's steps
        odds = 1 / (1 + np.exp(-table @ curve))
        hessian = (table * (weight * odds * (1 - odds))[:, None]).T @ table
        curve += np.linalg.solve(hessian + 1e-9 * np.eye(2), table.T @ (weight * (y - odds)))
    return CalibrationCurve(float(-curve[1] / curve[0]), float(curve[0]))


def main() -> int:
    """Fit, measure, print."""
    arguments = _arguments()
    models = BundledModel(arguments.data, arguments.adapter)
    learned: dict[str, RankedHits] = {}
    judged: dict[str, RankedHits] = {}
    for held in held_out_sets(arguments.sets, models):
        learned[held.name], judged[held.name] = (
            rank_queries(held, held.learn),
            rank_queries(held, held.judge),
        )
    for kind in dict.fromkeys(one.shipped for one in judged.values()):
        curve = fit_curve([one for one in learned.values() if one.shipped == kind])
        print(f"fitted: half {curve.half:.2f}, slope {curve.slope:.2f}; shipped: {kind}")
    print(f"{'calibration error on other topics':40}{'shipped':>10}{'fitted on other sets':>24}")
    for name, seen in judged.items():
        unseen = _error_on_unseen(name, seen, learned)
        shipped = calibration_error(seen.scores(seen.shipped), seen.right)
        print(f"{name:40}{shipped:10.3f}{unseen:24.3f}")
    scores = np.concatenate([one.scores(one.shipped) for one in judged.values()])
    right = np.concatenate([one.right for one in judged.values()])
    print(f"{'all':40}{calibration_error(scores, right):10.3f}\n\n  hits  score  right")
    for count, score, share in reliability_bins(scores, right):
        print(f"{count:6}  {score:.3f}  {share:.3f}  {'#' * round(40 * share)}")
    if arguments.svg:
        arguments.svg.write_text(_plot(list(reliability_bins(scores, right))), "utf-8")
    return 0


def _error_on_unseen(name: str, seen: RankedHits, learned: dict[str, RankedHits]) -> float:
    """Return the error by a curve that was fitted on the other folders alone."""
    folder = name.partition(",")[0]
    others = [
        one
        for other, one in learned.items()
        if other.partition(",")[0] != folder and one.shipped == seen.shipped
    ]
    return calibration_error(seen.scores(fit_curve(others)), seen.right) if others else float("nan")


def _plot(points: list[tuple[int, float, float]]) -> str:
    """Draw the share that is right over the score: on the line is calibrated."""
    size, edge = 360, 40

    def x(value: float) -> float:
        return edge + value * size

    def y(value: float) -> float:
        return edge + (1 - value) * size

    dots = "".join(
        f'<circle cx="{x(score):.1f}" cy="{y(share):.1f}" r="5"><title>{n} hits</title></circle>'
        for n, score, share in points
    )
    marks = "".join(
        f'<text x="{x(v):.0f}" y="{edge + size + 16}" text-anchor="middle">{v:.1f}</text>'
        f'<text x="{edge - 6}" y="{y(v) + 4:.0f}" text-anchor="end">{v:.1f}</text>'
        for v in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size + 2 * edge} '
        f'{size + 2 * edge + 10}" font-family="sans-serif" font-size="12">'
        '<rect width="100%" height="100%" fill="#fff"/>'
        f'<rect x="{edge}" y="{edge}" width="{size}" height="{size}" fill="none" stroke="#999"/>'
        f'<path d="M{x(0)} {y(0)}L{x(1)} {y(1)}" stroke="#999" stroke-dasharray="4"/>'
        f'<g fill="#0b5cad">{dots}</g>{marks}'
        f'<text x="{x(0.5)}" y="{edge + size + 34}" text-anchor="middle">score</text>'
        f'<text x="{edge}" y="{edge - 12}">share that is right</text></svg>\n'
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=Path, default=Path("../shared/eval"))
    parser.add_argument("--data", type=Path, default=Path("data"))
    parser.add_argument("--adapter", default=SHIPPED, help="`none` for the model as it came")
    parser.add_argument("--svg", type=Path, help="where to draw the reliability plot")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
