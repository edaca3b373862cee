"""How long the mails of a week take: 10,000 pilots, 100,000 open calls, two cores.

    python bench/digest_scale.py [--pilots N] [--calls N] [--mails N]

Pilots and passages of calls are random unit vectors of 384 dimensions with texts of invented words,
so no model is needed; everything else is the job's own: ranking in batches, scores in full, what is
told, evidence, HTML, text and calendar of a first mail, which is the longest. The bare matrix
product of the same vectors is timed in the same run, before and after.
"""

from __future__ import annotations

import argparse
import random
import resource
import time
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from index.bulk import Bulk
from index.calibration import subjects
from index.contents import Contents
from index.document import passages, quotable
from index.encoder import Vectors
from index.lexical import LexicalIndex
from index.query import Query
from index.search import Searcher
from index.sentences import Span
from index.told import Told
from index.vectors.faiss import FaissVectors
from scrapers.call import Call, Deadline, DeadlineKind, Level, Provenance
from service.domain.documents import document_of
from service.domain.pilot import Pilot
from service.jobs.digests import DEEP, Asked, Composer, Rules
from service.mail.render import render
from service.mail.shown import CallLinks, Links

DIMENSION = 384
NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)
SEEN = NOW - timedelta(days=2)
_BLOCK = 1024


@dataclass(frozen=True)
class Reader:
    """Who reads the mails."""

    language: str = "sv"


class Drawn:
    """An encoder that draws a unit vector for each text, the same for the same text."""

    fingerprint = "drawn"
    dimension = DIMENSION
    unrelated = 0.0
    additive = True

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Draw vectors of texts that are searched."""
        return self._draw(texts, 1)

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Draw vectors of texts that search."""
        return self._draw(texts, 2)

    def parted(
        self, texts: Sequence[str], spans: Sequence[Sequence[Span]], *, asking: bool
    ) -> tuple[Vectors, list[Vectors]]:
        """Draw vectors; their spans add equal parts."""
        vectors = self._draw(texts, 2 if asking else 1)
        added = [
            np.full((len(several), 1), 1 / max(len(several), 1), np.float32) * vector
            for vector, several in zip(vectors, spans, strict=True)
        ]
        return vectors, added

    def _draw(self, texts: Sequence[str], role: int) -> Vectors:
        rows = [
            np.random.default_rng((zlib.crc32(text.encode()), role)).standard_normal(
                DIMENSION, np.float32
            )
            for text in texts
        ]
        drawn = np.stack(rows) if rows else np.zeros((0, DIMENSION), np.float32)
        unit: Vectors = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
        return unit


class Stored:
    """The calls, in memory."""

    def __init__(self, calls: Sequence[Call]) -> None:
        self._calls = {call.id: call for call in calls}

    def all(self) -> Mapping[str, Call]:
        """Return every call."""
        return self._calls

    def pasts(self, call_ids: Collection[str]) -> Mapping[str, list[tuple[datetime, Call]]]:
        """Return the one version of each."""
        return {id_: [(SEEN, self._calls[id_])] for id_ in call_ids}

    def first_seen(self) -> Mapping[str, datetime]:
        """Return when each call was first listed."""
        return dict.fromkeys(self._calls, SEEN)

    def not_seen_since(self) -> Mapping[str, datetime]:
        """Return nothing: all are listed."""
        return {}

    def absences(self) -> Mapping[str, tuple[datetime, datetime]]:
        """Return nothing: what is taken off the list does not come back."""
        return {}


def main() -> None:
    """Make the world, time the parts, print them."""
    arguments = _arguments()
    chance = random.Random(1)  # noqa: S311  the same world every time
    words = [_word(chance) for _ in range(20_000)]
    calls = [_call(number, words, chance) for number in range(arguments.calls)]
    pilots = [
        Pilot(
            id=f"p{number}", title=f"Pilot {number}", text=_text(words, chance, 12), language="sv"
        )
        for number in range(arguments.pilots)
    ]
    searcher, vectors = _searcher(calls)
    print(f"{len(pilots)} pilots, {len(calls)} calls, {len(vectors)} passages; {_memory()}")
    queries = [searcher.query(pilot.text, "sv") for pilot in pilots]
    asked = np.concatenate([query.vectors for query in queries])
    bare = _timed(lambda: _product(asked, vectors))
    print(f"bare matrix product: {bare}", flush=True)
    ranked = _timed(lambda: _rank(searcher, calls, queries))
    print(f"ranked: {ranked}, {ranked.over(bare)}", flush=True)
    some = pilots[: arguments.mails]
    share = len(pilots) / len(some)
    mails = _mails(searcher, calls, some)
    whole = mails.composing.plus(mails.rendering).times(share)
    print(f"ranked, decided and explained: {mails.composing.times(share)}")
    print(f"rendered: {mails.rendering.times(share)}")
    print(f"counted on from {len(some)} mails, {mails.items} items, {mails.size / 1e6:.0f} MB")
    print(f"in all: {whole}, {1000 * whole.cpu / len(pilots):.1f} ms of a core a mail")
    print(f"{whole.over(bare)}; {_memory()}")
    print(f"bare matrix product once more: {_timed(lambda: _product(asked, vectors))}")


