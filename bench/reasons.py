"""Which pairs of sentences convince: fits and measures the model that decides what is shown.

    python -m bench.reasons [--fit]

`tests/data/judged_reasons.tsv` has pairs of a pilot's sentence and a call's, by id and offset, with
the features that the explaining code computes and what a reader thought of the pair. Pairs were
judged by reading the two sentences and the call's title alone, without any value of the model:

- convincing: a careful adviser would point to it. Both name the same need, method, users or
  setting, and this pilot's, not every project's.
- weak: the same field, or the same method for another purpose; true, but no reason.
- nonsense: they share a general word, how projects are run or paid, or nothing.

Pairs without features are headings, lists and fragments, which are never shown. Pilots are those of
`../shared/eval/pilots`, of `bench/reason_pilots.toml` and of `examples/`. Printed is what is held
out: each pilot's pairs are judged by a model of the other pilots' pairs. `--fit` writes
`index/explain/convincing.toml`.

`tests/data/judged_reasons_fresh.tsv` has pairs that nothing was fitted on: the best two of a match
by the vectors or by shared words, of pilots in many fields. Pilots `swecris:...` are projects of
`../shared/eval/swecris_sv_en`. What the shipped model shows of them is the figure to trust.
"""

from __future__ import annotations

import argparse
import csv
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.explain.convincing import FILE, convincing_model
from index.explain.pair_features import FEATURES, Doubles

JUDGED_FILE = Path("tests/data/judged_reasons.tsv")
FRESH_FILE = Path("tests/data/judged_reasons_fresh.tsv")
"""Pairs of pilots that nothing was fitted on."""

GRADES = ("nonsense", "weak", "convincing")
MODEL = "e5-small"
"""What the fingerprint of the bundled model begins with; the features were computed by it."""

_PENALTY = 3.0
_FOLDS = 10
_ROUNDS = 20
_STEPS = 30
MOST_NONSENSE = 0.05
_FEWEST_SHOWN = 6


@dataclass(frozen=True, eq=False)
class JudgedPairs:
    """Pairs that may be shown: features (pairs, features), grades by `GRADES`, and pilots."""

    features: Doubles
    grades: NDArray[np.int64]
    pilots: NDArray[np.str_]

    @classmethod
    def read(cls, path: Path = JUDGED_FILE) -> JudgedPairs:
        """Read the judged pairs that have features."""
        with path.open(encoding="utf-8", newline="") as file:
            rows = [row for row in csv.DictReader(file, delimiter="\t") if row[FEATURES[0]]]
        return cls(
            np.array([[float(row[name]) for name in FEATURES] for row in rows]),
            np.array([GRADES.index(row["judged"]) for row in rows]),
            np.array([row["pilot"] for row in rows]),
        )

    @property
    def convincing(self) -> Doubles:
        """1 for a pair that convinces, 0 for another: (pairs,)."""
        values: Doubles = (self.grades == GRADES.index("convincing")).astype(np.float64)
        return values


@dataclass(frozen=True, eq=False)
class FittedModel:
    """Weights of the features and, in front, the intercept."""

    weights: Doubles

    @classmethod
    def fit(cls, features: Doubles, convincing: Doubles) -> FittedModel:
        """Fit by Newton's method; weights of features in standard deviations are kept small."""
        mean, deviation = features.mean(axis=0), features.std(axis=0) + 1e-9
        columns = np.c_[np.ones(len(features)), (features - mean) / deviation]
        weights = np.zeros(columns.shape[1])
        penalty = np.diag([0.0, *[_PENALTY] * features.shape[1]])
        for _ in range(_STEPS):
            foreseen = 1 / (1 + np.exp(-columns @ weights))
            spread = foreseen * (1 - foreseen) + 1e-6
            slope = columns.T @ (convincing - foreseen) - penalty @ weights
            weights += np.linalg.solve((columns * spread[:, None]).T @ columns + penalty, slope)
        raw = weights[1:] / deviation
        return cls(np.array([weights[0] - mean @ raw, *raw]))

    def probabilities(self, features: Doubles) -> Doubles:
        """Return how likely pairs convince: (pairs,)."""
        values: Doubles = 1 / (1 + np.exp(-(self.weights[0] + features @ self.weights[1:])))
        return values


