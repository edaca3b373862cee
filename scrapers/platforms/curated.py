"""Curated funders: calls kept by hand, for funders that publish only prose or months.

Each such funder is one file, ``scrapers/curated/<key>.toml``, and no network is used. The file says
who the funder is, and lists calls that come back or are always open::

    [funder]
    title = "…"
    home = "https://…"
    level = "national"             # regional, national, nordic, european or international
    zone = "Europe/Stockholm"      # the clock of its deadlines
    verified = "page text"         # how far the facts were checked: or "real answer", "not yet"
    about = "…"                    # what it funds, and what a reader of the file has to know

    [[call]]
    id = "hog"                     # stays the same from year to year
    url = "https://…"              # the funder's page for people
    apply_url = "https://…"        # may be left out, as may everything from here to titles
    programme = "…"
    level = "national"             # where it is not the funder's own
    keywords = ["…"]
    invited_only = true
    checked = 2026-11-02           # the day somebody read the sources; left out: nobody has
    opens = 2027-09-01
    titles = { sv = "…", en = "…" }
    [call.texts.sv]                # in words of our own: what, who, amount, conditions or
    what = "…"                     # "how to apply"; applicants are read from who
    who = "…"
    [call.funding]                 # whole units of ``currency``
    currency = "SEK"
    maximum = 5_000_000            # or minimum, total, share_percent, expected_awards, text
    [[call.deadlines]]             # fixed, two-stage and cut-off have ``at``: a day or a time
    kind = "announced"             # on the funder's clock; announced and rolling have ``text``
    text = "september till november"
    [call.sources]                 # where each fact above was read; none may be missing
    what = "https://… and what is to be known about that page"

An entry that was compared with its sources more than 180 days ago, or never, is stale
(``Call.stale``) and shown as such. To check one: read its sources, correct it, set ``checked``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib.resources.abc import Traversable
from typing import Any, ClassVar

from pydantic import ValidationError

from scrapers.call import Call, Level, deadline_before_opening, impossible_dates
from scrapers.errors import ShapeError
from scrapers.funder import Expectations, Funder, ItemGroup, PageFetcher, SourceItem
from scrapers.http.page import Failure, Page
from scrapers.platforms.curated_entry import CuratedCall, Head, error_text
from scrapers.reading.applicants import read_eligibility
from scrapers.reading.fields import Fields

ADVICE = "Mend the file; its form is described in scrapers/platforms/curated.py."

_CALL_HEADER = re.compile(r"^[ \t]*\[\[[ \t]*call[ \t]*\]\]", re.MULTILINE)


class CuratedEntryError(ShapeError):
    """The file or an entry is not in this module's form; ``faults`` names all that is wrong."""

    def __init__(self, where: str, faults: str) -> None:
        super().__init__(where, "a sound entry", faults, ADVICE)
        self.args = (f"{where}: {faults}. {ADVICE}",)


