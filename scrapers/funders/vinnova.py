"""Vinnova, Sweden's innovation agency: its open API of programmes, calls and application rounds.

Owner: Vinnova. Terms: CC0 / Public Domain Mark, no key. Last checked 2026-11 against its official
documentation and answers of October 2026; not fetched live from here.

Quirks: a programme has calls (utlysningar), a call has application rounds (ansökningsomgångar),
and only the round has dates, so a round is our call. Without a date in the address the API
answers 200 with a page of HTML. Untranslated English is "x" or "xx", and some English fields hold
the Swedish text. Times have no zone and are Stockholm's; 1900-01-01 means none. A round that is
only announced has a year and a month name and little else. TextID comes as text or number. Rounds
list documents, whose addresses have no ending; they are read as attachments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from scrapers.call import Call, Deadline, DeadlineKind, Level, Link, Section
from scrapers.copies import best_copies
from scrapers.errors import FetchError, ShapeError
from scrapers.funder import Expectations, Funder, ItemGroup, PageFetcher, SourceItem
from scrapers.http.page import Failure, Page
from scrapers.platforms import vinnova_page
from scrapers.platforms.bilingual import join_bilingual, read_bilingual, sections_named
from scrapers.reading.applicants import read_eligibility
from scrapers.reading.fields import Fields, distinct
from scrapers.reading.money import is_only_an_amount, read_project_funding
from scrapers.reading.parse import Moment, only_item, read_moment, start_of_day
from scrapers.reading.patterns import load
from scrapers.reading.steps.stages import read_steps, stage_deadlines
from scrapers.remarks import Remark

_PATTERNS = load("vinnova.toml", package=__package__)
_NUMBER = re.compile(r"\d{4}-\d{5}")
_KIND_BY_LIST = {"program": "programme", "utlysningar": "call", "ansokningsomgangar": "round"}
_SECTIONS = {"1": "what", "2": "who", "3": "amount", "4": "why"}
_FORM_HOSTS = ("ansok.vinnova.se", "etjanster.vinnova.se", "portal.vinnova.se")
_BATCH = 20
_CENTURIES = ("19", "20")
_BOOKKEEPING = (
    "KontaktLista UppskattatBeslutsdatum TidigastProjektstart SenastProjektstart SenastProjektslut "
    "Extern Webbsida AnsokningsomgangDnrLista UtlysningDnrLista DiarienummerUtlysning "
    "DiarienummerProgram"
).split()
_PARENT_FIELDS = ("Publik", "LankLista", "DokumentLista", "Publiceringsdatum")


class Vinnova(Funder):
    """Rounds of application, with the texts of the call and programme they belong to."""

    key = "vinnova"
    title = "Vinnova"
    home = "https://www.vinnova.se"
    level = Level.NATIONAL
    zone = "Europe/Stockholm"
    interface = "open API, JSON"
    verified = "real answer"
    address = "https://data.vinnova.se/api"
    expects = Expectations(minimum=100, fill=(("deadlines", 0.8), ("texts", 0.7)))
    attachment_hosts = frozenset({"data.vinnova.se", "www.vinnova.se"})

    def __init__(self, base: str | None = None, since: date = date(2020, 1, 1)) -> None:
        """Fetch everything that changed since that day; for earlier days the API may time out."""
        super().__init__(base)
        self.since = since

    def pages(self, fetch: PageFetcher) -> Iterator[Page | Failure]:
        """Yield rounds, calls and programmes since a day, then parents that are missing."""
        received: dict[str, set[str]] = {kind: set() for kind in _KIND_BY_LIST.values()}
        needed: dict[str, set[str]] = {kind: set() for kind in _KIND_BY_LIST.values()}
        for path in reversed(_KIND_BY_LIST):
            for suffix in (self.since.isoformat(), None):
                missing = sorted(needed[_KIND_BY_LIST[path]] - received[_KIND_BY_LIST[path]])
                batches = [missing[at : at + _BATCH] for at in range(0, len(missing), _BATCH)]
                for part in [suffix] if suffix else [",".join(batch) for batch in batches]:
                    fatal = path == "ansokningsomgangar"
                    yield from self._fetch_list(fetch, f"{path}/{part}", fatal, received, needed)

    def _fetch_list(
        self,
        fetch: PageFetcher,
        path: str,
        fatal: bool,
        received: dict[str, set[str]],
        needed: dict[str, set[str]],
    ) -> Iterator[Page | Failure]:
        try:
            page = fetch.get(f"{self.base}/{path}", deadline=180)
        except FetchError as error:
            yield Failure(path, str(error), fatal=fatal, thins=True)
            return
        try:
            for item in self.items(page):
                if isinstance(item, Failure) or item.skip:
                    continue
                received[item.kind].add(item.id)
                for kind in ("call", "programme"):
                    if parent := _parent_number(item, kind):
                        needed[kind].add(parent)
        except ShapeError:
            pass  # the run reads the page again and reports the fault
        yield page

    def is_document(self, link: Link) -> bool:
        """Return whether ``link`` leads to a document; the API's files have no ending."""
        return "/api/file/" in link.url or super().is_document(link)

    def items(self, page: Page) -> Iterator[SourceItem | Failure]:
        """Yield the records of one endpoint's list, of an object holding all three, or a page."""
        where = f"{self.key} {page.url}"
        if vinnova_page.round_number(page):
            yield vinnova_page.page_item(page, self)
            return
        answer = page.json(where)
        if isinstance(answer, list):
            if not answer:
                raise ShapeError(where, "records", "an empty list", "Check the date asked for.")
            rows = [("", row) for row in answer]
        elif isinstance(answer, dict) and set(answer) & set(_KIND_BY_LIST):
            whole = Fields(answer, where)
            rows = [
                (kind, row) for name, kind in _KIND_BY_LIST.items() for row in whole.items(name)
            ]
        else:
            raise ShapeError(where, "a list of records", type(answer).__name__)
        for position, (kind, row) in enumerate(rows):
            try:
                yield self._item(kind, row, f"{self.key} record {position}", page)
            except ShapeError as error:
                yield Failure(error.where, str(error))

    def _item(self, kind: str, row: object, where: str, page: Page) -> SourceItem:
        fields = Fields(row, where)
        kind = kind or _record_kind(fields)
        native = fields.word("Diarienummer")
        if not _NUMBER.fullmatch(native):
            raise ShapeError(f"{where}.Diarienummer", "yyyy-nnnnn", repr(native))
        fields.where = f"{self.key} {kind} {native}"
        fields.ignore(*_BOOKKEEPING, *(() if kind == "round" else _PARENT_FIELDS))
        skip = "awarded project" if kind == "project" else ""
        return SourceItem(kind, native, fields, self.provenance(page), skip=skip)

    def groups(self, items: Sequence[SourceItem]) -> Iterator[ItemGroup]:
        """Yield each round with the call and the programme it belongs to, where they came."""
        records = best_copies(items, lambda item: (item.kind, item.id))
        best = {(item.kind, item.id): item for item in records}
        yield from vinnova_page.groups(i for i in items if ("round", i.id) not in best)
        for item in records:
            if item.kind != "round":
                continue
            call = best.get(("call", _parent_number(item, "call")))
            programme = best.get(("programme", _parent_number(call, "programme"))) if call else None
            yield tuple(part for part in (item, call, programme) if part is not None)

    def call(self, group: ItemGroup) -> Call:
        """Return the call of a round; texts of its parents follow its own."""
        item = group[0]
        if item.kind == vinnova_page.KIND:
            return vinnova_page.call(group, self)
        fields = item.fields
        parents = {part.kind: part.fields for part in group[1:]}
        titles = read_bilingual(fields, "Titel", "TitelEngelska")
        texts, sections = _texts(fields, parents)
        opens = fields.moment("Oppningsdatum", self.zone)
        published = (
            parents["call"].moment("Publiceringsdatum", self.zone) if "call" in parents else None
        )
        links = _links(fields)
        amounts = " ".join(sections_named(texts, sections, "sv", ("amount",)))
        prose = " ".join(sections_named(texts, sections, "sv", ("who", "what")))
        who = {lang: " ".join(sections_named(texts, sections, lang, ("who",))) for lang in texts}
        steps = read_steps(_own_lines(texts, sections), self.zone, next(iter(titles.values()), ""))
        staged = stage_deadlines(_deadlines(fields, self.zone), steps, self.zone)
        return Call(
            id=f"{self.key}:{item.id}",
            funder=self.title,
            level=self.level,
            titles=titles,
            texts=texts,
            sections=sections,
            programme=read_bilingual(parents["programme"], "Titel", "TitelEngelska").get("sv", "")
            if "programme" in parents
            else "",
            identifiers=distinct(
                [item.id, *(part.id for part in group[1:]), _parent_number(item, "call")]
            ),
            keywords=_keywords(titles, parents),
            opens=start_of_day(opens, self.zone) if opens else None,
            published=start_of_day(published, self.zone) if published else None,
            deadlines=staged.deadlines,
            funding=read_project_funding(prose, "SEK", amounts=amounts)
            or read_project_funding(" ".join(texts.get("en", "").split("\n"))),
            eligibility=read_eligibility(who.get("sv") or who.get("en", "")),
            invited_only=fields.flag("Publik") is False or staged.invited_only,
            url=_page_address(fields, links, item.id),
            apply_url=_form_address(links),
            links=tuple(links),
            provenance=item.provenance,
        )