def held_out_probabilities(pairs: JudgedPairs, seed: int) -> Doubles:
    """Return what models of the other pilots say of each pair: (pairs,)."""
    pilots = np.unique(pairs.pilots)
    places = np.random.default_rng(seed).permutation(len(pilots)) % _FOLDS
    folds = places[np.searchsorted(pilots, pairs.pilots)]
    values = np.zeros(len(pairs.grades))
    for fold in range(_FOLDS):
        out = folds == fold
        model = FittedModel.fit(pairs.features[~out], pairs.convincing[~out])
        values[out] = model.probabilities(pairs.features[out])
    return values


def shares_shown(pairs: JudgedPairs, values: Doubles, threshold: float) -> tuple[int, float, float]:
    """Return how many pairs are shown, and what shares of them are convincing and nonsense.

    Args:
        pairs: the pairs.
        values: how likely each convinces.
        threshold: from which on a pair is shown.
    """
    shown = pairs.grades[values >= threshold]
    if not len(shown):
        return 0, 0.0, 0.0
    convincing, nonsense = GRADES.index("convincing"), GRADES.index("nonsense")
    return len(shown), float((shown == convincing).mean()), float((shown == nonsense).mean())


def choose_threshold(pairs: JudgedPairs, values: Doubles) -> float:
    """Return the lowest probability from which on hardly anything that is shown is nonsense.

    Held out, and in tenths, since the pairs are few. From .60 on four in five convince, but of a
    hundred matches two would have a reason left: a weak one that is true is more than none.
    """
    steps = [round(step / 10, 1) for step in range(2, 10)]
    sound = [one for one in steps if shares_shown(pairs, values, one)[0] >= _FEWEST_SHOWN]
    return next(one for one in sound if shares_shown(pairs, values, one)[2] <= MOST_NONSENSE)


def ranking_quality(values: Doubles, positive: NDArray[np.bool_]) -> float:
    """Return how often a positive pair has a higher value than another, 0 to 1."""
    above = values[positive][:, None] - values[~positive][None]
    return float((above > 0).mean() + (above == 0).mean() / 2)


def main() -> int:
    """Measure, print, and write the model if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fit", action="store_true", help="Write index/explain/convincing.toml.")
    arguments = parser.parse_args()
    pairs = JudgedPairs.read()
    rounds = [held_out_probabilities(pairs, seed) for seed in range(_ROUNDS)]
    values = np.mean(rounds, axis=0)
    threshold = choose_threshold(pairs, values)
    counts = np.bincount(pairs.grades, minlength=len(GRADES))
    print(
        f"{len(values)} pairs of {len(set(pairs.pilots))} pilots: "
        + ", ".join(f"{count} {name}" for name, count in zip(GRADES, counts, strict=True))
    )
    convinces, is_nonsense = pairs.convincing > 0, pairs.grades == GRADES.index("nonsense")
    print(f"convincing ranked above others: {ranking_quality(values, convinces):.3f}")
    print(f"nonsense ranked below others: {ranking_quality(-values, is_nonsense):.3f}")
    for one in sorted({threshold, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8}):
        shown, convincing, nonsense = shares_shown(pairs, values, one)
        mark = " <- chosen" if one == threshold else ""
        print(
            f"from {one:.2f}: {shown:4} shown, convincing {convincing:.2f}, "
            f"nonsense {nonsense:.2f}{mark}"
        )
    _print_fresh(JudgedPairs.read(FRESH_FILE))
    if arguments.fit:
        model = FittedModel.fit(pairs.features, pairs.convincing)
        FILE.write_text(model_text(model, threshold), "utf-8")
    return 0


def _print_fresh(pairs: JudgedPairs) -> None:
    """Print what the shipped model shows of pairs that nothing was fitted on."""
    model = convincing_model()
    values = model.probabilities(pairs.features)
    shown, convincing, nonsense = shares_shown(pairs, values, model.threshold)
    print(
        f"shipped, {len(values)} pairs of {len(set(pairs.pilots))} pilots not fitted on: {shown} "
        f"shown, convincing {convincing:.2f}, nonsense {nonsense:.2f}; convincing ranked above "
        f"others: {ranking_quality(values, pairs.convincing > 0):.3f}"
    )


def model_text(model: FittedModel, threshold: float) -> str:
    """Return the file of the shipped model."""
    lines = [
        "# Which pairs of sentences convince a reader (index/explain/convincing.py).",
        "# Fitted by `python -m bench.reasons --fit` on tests/data/judged_reasons.tsv.",
        "",
        f'model = "{MODEL}"',
        f"threshold = {threshold}",
        f"intercept = {model.weights[0]:.5f}",
        "",
        "[weights]",
        *(
            f"{name} = {weight:.5f}"
            for name, weight in zip(FEATURES, model.weights[1:], strict=True)
        ),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
