"""How an index grows: vectors compared one by one and by lists, builds, updates, opening, memory.

    PYTHONPATH=. python bench/index_growth.py --cache data/vectors.sqlite [--vectors N ...]
        [--documents N ...]

Vectors are synthetic: each lies between two real ones of the cache, with noise added. So are
documents: a title and sentences that are put together from halves of real ones of the examples,
and a word that no other has. Neither means anything: time and memory can be measured with them, and
how many of an exact search's results another finds, but no quality.

- vectors: for each size recall@10 and @300 against an exact search and the share of its time, at
  several shares of the lists that are read. That is what `EXACT_LIMIT` and the share are set by.
- documents: a build from nothing and one after 1 % has changed, the model's part taken off both;
  and in a process of its own how long it takes to open the index and to search, and what memory it
  takes, beside the libraries and what the system shares.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.speed.stand_in import StandInEncoder, mix_vectors
from index.embedding.cache import VectorCache
from index.embedding.encoder import Vectors
from index.explain.explaining_searcher import ExplainingSearcher
from index.store.build import build
from index.store.document import Document, Field
from index.store.vectors import Rows
from index.store.vectors import faiss as store_module
from index.store.vectors.faiss import FaissVectors, VectorBlock
from index.store.vectors.lists import InvertedLists
from index.text.sentences import split_sentences
from scrapers.call import Call

EXAMPLES = Path(__file__).parents[1] / "examples" / "calls"
QUERIES, TOP, REACH = 48, 10, 300
SENTENCES = 4
"""Sentences of a synthetic document."""

PROBE_SHARES = (1 / 64, 1 / 32, 1 / 16, 1 / 8, 1 / 4)

QUERY = (
    "Remote care of heart failure\n"
    "We measure weight and blood pressure of patients at home and send the data to the clinic. "
    "A pilot in two regions shows whether fewer patients come back to the hospital."
)


@dataclass(frozen=True)
class NoModel:
    """What snapshots of mixed vectors say that they are by."""

    dimension: int
    fingerprint: str = "mixed"
    unrelated: float = 0.42


def mixed_encoder(base: Vectors) -> StandInEncoder:
    """Return an encoder without a model, which gives mixtures of ``base``."""
    return StandInEncoder(NoModel(base.shape[1]), base)


def mix(base: Vectors, count: int, seed: int) -> Vectors:
    """Return ``count`` mixtures of ``base``, the same for the same seed."""
    return mix_vectors(base, count, np.random.default_rng(seed))


def real_vectors(cache: Path, role: str) -> Vectors:
    """Return the vectors that a cache has of passages (role p) or of queries (q)."""
    connection = sqlite3.connect(f"file:{cache}?mode=ro", uri=True)
    found = connection.execute("SELECT vector FROM vectors WHERE model LIKE ?", (f"%:{role}",))
    rows = [np.frombuffer(blob, np.float32) for (blob,) in found]
    connection.close()
    return np.stack(rows)


def measure_vectors(base: Vectors, queries: Vectors, size: int) -> None:
    """Print recall and time of a search by lists against an exact one over ``size`` vectors."""
    vectors = np.concatenate(
        [mix(base, min(50_000, size - start), start) for start in range(0, size, 50_000)]
    )
    exact = FaissVectors([VectorBlock(vectors)])
    singles = [query[None] for query in queries]
    truth = {top: [exact.nearest(query, top) for query in singles] for top in (TOP, REACH)}
    spent = time_each(exact, singles, REACH)
    started = time.perf_counter()
    lists = InvertedLists.learn(vectors)
    built = time.perf_counter() - started
    store = FaissVectors([VectorBlock(vectors.astype(np.float16), lists)])
    print(
        f"{size:,} vectors: exact {1000 * spent:.1f} ms a query, "
        f"{lists.centres} lists built in {built:.0f} s"
    )
    kept = store_module._PROBE_SHARE, store_module._EXACT_REACH  # noqa: SLF001  what is set by this
    store_module._EXACT_REACH = 0  # noqa: SLF001
    for share in PROBE_SHARES:
        store_module._PROBE_SHARE = share  # noqa: SLF001
        recalls = {top: recall(store, singles, truth[top], top) for top in truth}
        mine = time_each(store, singles, REACH)
        ten = time_each(store, singles, TOP)
        print(
            f"  1/{round(1 / share)} of the lists: recall@{TOP} {recalls[TOP]:.4f}, "
            f"@{REACH} {recalls[REACH]:.4f}; top {REACH} in {1000 * mine:.2f} ms, "
            f"1/{spent / mine:.0f} of exact's time; top {TOP} in {1000 * ten:.2f} ms"
        )
    store_module._PROBE_SHARE, store_module._EXACT_REACH = kept  # noqa: SLF001


def recall(
    store: FaissVectors, queries: Sequence[Vectors], truth: Sequence[Rows], top: int
) -> float:
    """Return the share of an exact search's results that ``store`` finds."""
    shares = [
        len(np.intersect1d(store.nearest(query, top), own)) / top
        for query, own in zip(queries, truth, strict=True)
    ]
    return statistics.mean(shares)


def time_each(store: FaissVectors, queries: Sequence[Vectors], top: int) -> float:
    """Return the median seconds of a search."""
    spent = []
    for query in queries:
        started = time.perf_counter()
        store.nearest(query, top)
        spent.append(time.perf_counter() - started)
    return statistics.median(spent)


