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

from scrapers.award import Award, Passed, Register, Row
from scrapers.awards import values
from scrapers.awards.lists import rows_of
from scrapers.errors import FetchError, ShapeError
from scrapers.fields import Fields, distinct
from scrapers.funder import Fetch, Lost
from scrapers.page import Page
from scrapers.platforms.bilingual import both, joined

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

    def pages(self, fetch: Fetch) -> Iterator[Page | Lost]:
        """Yield the one answer with everything changed since a day."""
        since = self.since or _EARLIEST
        try:
            yield fetch.get(f"{self.base}/projekt/{since.isoformat()}", deadline=300)
        except FetchError as error:
            yield Lost(f"{self.key} projekt", str(error), fatal=True)

    def rows(self, page: Page) -> Iterator[Row | Lost | Passed]:
        """Yield the projects of a list; rounds and calls in it are passed over."""
        for row in rows_of(self, page, "projects", advice=_ADVICE):
            if isinstance(row, Row) and row.fields.has("Titel"):
                yield Passed("round, call or programme")
            else:
                yield row

    def award(self, row: Row) -> Award:
        """Return a project with its texts as sections of one text a language."""
        fields = row.fields
        native = _number(fields, "Diarienummer")
        if not native:
            came = repr(fields.word("Diarienummer"))
            raise ShapeError(f"{fields.where}.Diarienummer", "yyyy-nnnnn", came)
        fields.where = f"{self.key} project {native}"
        fields.ignore("Status", "KoordinatorArb", "LankLista")
        titles = both(fields, "Ärenderubrik", "ÄrenderubrikEngelska")
        return Award(
            id=f"{self.key}:{native}",
            funder=self.title,
            titles={lang: values.title(words) for lang, words in titles.items()},
            texts=_texts(fields),
            caller="vinnova",
            calls=distinct(_number(fields, name) for name in _PARENTS),
            coordinator=values.organisation(fields.word("KoordinatorOrg"), "SE"),
            amount=values.amount(fields, "BeviljatBidrag", "SEK"),
            provenance=row.provenance,
            **values.days(fields, "ProjektStart", "ProjektSlut"),
        )


def _texts(fields: Fields) -> dict[str, str]:
    summary = fields.text("Projektreferat")
    parts = [("summary", {"sv": summary} if summary else {})]
    parts += [
        (name, both(fields, f"{field}Svenska", f"{field}Engelska", long=True))
        for name, field in _PARTS
    ]
    texts, _ = joined(parts)
    return {language: values.text(text) for language, text in texts.items()}


def _number(fields: Fields, name: str) -> str:
    value = fields.word(name)
    return value if _NUMBER.fullmatch(value) else ""
