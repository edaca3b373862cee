"""Awards encoded ahead of their index: hours of work that may be stopped and goes on.

What is encoded is kept in the cache of vectors at once, so a run that is stopped or killed loses a
few seconds. It holds no lock that calls need: they are indexed and searched meanwhile. When all is
encoded, the index of awards is built from the cache.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TypeVar

from index.embedding.cache import VectorCache
from index.embedding.encoder import Encoder
from index.store.document import Document
from index.store.document_faults import SYSTEM_ERRORS
from index.store.passages import cut_passages, quotable_sentences
from index.store.readable_document import ReadableDocument
from index.text.sentences import Span
from service.caches.award_progress import AwardProgress
from service.context import Context
from service.domain.calls.documents import award_document
from service.jobs.left_out import describe_error
from service.jobs.lock import hold_lock
from service.jobs.reindex import ReindexReport, reindex_awards

JOB = "encode-awards"
"""Name of the job in the history of runs, and of its lock."""

_READ_SIZE = 200
"""Awards that are read at once to see what is encoded."""

_STEP_SIZE = 16
"""Awards that are encoded between two looks at whether to stop."""

_SAMPLE_SIZE = 64
"""Passages that are encoded to measure how long the rest takes."""

_WARM_UP_SIZE = 8
"""Passages of the sample that are not timed: the first ones are slow."""

_LOCK_WAIT = 900.0
"""Seconds to wait, when all is encoded, for a process that indexes calls just then."""

Progress = Callable[[int, int], None]
"""Called with (projects encoded, projects to encode)."""

_Item = TypeVar("_Item")


@dataclass(frozen=True)
class AwardBacklog:
    """The awards that are not encoded, by id, their passages, and the seconds that these take.

    ``seconds`` is measured here and now, on passages of every length.
    """

    ids: tuple[str, ...]
    passages: int
    seconds: float


@dataclass(frozen=True)
class AwardEncodingReport:
    """What a run did: projects encoded of so many, and those that could not be, by id, and why.

    ``index`` is what was built at the end; None when the run was stopped before.
    """

    projects: int
    encoded: int
    left_out: dict[str, str]
    index: ReindexReport | None


def measure_backlog(context: Context) -> AwardBacklog:
    """Return what there is to encode, and about how long that takes; encodes a sample of it."""
    encoder = context.encoder()
    cache = VectorCache(context.settings.vectors)
    try:
        ids: list[str] = []
        count = 0
        sample: list[_Passage] = []
        for awards in _lists(context.awards.all(), _READ_SIZE):
            passages = [p for award in awards for p in _passages(award_document(award))]
            missing = set(cache.missing(encoder, [passage.text for passage in passages]))
            count += len(missing)
            left = [passage for passage in passages if passage.text in missing]
            ids += dict.fromkeys(passage.award for passage in left)
            sample = _thin_out(sample + left)
        seconds = _measure_seconds(encoder, cache, sample) * count if sample else 0.0
        return AwardBacklog(tuple(ids), count, seconds)
    finally:
        cache.close()


def encode_awards(
    context: Context, backlog: AwardBacklog, progress: Progress | None = None
) -> AwardEncodingReport:
    """Encode the awards of ``backlog``, then build the index of all awards.

    Stops early, and builds nothing, when `AwardProgress.ask_to_stop` was called.

    Raises:
        JobBusyError: another process encodes awards, or is indexing when all is encoded.
        IndexingError: the model cannot be loaded.
    """
    started = time.monotonic()
    state = AwardProgress(context.settings.data)
    total, done = len(backlog.ids), 0
    left_out: dict[str, str] = {}
    with hold_lock(context.settings.data, JOB), context.runs.record(JOB) as run, state.running():
        cache = VectorCache(context.settings.vectors)
        try:
            for ids in _lists(backlog.ids, _STEP_SIZE):
                if state.is_asked_to_stop():
                    break
                awards = context.awards.get_many(ids).values()
                left_out |= _encode(context.encoder(), cache, map(award_document, awards))
                done += len(ids)
                state.write(done, total)
                if progress is not None:
                    progress(done, total)
        finally:
            cache.close()
            run.report = {"projects": total, "encoded": done, "left_out": left_out}
        index = None if state.is_asked_to_stop() else reindex_awards(context, wait=_LOCK_WAIT)
        if index is not None:
            seconds = time.monotonic() - started
            encoded = index.encoded + backlog.passages
            index = replace(index, encoded=encoded, seconds=seconds)
        return AwardEncodingReport(total, done, left_out, index)


@dataclass(frozen=True)
class _Passage:
    """A passage of an award as the model reads it, and its sentences."""

    award: str
    text: str
    spans: tuple[Span, ...]


def _passages(stored: Document) -> list[_Passage]:
    document = ReadableDocument.of(stored).document
    return [
        _Passage(
            document.id,
            passage.encoded,
            tuple(
                span.shift(passage.encoded_offset) for span in quotable_sentences(document, passage)
            ),
        )
        for passage in cut_passages(document)
    ]


def _encode(encoder: Encoder, cache: VectorCache, documents: Iterable[Document]) -> dict[str, str]:
    """Encode documents that are not, together or else one by one; return those that fail."""
    passages = {document.id: _passages(document) for document in documents}
    try:
        _encode_passages(encoder, cache, [one for own in passages.values() for one in own])
    except SYSTEM_ERRORS:
        raise
    except Exception:  # noqa: BLE001  one of them: each is tried alone
        return _encode_alone(encoder, cache, passages)
    return {}


def _encode_alone(
    encoder: Encoder, cache: VectorCache, passages: dict[str, list[_Passage]]
) -> dict[str, str]:
    left_out: dict[str, str] = {}
    for award, own in passages.items():
        try:
            _encode_passages(encoder, cache, own)
        except SYSTEM_ERRORS:
            raise
        except Exception as error:  # noqa: BLE001  whatever one does, the others are encoded
            left_out[award] = describe_error(error)
    return left_out


def _encode_passages(encoder: Encoder, cache: VectorCache, passages: Sequence[_Passage]) -> None:
    if passages:
        texts, spans = [one.text for one in passages], [one.spans for one in passages]
        cache.encode_with_spans(encoder, texts, spans)


def _measure_seconds(encoder: Encoder, cache: VectorCache, sample: list[_Passage]) -> float:
    """Return the seconds that a passage takes."""
    timed = sample[_WARM_UP_SIZE:] or sample
    if timed is not sample:
        _encode_passages(encoder, cache, sample[:_WARM_UP_SIZE])
    started = time.monotonic()
    _encode_passages(encoder, cache, timed)
    return (time.monotonic() - started) / len(timed)


def _thin_out(sample: list[_Passage]) -> list[_Passage]:
    """Return some of a sample that has grown too large, from all over it."""
    step = -(-len(sample) // _SAMPLE_SIZE)
    return sample[:: max(step, 1)]


def _lists(items: Iterable[_Item], size: int) -> Iterator[list[_Item]]:
    left = iter(items)
    while taken := list(islice(left, size)):
        yield taken