def mixed_documents(count: int, mark: str = "") -> Iterator[Document]:
    """Yield documents of halves of real sentences; every hundredth says ``mark``."""
    chance = random.Random(16)  # noqa: S311  the same texts every time
    pools: dict[str, list[list[str]]] = {}
    for path in sorted(EXAMPLES.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            for language, text in Call.model_validate_json(line).texts.items():
                pools.setdefault(language, []).extend(
                    text[span.start : span.end].split() for span in split_sentences(text)
                )
    weights = [len(pool) for pool in pools.values()]
    for number in range(count):
        language = chance.choices(list(pools), weights)[0]
        pool = pools[language]
        title, *body = (mix_sentence(pool, chance) for _ in range(1 + SENTENCES))
        word = "".join(chance.choices("abdefgiklmnoprstuvy", k=9))
        said = mark if number % 100 == 0 else ""
        text = " ".join([*body, f"{word.capitalize()} {said}"]).strip()
        yield Document(
            f"mixed:{number:07}",
            (Field("titles", language, title[:90]), Field("texts", language, text)),
        )


def mix_sentence(pool: Sequence[Sequence[str]], chance: random.Random) -> str:
    """Return half of one sentence and half of another."""
    first, second = chance.choice(pool), chance.choice(pool)
    words = [*first[: (len(first) + 1) // 2], *second[len(second) // 2 :]]
    return f"{' '.join(words).rstrip('.').capitalize()}."


def measure_documents(base: Vectors, size: int) -> None:
    """Print what an index of ``size`` documents takes to build, bring up to date, and open."""
    with tempfile.TemporaryDirectory(prefix="fundscout-growth-") as scratch:
        root = Path(scratch) / "snapshots"
        cache = VectorCache(Path(scratch) / "vectors.sqlite")
        encoder = mixed_encoder(base)
        full, passages = timed_build(list(mixed_documents(size)), encoder, root, cache)
        changed = list(mixed_documents(size, "It was changed."))
        again, _ = timed_build(changed, encoder, root, cache)
        cache.close()
        held = sum(path.stat().st_size for path in root.glob("2*/**/*") if path.is_file())
        print(
            f"{size:,} documents, {passages:,} passages: built in {full:.1f} s, again after 1 % "
            f"in {again:.2f} s, 1/{full / again:.0f} of it, both without the model; "
            f"{held / 1e6:.0f} MB in two snapshots, links counted twice"
        )
        np.save(Path(scratch) / "base.npy", base)
        for when in ("first", "second"):
            command = [sys.executable, __file__, "--open", scratch]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            print(f"  opened the {when} time: {done.stdout.strip()}")


def timed_build(
    documents: Sequence[Document], encoder: StandInEncoder, root: Path, cache: VectorCache
) -> tuple[float, int]:
    """Return the seconds that a build takes beside the encoder, and how many passages there are."""
    before, started = encoder.seconds, time.perf_counter()
    report = build(documents, encoder, root, cache)
    return time.perf_counter() - started - (encoder.seconds - before), report.passages


def open_index(folder: Path) -> None:
    """Print how long it takes to open an index and to search it, and what memory it takes."""
    encoder = mixed_encoder(np.load(folder / "base.npy"))
    before = memory()
    started = time.perf_counter()
    searcher = ExplainingSearcher.open(folder / "snapshots", encoder)
    opened = time.perf_counter() - started
    spent = []
    for _ in range(6):
        started = time.perf_counter()
        query = searcher.query(QUERY, explained=True)
        searcher.explain(query, searcher.search(query))
        spent.append(time.perf_counter() - started)
    after = memory()
    own, all_ = (after[name] - before[name] for name in ("private", "resident"))
    print(
        f"{opened:.2f} s, first match {1000 * spent[0]:.0f} ms, later ones "
        f"{1000 * statistics.median(spent[1:]):.0f} ms; memory of its own {own:.0f} MB, with what "
        f"is mapped {all_:.0f} MB"
    )


def memory() -> dict[str, float]:
    """Return the megabytes that this process alone has, and with mapped files."""
    sizes = {}
    for line in Path("/proc/self/smaps_rollup").read_text("utf-8").splitlines()[1:]:
        name, size, *_ = line.split()
        sizes[name.rstrip(":")] = int(size) / 1024
    return {"private": sizes["Private_Dirty"], "resident": sizes["Rss"]}


def main() -> None:
    """Measure what the command asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--cache", type=Path, default=Path("data/vectors.sqlite"))
    parser.add_argument("--vectors", type=int, nargs="*", default=[10_000])
    parser.add_argument("--documents", type=int, nargs="*", default=[1_000])
    parser.add_argument("--open", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.open:
        open_index(arguments.open)
        return
    base, queries = real_vectors(arguments.cache, "p"), real_vectors(arguments.cache, "q")
    print(json.dumps({"vectors": len(base), "queries": len(queries)}))
    step = max(1, len(queries) // QUERIES)
    for size in arguments.vectors:
        measure_vectors(base, queries[::step][:QUERIES], size)
    for size in arguments.documents:
        measure_documents(base, size)


if __name__ == "__main__":
    main()
