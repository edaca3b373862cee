"""The EU Funding & Tenders portal, through the Commission's search service (SEDIA).

Owner: European Commission. Terms: Commission reuse notice (CC BY 4.0), no key of one's own. Last
checked 2026-11 against real answers of 2025; not fetched live from here.

Quirks: the filter counts only when sent as multipart form parts of type application/json; a JSON
body is accepted and its filter ignored. Every topic comes once a language, some languages by
machine. News items (type 6) carry a topic's identifier and are no calls. The budget table lists
all topics of a call. Cascade calls (type 8) carry the identifier of the topic that pays them, so
they are known by their reference. A search shows at most 10,000 results. A topic may come twice in
one language: once more from an earlier system, with the dates it had there. Pages overlap.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from scrapers.call import Call, Deadline, Eligibility, Funding, Level, Link, Section, join_sections
from scrapers.copies import Standing, best_first
from scrapers.errors import FetchError, ShapeError
from scrapers.funder import Expectations, Funder, ItemGroup, PageFetcher, SourceItem
from scrapers.http.page import Failure, Page
from scrapers.paging import RowCount
from scrapers.platforms import sedia, sedia_text
from scrapers.platforms.sedia import ResultMetadata
from scrapers.plurals import count_noun
from scrapers.reading import parse
from scrapers.reading.countries import country_rules
from scrapers.reading.fields import Fields, distinct

_TOPIC, _PROSPECT, _CASCADE = "1", "2", "8"
_CALL_TYPES = {_TOPIC: "topic", _PROSPECT: "external call", _CASCADE: "cascade call"}
_OTHER_TYPES = {"0": "tender", "6": "news"}
_FORTHCOMING, _OPEN = "31094501", "31094502"
_PORTAL = "https://ec.europa.eu/info/funding-tenders/opportunities/portal/screen/opportunities"
_PAGE_SIZE = 100
_FEWEST_A_PAGE = 10
"""Results on a first page from which on a server that gives fewer than asked for has a limit."""
_MAX_RESULTS = 10_000
_LANGUAGES = ("en", "sv")
_REFERENCE = re.compile(r"(?P<native>\d+[A-Z_]+?)(?P<language>[a-z]{2}|[A-Z]{2})")
_PROGRAMMES = {
    "43108390": "Horizon Europe",
    "43152860": "Digital Europe",
    "43332642": "EU4Health",
    "44181033": "European Defence Fund",
    "43252405": "LIFE",
    "43252476": "Single Market Programme",
    "111111": "EU External Action",
    "43298916": "Euratom",
    "43251589": "Citizens, Equality, Rights and Values",
    "43251567": "Connecting Europe Facility",
    "43251814": "Creative Europe",
    "43353764": "Erasmus+",
    "31045243": "Horizon 2020",
    "43252449": "Research Fund for Coal and Steel",
    "43254019": "European Social Fund",
    "43637601": "Pilot Projects and Preparatory Actions",
    "44416173": "Interregional Innovation Investments",
    "43252368": "Internal Security Fund",
    "44773066": "Just Transition Mechanism",
    "43252386": "Justice Programme",
}
_BOOKKEEPING = (
    "latestInfos sepTemplate supportInfo destinationDetails destination destinationGroup focusArea "
    "typeOfMGAs programmeDivision programmePeriod specificObjective allowPartnerSearch sortStatus "
    "ccm2Id callccm2Id DATASOURCE REFERENCE language type status url es_SortDate es_ContentType "
    "es_Combine esST_checksum esST_FileName esST_URL esDA_FirstIngestDate esDA_IngestDate "
    "esDA_QueueDate cftId contactInfo datasource corporate-search-version"
).split()
_EARLIER_ADDRESS = re.compile(r"/data/topicdetails/[^/]+\.json$", re.IGNORECASE)
_EARLIER_REFERENCE = re.compile(r"\d+[A-Za-z]+\d{10,}[a-z]*")


class EuPortal(Funder):
    """Topics, external action calls and cascade calls, each one call with all its languages."""

    key = "eu_portal"
    title = "European Commission"
    home = "https://ec.europa.eu/info/funding-tenders/opportunities/portal"
    level = Level.EUROPEAN
    zone = sedia.ZONE
    interface = "search service, JSON"
    verified = "real answer"
    address = "https://api.tech.ec.europa.eu/search-api/prod/rest/search"
    expects = Expectations(minimum=200, fill=(("deadlines", 0.9), ("texts", 0.7)))

    def pages(self, fetch: PageFetcher) -> Iterator[Page | Failure]:
        """Yield every page of forthcoming and open calls, in English and then in Swedish."""
        for language in _LANGUAGES:
            yield from self._search_pages(fetch, language)

    def _search_pages(self, fetch: PageFetcher, language: str) -> Iterator[Page | Failure]:
        """Yield the pages of a search in one language, and what of it did not come.

        A first page that is cut short shows how many results a page may have.
        """
        count = RowCount()
        number, total, size = 1, 1, _PAGE_SIZE
        while (number - 1) * size < min(total, _MAX_RESULTS):
            where = f"{language} page {number}"
            try:
                page = self._fetch_page(fetch, language, number, size)
                answer = page.json(f"{self.key} {where}")
                announced = _total(answer)
            except (FetchError, ShapeError) as error:
                # without the Swedish copies every call still comes, but with less
                yield Failure(where, str(error), fatal=language == "en", thins=True)
                return
            count.add(answer["results"], announced)
            yield page
            received, total = len(answer["results"]), count.announced or 0
            due = min(size, total - (number - 1) * size)
            if number == 1 and _FEWEST_A_PAGE <= received < due:
                size = received
            elif received < due:
                came = count_noun(received, "result")
                yield Failure(where, f"{came} came, {count_noun(due, 'was', 'were')} due")
            number += 1
        if total > _MAX_RESULTS:
            yield Failure(f"{language} from {_MAX_RESULTS}", "the search shows no more", fatal=True)
        elif lost := count.shortfall(f"{self.key} in {language}", "result"):
            yield lost

    def _fetch_page(self, fetch: PageFetcher, language: str, number: int, size: int) -> Page:
        parameters = f"apiKey=SEDIA&text=***&pageSize={size}&pageNumber={number}"
        parts: Mapping[str, Any] = {
            "query": sedia.search_filter(list(_CALL_TYPES), [_FORTHCOMING, _OPEN]),
            "sort": {"field": "startDate", "order": "DESC"},
            "languages": [language],
        }
        return fetch.post_parts(f"{self.base}?{parameters}", parts)

    def expected_pages(self, page: Page) -> int | None:
        """Return the pages of both languages, from the total in every answer."""
        total = _total(page.json(self.key))
        return len(_LANGUAGES) * -(-min(total, _MAX_RESULTS) // _PAGE_SIZE)

    def items(self, page: Page) -> Iterator[SourceItem | Failure]:
        """Yield the results of one search answer; news and tenders are skipped with a reason."""
        where = f"{self.key} {page.url}"
        answer = page.json(where)
        total = _total(answer)
        results = Fields(answer, where).items("results")
        if total and not results and page.url.startswith("http"):
            raise ShapeError(
                where, f"some of {count_noun(total, 'result')}", "none", "Ask for fewer a page."
            )
        for position, result in enumerate(results):
            try:
                yield self._item(result, f"{self.key} result {position}", page)
            except ShapeError as error:
                yield Failure(error.where, str(error))

    def _item(self, result: object, where: str, page: Page) -> SourceItem:
        outer = Fields(result, where)
        inner = outer.record("metadata")
        if inner is None:
            raise ShapeError(where, "metadata", "nothing")
        metadata = ResultMetadata(inner)
        reference = outer.word("reference") or metadata.first("REFERENCE")
        kind = metadata.first("type")
        if kind in _OTHER_TYPES:
            return SourceItem(
                kind, reference, inner, self.provenance(page), skip=_OTHER_TYPES[kind]
            )
        if kind not in _CALL_TYPES:
            raise ShapeError(f"{where} {reference}", "a record type we know", f"type {kind!r}")
        native = metadata.first("identifier")
        if kind == _CASCADE or not native:
            match = _REFERENCE.fullmatch(reference)
            native = match["native"] if match else reference
        if not native:
            raise ShapeError(where, "an identifier or a reference", "neither")
        inner.where = f"{self.key} {_CALL_TYPES[kind]} {native}"
        inner.ignore(*_BOOKKEEPING)
        return SourceItem(_CALL_TYPES[kind], "_".join(native.split()), inner, self.provenance(page))

    def groups(self, items: Sequence[SourceItem]) -> Iterator[ItemGroup]:
        """Yield the copies of each topic together: those of the portal itself first, in English.

        A copy without an identifier belongs to the topic that has its number.
        """
        named: dict[str, set[str]] = {}
        for item in items:
            metadata = ResultMetadata(item.fields)
            if item.kind == _CALL_TYPES[_TOPIC] and metadata.first("identifier"):
                named.setdefault(metadata.first("ccm2Id"), set()).add(item.id.upper())
        topics: dict[str, list[SourceItem]] = {}
        for item in items:
            metadata = ResultMetadata(item.fields)
            own = {item.id.upper()}
            if item.kind == _CALL_TYPES[_TOPIC] and not metadata.first("identifier"):
                of_number = named.get(metadata.first("ccm2Id"), set())
                own = of_number if len(of_number) == 1 else own
            topics.setdefault(min(own), []).append(item)
        for copies in topics.values():
            yield tuple(best_first(copies, _standing))

    def call(self, group: ItemGroup) -> Call:
        """Return the one call of a topic's copies, the best first.

        A fact is that of the first copy with one; an earlier system's copies give facts only where
        the portal has none of its own.
        """
        item = group[0]
        topic = item.kind == "topic"
        own = [ResultMetadata(one.fields) for one in group if _age(one) == _age(item)]
        metadata = own[0]
        identifier = _first_value(own, "identifier")
        named = _best_by_language(group)
        titles = _titles(named, cascade=item.kind == "cascade call")
        texts, sections = _texts(named)
        url = _url(metadata, item)
        programme = _first_value(own, "frameworkProgramme")
        rows = [sedia.budget_rows(one, identifier) if topic else [] for one in own]
        dates = zip(own, rows, strict=True)
        return Call(
            id=f"{self.key}:{item.id}",
            funder=self.title,
            level=self.level,
            titles=titles,
            texts=texts,
            sections=sections,
            programme=_PROGRAMMES.get(programme, "" if programme.isdigit() else programme),
            identifiers=distinct([identifier, _first_value(own, "callIdentifier"), item.id]),
            keywords=_keywords(metadata, titles),
            opens=next((at for one in own if (at := _opening(one))), None),
            deadlines=next((d for one, lines in dates if (d := _deadlines(one, lines, topic))), ()),
            funding=_first_funding(rows) if topic else _single_sum(metadata),
            eligibility=_countries(own),
            url=url,
            apply_url=url if topic else None,
            links=_links(metadata),
            provenance=item.provenance,
        )


def _age(item: SourceItem) -> int:
    """Return 0 for a copy of the portal's own, more the clearer one of an earlier system is.

    The earlier system has another source of data, a file for an address, and references that end
    in a stamp of time.
    """
    metadata = ResultMetadata(item.fields)
    source = metadata.first("DATASOURCE") or metadata.first("datasource")
    return (
        2 * (bool(source) and source.upper() != "SEDIA")
        + bool(_EARLIER_ADDRESS.search(metadata.first("url")))
        + bool(_EARLIER_REFERENCE.fullmatch(metadata.first("REFERENCE")))
    )


def _standing(item: SourceItem) -> Standing:
    """Return how a copy stands among those of its topic."""
    metadata = ResultMetadata(item.fields)
    language = _language(item)
    dated = bool(metadata.raw("actions") or metadata.all("deadlineDate"))
    described = bool(metadata.raw("descriptionByte") or metadata.raw("description"))
    ingested = metadata.first("esDA_IngestDate")
    # languages in the order of the alphabet, which the best comes last in
    order = tuple(-ord(letter) for letter in language)
    return (-_age(item), language == "en", order, dated, described, ingested)


def _best_by_language(group: ItemGroup) -> list[SourceItem]:
    """Return the best copy in each language, English first."""
    copies: dict[str, SourceItem] = {}
    for item in group:
        copies.setdefault(_language(item), item)
    return [copies[key] for key in sorted(copies, key=lambda k: (k != "en", k))]


def _first_value(copies: Sequence[ResultMetadata], name: str) -> str:
    return next((value for one in copies if (value := one.first(name))), "")


def _opening(metadata: ResultMetadata) -> datetime | None:
    return sedia.opening_time(sedia.topic_actions(metadata), metadata.first("startDate"))


def _deadlines(
    metadata: ResultMetadata, rows: list[sedia.TopicRow], topic: bool
) -> tuple[Deadline, ...]:
    """Return the deadlines of one copy: its actions', its own, or those of its budget lines."""
    model = metadata.first("deadlineModel")
    steps = sedia.topic_actions(metadata)
    found = sedia.deadlines(steps, metadata.all("deadlineDate"), model, portal=topic)
    return tuple(found or sedia.deadlines(rows, [], model, portal=topic))


