"""Training: pairs split by topic, a small adapter, and continuing after an interruption."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from index.embedding.adapter import Adapter
from index.embedding.model import BUNDLED, resolve_model
from index.embedding.sentence_encoder import SentenceEncoder
from index.errors import IndexingError, ModelError
from index.training.dataset import read_dataset
from index.training.trainer import TrainingConfig, train

TOPICS = [
    ("Heart failure at home", "Remote care of patients with heart failure.", "Hjärtsvikt hemma"),
    ("Offshore wind", "Foundations of wind turbines at sea.", "Vindkraft till havs"),
    ("Teaching mathematics", "How children learn to count.", "Matematik i skolan"),
    ("Battery recycling", "Metals from used batteries.", "Återvinning av batterier"),
    ("Rural broadband", "Fibre for villages.", "Bredband på landsbygden"),
    ("Sepsis tests", "A test at the bedside for sepsis.", "Snabbtest för sepsis"),
    ("Forest fires", "Early warning of fires.", "Skogsbränder"),
    ("Museum archives", "Old photographs made searchable.", "Museers arkiv"),
]
CONFIG = TrainingConfig(rank=2, longest=24, batch=2, pairs=3, epochs=2, rate=0.1, held_out=0.5)


def write_data(folder: Path, language: str) -> Path:
    """Write evaluation data: projects on each topic, in ``language``."""
    folder.mkdir(parents=True)
    corpus, queries, answers = [], [], []
    for number, (title, text, swedish) in enumerate(TOPICS):
        corpus.append({"id": f"c{number}", "title": title, "text": text * 3, "lang": "en"})
        query = swedish if language == "sv" else f"Project on {title.lower()}"
        queries.append({"id": f"q{number}", "title": query, "text": query, "lang": language})
        answers.append(f"q{number}\tc{number}\t1")
    for name, rows in (("corpus", corpus), ("queries", queries)):
        lines = "\n".join(json.dumps(row) for row in rows)
        (folder / f"{name}.jsonl").write_text(lines, "utf-8")
    (folder / "qrels.tsv").write_text("\n".join(answers), "utf-8")
    return folder


def test_no_topic_is_both_taught_and_held_out(tmp_path: Path) -> None:
    dataset = read_dataset(write_data(tmp_path / "one", "en"), 0.5, seed=1)
    taught, held_out = (
        {one.topic for one in part} for part in (dataset.training_pairs, dataset.held_out_pairs)
    )
    assert taught
    assert held_out
    assert not taught & held_out
    assert len(taught | held_out) == len(TOPICS)
    assert not dataset.bilingual
    assert read_dataset(write_data(tmp_path / "two", "sv"), 0.5, seed=1).bilingual


def test_a_folder_without_data_is_named(tmp_path: Path) -> None:
    with pytest.raises(IndexingError, match=r"corpus\.jsonl"):
        train([tmp_path], None, tmp_path / "work", CONFIG)


def test_a_damaged_adapter_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "adapter.safetensors"
    path.write_bytes(b"no adapter")
    with pytest.raises(ModelError, match="fundscout train"):
        Adapter.read(path)


@pytest.mark.model
def test_training_can_be_interrupted_and_what_it_learned_is_merged(
    models: Path, tmp_path: Path
) -> None:
    folders = [write_data(tmp_path / "en", "en"), write_data(tmp_path / "sv", "sv")]
    steps: list[int] = []

    def trained(work: Path) -> tuple[Adapter, SentenceEncoder]:
        encoder = SentenceEncoder(resolve_model(BUNDLED, models))
        progress = lambda _: lambda done, _: steps.append(done)  # noqa: E731  shorter than a def
        return train(folders, encoder.model, work, CONFIG, progress), encoder

    adapter, student = trained(tmp_path / "work")
    assert steps
    again, _ = trained(tmp_path / "work")
    for name, tensor in adapter.tensors.items():
        assert np.array_equal(tensor, again.tensors[name])
    path = tmp_path / "adapter.safetensors"
    adapter.write(path)
    assert path.stat().st_size < 200_000
    assert Adapter.read(path).recipe["data"][0]["held_out"] > 0
    plain = SentenceEncoder(resolve_model(BUNDLED, models))
    merged = SentenceEncoder(resolve_model(BUNDLED, models, str(path)))
    text = ["Care of heart failure at home"]
    assert np.allclose(merged.queries(text), student.queries(text), atol=2e-3)
    assert float((merged.queries(text) @ plain.queries(text).T)[0, 0]) < 0.9999
    assert merged.fingerprint != plain.fingerprint
