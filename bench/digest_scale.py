"""How long the mails of a week take, against the bare matrix product of the same vectors.

    python -m bench.digest_scale [--pilots N] [--calls N] [--awards N] [--mails N]
                                 [--long] [--model FOLDER]

All is synthetic: texts are of invented words. Vectors are random directions, or with --model, the
folder of unpacked models, near real ones: those of the examples' calls and pilots by the bundled
model. With --long, pilots and calls are as long as real ones, else a line and three sentences.
Everything else is the real job: ranking in batches, full scores, selection, evidence, HTML, text
and calendar of a first mail, which is the longest. The vectors of pilots and the conditions of
calls are there before, as in a store: they are made once, and not each week. The product is timed
in the same run, before and after, and no figure is counted on from another but where it says so.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.synthetic import (
    NOW,
    InMemoryCalls,
    NearbyEncoder,
    RandomEncoder,
    SyntheticTexts,
    index_in_memory,
)
from index.embedding.encoder import Vectors
from index.embedding.load import load_encoder
from index.embedding.model import BUNDLED, SHIPPED
from index.explain.explaining_searcher import ExplainingSearcher
from index.search.batch_search import BatchSearch
from index.search.query import Query
from scrapers.award import Award
from scrapers.call import Call
from service.domain.awards import similar_awards
from service.domain.calls.documents import award_document, call_document
from service.domain.calls.rounds import RoundIndex
from service.domain.matching.prior_activity import PriorActivityIndex
from service.domain.pilots.pilot import Pilot
from service.jobs.mail.digest_composer import (
    BATCH_SIZE,
    RANKING_DEPTH,
    Composer,
    DigestRecipient,
    DigestRules,
)
from service.mail.digest_view import CallLinks, MailLinks
from service.mail.render import render_digest
from service.settings import Settings

_BLOCK = 1024


@dataclass(frozen=True)
class DigestReader:
    """Who reads the mails."""

    language: str = "sv"


def main() -> None:
    """Make the data, time the parts, print them."""
    arguments = _arguments()
    texts = SyntheticTexts(1, long=arguments.long)
    calls = [texts.call(number) for number in range(arguments.calls)]
    pilots = [texts.pilot(number) for number in range(arguments.pilots)]
    encoder = _near_examples(arguments.model) if arguments.model else RandomEncoder()
    minimum = Settings.from_env({}).digest_min_score if arguments.model else _MINIMUM
    searcher, vectors = index_in_memory([call_document(call) for call in calls], encoder)
    awards = [texts.award(number) for number in range(arguments.awards)]
    before = _prior_activity(calls, awards, encoder)
    queries = [searcher.query(pilot.text, "sv") for pilot in pilots]
    asked = np.concatenate([query.vectors for query in queries])
    kind = "near real ones" if arguments.model else "random"
    print(
        f"{len(pilots)} pilots of {len(asked)} parts, {len(calls)} calls of {len(vectors)} passages"
    )
    print(f"synthetic: invented words, vectors {kind}; {_peak_memory()}")
    bare = _measure(lambda: _time_product(asked, vectors))
    print(f"bare matrix product: {bare}", flush=True)
    found: set[str] = set()
    ranked = _measure(lambda: found.update(_time_ranking(searcher, calls, queries, minimum)))
    print(f"ranked: {ranked}, {ranked.ratio(bare)}", flush=True)
    some = pilots[: arguments.mails]
    share = len(pilots) / len(some)
    stored = InMemoryCalls(calls, found)
    mails = _make_mails(searcher, stored, some, before, minimum=minimum)
    whole = mails.composing.plus(mails.rendering).times(share)
    composing = mails.composing.times(share)
    print(f"ranked, decided and explained: {composing}, {composing.ratio(bare)}")
    print(f"rendered: {mails.rendering.times(share)}")
    if len(some) < len(pilots):
        print(f"both counted on from {len(some)} mails")
    print(f"{mails.items} items in {len(some)} mails of {mails.size / 1e6:.0f} MB")
    print(f"in all: {whole}, {1000 * whole.cpu / len(pilots):.1f} ms of a core a mail")
    print(f"{whole.ratio(bare)}; {_peak_memory()}")
    print(f"bare matrix product once more: {_measure(lambda: _time_product(asked, vectors))}")


@dataclass(frozen=True)
class Timing:
    """Seconds on the clock and of all cores together; the second does not mind other work."""

    clock: float = 0.0
    cpu: float = 0.0

    def __str__(self) -> str:
        return f"{self.clock:.1f} s ({self.cpu:.1f} s of a core)"

    def plus(self, other: Timing) -> Timing:
        """Return both together."""
        return Timing(self.clock + other.clock, self.cpu + other.cpu)

    def times(self, factor: float) -> Timing:
        """Return ``factor`` times this."""
        return Timing(self.clock * factor, self.cpu * factor)

    def ratio(self, other: Timing) -> str:
        """Say how many times ``other`` this is."""
        return f"{self.clock / other.clock:.1f} ({self.cpu / other.cpu:.1f}) times the product"


class _Stopwatch:
    """Measures from when it is made, and anew after each reading."""

    def __init__(self) -> None:
        self._at = (time.perf_counter(), time.process_time())

    def read(self) -> Timing:
        now = (time.perf_counter(), time.process_time())
        took = Timing(now[0] - self._at[0], now[1] - self._at[1])
        self._at = now
        return took


def _measure(work: Callable[[], None]) -> Timing:
    watch = _Stopwatch()
    work()
    return watch.read()


@dataclass(frozen=True)
class MailTimings:
    """What making mails took, how many items they tell, and their characters."""

    composing: Timing
    rendering: Timing
    items: int
    size: int


def _time_ranking(
    searcher: ExplainingSearcher,
    calls: Sequence[Call],
    queries: Sequence[Query],
    minimum: float,
) -> Iterator[str]:
    """Rank the calls for all ``queries``; yield the calls that were found."""
    bulk = BatchSearch(searcher, [call.id for call in calls])
    for start in range(0, len(queries), BATCH_SIZE):
        batch = queries[start : start + BATCH_SIZE]
        for hits in bulk.search(batch, top=RANKING_DEPTH, least=minimum):
            yield from (hit.document for hit in hits)


def _near_examples(folder: Path) -> NearbyEncoder:
    """Return an encoder near the vectors that the model has for the examples."""
    model = load_encoder(BUNDLED, folder, SHIPPED)
    examples = Path("examples")
    calls = [
        Call.model_validate_json(line)
        for path in sorted((examples / "calls").glob("*.jsonl"))
        for line in path.read_text("utf-8").splitlines()
    ]
    texts = [
        json.loads(path.read_text("utf-8"))["text"]
        for path in sorted((examples / "pilots").glob("*.json"))
    ]
    return NearbyEncoder.from_model(model, [call_document(call) for call in calls], texts)


def _prior_activity(
    calls: Sequence[Call], awards: Sequence[Award], encoder: RandomEncoder
) -> PriorActivityIndex:
    """Return what is known of the past: ``awards``, all of the one funder, and no rounds."""
    if not awards:
        return PriorActivityIndex()
    if not isinstance(encoder, NearbyEncoder):
        similar_awards.MIN_SIMILARITY = _MIN_SIMILARITY
    stored = {award.id: award.model_dump_json() for award in awards}

    def read(ids: Collection[str]) -> Mapping[str, Award]:
        return {id_: Award.model_validate_json(stored[id_]) for id_ in ids}

    searcher, _ = index_in_memory([award_document(award) for award in awards], encoder)
    return PriorActivityIndex(
        RoundIndex(calls),
        similar_awards.SimilarAwards(searcher, similar_awards.AwardLedger(awards), read),
    )


def _make_mails(
    searcher: ExplainingSearcher,
    calls: InMemoryCalls,
    pilots: Sequence[Pilot],
    before: PriorActivityIndex,
    *,
    minimum: float,
) -> MailTimings:
    """Make the first mails of ``pilots``."""
    links = MailLinks(call=lambda id_: CallLinks(*(f"https://a.example/{w}/{id_}" for w in "orna")))
    composing = rendering = Timing()
    items = size = 0
    watch = _Stopwatch()
    composer = Composer(searcher, calls, NOW, DigestRules(minimum), before=before)
    for digest in composer.digests(DigestRecipient(pilot) for pilot in pilots):
        composing = composing.plus(watch.read())
        mail = render_digest(digest, DigestReader(), links)
        rendering = rendering.plus(watch.read())
        items += len(digest.items) + len(digest.brief)
        size += len(mail.html) + len(mail.text) + len(mail.ics)
    return MailTimings(composing, rendering, items, size)


_MINIMUM = 0.15
"""Of two random directions in 384 dimensions one in 1,000 pairs comes as near; words add to it."""

_MIN_SIMILARITY = 0.05
"""As for the score: from so much on, some awards are like a pilot though all are drawn."""


def _time_product(queries: Vectors, vectors: Vectors) -> None:
    """Multiply all queries with all passages, in blocks that fit the memory."""
    for start in range(0, len(queries), _BLOCK):
        np.matmul(queries[start : start + _BLOCK], vectors.T)


def _peak_memory() -> str:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return f"{peak:.0f} MB at most"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pilots", type=int, default=10_000)
    parser.add_argument("--calls", type=int, default=100_000)
    parser.add_argument("--awards", type=int, default=0, help="projects paid by the calls' funder")
    parser.add_argument("--mails", type=int, default=10_000, help="mails made; the rest counted on")
    parser.add_argument("--long", action="store_true", help="texts as long as real ones")
    parser.add_argument("--model", type=Path, metavar="FOLDER", help="vectors near real ones")
    return parser.parse_args()


if __name__ == "__main__":
    main()