class CuratedFunder(Funder):
    """A funder whose calls are kept by hand in ``file``; `curated_funder` makes its class."""

    file: ClassVar[Traversable]
    interface: ClassVar[str] = "kept by hand"
    address: ClassVar[str] = ""
    expects: ClassVar[Expectations] = Expectations(minimum=1)

    def pages(self, fetch: PageFetcher) -> Iterator[Page | Failure]:
        """Yield the file of this funder; nothing is fetched."""
        del fetch
        yield Page(url=self.file.name, body=self.file.read_bytes())

    def items(self, page: Page) -> Iterator[SourceItem | Failure]:
        """Yield the entries of the file; raise ``ShapeError`` with the line that is not TOML."""
        entries, text = _entries(page)
        lines = [text.count("\n", 0, m.start()) + 1 for m in _CALL_HEADER.finditer(text)]
        if len(lines) != len(entries):  # a heading inside a text: no line is better than a wrong
            lines = []
        seen: set[str] = set()
        for number, entry in enumerate(entries):
            at = f"line {lines[number]}" if lines else f"entry {number + 1}"
            native = str(entry.get("id", ""))
            where = f"{page.url} {at}, call {native!r}"
            if native in seen:
                yield Failure(
                    where, str(CuratedEntryError(where, "an entry above has the same id"))
                )
                continue
            seen.add(native)
            origin = self.provenance(page)
            yield SourceItem("call", native, Fields(entry, where), origin)

    def call(self, group: ItemGroup) -> Call:
        """Return the call of an entry; raise ``ShapeError`` naming everything wrong with it."""
        item = group[0]
        names = item.fields.names()
        try:
            entry = CuratedCall.model_validate({name: item.fields.raw(name) for name in names})
            if faults := list(entry.faults()):
                raise CuratedEntryError(item.fields.where, "; ".join(faults))
            return self._sound_call(self._build_call(entry, item), item)
        except ValidationError as error:
            faults = [error_text(detail) for detail in error.errors(include_url=False)]
            raise CuratedEntryError(item.fields.where, "; ".join(faults)) from error
        except (ValueError, OverflowError) as error:
            raise CuratedEntryError(item.fields.where, str(error)) from error

    def _sound_call(self, call: Call, item: SourceItem) -> Call:
        """Return ``call``; raise ``CuratedEntryError`` for dates that cannot be."""
        contradiction = deadline_before_opening(call)
        if wrong := [*impossible_dates(call), *([contradiction] if contradiction else [])]:
            raise CuratedEntryError(item.fields.where, "; ".join(wrong))
        return call

    def _build_call(self, entry: CuratedCall, item: SourceItem) -> Call:
        texts = entry.joined_texts()
        origin = {"checked_on": entry.checked, "curated": True, "url": entry.url}
        return Call(
            id=f"{self.key}:{entry.id}",
            funder=self.title,
            level=Level(entry.level) if entry.level else self.level,
            titles=entry.titles,
            texts={code: text for code, (text, _) in texts.items()},
            sections={code: sections for code, (_, sections) in texts.items()},
            programme=entry.programme,
            keywords=tuple(entry.keywords),
            opens=entry.opening_time(self.zone),
            deadlines=tuple(deadline.read(self.zone) for deadline in entry.deadlines),
            funding=entry.funding.read() if entry.funding else None,
            eligibility=read_eligibility(entry.applicants_text()),
            invited_only=entry.invited_only,
            url=entry.url,
            apply_url=entry.apply_url,
            links=entry.links(),
            provenance=item.provenance.model_copy(update=origin),
        )


def curated_funder(file: Traversable) -> type[CuratedFunder]:
    """Return the funder that ``file`` describes; its key is the file's name.

    Raises:
        CuratedEntryError: the file does not say, or says wrongly, who the funder is.
    """
    key = file.name.removesuffix(".toml")
    tables, _ = _tables(Page(url=file.name, body=file.read_bytes()))
    try:
        head = Head.model_validate(tables.get("funder", {}))
    except ValidationError as error:
        faults = [error_text(detail) for detail in error.errors(include_url=False)]
        raise CuratedEntryError(f"{file.name}, [funder]", "; ".join(faults)) from error
    facts = {name: getattr(head, name) for name in ("title", "home", "zone", "verified")}
    derived = {"key": key, "file": file, "level": Level(head.level), "__doc__": head.about}
    return type(f"Curated_{key}", (CuratedFunder,), facts | derived)


def _tables(page: Page) -> tuple[dict[str, Any], str]:
    """Return the file's tables and its text; raise ``CuratedEntryError`` for no TOML."""
    try:
        text = page.body.decode("utf-8-sig").replace("\r\n", "\n")
        return tomllib.loads(text), text
    except UnicodeDecodeError as error:
        raise CuratedEntryError(page.url, f"byte {error.start} is no UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise CuratedEntryError(page.url, f"this is no TOML: {error}") from error


def _entries(page: Page) -> tuple[list[dict[str, Any]], str]:
    """Return the file's entries and its text; raise ``CuratedEntryError`` if it has none."""
    tables, text = _tables(page)
    tables.pop("funder", None)  # read when the funder was found
    entries = tables.pop("call", None)
    if tables:
        raise CuratedEntryError(
            page.url, f"{', '.join(map(repr, tables))} stands outside of [funder] and [[call]]"
        )
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise CuratedEntryError(page.url, "there is no [[call]] in it")
    return entries, text
