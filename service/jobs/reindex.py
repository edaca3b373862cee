"""The indexes of calls and awards, built anew; only new texts are encoded."""

from __future__ import annotations

from dataclasses import asdict

from index.embedding.cache import Progress, VectorCache
from index.store.build import BuildReport, build
from service.context import Context
from service.domain.calls.documents import award_document, call_document
from service.jobs.lock import hold_lock


def reindex(context: Context, progress: Progress | None = None) -> BuildReport:
    """Write and swap in a snapshot of the calls as they are.

    Raises:
        JobBusyError: another process is indexing.
        IndexingError: there are no calls, or the model cannot be loaded.
    """
    with hold_lock(context.settings.data, "reindex"), context.runs.record("reindex") as run:
        stamp = context.calls.stamp()
        documents = [call_document(call) for call in context.calls.iterate()]
        context.calls.conditions()  # read from new texts now, not when somebody waits
        encoder = context.encoder()
        cache = VectorCache(context.settings.vectors)
        try:
            report = build(documents, encoder, context.snapshots, cache, progress)
        finally:
            cache.close()
        run.report = asdict(report) | {"stamp": stamp, "model": encoder.fingerprint}
        return report


def reindex_awards(context: Context, progress: Progress | None = None) -> BuildReport | None:
    """Write and swap in a snapshot of the awards as they are; None when there are none.

    Raises:
        JobBusyError: another process is indexing.
        IndexingError: the model cannot be loaded.
    """
    if not context.awards.count():
        return None
    with hold_lock(context.settings.data, "reindex"), context.runs.record("reindex-awards") as run:
        documents = [award_document(award) for award in context.awards.all()]
        encoder = context.encoder()
        cache = VectorCache(context.settings.vectors)
        root = context.settings.award_snapshots
        try:
            report = build(documents, encoder, root, cache, progress)
        finally:
            cache.close()
        run.report = asdict(report) | {"model": encoder.fingerprint}
        return report
