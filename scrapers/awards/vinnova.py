"""Vinnova's open list of projects it pays, with the application round that paid each.

Owner: Vinnova. Terms: CC0 / Public Domain Mark, no key. Last checked 2026-11 against the names of
its fields in its documentation and in a public client; no whole record was at hand.

Quirks: the names of the title have an Ä; untranslated English is "x". A date in the address is
needed, or a page of HTML comes. Goals, results and ways of working are fields of their own.
KoordinatorOrg is an organisation, or the name of a sole trader. From early dates the API may time
out, so the years are asked for from 2020 on unless told otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from scrapers.award import Award
from scrapers.awards import award_values
from scrapers.awards.json_lists import read_rows
from scrapers.errors import FetchError, ShapeError
from scrapers.funder import PageFetcher
from scrapers.http.page import Failure, Page
from scrapers.platforms.bilingual import join_bilingual, read_bilingual
from scrapers.reading.fields import Fields, distinct
from scrapers.register import Register, RegisterRow, SkippedRow

_NUMBER = re.compile(r"\d{4}-\d{5}")
_PARENTS = ("DiarienummerAnsokningsomgang", "DiarienummerUtlysning", "DiarienummerProgram")
_PARTS = (("goals", "Mal"), ("result", "Resultat"), ("implementation", "Implementation"))
_EARLIEST = date(2020, 1, 1)
_ADVICE = "Ask with a date, as in /projekt/2024-01-01."


class VinnovaAwards(Register):
    """Projects of Vinnova; each names its round, call and programme by number."""

    key = "vinnova"
    title = "Vinnova"
    home = "https://www.vinnova.se"
    interface = "open API, JSON"
    verified = "page text"
    address = "https://data.vinnova.se/api"
    incremental = True

    def pages(self, fetch: PageFetcher) -> Iterator[Page | Failure]:
        """Yield the one answer with everything changed since a day."""
        since = self.since or _EARLIEST
        try:
            yield fetch.get(f"{self.base}/projekt/{since.isoformat()}", deadline=300)
        except FetchError as error:
            yield Failure(f"{self.key} projekt", str(error), fatal=True)

    def rows(self, page: Page) -> Iterator[RegisterRow | Failure | SkippedRow]:
        """Yield the projects of a list; rounds and calls in it are passed over."""
        for row in read_rows(self, page, "projects", advice=_ADVICE):
            if isinstance(row, RegisterRow) and row.fields.has("Titel"):
                yield SkippedRow("round, call or programme")
            else:
                yield row

    def award(self, row: RegisterRow) -> Award:
        """Return a project with its texts as sections of one text a language."""
        fields = row.fields
        native = _number(fields, "Diarienummer")
        if not native:
            came = repr(fields.word("Diarienummer"))
            raise ShapeError(f"{fields.where}.Diarienummer", "yyyy-nnnnn", came)
        fields.where = f"{self.key} project {native}"
        fields.ignore("Status", "KoordinatorArb", "LankLista")
        titles = read_bilingual(fields, "Ärenderubrik", "ÄrenderubrikEngelska")
        return Award(
            id=f"{self.key}:{native}",
            funder=self.title,
            titles={lang: award_values.clean_title(words) for lang, words in titles.items()},
            texts=_texts(fields),
            caller="vinnova",
            calls=distinct(_number(fields, name) for name in _PARENTS),
            coordinator=award_values.read_organisation(fields.word("KoordinatorOrg"), "SE"),
            amount=award_values.read_amount(fields, "BeviljatBidrag", "SEK"),
            provenance=row.provenance,
            **award_values.project_days(fields, "ProjektStart", "ProjektSlut"),
        )


def _texts(fields: Fields) -> dict[str, str]:
    summary = fields.text("Projektreferat")
    parts = [("summary", {"sv": summary} if summary else {})]
    parts += [
        (name, read_bilingual(fields, f"{field}Svenska", f"{field}Engelska", long=True))
        for name, field in _PARTS
    ]
    texts, _ = join_bilingual(parts)
    return {language: award_values.clean_text(text) for language, text in texts.items()}


def _number(fields: Fields, name: str) -> str:
    value = fields.word(name)
    return value if _NUMBER.fullmatch(value) else ""
