"""A new funder's first file: written once, beside the others, for a person to go on with.

A reader of answers is a class; a funder that publishes prose is a TOML file kept by hand.
"""

from __future__ import annotations

import keyword
from pathlib import Path
from string import Template

from scrapers.catalogue import KEY
from scrapers.errors import ScrapeError

_TEMPLATE = Template('''"""$title: what it funds, in a line.

Owner: $title.
Terms: say under which the answers may be used. Last checked: say when and against what.

Quirks: what a reader of this file would not guess from an answer.
"""

from __future__ import annotations

from collections.abc import Iterator

from scrapers.call import Call, Deadline, DeadlineKind, Level, join_sections
from scrapers.errors import ShapeError
from scrapers.funder import Expectations, Funder, ItemGroup, PageFetcher, SourceItem
from scrapers.http.page import Failure, Page
from scrapers.reading.fields import Fields


class $name(Funder):
    """Calls as the funder lists them; say which and which not."""

    key = "$key"
    title = "$title"
    home = "https://example.org"
    level = Level.NATIONAL
    zone = "Europe/Stockholm"
    interface = "API, JSON"
    verified = "not yet"
    address = "https://example.org/api"
    expects = Expectations(minimum=1)

    def pages(self, fetch: PageFetcher) -> Iterator[Page | Failure]:
        """Yield the one answer that lists all calls."""
        yield fetch.get(f"{self.base}/calls")

    def items(self, page: Page) -> Iterator[SourceItem | Failure]:
        """Yield the records of the list."""
        where = f"{self.key} {page.url}"
        answer = page.json(where)
        if not isinstance(answer, list) or not answer:
            raise ShapeError(where, "a list of calls", type(answer).__name__)
        for position, row in enumerate(answer):
            try:
                fields = Fields(row, f"{self.key} record {position}")
            except ShapeError as error:
                yield Failure(error.where, str(error))
                continue
            yield SourceItem("call", fields.word("id"), fields, self.provenance(page))

    def call(self, group: ItemGroup) -> Call:
        """Return the call of one record."""
        (item,) = group
        fields = item.fields
        text, sections = join_sections([("description", fields.text("text"))])
        closes = fields.moment("deadline", self.zone)
        deadlines = ()
        if closes is not None:
            deadlines = (
                Deadline(
                    kind=DeadlineKind.FIXED,
                    zone=self.zone,
                    at=closes.at,
                    date_only=closes.date_only,
                ),
            )
        return Call(
            id=f"{self.key}:{item.id}",
            funder=self.title,
            level=self.level,
            titles={"sv": fields.word("title")},
            texts={"sv": text} if text else {},
            sections={"sv": sections} if text else {},
            deadlines=deadlines,
            url=fields.word("url") or None,
            provenance=item.provenance,
        )
''')


_ENTRIES = Template("""\
# The form of this file: scrapers/platforms/curated.py.

[funder]
title = "$title"
home = "https://example.org"
level = "national"
zone = "Europe/Stockholm"
verified = "not yet"
about = "What it funds, in a line, and what a reader of this file has to know."

[[call]]
id = "first"
url = "https://example.org/call"
titles = { en = "A call that comes back every year" }
[call.texts.en]
what = "What is paid for, in words of your own."
who = "Who may apply."
[[call.deadlines]]
kind = "announced"
text = "in the autumn"
[call.sources]
what = "https://example.org/call"
who = "https://example.org/call"
deadlines = "https://example.org/call"
""")


def new_funder(key: str, title: str, folder: Path) -> Path:
    """Write the first file of a funder that is read into ``folder`` and return its path.

    It reads a JSON list of {id, title, text, deadline, url}: a start that runs, to be changed into
    what the funder really answers.

    Raises:
        ScrapeError: the key is no name for a file, or there is such a file already.
    """
    return _written(folder / f"{key}.py", _TEMPLATE, key, title)


def new_curated(key: str, title: str, folder: Path) -> Path:
    """Write the first file of a funder that is kept by hand into ``folder`` and return its path.

    It has one entry, to be changed into what the funder really calls for.

    Raises:
        ScrapeError: as for `new_funder`.
    """
    return _written(folder / f"{key}.toml", _ENTRIES, key, title)


def _written(path: Path, form: Template, key: str, title: str) -> Path:
    if not KEY.fullmatch(key) or keyword.iskeyword(key):
        raise ScrapeError(
            f"{key!r} cannot be a funder's key: small letters, digits and _, beginning with a "
            "letter, such as kk_stiftelsen."
        )
    name = "".join(part.capitalize() for part in key.split("_"))
    shown = "".join(c if c.isprintable() else " " for c in title)
    shown = " ".join(shown.replace("\\", " ").replace('"', "'").split()) or name
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(form.substitute(key=key, title=shown, name=name))
    except FileExistsError as error:
        raise ScrapeError(f"{path} is there already: go on with it.") from error
    except OSError as error:
        raise ScrapeError(f"{path} cannot be written: {error.strerror}.") from error
    return path
