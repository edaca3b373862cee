"""What a model is worth here, measured on texts of ours when it is first loaded.

Every model has a cosine of its own for two texts that have nothing in common, and some models know
one language only, or none. Subjects of every kind give the first (`index.text.background_subjects`)
and short needs, each with a sentence that answers it, in English and Swedish (``needs.tsv``), the
second: how often is the answer nearer than one to another need?
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from index.embedding.encoder import Encoder, Vectors
from index.errors import ModelError
from index.note import Note, note
from index.text.background_subjects import background_subjects

FLOOR_PERCENTILE = 10
"""Of the cosines of different subjects: what the bundled model's floor is of its own, too."""

_HIGHEST_FLOOR = 0.99
"""Of a model to which all texts are alike; what lies above a floor is divided by its share of 1."""

LEAST_SHARE = 0.9
"""Share of comparisons won below which a model is too weak; chance wins half of them.

Models that know Swedish win .93 or more of each kind, one that knows it from related languages .78,
and one of English alone .64.
"""


@dataclass(frozen=True)
class Need:
    """A need and a sentence that answers it, in English and Swedish."""

    english: str
    english_answer: str
    swedish: str
    swedish_answer: str


@dataclass(frozen=True)
class ModelMeasures:
    """What was measured.

    ``unrelated`` is the cosine of texts that have nothing in common. The others say how often (0 to
    1) the answer to a need is nearer to it than one to another need is: with both in English, both
    in Swedish, and one in each.
    """

    unrelated: float
    english: float
    swedish: float
    across: float

    def weaknesses(self) -> Iterator[Note]:
        """Yield a note on what the model is too weak for; one at most, the gravest."""
        shares = {"english": self.english, "swedish": self.swedish, "across": self.across}
        weak = {name: round(100 * one) for name, one in shares.items() if one < LEAST_SHARE}
        if "english" in weak and "swedish" in weak:
            yield note("weak_model", percent=max(weak["english"], weak["swedish"]))
        elif weak:
            name = next(iter(weak))
            yield note(f"weak_{name}", percent=weak[name])

    def warnings(self) -> Iterator[str]:
        """Yield what a log says of a weak model, without its name."""
        if any(self.weaknesses()):
            yield (
                "is weak here: it knows the answer to a need from one to another need in "
                f"{self.english:.0%} of cases in English, {self.swedish:.0%} in Swedish and "
                f"{self.across:.0%} across the two, where guessing gives 50%. "
                "`fundscout doctor` says what to do."
            )


def measure_model(encoder: Encoder) -> ModelMeasures:
    """Measure a model; reads some four hundred short texts.

    Raises:
        ModelError: it gives no vectors.
    """
    needs = read_needs()
    english = encoder.queries([one.english for one in needs])
    swedish = encoder.queries([one.swedish for one in needs])
    english_answers = encoder.passages([one.english_answer for one in needs])
    swedish_answers = encoder.passages([one.swedish_answer for one in needs])
    across = (
        _comparisons_won(swedish, english_answers),
        _comparisons_won(english, swedish_answers),
    )
    return ModelMeasures(
        unrelated=_floor(encoder),
        english=_comparisons_won(english, english_answers),
        swedish=_comparisons_won(swedish, swedish_answers),
        across=round(sum(across) / 2, 3),
    )


@cache
def read_needs() -> tuple[Need, ...]:
    """Return the needs, in our own words."""
    listed = Path(__file__).with_name("needs.tsv").read_text("utf-8")
    return tuple(Need(*line.split("\t")) for line in listed.splitlines())


def _floor(encoder: Encoder) -> float:
    """Return the cosine that nearly all pairs of different subjects exceed, 0 to `_HIGHEST_FLOOR`.

    Raises:
        ModelError: some subject has no vector.
    """
    subjects = background_subjects()
    cosines = encoder.queries(subjects) @ encoder.passages(subjects).T
    if not np.isfinite(cosines).all():
        raise ModelError(
            "The model gives no vector for some texts: set FUNDSCOUT_MODEL to another."
        )
    different = cosines[~np.eye(len(subjects), dtype=bool)]
    lowest = float(np.percentile(different, FLOOR_PERCENTILE))
    return round(min(max(lowest, 0.0), _HIGHEST_FLOOR), 3)


def _comparisons_won(needs: Vectors, answers: Vectors) -> float:
    """Return how often the answer of a row is nearer to its need than that of another row."""
    cosines = needs @ answers.T
    nearer = np.diag(cosines)[:, None] > cosines
    return round(float(nearer.sum() / (len(needs) * (len(needs) - 1))), 3)
