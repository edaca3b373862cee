"""Train an adapter: the upper blocks of a model learn from projects and the calls that funded them.

Each step takes a batch from every dataset and requires that a query be nearer to its own document
than to all others of the batch (InfoNCE). Near documents that did not fund the project are mined as
hard negatives. In a bilingual dataset the other projects' texts in the query's own language are
negatives too, so that a shared language is no reason to be near; and the same query in both
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
"""Queries and documents of which the usual cosine is measured."""

_RANKING_TEMPERATURE = 0.05
"""Temperature of the rankings that two languages are compared by."""


@dataclass(frozen=True)
class TrainingConfig:
    """Everything that decides the outcome, apart from data and model.

    ``first`` block that learns, ``rank`` of the change, ``longest`` text in tokens, pairs of a
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
    config: TrainingConfig | None = None,
    progress: Callable[[str], Progress] = lambda _: lambda *_: None,
) -> Adapter:
    """Train an adapter for ``model`` on the datasets in ``folders``.

    Args:
        folders: evaluation data: corpus.jsonl, queries.jsonl, qrels.tsv.
        model: a sentence-transformers model of BERT's kind; it is changed.
        work: folder for states and checkpoints. Training that is started again continues there.
        config: what to do; the one that measured best when None.
        progress: given a label, returns a function that is called with (steps done, all steps).

    Raises:
        IndexingError: a folder holds no evaluation data.
    """
    config = config or TrainingConfig()
    datasets = [read_dataset(folder, config.held_out, config.seed) for folder in folders]
    # a step's calls come first: what two languages make of them is compared after
    datasets.sort(key=lambda dataset: dataset.bilingual)
    lower = FrozenLayers(
        model[0].auto_model, model.tokenizer, config.first, config.longest, work / "states"
    )
    features = [
        prepare_features(dataset, lower, progress(f"Reading {dataset.name}"))
        for dataset in datasets
    ]
    run = _TrainingRun(model[0].auto_model.encoder.layer, features, config, work / "checkpoint")
    report = progress("Training")
    for step in range(run.done, run.steps):
        run.step(step)
        if (step + 1) % _CHECKPOINT_STEPS == 0 or step + 1 == run.steps:
            run.save(step + 1)
        report(step + 1, run.steps)
    metadata = _metadata(config, datasets) | {"unrelated": run.unrelated()}
    weights = {name: tensor.detach().numpy() for name, tensor in run.weights.items()}
    return Adapter(weights, metadata, "")


def _metadata(config: TrainingConfig, datasets: Sequence[Dataset]) -> dict[str, Any]:
    data = [
        {
            "name": c.name,
            "sha256": c.sha256,
            "taught": len(c.training_pairs),
            "held_out": len(c.held_out_pairs),
        }
        for c in datasets
    ]
    return dataclasses.asdict(config) | {"data": data}


