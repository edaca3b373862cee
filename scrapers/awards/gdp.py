"""Projects that the Swedish research councils pay, from their common open interface, GDP 2.0.

Owner: each council. Terms: CC0, a free key a council, sent as it is in the header Authorization.
Written 2026-11 from the published specification; no real answer was at hand.

Quirks: the list is /finansieradeaktiviteter. Money stands a row for each organisation and year, as
planned and as changed since. An organisation comes once for each role it has. franBeslutDatum
gives what was decided after a day, so a project that was changed without a decision is missing.
Text that is not open reads "Ej öppna data". ``personer`` holds persons: it is never read.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import ClassVar

from scrapers.award import Award, Organisation
from scrapers.awards import award_values
from scrapers.awards.json_lists import read_rows
from scrapers.call import Money, is_writable
from scrapers.errors import ShapeError
from scrapers.funder import PageFetcher
from scrapers.http.page import Failure, Page
from scrapers.platforms import gdp
from scrapers.platforms.bilingual import read_bilingual
from scrapers.reading import parse
from scrapers.reading.fields import Fields, distinct
from scrapers.register import Register, RegisterRow, SkippedRow

_BOOKKEEPING = (
    "finansiarNamn finansiarOrganisationsnummer status typ lank personer beslut forskningsamnen "
    "hallbarhetsmal kategoriseringFinansiar nyckelord bidragsform"
).split()
_COORDINATOR = "koordinator"


class GdpAwards(Register):
    """A council's projects; ``caller`` is the council's key as a funder."""

    interface = "GDP 2.0, JSON, with a key"
    verified = "not yet"
    needs_key = True
    incremental = True
    caller: ClassVar[str]
    council: ClassVar[str]

    def pages(self, fetch: PageFetcher) -> Iterator[Page | Failure]:
        """Yield the list page by page, or what was decided since a day; nothing without a key."""
        if not self.secret:
            advice = f"ask {self.council} for one and set FUNDSCOUT_KEYS={self.caller}=…"
            yield Failure(self.key, f"{self.key} wants a key: {advice}", fatal=True)
            return
        since = {"franBeslutDatum": self.since.isoformat()} if self.since else {}
        yield from gdp.pages(self, fetch, self.base, "finansieradeaktiviteter", **since)

    def rows(self, page: Page) -> Iterator[RegisterRow | Failure | SkippedRow]:
        """Yield the projects of a list; calls, applications and others' projects are skipped."""
        for row in read_rows(self, page, "projects with diarienummer"):
            reason = "" if isinstance(row, Failure) else self._skip_reason(row.fields)
            yield SkippedRow(reason) if reason else row

    def _skip_reason(self, fields: Fields) -> str:
        names = set(fields.names())
        if "soktBelopp" in names:
            return "application"
        if "publiceringsplatser" in names or "stangningsdatum" in names:
            return "call"
        return (
            "project of another funder" if gdp.belongs_to_other_funder(fields, self.council) else ""
        )

    def award(self, row: RegisterRow) -> Award:
        """Return a project, with the call and the programme that pay it."""
        fields = row.fields
        native = fields.word("diarienummer")
        if not gdp.NUMBER.fullmatch(native):
            raise ShapeError(f"{fields.where}.diarienummer", "a number", repr(native))
        fields.where = f"{self.key} project {native}"
        fields.ignore(*_BOOKKEEPING)
        titles = gdp.without_closed_data(read_bilingual(fields, "titel", "titelEng"))
        if not titles:
            raise ShapeError(fields.where, "a titel", "none that is open")
        texts = gdp.without_closed_data(
            read_bilingual(fields, "beskrivning", "beskrivningEng", long=True)
        )
        call = fields.record("utlysning")
        programmes = gdp.read_programmes(fields)
        paid_by = [one.word("diarienummer") for one in (call, *programmes) if one is not None]
        coordinator, partners = _organisations(fields)
        return Award(
            id=f"{self.key}:{native}",
            funder=self.council,
            titles=award_values.drop_empty(
                {lang: award_values.clean_title(words) for lang, words in titles.items()}
            ),
            texts=award_values.drop_empty(
                {lang: award_values.clean_text(words) for lang, words in texts.items()}
            ),
            caller=self.caller if any(paid_by) else "",
            calls=distinct(paid_by),
            programme=next((name for one in programmes if (name := one.word("titel"))), ""),
            coordinator=coordinator,
            partners=partners,
            amount=_total_amount(fields),
            provenance=row.provenance,
            **award_values.project_days(fields, "startdatum", "slutdatum"),
        )


class FormasGdp(GdpAwards):
    """Projects of Formas; its own register ``formas`` has them too, without a key."""

    key = "gdp_formas"
    key_name = caller = "formas"
    council = "Formas"
    title = "Formas (GDP)"
    home = "https://formas.se"
    address = "https://api.formas.se/gdp_formas"


class ForteGdp(GdpAwards):
    """Projects of Forte."""

    key = "gdp_forte"
    key_name = caller = "forte"
    council = "Forte"
    title = "Forte (GDP)"
    home = "https://forte.se"
    address = "https://api.forte.se/gdp_forte"


class VrGdp(GdpAwards):
    """Projects of the Swedish Research Council."""

    key = "gdp_vr"
    key_name = caller = "vr"
    council = "Vetenskapsrådet"
    title = "Vetenskapsrådet (GDP)"
    home = "https://www.vr.se"
    address = "https://api.vr.se/gdp_vr"


def _organisations(fields: Fields) -> tuple[Organisation | None, tuple[Organisation, ...]]:
    """Return who coordinates, and the others; without a coordinator the only one is it."""
    leading: list[Organisation | None] = []
    others: list[Organisation | None] = []
    for one in fields.records("organisationer"):
        organisation = award_values.read_organisation(
            one.word("namn") or one.word("namnEng"),
            one.word("landskod"),
            one.word("organisationsnummer"),
        )
        is_leading = _COORDINATOR in one.word("roll").casefold()
        (leading if is_leading else others).append(organisation)
    first = next((one for one in leading if one is not None), None)
    rest = award_values.distinct_organisations([*leading, *others])
    if first is None and len(rest) == 1:
        return rest[0], ()
    return first, tuple(one for one in rest if one != first)


def _total_amount(fields: Fields) -> Money | None:
    """Return the sum of all rows of money, of which one may take back what another gave.

    A row that cannot be read, or a second currency, leaves the sum out with a note.
    """
    name = "beslutadFinansiering"
    total, currencies = Decimal(0), set()
    for row in fields.records(name):
        value = row.raw("belopp")
        if parse.is_placeholder(value):
            continue
        if isinstance(value, bool) or not isinstance(value, int | float):
            fields.note(name, f"left out a sum with what is no amount: {str(value)[:60]!r}")
            return None
        total += Decimal(str(value))
        currencies.add(row.word("valuta").upper() or "SEK")
    if len(currencies) > 1 or not all(map(gdp.CURRENCY.fullmatch, currencies)):
        fields.note(name, f"left out a sum in {', '.join(sorted(currencies))[:60]!r}")
        return None
    if not is_writable(total):
        fields.note(name, "left out a sum that is too long to be written out")
        return None
    whole = total.to_integral_value()
    amount = Decimal(int(whole)) if whole == total else total
    return Money(amount=amount, currency=currencies.pop()) if total > 0 else None
