"""SweCRIS, the Swedish Research Council's list of projects paid by most Swedish research funders.

Owner: Vetenskapsrådet. Terms: open data; the interface wants a token of one's own in the header
Authorization. Last checked 2026-11 against rows of its export of 2025; the live interface was not
asked from here.

Quirks: an answer is a list of one funder's projects, large and slow. Dates are texts with a time,
or in the export seconds since 1970. Identifiers end in the funder's short name (_VR, _Vinnova),
and the export of 2025 lists projects of Vinnova again under another funder. No call is named, so
an award from here proves only that a project was paid. peopleList holds persons: it is never read.
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
from scrapers.reading.fields import Fields
from scrapers.register import Register, RegisterRow, SkippedRow

FUNDERS = "202100-5208 202100-5216 202100-5232 202100-5240 202100-5000 802012-1276".split()
"""Numbers of the funders asked for: Vetenskapsrådet, Vinnova, Formas, Forte, Energimyndigheten,
Riksbankens Jubileumsfond."""

_REFUSED = re.compile(r"answered 40[13]\b")
_BOOKKEEPING = (
    "coordinatingOrganisationTypeOfOrganisationSv coordinatingOrganisationTypeOfOrganisationEn "
    "coordinatingOrganisationNameEn fundingOrganisationId fundingOrganisationNameSv "
    "fundingOrganisationTypeOfOrganisationSv fundingOrganisationTypeOfOrganisationEn fundingYear "
    "fundingStartDate fundingEndDate typeOfAwardId typeOfAwardDescrSv typeOfAwardDescrEn "
    "updatedDate loadedDate scbs peopleList involvedPeople"
).split()


class Swecris(Register):
    """Projects of the funders that report to SweCRIS."""

    key = "swecris"
    title = "SweCRIS"
    home = "https://www.vr.se/swecris"
    interface = "API with a token, JSON"
    verified = "real answer"
    address = "https://swecris-api.vr.se/v1"
    needs_key = True

    def pages(self, fetch: PageFetcher) -> Iterator[Page | Failure]:
        """Yield one answer a funder; without a token nothing is asked."""
        if not self.secret:
            advice = "ask the register for one and set FUNDSCOUT_KEYS=swecris=…"
            yield Failure(self.key, f"{self.key} wants a token: {advice}", fatal=True)
            return
        token = {"Authorization": f"Bearer {self.secret}", "Accept": "application/json"}
        for number in FUNDERS:
            where = f"{self.key} projects of {number}"
            try:
                yield fetch.get(
                    f"{self.base}/projects/funders/{number}", deadline=600, headers=token
                )
            except FetchError as error:
                refused = bool(_REFUSED.search(str(error)))
                advice = ": the token was refused; ask for a new one" if refused else ""
                yield Failure(where, f"{error}{advice}", fatal=refused)
                if refused:
                    return

    def rows(self, page: Page) -> Iterator[RegisterRow | Failure | SkippedRow]:
        """Yield the projects of a list, or those under ``result`` of a search's answer."""
        yield from read_rows(self, page, "projects with projectId", inside="result")

    def award(self, row: RegisterRow) -> Award:
        """Return a project; its call is not known here."""
        fields = row.fields
        native = fields.word("projectId")
        if not native or re.search(r"\s", native):
            raise ShapeError(f"{fields.where}.projectId", "an identifier", repr(native))
        fields.where = f"{self.key} project {native}"
        fields.ignore(*_BOOKKEEPING)
        titles = read_bilingual(fields, "projectTitleSv", "projectTitleEn")
        texts = read_bilingual(fields, "projectAbstractSv", "projectAbstractEn", long=True)
        return Award(
            id=f"{self.key}:{native}",
            funder=_funder(fields),
            titles={lang: award_values.clean_title(words) for lang, words in titles.items()},
            texts={lang: award_values.clean_text(words) for lang, words in texts.items()},
            coordinator=award_values.read_organisation(
                fields.word("coordinatingOrganisationNameSv"),
                "SE",
                fields.word("coordinatingOrganisationId"),
            ),
            amount=award_values.read_amount(fields, "fundingsSek", "SEK"),
            provenance=row.provenance,
            **award_values.project_days(fields, "projectStartDate", "projectEndDate"),
        )


def _funder(fields: Fields) -> str:
    name = fields.word("fundingOrganisationNameEn") or fields.word("fundingOrganisationNameSv")
    if not name:
        raise ShapeError(f"{fields.where}.fundingOrganisationNameEn", "a funder", "nothing")
    return name