def _first_funding(rows: Sequence[list[sedia.TopicRow]]) -> Funding | None:
    return next((found for lines in rows if (found := sedia.funding(lines))), None)


def _countries(copies: Sequence[ResultMetadata]) -> tuple[Eligibility, ...]:
    """Return the conditions on countries of the first copy that has any."""
    texts = (sedia_text.without_footnotes(one.raw("topicConditions")) for one in copies)
    rules = (country_rules(parse.clean_text(text)) for text in texts)
    return next((found for found in rules if found), ())


def _total(answer: object) -> int:
    """Return how many results a search has; raise ``ShapeError`` for what is no search answer."""
    fields = Fields(answer, "SEDIA answer")
    if not fields.has("totalResults") or not isinstance(fields.raw("results"), list):
        actual = f"an object with {', '.join(sorted(map(str, fields.names()))[:5]) or 'nothing'}"
        raise ShapeError("SEDIA answer", "totalResults and results", actual)
    return int(fields.number("totalResults") or 0)


def _language(item: SourceItem) -> str:
    return ResultMetadata(item.fields).first("language").lower() or "en"


def _titles(group: ItemGroup, *, cascade: bool) -> dict[str, str]:
    titles = {}
    for item in group:
        metadata = ResultMetadata(item.fields)
        names = ("callTitle", "title") if cascade else ("title", "callTitle")
        title = next((t for t in map(metadata.first, names) if t), "")
        if not title:
            raise ShapeError(f"{item.fields.where}.title", "a title", "nothing")
        titles[_language(item)] = sedia_text.without_footnotes(title).strip() or title
    return titles


