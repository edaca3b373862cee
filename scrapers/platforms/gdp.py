"""GDP 2.0: the one interface that several Swedish public funders give to their open data.

Terms: CC0, a free key a funder, sent as it is in the header Authorization. Written 2026-11 from
the published specification; no real answer was at hand.

Quirks: limit and offset go together; the headers x-next and x-totalrecords say what is left.
Opening and closing are days without an hour, though the applications close at some hour of that
day. The status lags behind the dates, so it is not read. Almost everything may be null.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar, Protocol
from urllib.parse import parse_qs, urlencode, urlsplit

from scrapers.call import Call, Deadline, DeadlineKind, Funding, Link, Money
from scrapers.errors import FetchError, ShapeError
from scrapers.funder import Funder, PageFetcher, SourceItem
from scrapers.http.page import Failure, Page
from scrapers.platforms.bilingual import join_bilingual, read_bilingual
from scrapers.plurals import count_noun
from scrapers.reading.fields import Fields, distinct
from scrapers.reading.money import read_project_funding
from scrapers.reading.parse import start_of_day

KIND = "gdp"
PAGE_SIZE = 200
"""Calls asked for at a time."""

_MAX_PAGES = 200
_REFUSED = re.compile(r"answered 40[13]\b")
NUMBER = re.compile(r"\S{1,100}")
CURRENCY = re.compile(r"[A-Z]{3}")
_MEMBERS = ("Vinnova", "Formas", "Forte", "Vetenskapsrådet", "Energimyndigheten")
_BOOKKEEPING = ("finansiarNamn", "finansiarOrganisationsnummer", "status", "lank")
_CLOSED_DATA_TEXT = "ej öppna data"
_EXPECTED_SHAPE = "a list of calls with diarienummer"


class KeyedSource(Protocol):
    """Who asks: the key of the funder or register, the funder's name, and the operator's key."""

    key: ClassVar[str]
    title: ClassVar[str]
    secret: str


def is_json(page: Page) -> bool:
    """Whether ``page`` is meant to be an answer of the interface, and no page for people."""
    return page.text().lstrip()[:1] in {"[", "{"}


def pages(
    source: KeyedSource, fetch: PageFetcher, base: str, what: str = "utlysningar", **narrowed: str
) -> Iterator[Page | Failure]:
    """Yield the answers of ``base``/``what``, one page after another, with the funder's key.

    ``what`` is a list of the interface, ``narrowed`` its parameters besides limit and offset.
    """
    seen: set[str] = set()
    offset = received = 0
    total: int | None = None
    for _ in range(_MAX_PAGES):
        where = f"{source.key} {what} from {offset}"
        try:
            query = urlencode({"limit": PAGE_SIZE, "offset": offset, **narrowed})
            address = f"{base}/{what}?{query}"
            page = fetch.get(address, deadline=120, headers={"Authorization": source.secret})
        except FetchError as error:
            yield Failure(where, _error_with_advice(source, error), fatal=not offset, thins=True)
            return
        try:
            rows = _answer_rows(page, where)
        except ShapeError:
            yield page  # the run reads the page again and reports what is wrong with it
            return
        fresh = {str(row.get("diarienummer")) for row in rows if isinstance(row, dict)} - seen
        if rows and not fresh:
            yield Failure(
                where, f"{where}: the same rows came again; offset is ignored", thins=True
            )
            return
        if rows or not offset:
            yield page
        seen |= fresh
        received += len(rows)
        total = total_calls(page) if total is None else total
        following = _next_offset(page, offset, len(rows), total)
        if following is None:
            break
        offset = following
    if total is not None and received < total:
        message = f"{received} of {count_noun(total, 'row')} came"
        yield Failure(f"{source.key} {what}", message, thins=True)


def total_calls(page: Page) -> int | None:
    """Return how many calls the interface has in all, if ``page`` tells."""
    value = page.headers.get("x-totalrecords", "").strip()
    return int(value) if value.isdigit() else None


def expected_answers(page: Page) -> int | None:
    """Return how many answers a run will have, if ``page`` is its first and tells."""
    total = total_calls(page)
    if total is None or parse_qs(urlsplit(page.url).query).get("offset") != ["0"]:
        return None
    rows = _answer_rows(page, page.url)
    return -(-total // len(rows)) if rows else None


def _error_with_advice(source: KeyedSource, error: FetchError) -> str:
    if _REFUSED.search(str(error)):
        return f"{error}: the key for {source.key} was refused; ask {source.title} for a new one"
    return str(error)


def _next_offset(page: Page, offset: int, rows: int, total: int | None) -> int | None:
    """Return where the next page begins, None after the last.

    Only the offset of x-next is used: its host may be one that is not reached from outside.
    """
    if not rows:
        return None
    link = parse_qs(urlsplit(page.headers.get("x-next", "").strip(" <>")).query)
    named = link.get("offset", [""])[0]
    if named.isdigit() and int(named) > offset:
        return int(named)
    if total is not None:
        return offset + rows if offset + rows < total else None
    return offset + rows if rows >= PAGE_SIZE else None


def _answer_rows(page: Page, where: str) -> list[object]:
    answer = page.json(where)
    if isinstance(answer, dict):
        said = answer.get("message") or answer.get("title") or ", ".join(sorted(answer)[:5])
        raise ShapeError(where, _EXPECTED_SHAPE, f"an object ({str(said)[:80]})")
    if not isinstance(answer, list):
        raise ShapeError(where, _EXPECTED_SHAPE, type(answer).__name__)
    return answer


def items(page: Page, source: Funder) -> Iterator[SourceItem | Failure]:
    """Yield the calls of one answer; raise ``ShapeError`` when it is not one of this interface."""
    where = f"{source.key} {page.url}"
    rows = _answer_rows(page, where)
    if not rows:
        raise ShapeError(where, "calls", "an empty list", "Check the key and what was asked for.")
    if not any(isinstance(row, dict) and "diarienummer" in row for row in rows):
        first = rows[0]
        came = f"rows of {', '.join(sorted(first)[:6])}" if isinstance(first, dict) else "no rows"
        advice = "This is another program's output: save the funder's own answer or page instead."
        raise ShapeError(where, _EXPECTED_SHAPE, came, advice)
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
    """Whether a record is of another member of the interface than the one with that name."""
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
    """Return ``texts`` without the words that stand where data is not open."""
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
    """Return the budget with what ``text`` says a project gets; the budget is the total."""
    said = read_project_funding(text)
    total = _budget(fields)
    if total is None:
        return said
    return said.model_copy(update={"total": total}) if said else Funding(total=total)


def _budget(fields: Fields) -> Money | None:
    """Return the call's budget; an amount in no currency is left out with a note."""
    currency = fields.word("budgetValuta").upper() or "SEK"
    if not CURRENCY.fullmatch(currency):
        fields.note("budgetValuta", f"left out a budget in {currency!r}, which is no currency")
        fields.ignore("budgetBelopp")
        return None
    return fields.money("budgetBelopp", currency)
