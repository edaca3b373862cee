"""Train an adapter: the upper blocks of a model learn from projects and the calls that funded them.

Each step takes a batch from every course and asks that a query be nearer to its own document than
to all others of the batch (InfoNCE). Documents near by that did not fund the project are mined as
hard negatives. In a bilingual course the other projects' texts in the query's own language are
negatives too, so that a shared language is no reason to be near; and the same text asked in both
languages must rank the calls of the step alike.
"""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.embedding.adapter import Adapter, attach_adapter
from index.embedding.cache import Progress
from index.training.dataset import Dataset, read_dataset
from index.training.features import VIEWS, WHOLE, TrainingFeatures, prepare_features
from index.training.hidden_states import FrozenLayers, TokenStates, run_blocks

if TYPE_CHECKING:
    from torch import Tensor

_NEGATIVE_RANKS = slice(2, 40)
"""Ranks that hard negatives are drawn from: the very first are too often right as well."""

_CHECKPOINT_STEPS = 10
_WARM_UP_STEPS = 10
_MASKED_LOGIT = -1e4
_ENCODE_BATCH_SIZE = 64

_SAMPLE_SIZE = 500
"""Queries and documents that tell the usual cosine."""

_RANKING_TEMPERATURE = 0.05
"""Temperature of the rankings that two languages are compared by."""


@dataclass(frozen=True)
class TrainingConfig:
    """Everything that decides the outcome, besides data and model.

    ``first`` block that learns, ``rank`` of the change, ``longest`` text in tokens, lessons of a
    ``batch`` and of a bilingual one (``pairs``), learning ``rate``, how much it counts that two
    languages rank ``alike``, and the share ``held_out``.
    """

    first: int = 8
    rank: int = 24
    longest: int = 160
    batch: int = 64
    pairs: int = 40
    epochs: int = 2
    rate: float = 8e-4
    temperature: float = 0.03
    alike: float = 1.0
    held_out: float = 0.2
    seed: int = 7


def train(
    folders: Sequence[Path],
    model: Any,
    work: Path,
    recipe: TrainingConfig | None = None,
    progress: Callable[[str], Progress] = lambda _: lambda *_: None,
) -> Adapter:
    """Train an adapter for ``model`` on the courses in ``folders``.

    Args:
        folders: evaluation data: corpus.jsonl, queries.jsonl, qrels.tsv.
        model: a sentence-transformers model of BERT's kind; it is changed.
        work: folder for states and checkpoints. Started again, training goes on from there.
        recipe: what to do; the one that measured best when None.
        progress: given a label, returns what is told of steps done and steps in all.

    Raises:
        IndexingError: a folder holds no evaluation data.
    """
    recipe = recipe or TrainingConfig()
    courses = [read_dataset(folder, recipe.held_out, recipe.seed) for folder in folders]
    # a step's calls come first: what two languages make of them is compared after
    courses.sort(key=lambda course: course.bilingual)
    lower = FrozenLayers(
        model[0].auto_model, model.tokenizer, recipe.first, recipe.longest, work / "states"
    )
    materials = [
        prepare_features(course, lower, progress(f"Reading {course.name}")) for course in courses
    ]
    run = _TrainingRun(model[0].auto_model.encoder.layer, materials, recipe, work / "checkpoint")
    tell = progress("Training")
    for step in range(run.done, run.steps):
        run.step(step)
        if (step + 1) % _CHECKPOINT_STEPS == 0 or step + 1 == run.steps:
            run.save(step + 1)
        tell(step + 1, run.steps)
    said = _metadata(recipe, courses) | {"unrelated": run.unrelated()}
    return Adapter(run.weights, said, "")


def _metadata(recipe: TrainingConfig, courses: Sequence[Dataset]) -> dict[str, Any]:
    data = [
        {
            "name": c.name,
            "sha256": c.sha256,
            "taught": len(c.training_pairs),
            "held_out": len(c.held_out_pairs),
        }
        for c in courses
    ]
    return dataclasses.asdict(recipe) | {"data": data}


