"""A ranking is the same whatever order Python's sets happen to have in a process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import hashlib, sys, tempfile
from pathlib import Path
from index.embedding.cache import VectorCache
from index.embedding.encoder import HashEncoder
from index.search.searcher import Searcher
from index.store.build import build
from index.store.document import Document, Field

TEXTS = (
    "Diagnostics and diagnosis of leukemia: immune therapy, immunity and clinical trials.",
    "Quantum computers, quantification of climate data and climatology of the cryosphere.",
    "Digital health, digitalisation of hospitals, hospitality and technology transfer.",
    "Vård av hjärtsvikt i hemmet: vårdsamverkan, hjärtsviktsvård, samverkan och hemvård.",
    "Samverkan om vård: hjärtsvikt, hemvård och fallprevention i hemmet.",
)
QUERY = "Diagnostik av leukemi med immunterapi, klinisk digitalisering, kvantteknologi och klimat."
with tempfile.TemporaryDirectory() as folder:
    root = Path(folder)
    fields = [Field("texts", "sv" if "vård" in text else "en", text) for text in TEXTS]
    documents = [Document(str(n), (field,)) for n, field in enumerate(fields)]
    build(documents, HashEncoder(), root / "s", VectorCache(root / "v.sqlite"))
    searcher = Searcher.open(root / "s", HashEncoder())
    for language in ("sv", "en"):
        for hit in searcher.search(searcher.query(QUERY, language)):
            print(hit.document, hit.score.hex(), hit.strength.hex())
    for name in sorted((root / "s").rglob("*.*")):
        if name.name != "manifest.json":
            print(name.name, hashlib.sha256(name.read_bytes()).hexdigest())
"""


@pytest.mark.slow
def test_scores_do_not_depend_on_the_order_of_sets() -> None:
    def run(seed: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env=os.environ | {"PYTHONHASHSEED": seed},
            cwd=Path(__file__).parents[3],
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    first = run("1")
    assert len(first.splitlines()) > len("sv") * 3
    assert run("2") == first
