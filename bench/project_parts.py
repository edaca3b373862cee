"""What of a text counts as the project: learn it from examples, and measure it on others.

    python -m bench.project_parts [FOLDER] [--sets DIR] [--write]

FOLDER keeps models and vectors. Half of the examples in `index/training/section_examples` are
learned from, with projects of ours and some of those below `--sets`; the other half is looked at
with projects that were left out. ``--write`` learns and writes the shipped weights; without it they
are measured.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.held_out import BundledModel
from bench.pilots import pilots_of
from bench.single_lines import print_lines, texts_with_lines
from index.embedding.encoder import Encoder
from index.search.sections.kind import KINDS, SectionKind
from index.search.sections.model import PROJECT, SHIPPED_WEIGHTS, SectionModel
from index.training.known_text import KnownText
from index.training.section_model import LearnedText, learn, read_known, shapes_of
from index.training.section_texts import Half, TextMaker

COUNTS = 0.25
"""Chance of being of the project from which a section counts at least half."""

_SEED = 1


@dataclass(frozen=True)
class Sizes:
    """How many texts are made: for shapes alone, with vectors, and to look at."""

    shapes: int = 360
    vectors: int = 240
    projects: int = 60
    alone: int = 120
    look: int = 40


def main() -> int:
    """Learn if asked to, and measure."""
    arguments = _arguments()
    encoder = BundledModel(arguments.folder).encoder
    projects = _projects(arguments.sets)
    held = len(projects) // 4
    if arguments.write:
        model = _learn(projects[held:], encoder, Sizes())
        model.write(SHIPPED_WEIGHTS)
        return 0
    model = SectionModel.read(SHIPPED_WEIGHTS)
    pilots = [
        text
        for one in pilots_of(arguments.sets / "pilots" / "vinnova_medtech.jsonl")
        for text in one.texts.values()
    ]
    maker = TextMaker(Half.LOOK, pilots, _SEED + 1)
    looked = [read_known(maker.make(), encoder) for _ in range(Sizes.look)]
    clean = [read_known(project_alone(text), encoder) for text in projects[:held][: Sizes.look]]
    alone = [read_known(project_alone(text), encoder) for text in pilots[:: Sizes.look // 8]]
    for name, texts in (("made", looked), ("projects", clean), ("pilots", alone)):
        for vectors in (True, False):
            print_counted(name, model, texts, vectors=vectors)
    lines = [
        (name, read_known(known, encoder))
        for name, known in texts_with_lines([one[:1500] for one in pilots[3::9]], Half.LOOK)
    ]
    for vectors in (True, False):
        print_lines(model, lines, encoder, vectors=vectors)
    return 0


def _learn(projects: Sequence[str], encoder: Encoder, sizes: Sizes) -> SectionModel:
    plain = TextMaker(Half.LEARN, projects[: sizes.shapes], _SEED, framed=True)
    shapes = [shapes_of(plain.make()) for _ in range(sizes.shapes)]
    shapes += [shapes_of(project_alone(text)) for text in projects[: sizes.shapes // 2]]
    few = projects[: sizes.projects]
    maker = TextMaker(Half.LEARN, few, _SEED)
    texts = [read_known(maker.make(), encoder) for _ in range(sizes.vectors)]
    alone = projects[: sizes.alone]
    texts += [read_known(project_alone(text), encoder) for text in alone]
    return learn(shapes, texts, encoder.fingerprint.rpartition("-")[0])


def print_counted(
    name: str, model: SectionModel, texts: Iterable[LearnedText], *, vectors: bool
) -> None:
    """Print which share of the characters of each kind counts, and of the project's sections."""
    counted, every = np.zeros(len(KINDS)), np.zeros(len(KINDS))
    kept: list[bool] = []
    for one in texts:
        chances = model.chances(one.text, one.sections, one.vectors if vectors else None)
        is_kept = chances[:, PROJECT] >= COUNTS
        lengths = np.array([section.span.end - section.span.start for section in one.sections])
        np.add.at(counted, one.kinds, lengths * is_kept)
        np.add.at(every, one.kinds, lengths)
        kept += is_kept[one.kinds == PROJECT].tolist()
    shares = ", ".join(
        f"{kind} {counted[n] / every[n]:.3f}" for n, kind in enumerate(KINDS) if every[n]
    )
    how = "vectors and shapes" if vectors else "shapes alone"
    print(f"{name}, {how}: {np.mean(kept):.4f} of {len(kept)} sections kept; letters: {shares}")


def project_alone(text: str) -> KnownText:
    """Return a text that is all project."""
    known = KnownText()
    known.add(text, SectionKind.PROJECT)
    return known


def _projects(sets: Path) -> list[str]:
    """Return real projects, title and text, from all the sets, shuffled."""
    rows = [
        json.loads(line)
        for folder in sorted(path.parent for path in sets.glob("*/queries.jsonl"))
        for line in (folder / "queries.jsonl").read_text("utf-8").splitlines()
    ]
    texts = [f"{row['title']}\n{row['text']}" for row in rows]
    random.Random(_SEED).shuffle(texts)  # noqa: S311  a sample, not a secret
    return texts


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("data"))
    parser.add_argument("--sets", type=Path, default=Path("../shared/eval"))
    parser.add_argument("--write", action="store_true", help="learn, and write the weights")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
