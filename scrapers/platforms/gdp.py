"""GDP 2.0: the interface to open data that several Swedish public funders share.

Terms: CC0, a free key for each funder, sent as it is in the header Authorization. Written 2026-11
from the published specification; no real answer was at hand.

Quirks: limit and offset go together; the headers x-next and x-totalrecords say what is left. Some
clients send the key as a parameter and no limit: with one, they say, all dates come empty. So the
next way is tried when one is refused or gives no dates (`scrapers.platforms.gdp_ways`).
Opening and closing are days without an hour, though the applications close at some hour of that
day. The status lags behind the dates, so it is not read. Almost everything may be null.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from scrapers.call import Call, Deadline, DeadlineKind, Funding, Link, Money
from scrapers.errors import FetchError, ShapeError
from scrapers.funder import Funder, PageFetcher, SourceItem
from scrapers.http.page import Failure, Page
from scrapers.paging import RowCount
from scrapers.platforms.bilingual import join_bilingual, read_bilingual
from scrapers.platforms.gdp_ways import (
    EXPECTED_SHAPE,
    FIRST_WAY,
    KeyedSource,
    answer_rows,
    ask,
    ask_any_way,
    is_refusal,
)
from scrapers.reading.fields import Fields, distinct
from scrapers.reading.money import read_project_funding
from scrapers.reading.parse import start_of_day

KIND = "gdp"
_CURRENCY = "SEK"
"""What all agencies of the interface pay in."""
PAGE_SIZE = 200
"""Rows in one answer."""

_MAX_PAGES = 200
_ROUND = 25
"""A page with a multiple of this many rows may be cut there, by a limit that nobody told of."""
NUMBER = re.compile(r"\S{1,100}")
CURRENCY = re.compile(r"[A-Z]{3}")
_MEMBERS = ("Vinnova", "Formas", "Forte", "Vetenskapsrådet", "Energimyndigheten")
_BOOKKEEPING = ("finansiarNamn", "finansiarOrganisationsnummer", "status", "lank")
_CLOSED_DATA_TEXT = "ej öppna data"


def is_json(page: Page) -> bool:
    """Whether ``page`` is an answer of the interface and no web page."""
    return page.text().lstrip()[:1] in {"[", "{"}


def pages(
    source: KeyedSource,
    fetch: PageFetcher,
    base: str,
    resource: str = "utlysningar",
    **filters: str,
) -> Iterator[Page | Failure]:
    """Yield the answers of ``base``/``resource``, page by page, with the key of ``source``.

    ``resource`` is a list of the interface, ``filters`` its parameters besides limit and offset.
    """
    count = RowCount()
    address = f"{base}/{resource}"
    way, query = FIRST_WAY, {"limit": str(PAGE_SIZE), "offset": "0"}
    offset = 0
    for _ in range(_MAX_PAGES):
        where = f"{source.key} {resource} from {offset}"
        try:
            if count.received:
                page = ask(source, fetch, address, way, {**query, **filters})
            else:
                page, way = ask_any_way(source, fetch, address, {**query, **filters})
        except FetchError as error:
            message = _error_with_advice(source, error)
            yield Failure(where, message, fatal=not count.received, thins=True)
            return
        try:
            rows = answer_rows(page, where)
        except ShapeError:
            yield page  # the run reads the page again and reports the fault
            return
        fresh = count.add(rows, total_calls(page))
        if rows and not fresh:
            yield Failure(
                where, f"{where}: the same rows came again; offset is ignored", thins=True
            )
            break
        if rows or not offset:
            yield page
        following = _next_query(page, query if way.paged else {}, len(rows), count.announced)
        if following is None:
            break
        query, offset, way = following, int(following["offset"]), way._replace(paged=True)
    if lost := count.shortfall(f"{source.key} {resource}", thins=True):
        yield lost


def total_calls(page: Page) -> int | None:
    """Return how many calls the interface has in all, if ``page`` says so."""
    value = page.headers.get("x-totalrecords", "").strip()
    return int(value) if value.isdigit() else None


def expected_answers(page: Page) -> int | None:
    """Return how many answers a run will have, if ``page`` is its first and says so."""
    total = total_calls(page)
    if total is None or parse_qs(urlsplit(page.url).query).get("offset") != ["0"]:
        return None
    rows = answer_rows(page, page.url)
    return -(-total // len(rows)) if rows else None


def _error_with_advice(source: KeyedSource, error: FetchError) -> str:
    if is_refusal(error):
        return f"{error}: the key for {source.key} was refused; ask {source.title} for a new one"
    return str(error)


def _next_query(
    page: Page, query: dict[str, str], rows: int, total: int | None
) -> dict[str, str] | None:
    """Return limit and offset of the next page, None after the last.

    Only the parameters of x-next are used: its host may be one that is not reached from outside.
    Without them in ``query`` everything was asked for at once, so only x-next leads on.
    """
    if not rows:
        return None
    offset = int(query.get("offset", 0))
    limit = query.get("limit") or str(rows)
    link = parse_qs(urlsplit(page.headers.get("x-next", "").strip(" <>")).query)
    named = link.get("offset", [""])[0]
    if named.isdigit() and int(named) > offset:
        return {"limit": limit, "offset": named}
    if not query:
        return None
    more = offset + rows < total if total is not None else rows % _ROUND == 0
    return {"limit": limit, "offset": str(offset + rows)} if more else None


def items(page: Page, source: Funder) -> Iterator[SourceItem | Failure]:
    """Yield the calls of one answer; raise ``ShapeError`` when it is not one of this interface."""
    where = f"{source.key} {page.url}"
    rows = answer_rows(page, where)
    if not rows:
        raise ShapeError(where, "calls", "an empty list", "Check the key and what was asked for.")
    if not any(isinstance(row, dict) and "diarienummer" in row for row in rows):
        first = rows[0]
        actual = f"rows of {', '.join(sorted(first)[:6])}" if isinstance(first, dict) else "no rows"
        advice = "This is another program's output: save the funder's own answer or page instead."
        raise ShapeError(where, EXPECTED_SHAPE, actual, advice)
    for position, row in enumerate(rows):
        try:
            yield _item(row, f"{source.key} record {position}", page, source)
        except ShapeError as error:
            yield Failure(error.where, str(error))


def _item(row: object, where: str, page: Page, source: Funder) -> SourceItem:
    fields = Fields(row, where)
    native = fields.word("diarienummer")
    if not NUMBER.fullmatch(native):
        raise ShapeError(f"{where}.diarienummer", "a number such as 2026-01234", repr(native))
    fields.where = f"{source.key} {native}"
    skip = ""
    if {"utlysning", "soktBelopp", "organisationer"} & set(fields.names()):
        skip = "application or award"
    elif belongs_to_other_funder(fields, source.title):
        skip = "call of another funder"
    return SourceItem(KIND, native, fields, source.provenance(page), skip=skip)


def belongs_to_other_funder(fields: Fields, title: str) -> bool:
    """Whether a record belongs to another member of the interface than ``title``."""
    named = fields.word("finansiarNamn").casefold()
    return any(name.casefold() in named for name in _MEMBERS if name != title)


def page_addresses(item: SourceItem) -> list[str]:
    """Return the addresses of the pages on which the call of ``item`` is published."""
    places = item.fields.records("publiceringsplatser")
    return [url for place in places if (url := place.link("webbadress"))]


def call(item: SourceItem, source: Funder) -> Call:
    """Return the call of one record; its days are the funder's, read in the funder's zone."""
    fields = item.fields
    fields.ignore(*_BOOKKEEPING)
    titles = read_bilingual(fields, "titel", "titelEng")
    if not titles:
        raise ShapeError(fields.where, "a titel", "none")
    forms = fields.records("bidragsformer")
    programmes = [(one.word("titel"), one.word("diarienummer")) for one in read_programmes(fields)]
    described = read_bilingual(fields, "beskrivning", "beskrivningEng", long=True)
    grant_forms = (("grant form", {"sv": text}) for form in forms if (text := _grant_form(form)))
    texts, sections = join_bilingual(
        [("description", without_closed_data(described)), *grant_forms]
    )
    opens = fields.moment("oppningsdatum", source.zone)
    number = fields.word("diarienummer")
    published = page_addresses(item)
    return Call(
        id=f"{source.key}:{item.id}",
        funder=source.title,
        level=source.level,
        titles=titles,
        texts=texts,
        sections=sections,
        programme=next((title for title, _ in programmes if title), ""),
        identifiers=distinct([number, item.id, *(number for _, number in programmes)]),
        keywords=distinct(word for form in forms for word in _names(form)),
        opens=start_of_day(opens, source.zone) if opens else None,
        deadlines=_deadlines(fields, source.zone),
        funding=_funding(fields, texts.get("sv") or texts.get("en", "")),
        url=published[0] if published else None,
        links=tuple(Link(url=url) for url in published[1:]),
        provenance=item.provenance,
    )


def without_closed_data(texts: dict[str, str]) -> dict[str, str]:
    """Return ``texts`` without the placeholder for data that is not open."""
    return {k: v for k, v in texts.items() if v.strip(" .").casefold() != _CLOSED_DATA_TEXT}


def read_programmes(fields: Fields) -> list[Fields]:
    """Return the programmes of a record: a list by the specification, or one object."""
    if isinstance(fields.raw("program"), dict):
        one = fields.record("program")
        return [one] if one else []
    return fields.records("program")


def _names(form: Fields) -> list[str]:
    kind = form.record("stodform")
    return [form.word("namn"), kind.word("namn") if kind else ""]


def _grant_form(form: Fields) -> str:
    """Return the name of a form of grant with what the funder says about it."""
    text = without_closed_data({"sv": form.text("beskrivning")}).get("sv", "")
    name = form.word("namn")
    return f"{name}: {text}" if name and text else text


def _deadlines(fields: Fields, zone: str) -> tuple[Deadline, ...]:
    closes = fields.moment("stangningsdatum", zone)
    if closes is None:
        return ()
    kind = DeadlineKind.FIXED
    return (Deadline(kind=kind, zone=zone, at=closes.at, date_only=closes.date_only),)


def _funding(fields: Fields, text: str) -> Funding | None:
    """Return the budget as the total, with the funding of one project by ``text``."""
    by_text = read_project_funding(text, _CURRENCY)
    total = _budget(fields)
    if total is None:
        return by_text
    return by_text.model_copy(update={"total": total}) if by_text else Funding(total=total)


def _budget(fields: Fields) -> Money | None:
    """Return the call's budget; an amount in no currency is left out with a note."""
    currency = fields.word("budgetValuta").upper() or "SEK"
    if not CURRENCY.fullmatch(currency):
        fields.note("budgetValuta", f"left out a budget in {currency!r}, which is no currency")
        fields.ignore("budgetBelopp")
        return None
    return fields.money("budgetBelopp", currency)