def _texts(group: ItemGroup) -> tuple[dict[str, str], dict[str, tuple[Section, ...]]]:
    """Return text and sections by language; a translation's sections are named as the English."""
    texts: dict[str, str] = {}
    sections: dict[str, tuple[Section, ...]] = {}
    english: list[sedia_text.DescriptionPart] | None = None
    for item in group:
        metadata = ResultMetadata(item.fields)
        html = metadata.raw("descriptionByte") or metadata.raw("description")
        described = sedia_text.description_parts(html)
        parts = sedia_text.named_sections(described, english)
        if _language(item) == "en":
            english = described
        for name, section in (
            ("beneficiaryAdministration", "how to apply"),
            ("duration", "duration"),
            ("furtherInformation", "further information"),
            ("topicConditions", "conditions"),
        ):
            html = sedia_text.without_footnotes(metadata.raw(name))
            parts.append((section, parse.clean_text(sedia_text.without_bare_links(html))))
        joined, spans = join_sections(parts)
        if joined:
            texts[_language(item)], sections[_language(item)] = joined, spans
    return texts, sections


def _keywords(metadata: ResultMetadata, titles: dict[str, str]) -> tuple[str, ...]:
    """Return the words on the record's subject outside of its texts, without identifiers."""
    own = {metadata.first("identifier"), metadata.first("callIdentifier"), *titles.values()}
    names = (
        "keywords",
        "tags",
        "crossCuttingPriorities",
        "destinationDescription",
        "typesOfAction",
    )
    words = [word for name in names for word in metadata.all(name)]
    words += [metadata.first("callTitle"), metadata.first("title")]
    used = {word.casefold() for word in own}
    return distinct(word for word in words if word.casefold() not in used)


def _single_sum(metadata: ResultMetadata) -> Funding | None:
    """Return the single sum that external and cascade calls give."""
    currency = metadata.first("currency").upper() or "EUR"
    total = parse.read_money(metadata.raw("budget"), currency, f"{metadata.fields.where}.budget")
    return Funding(total=total) if total else None


def _url(metadata: ResultMetadata, item: SourceItem) -> str | None:
    """Return the call's page on the portal, or wherever an external call is published."""
    if item.kind == "topic":
        return f"{_PORTAL}/topic-details/{item.id}"
    return parse.web_address(metadata.raw("url"))


def _links(metadata: ResultMetadata) -> tuple[Link, ...]:
    """Return the documents that the conditions link to, each once."""
    links = {
        url: Link(url=url, label=label)
        for url, label in sedia_text.find_links(metadata.raw("topicConditions"))
    }
    packed = metadata.embedded_json("links", list) or []
    for entry in packed:
        fields = Fields(entry, f"{metadata.fields.where}.links")
        address = fields.link("url")
        if address:
            links.setdefault(address, Link(url=address, label=fields.word("label")[:500]))
    return tuple(links.values())