class _TrainingRun:
    """One training: its weights, and how far it has come."""

    def __init__(
        self,
        blocks: Any,
        features: Sequence[TrainingFeatures],
        config: TrainingConfig,
        folder: Path,
    ) -> None:
        import torch  # noqa: PLC0415  seconds to import

        torch.manual_seed(config.seed)
        self.weights = attach_adapter(blocks, config.first, config.rank)
        self._upper = blocks[config.first :]
        self._features = features
        self._config = config
        self._folder = folder
        self._near: dict[str, list[list[int]]] = {}
        self._optimiser = torch.optim.AdamW(self.weights.values(), config.rate, weight_decay=0.0)
        largest = max(len(m.dataset.training_pairs) for m in features if not m.dataset.bilingual)
        self.steps_per_epoch = max(1, largest // config.batch)
        self.steps = self.steps_per_epoch * config.epochs
        self.done = self._resume()

    def step(self, step: int) -> None:
        """Learn from one batch of every dataset."""
        import torch  # noqa: PLC0415  seconds to import

        chance = random.Random(f"{self._config.seed}-{step}")  # noqa: S311  a sample, not a secret
        warm = min(1.0, (step + 1) / _WARM_UP_STEPS)
        left = max(0.05, 1 - step / self.steps)
        for group in self._optimiser.param_groups:
            group["lr"] = self._config.rate * warm * left
        calls: Tensor | None = None
        for features in self._features:
            if features.dataset.bilingual:
                loss = self._translation_loss(features, chance, calls)
            else:
                loss, calls = self._funding_loss(features, step, chance)
            loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(list(self.weights.values()), 1.0)
        self._optimiser.step()
        self._optimiser.zero_grad()

    def _funding_loss(
        self, features: TrainingFeatures, step: int, chance: random.Random
    ) -> tuple[Tensor, Tensor]:
        """Return the loss of projects against the calls that funded them, and near misses.

        The calls' vectors come with it: (calls, width).
        """
        dataset = features.dataset
        pairs = self._batch_rows(features, step)
        near = self._hard_negatives(features, step)
        rows = [dataset.training_pairs[pair].document for pair in pairs]
        rows += [chance.choice(near[pair]) for pair in pairs if near[pair]]
        views = chance.choices(VIEWS, (0.25, 0.4, 0.35), k=len(pairs))
        queries = [features.query_states[n][view] for n, view in zip(pairs, views, strict=True)]
        view = chance.choices(VIEWS, (0.25, 0.75, 0.0))[0]
        documents = self._encode([features.document_states[row][view] for row in rows])
        topics = np.array([dataset.topics[row] for row in rows])
        same = topics[: len(pairs), None] == topics[None, :]
        np.fill_diagonal(same, val=False)
        loss = self._info_nce_loss(self._encode(queries), documents, same)
        return loss, documents.detach()

    def _translation_loss(
        self, features: TrainingFeatures, chance: random.Random, calls: Tensor | None
    ) -> Tensor:
        """Return the loss of texts against themselves in the other language."""
        count = len(features.dataset.training_pairs)
        pairs = chance.sample(range(count), min(self._config.pairs, count))
        queries, translations, answers, own = [], [], [], []
        for pair in pairs:
            row = features.dataset.training_pairs[pair].document
            forth = chance.random() < 0.65  # noqa: PLR2004  queries are oftener in the first language
            view = chance.choices(VIEWS, (0.3, 0.4, 0.3))[0]
            here, there = (
                features.query_states[pair][view],
                features.reverse_query_states[row][view],
            )
            queries.append(here if forth else there)
            translations.append(there if forth else here)
            view = chance.choices(VIEWS, (0.2, 0.6, 0.2))[0]
            answers.append(
                (
                    features.document_states[row]
                    if forth
                    else features.reverse_document_states[pair]
                )[view]
            )
            own.append(
                (
                    features.reverse_document_states[pair]
                    if forth
                    else features.document_states[row]
                )[view]
            )
        size = len(pairs)
        itself = np.concatenate([np.zeros((size, size)), np.eye(size)], axis=1).astype(bool)
        asking = self._encode(queries)
        documents = self._encode(answers + own)
        divergence = self._language_divergence(
            asking, self._encode(translations), documents if calls is None else calls
        )
        return self._info_nce_loss(asking, documents, itself) + self._config.alike * divergence

    def _language_divergence(
        self, queries: Tensor, translations: Tensor, documents: Tensor
    ) -> Tensor:
        """Return how differently the same queries in two languages rank ``documents``.

        It is the distance of their vectors plus the divergence of their rankings.
        """
        import torch  # noqa: PLC0415  seconds to import

        apart = 1 - (queries * translations).sum(1).mean()
        one, other = (
            torch.log_softmax(vectors @ documents.detach().T / _RANKING_TEMPERATURE, 1)
            for vectors in (queries, translations)
        )
        diverging = ((one.exp() - other.exp()) * (one - other)).sum(1).mean()
        return apart + diverging

    def _batch_rows(self, features: TrainingFeatures, step: int) -> list[int]:
        """Return the pairs of a step, no two on the same topic."""
        epoch, place = divmod(step, self.steps_per_epoch)
        order = list(range(len(features.dataset.training_pairs)))
        random.Random(f"{self._config.seed}-epoch-{epoch}").shuffle(order)  # noqa: S311  the same
        start = place * self._config.batch
        by_topic: dict[str, int] = {}
        for pair in (order * 2)[start : start + self._config.batch]:
            by_topic.setdefault(features.dataset.training_pairs[pair].topic, pair)
        return list(by_topic.values())

    def _hard_negatives(self, features: TrainingFeatures, step: int) -> list[list[int]]:
        """Return near misses of every pair; mined again at the start of each epoch."""
        key = f"{features.dataset.name}-{step // self.steps_per_epoch}"
        if key not in self._near:
            dataset = features.dataset
            documents = self._encode_frozen([views[WHOLE] for views in features.document_states])
            queries = self._encode_frozen([views[WHOLE] for views in features.query_states])
            order = np.argsort(-(queries @ documents.T), axis=1)
            order = order[:, : _NEGATIVE_RANKS.stop * 2].tolist()
            self._near = {
                key: [
                    [row for row in rows if dataset.topics[row] != pair.topic][_NEGATIVE_RANKS]
                    for rows, pair in zip(order, dataset.training_pairs, strict=True)
                ]
            }
        return self._near[key]

    def _info_nce_loss(self, queries: Tensor, documents: Tensor, left_out: Any) -> Tensor:
        """Return the mean surprise that each query's own document, in its row, is the nearest.

        ``left_out`` marks (queries, documents) that are no negatives.
        """
        import torch  # noqa: PLC0415  seconds to import

        logits = queries @ documents.T / self._config.temperature
        logits = logits.masked_fill(torch.from_numpy(left_out), _MASKED_LOGIT)
        return torch.nn.functional.cross_entropy(logits, torch.arange(len(queries)))

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
        return np.concatenate(parts)[np.argsort(order)]

    def unrelated(self) -> float:
        """Return the cosine that three in four pairs of a query and a document exceed."""
        quartiles = []
        for features in self._features:
            documents = self._encode_frozen(
                [views[WHOLE] for views in features.document_states[:_SAMPLE_SIZE]]
            )
            queries = self._encode_frozen(
                [views[WHOLE] for views in features.query_states[:_SAMPLE_SIZE]]
            )
            quartiles.append(float(np.percentile(queries @ documents.T, 25)))
        return round(float(np.mean(quartiles)), 3)

    def save(self, done: int) -> None:
        """Write a checkpoint: the weights and the optimiser's state, after ``done`` steps."""
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
        """Load the last checkpoint of the same training; return the steps it had done."""
        import torch  # noqa: PLC0415  seconds to import
        from safetensors import safe_open  # noqa: PLC0415  the same

        path = self._folder / "last.safetensors"
        if not path.exists():
            return 0
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            if metadata.get("of") != self._training_id():
                return 0
            for name, tensor in self.weights.items():
                with torch.no_grad():
                    tensor.copy_(file.get_tensor(name))
                self._optimiser.state[tensor] = {
                    part: file.get_tensor(f"{part}:{name}")
                    for part in ("step", "exp_avg", "exp_avg_sq")
                }
        return int(metadata["done"])

    def _training_id(self) -> str:
        """Return what identifies this training: config and data."""
        return str(_metadata(self._config, [m.dataset for m in self._features]))
