"""The stored awards and their index, kept open and read again when they change."""

from __future__ import annotations

import threading
from pathlib import Path

from index.embedding.encoder import Encoder
from index.errors import SnapshotError
from index.explain.explaining_searcher import ExplainingSearcher
from index.store import snapshot
from service.caches.award_progress import AwardProgress
from service.domain.awards.similar_awards import AwardLedger, SimilarAwards
from service.domain.calls.rounds import PaidIdentifiers
from service.messages.message import Message, message
from service.store.awards import AwardStore


class AwardCache:
    """Awards opened once and shared by threads. Scores of calls do not depend on them."""

    def __init__(self, awards: AwardStore, root: Path, progress: AwardProgress) -> None:
        self._awards = awards
        self._root = root
        self._progress = progress
        self._ledger: tuple[str, AwardLedger] | None = None
        self._similar_awards: tuple[str, SimilarAwards] | None = None
        self._paid: tuple[AwardLedger, PaidIdentifiers] | None = None
        self._lock = threading.RLock()

    def stamp(self) -> str:
        """Return a text that changes when awards are added or indexed."""
        return f"{self._awards.count()} {snapshot.current_snapshot(self._root) or ''}"

    def ledger(self) -> AwardLedger:
        """Return who paid what, for every stored award."""
        with self._lock:
            stamp = self.stamp()
            if self._ledger is None or self._ledger[0] != stamp:
                self._ledger = (stamp, AwardLedger(self._awards.all()))
            return self._ledger[1]

    def paid_identifiers(self) -> PaidIdentifiers:
        """Return the identifiers of calls that the stored awards name."""
        with self._lock:
            ledger = self.ledger()
            if self._paid is None or self._paid[0] is not ledger:
                self._paid = ledger, ledger.paid_identifiers()
            return self._paid[1]

    def open_awards(self, encoder: Encoder) -> tuple[SimilarAwards | None, Message | None]:
        """Return the index of awards, and a note when it cannot be read.

        Without awards, or before they are indexed, both are None; while they are encoded for the
        first time a note says so.
        """
        with self._lock:
            if snapshot.current_snapshot(self._root) is None:
                return None, self._progress_note()
            stamp = self.stamp()
            if self._similar_awards is None or self._similar_awards[0] != stamp:
                try:
                    searcher = ExplainingSearcher.open(self._root, encoder)
                except SnapshotError:
                    return None, message("note.awards.damaged")
                self._similar_awards = (
                    stamp,
                    SimilarAwards(searcher, self.ledger(), self._awards.get_many),
                )
            return self._similar_awards[1], None

    def _progress_note(self) -> Message | None:
        progress = self._progress.read()
        if progress is None:
            return None
        done, count = progress
        return message("note.awards.encoding", done=done, count=count)
