"""The awards opened beside the calls: who paid what, and their index. Read anew on change."""

from __future__ import annotations

import threading
from pathlib import Path

from index.embedding.encoder import Encoder
from index.errors import SnapshotError
from index.explain.explaining_searcher import ExplainingSearcher
from index.store import snapshot
from service.domain.awards.similar_awards import AwardLedger, SimilarAwards
from service.messages.message import Message, message
from service.store.awards import AwardStore


class AwardCache:
    """What was paid before, opened once and shared by threads. Scores do not depend on it."""

    def __init__(self, awards: AwardStore, root: Path) -> None:
        self._awards = awards
        self._root = root
        self._ledger: tuple[str, AwardLedger] | None = None
        self._past: tuple[str, SimilarAwards] | None = None
        self._lock = threading.RLock()

    def stamp(self) -> str:
        """Return what changes when awards came, or were indexed anew."""
        return f"{self._awards.count()} {snapshot.current_snapshot(self._root) or ''}"

    def ledger(self) -> AwardLedger:
        """Return who paid what, of every stored award."""
        with self._lock:
            stamp = self.stamp()
            if self._ledger is None or self._ledger[0] != stamp:
                self._ledger = (stamp, AwardLedger(self._awards.all()))
            return self._ledger[1]

    def open_awards(self, encoder: Encoder) -> tuple[SimilarAwards | None, Message | None]:
        """Return what was paid before, and a note when it cannot be read.

        Without awards, or before they are indexed, there is nothing and nothing to say.
        """
        with self._lock:
            if snapshot.current_snapshot(self._root) is None:
                return None, None
            stamp = self.stamp()
            if self._past is None or self._past[0] != stamp:
                try:
                    searcher = ExplainingSearcher.open(self._root, encoder)
                except SnapshotError:
                    return None, message("note.awards.damaged")
                self._past = (stamp, SimilarAwards(searcher, self.ledger(), self._awards.get_many))
            return self._past[1], None
