"""Formas' open list of projects it pays, since 2006, with the call that paid each.

Owner: Formas. Terms: free, no key. Last checked 2026-11 against the printed answer of a public
client; not fetched live from here.

Quirks: names are in lower case with å, ä and ö in them. Keywords and subjects are texts with
semicolons. /GetAll takes minutes; /getbychangeddate/<day> gives what changed since.
medelsförvaltare is the organisation that holds the money; no person is named in a field.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scrapers.award import Award
from scrapers.awards import award_values
from scrapers.awards.json_lists import read_rows
from scrapers.errors import FetchError, ShapeError
from scrapers.funder import PageFetcher
from scrapers.http.page import Failure, Page
from scrapers.platforms.bilingual import read_bilingual
from scrapers.reading.fields import distinct
from scrapers.register import Register, RegisterRow, SkippedRow

_NUMBER = re.compile(r"\d{4}-\d{4,6}")
_BOOKKEEPING = (
    "nyckelord scbForskningsämneKod scbForskningsämneNamn formasÄmnesområde hållbarhetsmål "
    "beviljatDatum status ansökansId senastÄndrad projektledare projektledareNamn"
).split()


class FormasAwards(Register):
    """Projects of Formas; each names its call by number and title."""

    key = "formas"
    title = "Formas"
    home = "https://formas.se"
    interface = "open API, JSON"
    verified = "page text"
    address = "https://data.formas.se/api/projekt"
    incremental = True

    def pages(self, fetch: PageFetcher) -> Iterator[Page | Failure]:
        """Yield the one answer: everything, or what changed since a day."""
        path = f"getbychangeddate/{self.since.isoformat()}" if self.since else "GetAll"
        try:
            yield fetch.get(f"{self.base}/{path}", deadline=600)
        except FetchError as error:
            yield Failure(f"{self.key} {path}", str(error), fatal=True)

    def rows(self, page: Page) -> Iterator[RegisterRow | Failure | SkippedRow]:
        """Yield the projects of a list, or the one of /Get/<number>."""
        yield from read_rows(self, page, "projects with diarienummer")

    def award(self, row: RegisterRow) -> Award:
        """Return a project."""
        fields = row.fields
        native = fields.word("diarienummer")
        if not _NUMBER.fullmatch(native):
            raise ShapeError(f"{fields.where}.diarienummer", "yyyy-nnnnn", repr(native))
        fields.where = f"{self.key} project {native}"
        fields.ignore(*_BOOKKEEPING)
        titles = read_bilingual(fields, "ärenderubrik", "ärenderubrikEngelska")
        texts = read_bilingual(fields, "projektbeskrivning", "abstract", long=True)
        return Award(
            id=f"{self.key}:{native}",
            funder=self.title,
            titles={lang: award_values.clean_title(words) for lang, words in titles.items()},
            texts={lang: award_values.clean_text(words) for lang, words in texts.items()},
            caller="formas",
            calls=distinct([fields.word("diarienummerUtlysning")]),
            programme=fields.word("utlysningTitel"),
            coordinator=award_values.read_organisation(
                fields.word("medelsförvaltareNamn"), "SE", fields.word("medelsförvaltareOrgnr")
            ),
            amount=award_values.read_amount(fields, "beviljatBidrag", "SEK"),
            provenance=row.provenance,
            **award_values.project_days(fields, "projektStart", "projektSlut"),
        )