class _TrainingRun:
    """One training: its weights, and how far it has come."""

    def __init__(
        self,
        blocks: Any,
        materials: Sequence[TrainingFeatures],
        recipe: TrainingConfig,
        folder: Path,
    ) -> None:
        import torch  # noqa: PLC0415  seconds to import

        torch.manual_seed(recipe.seed)
        self.weights = attach_adapter(blocks, recipe.first, recipe.rank)
        self._upper = blocks[recipe.first :]
        self._materials = materials
        self._recipe = recipe
        self._folder = folder
        self._near: dict[str, list[list[int]]] = {}
        self._optimiser = torch.optim.AdamW(self.weights.values(), recipe.rate, weight_decay=0.0)
        largest = max(len(m.dataset.training_pairs) for m in materials if not m.dataset.bilingual)
        self.steps_per_epoch = max(1, largest // recipe.batch)
        self.steps = self.steps_per_epoch * recipe.epochs
        self.done = self._resume()

    def step(self, step: int) -> None:
        """Learn from one batch of every course."""
        import torch  # noqa: PLC0415  seconds to import

        chance = random.Random(f"{self._recipe.seed}-{step}")  # noqa: S311  a sample, not a secret
        warm = min(1.0, (step + 1) / _WARM_UP_STEPS)
        left = max(0.05, 1 - step / self.steps)
        for group in self._optimiser.param_groups:
            group["lr"] = self._recipe.rate * warm * left
        calls: Tensor | None = None
        for material in self._materials:
            if material.dataset.bilingual:
                loss = self._translation_loss(material, chance, calls)
            else:
                loss, calls = self._funding_loss(material, step, chance)
            loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(list(self.weights.values()), 1.0)
        self._optimiser.step()
        self._optimiser.zero_grad()

    def _funding_loss(
        self, material: TrainingFeatures, step: int, chance: random.Random
    ) -> tuple[Tensor, Tensor]:
        """Return the loss of projects against the calls that funded them, and near misses.

        The calls' vectors come with it: (calls, width).
        """
        course = material.dataset
        lessons = self._batch_rows(material, step)
        near = self._hard_negatives(material, step)
        rows = [course.training_pairs[lesson].document for lesson in lessons]
        rows += [chance.choice(near[lesson]) for lesson in lessons if near[lesson]]
        views = chance.choices(VIEWS, (0.25, 0.4, 0.35), k=len(lessons))
        asked = [material.query_states[n][view] for n, view in zip(lessons, views, strict=True)]
        view = chance.choices(VIEWS, (0.25, 0.75, 0.0))[0]
        told = self._encode([material.document_states[row][view] for row in rows])
        topics = np.array([course.topics[row] for row in rows])
        same = topics[: len(lessons), None] == topics[None, :]
        np.fill_diagonal(same, val=False)
        return self._info_nce_loss(self._encode(asked), told, same), told.detach()

    def _translation_loss(
        self, material: TrainingFeatures, chance: random.Random, calls: Tensor | None
    ) -> Tensor:
        """Return the loss of texts against themselves in the other language."""
        taught = len(material.dataset.training_pairs)
        lessons = chance.sample(range(taught), min(self._recipe.pairs, taught))
        asked, again, other, own = [], [], [], []
        for lesson in lessons:
            row = material.dataset.training_pairs[lesson].document
            forth = chance.random() < 0.65  # noqa: PLR2004  queries are oftener in the first language
            view = chance.choices(VIEWS, (0.3, 0.4, 0.3))[0]
            here, there = (
                material.query_states[lesson][view],
                material.reverse_query_states[row][view],
            )
            asked.append(here if forth else there)
            again.append(there if forth else here)
            view = chance.choices(VIEWS, (0.2, 0.6, 0.2))[0]
            other.append(
                (
                    material.document_states[row]
                    if forth
                    else material.reverse_document_states[lesson]
                )[view]
            )
            own.append(
                (
                    material.reverse_document_states[lesson]
                    if forth
                    else material.document_states[row]
                )[view]
            )
        size = len(lessons)
        itself = np.concatenate([np.zeros((size, size)), np.eye(size)], axis=1).astype(bool)
        asking = self._encode(asked)
        told = self._encode(other + own)
        unlike = self._language_divergence(
            asking, self._encode(again), told if calls is None else calls
        )
        return self._info_nce_loss(asking, told, itself) + self._recipe.alike * unlike

    def _language_divergence(self, asked: Tensor, again: Tensor, told: Tensor) -> Tensor:
        """Return how differently the same queries in two languages see ``told``.

        The distance of their vectors, and the divergence of what they make of each document.
        """
        import torch  # noqa: PLC0415  seconds to import

        apart = 1 - (asked * again).sum(1).mean()
        one, other = (
            torch.log_softmax(vectors @ told.detach().T / _RANKING_TEMPERATURE, 1)
            for vectors in (asked, again)
        )
        diverging = ((one.exp() - other.exp()) * (one - other)).sum(1).mean()
        return apart + diverging

    def _batch_rows(self, material: TrainingFeatures, step: int) -> list[int]:
        """Return the lessons of a step, no two on the same topic."""
        epoch, place = divmod(step, self.steps_per_epoch)
        order = list(range(len(material.dataset.training_pairs)))
        random.Random(f"{self._recipe.seed}-epoch-{epoch}").shuffle(order)  # noqa: S311  the same
        start = place * self._recipe.batch
        found: dict[str, int] = {}
        for lesson in (order * 2)[start : start + self._recipe.batch]:
            found.setdefault(material.dataset.training_pairs[lesson].topic, lesson)
        return list(found.values())

    def _hard_negatives(self, material: TrainingFeatures, step: int) -> list[list[int]]:
        """Return near misses of every lesson; mined again at the start of each epoch."""
        key = f"{material.dataset.name}-{step // self.steps_per_epoch}"
        if key not in self._near:
            course = material.dataset
            told = self._encode_frozen([views[WHOLE] for views in material.document_states])
            asked = self._encode_frozen([views[WHOLE] for views in material.query_states])
            order = np.argsort(-(asked @ told.T), axis=1)[:, : _NEGATIVE_RANKS.stop * 2].tolist()
            self._near = {
                key: [
                    [row for row in rows if course.topics[row] != lesson.topic][_NEGATIVE_RANKS]
                    for rows, lesson in zip(order, course.training_pairs, strict=True)
                ]
            }
        return self._near[key]

    def _info_nce_loss(self, asked: Tensor, told: Tensor, left_out: Any) -> Tensor:
        """Return the mean surprise that each query's own document, in its row, is the nearest."""
        import torch  # noqa: PLC0415  seconds to import

        logits = asked @ told.T / self._recipe.temperature
        logits = logits.masked_fill(torch.from_numpy(left_out), _MASKED_LOGIT)
        return torch.nn.functional.cross_entropy(logits, torch.arange(len(asked)))

    def _encode(self, states: Sequence[TokenStates]) -> Tensor:
        """Return unit vectors: (texts, width), by the mean over tokens."""
        import torch  # noqa: PLC0415  seconds to import

        longest = max(len(state) for state in states)
        hidden = torch.zeros(len(states), longest, states[0].shape[1])
        mask = torch.zeros(len(states), longest)
        for row, state in enumerate(states):
            hidden[row, : len(state)] = torch.from_numpy(state.astype(np.float32))
            mask[row, : len(state)] = 1
        hidden = run_blocks(self._upper, hidden, mask)
        pooled = (hidden * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)
        return torch.nn.functional.normalize(pooled, dim=-1)

    def _encode_frozen(self, states: Sequence[TokenStates]) -> Any:
        """Encode many states without learning: (texts, width) as an array."""
        import torch  # noqa: PLC0415  seconds to import

        order = sorted(range(len(states)), key=lambda row: len(states[row]))
        parts = []
        with torch.no_grad():
            for start in range(0, len(order), _ENCODE_BATCH_SIZE):
                rows = order[start : start + _ENCODE_BATCH_SIZE]
                parts.append(self._encode([states[row] for row in rows]).numpy())
        found = np.concatenate(parts)
        return found[np.argsort(order)]

    def unrelated(self) -> float:
        """Return the cosine that three of four queries and documents exceed."""
        quartiles = []
        for material in self._materials:
            told = self._encode_frozen(
                [views[WHOLE] for views in material.document_states[:_SAMPLE_SIZE]]
            )
            asked = self._encode_frozen(
                [views[WHOLE] for views in material.query_states[:_SAMPLE_SIZE]]
            )
            quartiles.append(float(np.percentile(asked @ told.T, 25)))
        return round(float(np.mean(quartiles)), 3)

    def save(self, done: int) -> None:
        """Keep weights and the optimiser's memory; an interruption loses no more than this."""
        from safetensors.torch import save_file  # noqa: PLC0415  seconds to import

        kept = {name: tensor.detach() for name, tensor in self.weights.items()}
        for name, tensor in self.weights.items():
            memory = self._optimiser.state[tensor]
            kept |= {f"{part}:{name}": memory[part] for part in ("exp_avg", "exp_avg_sq", "step")}
        self._folder.mkdir(parents=True, exist_ok=True)
        fresh = self._folder / "next.safetensors"
        save_file(kept, fresh, {"done": str(done), "of": self._training_id()})
        fresh.replace(self._folder / "last.safetensors")

    def _resume(self) -> int:
        """Take up the last checkpoint of the same training; return the steps it had done."""
        import torch  # noqa: PLC0415  seconds to import
        from safetensors import safe_open  # noqa: PLC0415  the same

        path = self._folder / "last.safetensors"
        if not path.exists():
            return 0
        with safe_open(path, framework="pt") as file:
            said = file.metadata() or {}
            if said.get("of") != self._training_id():
                return 0
            for name, tensor in self.weights.items():
                with torch.no_grad():
                    tensor.copy_(file.get_tensor(name))
                self._optimiser.state[tensor] = {
                    part: file.get_tensor(f"{part}:{name}")
                    for part in ("step", "exp_avg", "exp_avg_sq")
                }
        return int(said["done"])

    def _training_id(self) -> str:
        """What tells this training from others: recipe and data."""
        return str(_metadata(self._recipe, [m.dataset for m in self._materials]))
