"""Answers of a register to awards, one after another, with an account of every row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pydantic import ValidationError

from scrapers.award import Award
from scrapers.errors import ScrapeError, ShapeError
from scrapers.funder import PageFetcher
from scrapers.http.page import Failure, Page
from scrapers.register import Register, RegisterRow, SkippedRow

FILE_LIMIT = 512 * 2**20
"""Bytes of a saved answer at most."""

_MAX_PROBLEMS = 200


class RegisterRun:
    """A run over a register. Iterate ``awards()`` once; the account is complete after that.

    ``rows`` is every row seen, and always ``came + lost + repeated`` plus the counts of
    ``passed``. ``problems`` are (where, message) of what was lost or left out of an award, the
    first 200 of ``complaints``. ``unread`` counts fields that the reader does not know.
    ``broken`` are the answers that were none, or ended in the middle.
    """

    def __init__(self, register: Register, pages: Iterable[Page | Failure]) -> None:
        self.register = register
        self._pages = pages
        self._seen: set[str] = set()
        self.pages = self.rows = self.came = self.lost = self.repeated = 0
        self.broken = self.complaints = 0
        self.passed: Counter[str] = Counter()
        self.unread: Counter[str] = Counter()
        self.problems: list[tuple[str, str]] = []

    @property
    def complete(self) -> bool:
        """Whether every answer came whole and every row was read."""
        return not (self.lost or self.broken)

    def awards(self) -> Iterator[Award]:
        """Yield the awards as they are read; what cannot be read is noted and passed over."""
        try:
            for page in self._pages:
                if isinstance(page, Failure):
                    self._record_fatal_loss(page.where, page.message)
                else:
                    yield from self._awards_of_page(page)
        except ScrapeError as error:
            self._record_fatal_loss(self.register.key, str(error))

    def _awards_of_page(self, page: Page) -> Iterator[Award]:
        self.pages += 1
        rows = self.register.rows(page)
        while True:
            try:
                row = next(rows)
            except StopIteration:
                return
            except ShapeError as error:
                self._record_fatal_loss(error.where, str(error))
                return
            award = self._read_award(row)
            if award is not None:
                yield award

    def _read_award(self, row: RegisterRow | Failure | SkippedRow) -> Award | None:
        self.rows += 1
        if isinstance(row, SkippedRow):
            self.passed[row.reason] += 1
            return None
        if isinstance(row, Failure):
            self._record_loss(row.where, row.message)
            return None
        try:
            award = self.register.award(row)
        except ShapeError as error:
            self._record_loss(error.where, str(error))
            return None
        except ValidationError as error:
            self._record_loss(row.fields.where, _validation_message(error))
            return None
        finally:
            for note in row.fields.notes:
                self._record_problem(*note)
        self.unread.update(row.fields.unread_names())
        if award.id in self._seen:
            self.repeated += 1
            return None
        self._seen.add(award.id)
        self.came += 1
        return award

    def _record_loss(self, where: str, message: str) -> None:
        self.lost += 1
        self._record_problem(where, message)

    def _record_fatal_loss(self, where: str, message: str) -> None:
        self.broken += 1
        self._record_problem(where, message)

    def _record_problem(self, where: str, message: str) -> None:
        self.complaints += 1
        if len(self.problems) < _MAX_PROBLEMS:
            self.problems.append((where, message))


def read_files(register: Register, paths: Sequence[Path]) -> RegisterRun:
    """Return a reading of saved answers, as one run without a network."""
    return RegisterRun(register, _saved_pages(paths))


def read_live(register: Register, fetch: PageFetcher) -> RegisterRun:
    """Return a reading of what the register answers now."""
    return RegisterRun(register, register.pages(fetch))


def _saved_pages(paths: Sequence[Path]) -> Iterator[Page | Failure]:
    for path in paths:
        try:
            if path.stat().st_size > FILE_LIMIT:
                message = f"{path}: larger than {FILE_LIMIT // 2**20} MiB; split it"
                yield Failure(str(path), message)
                continue
            body = path.read_bytes()
        except OSError as error:
            yield Failure(str(path), f"{path}: {error.strerror or error}")
            continue
        yield Page(url=path.name, body=body)


def _validation_message(error: ValidationError) -> str:
    parts = []
    for detail in error.errors(include_url=False, include_input=False):
        place = ".".join(str(step) for step in detail["loc"])
        parts.append(f"{place}: {detail['msg']}" if place else str(detail["msg"]))
    return "; ".join(parts)
