"""How long the mails of a week take: 10,000 pilots, 100,000 open calls, two cores.

    python -m bench.digest_scale [--pilots N] [--calls N] [--awards N] [--mails N]

Pilots and passages of calls are random unit vectors of 384 dimensions with texts of invented words,
so no model is needed; everything else is the real job: ranking in batches, full scores, selection,
evidence, HTML, text and calendar of a first mail, which is the longest. The bare matrix
product of the same vectors is timed in the same run, before and after.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bench.synthetic import NOW, InMemoryCalls, SyntheticTexts, index_in_memory
from index.embedding.encoder import Vectors
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
from service.jobs.mail.digest_composer import RANKING_DEPTH, Composer, DigestRecipient, DigestRules
from service.mail.digest_view import CallLinks, MailLinks
from service.mail.render import render_digest

_BLOCK = 1024


@dataclass(frozen=True)
class DigestReader:
    """Who reads the mails."""

    language: str = "sv"


def main() -> None:
    """Make the data, time the parts, print them."""
    arguments = _arguments()
    texts = SyntheticTexts(1)
    calls = [texts.call(number) for number in range(arguments.calls)]
    pilots = [
        Pilot(id=f"p{number}", title=f"Pilot {number}", text=texts.draw_words(12), language="sv")
        for number in range(arguments.pilots)
    ]
    searcher, vectors = index_in_memory([call_document(call) for call in calls])
    before = _prior_activity(calls, [texts.award(number) for number in range(arguments.awards)])
    print(f"{len(pilots)} pilots, {len(calls)} calls, {len(vectors)} passages; {_peak_memory()}")
    queries = [searcher.query(pilot.text, "sv") for pilot in pilots]
    asked = np.concatenate([query.vectors for query in queries])
    bare = _measure(lambda: _time_product(asked, vectors))
    print(f"bare matrix product: {bare}", flush=True)
    ranked = _measure(lambda: _time_ranking(searcher, calls, queries))
    print(f"ranked: {ranked}, {ranked.ratio(bare)}", flush=True)
    some = pilots[: arguments.mails]
    share = len(pilots) / len(some)
    mails = _make_mails(searcher, calls, some, before)
    whole = mails.composing.plus(mails.rendering).times(share)
    print(f"ranked, decided and explained: {mails.composing.times(share)}")
    print(f"rendered: {mails.rendering.times(share)}")
    print(f"counted on from {len(some)} mails, {mails.items} items, {mails.size / 1e6:.0f} MB")
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
    searcher: ExplainingSearcher, calls: Sequence[Call], queries: Sequence[Query]
) -> None:
    bulk = BatchSearch(searcher, [call.id for call in calls])
    for _ in bulk.search(queries, top=RANKING_DEPTH):
        pass


def _prior_activity(calls: Sequence[Call], awards: Sequence[Award]) -> PriorActivityIndex:
    """Return what is known of the past: ``awards``, all of the one funder, and no rounds."""
    if not awards:
        return PriorActivityIndex()
    similar_awards.MIN_SIMILARITY = _MIN_SIMILARITY
    stored = {award.id: award.model_dump_json() for award in awards}

    def read(ids: Collection[str]) -> Mapping[str, Award]:
        return {id_: Award.model_validate_json(stored[id_]) for id_ in ids}

    searcher, _ = index_in_memory([award_document(award) for award in awards])
    return PriorActivityIndex(
        RoundIndex(calls),
        similar_awards.SimilarAwards(searcher, similar_awards.AwardLedger(awards), read),
    )


def _make_mails(
    searcher: ExplainingSearcher,
    calls: Sequence[Call],
    pilots: Sequence[Pilot],
    before: PriorActivityIndex,
) -> MailTimings:
    """Make the first mails of ``pilots``."""
    links = MailLinks(call=lambda id_: CallLinks(*(f"https://a.example/{w}/{id_}" for w in "orna")))
    composing = rendering = Timing()
    items = size = 0
    watch = _Stopwatch()
    composer = Composer(searcher, InMemoryCalls(calls), NOW, DigestRules(_MINIMUM), before=before)
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
    return parser.parse_args()


if __name__ == "__main__":
    main()