def _record_kind(fields: Fields) -> str:
    """Say which list a record of the API belongs to, by the names only that list has."""
    if fields.has("Ärenderubrik"):
        return "project"
    if fields.has("DiarienummerUtlysning"):
        return "round"
    return "call" if fields.has("DiarienummerProgram") else "programme"


def _parent_number(item: SourceItem, kind: str) -> str:
    """Return the number of the call or programme that ``item`` says it belongs to, or ""."""
    name = {"call": "DiarienummerUtlysning", "programme": "DiarienummerProgram"}[kind]
    value = item.fields.raw(name)
    return value if isinstance(value, str) and _NUMBER.fullmatch(value) else ""


def _texts(
    fields: Fields, parents: dict[str, Fields]
) -> tuple[dict[str, str], dict[str, tuple[Section, ...]]]:
    """Return text and sections by language: the round's own, its short texts, its parents'."""
    parts: list[tuple[str, dict[str, str]]] = []
    own = read_bilingual(fields, "Beskrivning", "BeskrivningEngelska", long=True)
    titles = set(read_bilingual(fields, "Titel", "TitelEngelska").values())
    parts.append(("description", {k: v for k, v in own.items() if v not in titles}))
    for short in fields.records("WebTextLista"):
        number = short.word("TextID")
        words = read_bilingual(short, "TextSv", "TextEn", long=True)
        name = _SECTIONS.get(number, f"text {number}")
        if name == "who" and is_only_an_amount(words.get("sv", "")):
            name = "amount"
        parts.append((name, words))
    for kind in ("call", "programme"):
        if kind in parents:
            described = read_bilingual(
                parents[kind], "Beskrivning", "BeskrivningEngelska", long=True
            )
            titled = read_bilingual(parents[kind], "Titel", "TitelEngelska").values()
            seen = {text for _, by_language in parts for text in by_language.values()} | set(titled)
            parts.append((kind, {k: v for k, v in described.items() if v not in seen}))
    return join_bilingual(parts)


