"""Documents that calls link to, read as sections of the calls.

A funder says from which hosts, as far as its terms allow; by default none. Documents are fetched as
politely as pages are, and only those of calls that can still be applied for; one that was fetched
before is asked for only if it changed, and is used as it is when it cannot be had. What a document
says never takes the place of what the call's own page says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import urldefrag, urlsplit
from zoneinfo import ZoneInfo

from scrapers.call import Call, Deadline, DeadlineKind, Link, Section, Status
from scrapers.errors import FetchError
from scrapers.funder import Funder, PageFetcher
from scrapers.http.archive import PageArchive
from scrapers.http.page import Page
from scrapers.reading.files.file_text import (
    FileFault,
    FileKind,
    FileLimits,
    FileText,
    UnreadableFileError,
)
from scrapers.reading.files.read_file import read_file
from scrapers.reading.language import language_of
from scrapers.reading.parse import clean_text
from scrapers.reading.stated_deadline import find_stated_deadline
from scrapers.remarks import Remark

_DOCUMENTS: Final = frozenset({FileKind.PDF, FileKind.WORD})
_OTHER_PAPERS: Final = frozenset(
    {
        FileFault.SPREADSHEET,
        FileFault.PRESENTATION,
        FileFault.PICTURE,
        FileFault.ARCHIVE,
        FileFault.WEB_PAGE,
        FileFault.OLD_WORD,
        FileFault.OPEN_DOCUMENT,
        FileFault.OTHER,
    }
)
"""Faults of files that are no texts to read, such as a budget to fill in: nothing is wrong."""

_CAN_BE_APPLIED_FOR: Final = frozenset({Status.OPEN, Status.FORTHCOMING})


@dataclass(frozen=True)
class AttachmentLimits:
    """Bounds: documents of a call, documents fetched in a run, and characters of one document.

    A document that more than ``shared`` calls of a run link to is a general guide and not read.
    """

    per_call: int = 3
    per_run: int = 60
    characters: int = 60_000
    shared: int = 2


class AttachmentReader:
    """Adds the documents of one funder's calls to them; ``problems`` says what could not be read.

    Without ``fetch`` only what the archive has is read.
    """

    def __init__(
        self,
        source: Funder,
        fetch: PageFetcher | None,
        archive: PageArchive | None,
        now: datetime,
        limits: AttachmentLimits | None = None,
    ) -> None:
        self.problems: list[tuple[str, str]] = []
        self._source = source
        self._fetch = fetch
        self._archive = archive
        self._now = now
        self._limits = limits or AttachmentLimits()
        self._left = self._limits.per_run
        self._texts: dict[str, FileText | None] = {}

    def with_attachments(self, calls: Sequence[Call]) -> tuple[Call, ...]:
        """Return ``calls`` with the texts of the documents that they link to."""
        if not self._source.attachment_hosts:
            return tuple(calls)
        found = {call.id: list(self._documents(call)) for call in calls}
        shared = Counter(_bare(link) for links in found.values() for link in links)
        return tuple(
            self._with_documents(
                call, [one for one in found[call.id] if shared[_bare(one)] <= self._limits.shared]
            )
            for call in calls
        )

    def _documents(self, call: Call) -> Iterator[Link]:
        """Yield the links of a call to documents on a host of the funder's, each once."""
        seen = set()
        for link in call.links:
            host = urlsplit(link.url).hostname or ""
            known = any(
                host == one or host.endswith(f".{one}") for one in self._source.attachment_hosts
            )
            if known and _bare(link) not in seen and self._source.is_document(link):
                seen.add(_bare(link))
                yield link

    def _with_documents(self, call: Call, links: Sequence[Link]) -> Call:
        for link in links[: self._limits.per_call]:
            file = self._read(call, _bare(link))
            if file is not None and file.kind in _DOCUMENTS:
                call = self._with_document(call, link, file)
        return call

    def _read(self, call: Call, url: str) -> FileText | None:
        """Return the text of a document; None when there is none to be had."""
        if url in self._texts:
            return self._texts[url]
        page = self._page(call, url)
        self._texts[url] = None
        if page is not None:
            limits = FileLimits(characters=self._limits.characters)
            try:
                self._texts[url] = read_file(page.body, PurePosixPath(url).name, limits)
            except UnreadableFileError as error:
                if error.fault not in _OTHER_PAPERS:
                    self.problems.append((call.id, f"the attachment {url} was not read: {error}"))
        return self._texts[url]

    def _page(self, call: Call, url: str) -> Page | None:
        known = self._archive.latest(url) if self._archive is not None else None
        if self._fetch is None or self._left <= 0:
            return known
        if call.status(self._now) not in _CAN_BE_APPLIED_FOR:
            return known
        self._left -= 1
        try:
            return self._fetch.get(url)
        except FetchError as error:
            kept = "; as it was fetched before, it is read" if known else ""
            self.problems.append((call.id, f"the attachment {url} cannot be had: {error}{kept}"))
            return known

    def _with_document(self, call: Call, link: Link, file: FileText) -> Call:
        """Return ``call`` with a document as the last section of the text in its language."""
        text = clean_text(file.text)
        if not text:
            return call
        language = link.language or language_of(text) or next(iter(call.texts), "en")
        before = call.texts.get(language, "")
        start = len(before) + 2 if before else 0
        name = (link.label or file.title or PurePosixPath(urlsplit(link.url).path).name).strip()
        section = Section(
            name=name[:300] or "attachment", start=start, end=start + len(text), url=link.url
        )
        whole = f"{before}\n\n{text}" if before else text
        changed = call.model_copy(
            update={
                "texts": {**call.texts, language: whole},
                "sections": {
                    **call.sections,
                    language: (*call.sections.get(language, ()), section),
                },
            }
        )
        return self._with_stated_day(changed, text)

    def _with_stated_day(self, call: Call, text: str) -> Call:
        """Return ``call`` with the day by which a document says to apply, told as its words.

        A day of the call's own stands; where the document states another one, the deadline says
        so. Without any the document's day is the deadline, unless the call opens after it.
        """
        stated = find_stated_deadline(text, self._source.zone)
        if stated is None:
            return call
        note, day = Remark.ATTACHMENT_SAYS.before(stated.quote), stated.date.moment
        dated = [one for one in call.deadlines if one.at is not None]
        if dated:
            days = {one.local().date() for one in dated}
            if day.at.astimezone(ZoneInfo(dated[0].zone)).date() in days:
                return call
            self.problems.append((call.id, f"an attachment states another day: {stated.quote}"))
            noted = (
                one if one.text else one.model_copy(update={"text": note}) for one in call.deadlines
            )
            return call.model_copy(update={"deadlines": tuple(noted)})
        if call.deadlines or call.closed_by or (call.opens is not None and day.at < call.opens):
            return call
        deadline = Deadline(
            kind=DeadlineKind.FIXED,
            zone=stated.date.zone,
            at=day.at,
            date_only=day.date_only,
            text=note,
        )
        return call.model_copy(update={"deadlines": (deadline,)})


def _bare(link: Link) -> str:
    return urldefrag(link.url).url
