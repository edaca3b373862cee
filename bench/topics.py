"""Calls about a subject: does leaving out "defence" find the calls about it, in both languages?

Needs ../shared/eval/eu_calls_2026 and horizon_europe; with the bundled model their titles and
first passages take some minutes to encode once. A call counts as about a subject when its title has
one of the subject's words (an expression a subject, below), or its text has them four times and
they are 1.5 % of its words; it counts as not about it when its text has them once at most. What
lies between is not judged. The limits of `index/search/topics.py` were chosen on these figures.

    PYTHONPATH=. .venv/bin/python -m bench.topics [--sets FOLDER] [--work FOLDER]
"""

from __future__ import annotations

import argparse
import re
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.pilots import documents_of
from index.embedding.cache import VectorCache
from index.embedding.load import load_encoder
from index.search.searcher import Searcher
from index.search.topics import TopicFilter
from index.store.build import build
from index.store.document import TITLE_FIELD, Document
from service.settings import Settings

SETS = ("eu_calls_2026", "horizon_europe")

SUBJECTS = {
    r"cancer|tumou?r|oncolog": ("cancer", "cancerforskning", "oncology"),
    r"agricult|farm|crop|livestock": ("agriculture", "jordbruk", "farming", "lantbruk"),
    r"\bspace\b(?! science)(?!s)|satellite|orbit": ("space technology", "rymdteknik", "satelliter"),
    r"cyber": ("cybersecurity", "cybersäkerhet"),
    r"hydrogen": ("hydrogen", "vätgas"),
    r"fish|aquacult": ("fisheries", "fiske", "vattenbruk"),
    r"nuclear|fission|fusion energy": ("nuclear energy", "kärnkraft"),
    r"batter(?:y|ies)": ("batteries", "batterier"),
    r"cultural heritage|museum": ("cultural heritage", "kulturarv"),
    r"migra|refugee|asylum": ("migration", "flyktingar"),
    r"aircraft|aviation": ("aviation", "flyg", "flygplan"),
    r"quantum": ("quantum technology", "kvantteknik"),
    r"biodivers": ("biodiversity", "biologisk mångfald"),
    r"forest": ("forestry", "skogsbruk"),
    r"rail\b|railway|train\b": ("railways", "järnväg"),
    r"wind\b": ("wind power", "vindkraft"),
}

Truths = NDArray[np.bool_]


def main() -> None:
    """Print precision and recall of each subject, and over all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=Path, default=Path("../shared/eval"))
    parser.add_argument("--work", type=Path, help="Keeps vectors for the next run.")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="topics-") as folder:
        work = arguments.work or Path(folder)
        work.mkdir(parents=True, exist_ok=True)
        documents = {
            one.id: one
            for name in SETS
            for one in documents_of(arguments.sets / name / "corpus.jsonl").values()
        }
        _measure(_index(list(documents.values()), work), list(documents.values()))


def _index(documents: list[Document], work: Path) -> Searcher:
    settings = Settings.from_env()
    encoder = load_encoder(settings.model, work / "models", settings.adapter, settings.threads)
    cache = VectorCache(work / "vectors.sqlite")
    try:
        build(documents, encoder, work / "snapshots", cache)
    finally:
        cache.close()
    return Searcher.open(work / "snapshots", encoder)


def _measure(searcher: Searcher, documents: list[Document]) -> None:
    ids = [one.id for one in documents if one.id in searcher.documents]
    known = {one.id: one for one in documents}
    counts = np.zeros(3, np.int64)
    for expression, phrases in SUBJECTS.items():
        about, apart = _judge([known[id_] for id_ in ids], re.compile(expression))
        for phrase in phrases:
            found = np.array(
                [one is not None for one in TopicFilter(searcher, [phrase]).topics(ids)]
            )
            right, wrong = int((found & about).sum()), int((found & apart).sum())
            counts += (right, wrong, int(about.sum()))
            print(f"{phrase}: {right} of {about.sum()} found, {wrong} wrongly")
    right, wrong, every = counts.tolist()
    print(f"precision {right / (right + wrong):.3f}, recall {right / every:.3f}")


def _judge(documents: list[Document], expression: re.Pattern[str]) -> tuple[Truths, Truths]:
    """Return which documents are about a subject, and which are surely not."""
    about, apart = [], []
    for document in documents:
        texts = [one.text.lower() for one in document.fields if one.name != TITLE_FIELD]
        times = sum(len(expression.findall(text)) for text in texts)
        words = sum(len(text.split()) for text in texts) or 1
        titled = any(
            expression.search(one.text.lower())
            for one in document.fields
            if one.name == TITLE_FIELD
        )
        about.append(titled or (times >= 4 and times / words > 0.015))  # noqa: PLR2004  as above
        apart.append(times <= 1 and not titled)
    return np.array(about), np.array(apart)


if __name__ == "__main__":
    main()
