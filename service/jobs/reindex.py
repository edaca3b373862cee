"""The indexes of calls and awards, built anew; only new texts are encoded.

A document that cannot be indexed is left out and named: the others are indexed all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TypeVar

from index.embedding.cache import Progress, VectorCache
from index.store.build import BuildReport, build
from index.store.document import Document
from index.store.document_faults import SYSTEM_ERRORS, find_faults
from scrapers.award import Award
from scrapers.call import Call
from service import telemetry
from service.context import Context
from service.domain.calls.documents import award_document, call_document
from service.errors import StoreError
from service.jobs.left_out import describe_error
from service.jobs.lock import hold_lock

CALLS_JOB, AWARDS_JOB = "reindex", "reindex-awards"
"""Names of the jobs in the history of runs."""

_Record = TypeVar("_Record", Call, Award)


@dataclass(frozen=True)
class ReindexReport(BuildReport):
    """What a build did; ``left_out`` has what could not be indexed, by id, and why."""

    left_out: Mapping[str, str] = field(default_factory=dict)


def reindex(context: Context, progress: Progress | None = None) -> ReindexReport:
    """Write and swap in a snapshot of the calls as they are.

    Raises:
        JobBusyError: another process is indexing.
        IndexingError: there are no calls, or the model cannot be loaded.
    """
    with hold_lock(context.settings.data, "reindex"), context.runs.record(CALLS_JOB) as run:
        stamp = context.calls.stamp()
        documents, left_out = _make_documents(call_document, context.calls.iterate())
        context.calls.conditions()  # read from new texts now, not when somebody waits
        built, faults = _build(context, documents, context.snapshots, progress)
        report = _report(built, left_out | faults)
        model = context.encoder().fingerprint
        run.report = asdict(report) | {"stamp": stamp, "model": model}
        return report


def reindex_awards(
    context: Context, progress: Progress | None = None, *, wait: float = 0
) -> ReindexReport | None:
    """Write and swap in a snapshot of the awards as they are; None when there are none.

    Args:
        context: the stores.
        progress: called while awards are encoded.
        wait: seconds to wait for another process that is indexing.

    Raises:
        JobBusyError: another process is indexing.
        IndexingError: the model cannot be loaded.
    """
    if not context.awards.count():
        return None
    lock = hold_lock(context.settings.data, "reindex", wait)
    with lock, context.runs.record(AWARDS_JOB) as run:
        documents, left_out = _make_documents(award_document, context.awards.all())
        built, faults = _build(context, documents, context.settings.award_snapshots, progress)
        report = _report(built, left_out | faults)
        run.report = asdict(report) | {"model": context.encoder().fingerprint}
        return report


def _make_documents(
    make: Callable[[_Record], Document], records: Iterable[_Record]
) -> tuple[list[Document], dict[str, str]]:
    """Return the documents of ``records``, and of those that have none, by id, why not."""
    documents: list[Document] = []
    left_out: dict[str, str] = {}
    for record in records:
        try:
            documents.append(make(record))
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001  whatever one does, the others are indexed
            left_out[record.id] = describe_error(error)
    return documents, left_out


def _build(
    context: Context, documents: list[Document], root: Path, progress: Progress | None
) -> tuple[BuildReport, dict[str, str]]:
    """Build an index of ``documents``, or of those that can be indexed if that fails.

    Returns:
        What was built, and what was left out, by id, and why.
    """
    encoder = context.encoder()
    cache = VectorCache(context.settings.vectors)
    try:
        try:
            return build(documents, encoder, root, cache, progress), {}
        except SYSTEM_ERRORS:
            raise
        except Exception:
            faults = find_faults(documents, encoder, cache)
            if not faults or len(faults) == len(documents):
                raise
            sound = [document for document in documents if document.id not in faults]
            built = build(sound, encoder, root, cache, progress)
            return built, {id_: describe_error(error) for id_, error in faults.items()}
    finally:
        cache.close()


def _report(built: BuildReport, left_out: Mapping[str, str]) -> ReindexReport:
    for id_, reason in left_out.items():
        telemetry.warn("left out of the index", id=id_, reason=reason)
    return ReindexReport(**asdict(built), left_out=left_out)