@dataclass(frozen=True)
class Took:
    """Seconds on the clock and of all cores together; the second does not mind other work."""

    clock: float = 0.0
    cpu: float = 0.0

    def __str__(self) -> str:
        return f"{self.clock:.1f} s ({self.cpu:.1f} s of a core)"

    def plus(self, other: Took) -> Took:
        """Return both together."""
        return Took(self.clock + other.clock, self.cpu + other.cpu)

    def times(self, factor: float) -> Took:
        """Return ``factor`` times this."""
        return Took(self.clock * factor, self.cpu * factor)

    def over(self, other: Took) -> str:
        """Say how many times ``other`` this is."""
        return f"{self.clock / other.clock:.1f} ({self.cpu / other.cpu:.1f}) times the product"


class _Watch:
    """Measures from when it is made, and anew after each reading."""

    def __init__(self) -> None:
        self._at = (time.perf_counter(), time.process_time())

    def read(self) -> Took:
        now = (time.perf_counter(), time.process_time())
        took = Took(now[0] - self._at[0], now[1] - self._at[1])
        self._at = now
        return took


def _timed(work: Callable[[], None]) -> Took:
    watch = _Watch()
    work()
    return watch.read()


@dataclass(frozen=True)
class Mails:
    """What making mails took, how many items they tell, and their characters."""

    composing: Took
    rendering: Took
    items: int
    size: int


def _rank(searcher: Searcher, calls: Sequence[Call], queries: Sequence[Query]) -> None:
    bulk = Bulk(searcher, [call.id for call in calls])
    for _ in bulk.search(queries, top=DEEP):
        pass


def _mails(searcher: Searcher, calls: Sequence[Call], pilots: Sequence[Pilot]) -> Mails:
    """Make the first mails of ``pilots``."""
    links = Links(call=lambda id_: CallLinks(*(f"https://a.example/{w}/{id_}" for w in "orna")))
    composing = rendering = Took()
    items = size = 0
    watch = _Watch()
    composer = Composer(searcher, Stored(calls), NOW, Rules(_MINIMUM))
    for digest in composer.digests(Asked(pilot) for pilot in pilots):
        composing = composing.plus(watch.read())
        mail = render(digest, Reader(), links)
        rendering = rendering.plus(watch.read())
        items += len(digest.items) + len(digest.brief)
        size += len(mail.html) + len(mail.text) + len(mail.ics)
    return Mails(composing, rendering, items, size)


_MINIMUM = 0.15
"""Of two random directions in 384 dimensions one in 1,000 pairs comes as near; words add to it."""


def _product(queries: Vectors, vectors: Vectors) -> None:
    """Multiply all queries with all passages, in blocks that fit the memory."""
    for start in range(0, len(queries), _BLOCK):
        np.matmul(queries[start : start + _BLOCK], vectors.T)


def _searcher(calls: Sequence[Call]) -> tuple[Searcher, Vectors]:
    encoder = Drawn()
    documents = sorted((document_of(call) for call in calls), key=lambda d: d.id)
    cut = [passage for document in documents for passage in passages(document)]
    spans = [quotable(d, passage) for d in documents for passage in passages(d)]
    vectors, added = encoder.parted([p.encoded for p in cut], spans, asking=False)
    texts = {row: "\n".join(f.text for f in d.fields) for row, d in enumerate(documents)}
    held = Contents(
        documents,
        cut,
        FaissVectors.build(vectors),
        {"sv": LexicalIndex.build("sv", texts)},
        encoder.passages(subjects()),
        Told.of(spans, [part.astype(np.float16) for part in added], DIMENSION),
    )
    return Searcher(encoder, held), vectors


def _call(number: int, words: Sequence[str], chance: random.Random) -> Call:
    due = NOW + timedelta(days=chance.randint(1, 200))
    return Call(
        id=f"vinnova:{number:06}",
        funder="Vinnova",
        level=Level.NATIONAL,
        titles={"sv": _text(words, chance, 6)},
        texts={"sv": " ".join(_sentences(words, chance, 3))},
        deadlines=(Deadline(kind=DeadlineKind.FIXED, zone="Europe/Stockholm", at=due),),
        url=f"https://www.vinnova.se/e/{number}",
        provenance=Provenance(source="vinnova"),
    )


def _sentences(words: Sequence[str], chance: random.Random, count: int) -> Iterator[str]:
    for _ in range(count):
        yield _text(words, chance, 12) + "."


def _text(words: Sequence[str], chance: random.Random, count: int) -> str:
    """Say ``count`` words, common ones more often, as languages do."""
    picked = (words[int(len(words) * chance.random() ** 3)] for _ in range(count))
    return " ".join(picked).capitalize()


def _word(chance: random.Random) -> str:
    return "".join(chance.choice("bdfgklmnprstv") + chance.choice("aeiouyåäö") for _ in range(3))


def _memory() -> str:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return f"{peak:.0f} MB at most"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pilots", type=int, default=10_000)
    parser.add_argument("--calls", type=int, default=100_000)
    parser.add_argument("--mails", type=int, default=10_000, help="mails made; the rest counted on")
    return parser.parse_args()


if __name__ == "__main__":
    main()