def _own_lines(texts: dict[str, str], sections: dict[str, tuple[Section, ...]]) -> list[str]:
    """Return the lines on the round itself; a programme's text tells of other rounds too."""
    language = next((one for one in ("sv", "en") if one in texts), "")
    spans = sections.get(language, ())
    names = [span.name for span in spans if span.name != "programme"]
    return "\n".join(sections_named(texts, sections, language, names)).splitlines()


def _keywords(titles: dict[str, str], parents: dict[str, Fields]) -> tuple[str, ...]:
    """Return the parents' titles, which often say more about the subject than the round's."""
    words = [
        title
        for fields in parents.values()
        for title in read_bilingual(fields, "Titel", "TitelEngelska").values()
        if title not in titles.values()
    ]
    return distinct(words)


def _deadlines(fields: Fields, zone: str) -> tuple[Deadline, ...]:
    """Return closing time and further cut-offs, or the announced period when there is neither."""
    closes = fields.moment("Stangningsdatum", zone)
    year, period = fields.word("AnnonseringslägeÅr"), fields.word("AnnonseringslägePeriod")
    daily = fields.flag("DagligAvlasning")
    cuts = [_cut_off(fields, item, zone) for item in fields.items("AvlasningstillfalleLista")]
    note = Remark.READ_DAILY.write() if daily else ""
    moments = sorted({*[cut for cut in cuts if cut], *([closes] if closes else [])})
    kind = DeadlineKind.CUT_OFF if len(moments) > 1 else DeadlineKind.FIXED
    deadlines = [
        Deadline(kind=kind, zone=zone, at=at, date_only=only, text=note) for at, only in moments
    ]
    if not deadlines and year:
        text = f"{year} {period}".strip()
        deadlines = [Deadline(kind=DeadlineKind.ANNOUNCED, zone=zone, text=text)]
    elif not deadlines and daily:
        deadlines = [Deadline(kind=DeadlineKind.ROLLING, zone=zone)]
    return tuple(deadlines)


def _cut_off(fields: Fields, item: object, zone: str) -> Moment | None:
    """Return the moment of one extra cut-off: a date, or an object holding exactly one date."""
    if isinstance(item, str):
        return read_moment(item, zone, f"{fields.where}.AvlasningstillfalleLista")
    where = f"{fields.where}.AvlasningstillfalleLista"
    dates = [
        value
        for value in Fields(item, where).values()
        if isinstance(value, str) and value[:2] in _CENTURIES
    ]
    return read_moment(only_item(dates, f"{where}: a date"), zone, where)


def _links(fields: Fields) -> list[Link]:
    """Return the addresses and documents of a round, those that are fit to follow."""
    links = []
    for entry in fields.records("LankLista"):
        label = entry.word("Beskrivning")
        if url := entry.link("URL"):
            links.append(Link(url=url, label=label[:500]))
    for entry in fields.records("DokumentLista"):
        language = entry.word("Lang").lower() or None
        label = entry.word("Titel") or entry.word("FileName")
        entry.ignore("Beskrivning", "FileName", "DokumentID", "Primary")
        if url := entry.link("fileURL"):
            links.append(Link(url=url, label=label[:500], language=language))
    return links


def _form_address(links: Sequence[Link]) -> str | None:
    """Return the address of the application form among ``links``."""
    for link in links:
        if _PATTERNS.apply.search(link.label) or any(host in link.url for host in _FORM_HOSTS):
            return link.url
    return None


def _page_address(fields: Fields, links: Sequence[Link], number: str) -> str | None:
    """Return the round's page: a link to the agency's site, or its short address if it has one."""
    for link in links:
        if link.url.startswith("https://www.vinnova.se/") and not _PATTERNS.apply.search(
            link.label
        ):
            return link.url
    return f"https://www.vinnova.se/ao/{number}" if fields.flag("Webbsida") else None
