"""Paging: whether all rows that a source announced came, however often its pages repeat some."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping

from scrapers.http.page import Failure
from scrapers.plurals import count_noun


class RowCount:
    """The distinct rows of a list that comes page by page, against the number announced.

    A source that sorts rows alike in another way for every page repeats some and leaves out
    others: as many rows come as were announced, and yet some are missing. So rows are known by
    their content, or by a key that the reader gives.
    """

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self.announced: int | None = None
        self.received = 0

    def add(self, rows: Iterable[object], announced: int | None = None) -> int:
        """Take the rows of a page and the total it announced; return how many are new.

        The largest total counts: a later answer that announces less may be a hiccup.
        """
        before = len(self._seen)
        for row in rows:
            self.received += 1
            self._seen.add(row if isinstance(row, str) else _fingerprint(row))
        if announced is not None:
            self.announced = max(self.announced or 0, announced)
        return len(self._seen) - before

    @property
    def distinct(self) -> int:
        """How many different rows came."""
        return len(self._seen)

    @property
    def missing(self) -> int:
        """How many of the announced rows did not come; 0 where none was announced."""
        return max(0, (self.announced or 0) - self.distinct)

    def shortfall(self, where: str, noun: str = "row", *, thins: bool = False) -> Failure | None:
        """Return what says how many of the announced rows are missing, None when all came."""
        if not self.missing:
            return None
        repeated = self.received - self.distinct
        again = f" ({count_noun(repeated, noun)} came again)" if repeated else ""
        came = f"{self.distinct:,} of {count_noun(self.announced or 0, noun)} came"
        return Failure(where, f"{came}, {self.missing:,} missing{again}", thins=thins)


def _fingerprint(row: object) -> str:
    """Return the hash of a row, without what a search says of the row's rank."""
    if isinstance(row, Mapping):
        row = {name: value for name, value in row.items() if name not in ("weight", "score")}
    text = json.dumps(row, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
