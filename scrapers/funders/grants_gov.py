"""grants.gov, the United States' register of federal grants: a search and one record a grant.

Owner: US Department of Health and Human Services. Terms: US government work, public domain, no
key. Last checked 2026-11 against its official samples and what public clients report; not fetched
live from here.

Quirks: errors come as 200 with ``errorcode`` other than 0. A forecast has ``forecast`` where a
posted grant has ``synopsis``; one that was a forecast may have both. Every date is padded with a
midnight that means nothing; the time of day, where there is one, stands in the explanation beside
it. ``agencyName`` of a synopsis sometimes is a person, so the agency is read from the details.
Sums are strings, "none" or "0" where there is none. Contact persons are everywhere: dropped.
The daily extract in XML is read when somebody saved it: its synopsis days are MMDDYYYY.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from scrapers.call import Call, Eligibility, Funding, Level, Link, join_sections
from scrapers.copies import Standing, best_copies
from scrapers.errors import FetchError, ShapeError
from scrapers.funder import Expectations, Funder, ItemGroup, PageFetcher, SourceItem
from scrapers.http.page import Failure, Page
from scrapers.platforms import grants_gov_extract
from scrapers.platforms.texts.stated_steps import with_stated_steps
from scrapers.platforms.us.awards import agency_funding
from scrapers.platforms.us.eligibility import agency_eligibility
from scrapers.platforms.us.schedule import ZONE as _ZONE
from scrapers.platforms.us_deadlines import archive_day, deadlines, far_year, lapse
from scrapers.plurals import count_noun
from scrapers.reading.fields import Fields, distinct
from scrapers.reading.parse import start_of_day

_PAGE_SIZE = 1000
_MAX_PAGES = 20
_PAGE = "https://www.grants.gov/search-results-detail"
_EMPTY_EXPLANATIONS = frozenset({"no explanation", "no explanation.", "undefined."})
_CONTACTS = (
    "agencyContactName agencyContactPhone agencyContactEmail agencyContactEmailDesc "
    "agencyContactDesc agencyPhone agencyName agencyAddressDesc publisherUid"
).split()
_BOOKKEEPING = (
    "opportunityId version agencyCode topAgencyDetails awardCeilingFormatted awardFloorFormatted "
    "estimatedFundingFormatted sendEmail createTimeStamp createdDate lastUpdatedDate postingDate "
    "createTimeStampStr responseDate archiveDate archiveDateStr estApplicationResponseDate "
    "estSynopsisPostingDate "
    "estAwardDate estAwardDateStr estProjectStartDate estProjectStartDateStr "
    "fiscalYear modComments fundingActivityCategoryDesc estSynopsisPostingDateDesc"
).split()
_OUTER_FIELDS = (
    "id revision listed publisherUid flag2006 originalDueDate originalDueDateDesc "
    "synopsisAttachmentFolders synopsisDocumentURLs synAttChangeComments "
    "opportunityPkgs closedOpportunityPkgs "
    "opportunityHistoryDetails assistCompatible assistURL relatedOpps errorMessages ost "
    "synopsisModifiedFields forecastModifiedFields draftMode synPostDateInPast "
    "forecastHistCount topAgencyDetails owningAgencyCode docType"
).split()


class GrantsGov(Funder):
    """Posted and forecast grants: a search hit, and the record it points to."""

    key = "grants_gov"
    title = "grants.gov"
    home = "https://www.grants.gov"
    level = Level.INTERNATIONAL
    zone = _ZONE
    interface = "API v1, JSON; XML extract"
    verified = "real answer"
    address = "https://api.grants.gov/v1/api"
    # Many grants are open without a date, and forecasts have few.
    expects = Expectations(minimum=300, fill=(("deadlines", 0.5), ("texts", 0.8)))

    def pages(self, fetch: PageFetcher) -> Iterator[Page | Failure]:
        """Yield the search's pages of posted and forecast grants, then each grant's record."""
        ids: dict[str, None] = {}
        start, total = 0, 1
        while start < total and start < _PAGE_SIZE * _MAX_PAGES:
            where = f"search2 from {start}"
            body = {"oppStatuses": "forecasted|posted", "rows": _PAGE_SIZE, "startRecordNum": start}
            try:
                page = fetch.post_json(f"{self.base}/search2", body)
                data = _answer_data(page, self.key)
                hits = data.records("oppHits")
                total = int(data.number("hitCount") or 0)
            except (FetchError, ShapeError) as error:
                yield Failure(where, str(error), fatal=True)
                return
            yield page
            if not hits:
                if start < total:
                    yield Failure(
                        where,
                        f"no hits, though {count_noun(total, 'was', 'were')} announced",
                        fatal=True,
                    )
                break
            ids.update((hit.word("id"), None) for hit in hits)
            start += len(hits)
        if len(ids) < total:
            received = count_noun(len(ids), "different hit")
            yield Failure(
                "search2", f"{received} came, {count_noun(total, 'was', 'were')} announced"
            )
        for native in ids:
            yield self._fetch_record(fetch, native)

    def _fetch_record(self, fetch: PageFetcher, native: str) -> Page | Failure:
        try:
            body = {"opportunityId": int(native)}
            page = fetch.post_json(f"{self.base}/fetchOpportunity", body)
            _answer_data(page, f"{self.key} record {native}")
        except (FetchError, ShapeError, ValueError) as error:
            return Failure(f"{self.key} record {native}", str(error), id=native)
        return page

    def expected_pages(self, page: Page) -> int | None:
        """Return the search's pages and one record a hit, once a search answer says how many."""
        data = _answer_data(page, self.key)
        hits = int(data.number("hitCount") or 0) if data.has("hitCount") else 0
        return hits + -(-hits // _PAGE_SIZE) if hits else None

    def items(self, page: Page) -> Iterator[SourceItem | Failure]:
        """Yield the hits of a search, the one record of a detail answer, or a whole extract."""
        where = f"{self.key} {page.url}"
        if grants_gov_extract.is_extract(page):
            yield from grants_gov_extract.items(page, self)
            return
        data = _answer_data(page, where)
        if data.has("opportunityTitle") or data.has("opportunityNumber"):
            yield self._item("record", data, page)
            return
        if not isinstance(data.raw("oppHits"), list):
            actual = ", ".join(sorted(data.names())[:5]) or "nothing"
            raise ShapeError(where, "oppHits or one opportunity", actual)
        for position, row in enumerate(data.items("oppHits")):
            try:
                yield self._item("hit", Fields(row, f"{self.key} hit {position}"), page)
            except ShapeError as error:
                yield Failure(error.where, str(error))

    def _item(self, kind: str, fields: Fields, page: Page) -> SourceItem:
        native = fields.word("id")
        if not native.isdigit():
            raise ShapeError(f"{fields.where}.id", "a number", repr(native))
        fields.where = f"{self.key} {kind} {native}"
        return SourceItem(kind, native, fields, self.provenance(page))

    def groups(self, items: Sequence[SourceItem]) -> Iterator[ItemGroup]:
        """Yield each grant's record, or its row of an extract, or else its search hit.

        What was posted counts before a forecast, also one that has another id for the same
        number.
        """
        best = best_copies(items, lambda item: item.id, _standing)
        posted = {_number(item) for item in best if not _is_forecast(item)} - {""}
        for item in best:
            if not (_is_forecast(item) and _number(item) in posted):
                yield (item,)

    def call(self, group: ItemGroup) -> Call:
        """Return the call of a record, or of a hit, which says less."""
        item = group[0]
        if item.kind == grants_gov_extract.KIND:
            return grants_gov_extract.call(item, self)
        return self._call_from_hit(item) if item.kind == "hit" else self._call_from_record(item)

    def _call_from_hit(self, item: SourceItem) -> Call:
        fields = item.fields
        fields.ignore("agencyCode", "docType", "cfdaList", "alnist", "alnList", "aln")
        opens, closes = fields.moment("openDate", _ZONE), fields.moment("closeDate", _ZONE)
        start = start_of_day(opens, _ZONE) if opens else None
        forecast = fields.word("oppStatus").lower() == "forecasted"
        listings = [*fields.words("alnist"), *fields.words("cfdaList"), *fields.words("alnList")]
        return Call(
            id=f"{self.key}:{item.id}",
            funder=self.title,
            level=self.level,
            titles={"en": fields.word("title")},
            programme=fields.word("agencyName") or fields.word("agency"),
            identifiers=distinct([fields.word("number"), *listings]),
            published=None if forecast else start,
            opens=start,
            deadlines=deadlines(
                closes,
                "",
                forecast=forecast,
                posted=None if forecast else start,
                far=far_year(fields.raw("closeDate")),
            ),
            closed_by=lapse(closes, start, None, forecast=forecast),
            url=f"{_PAGE}/{item.id}",
            apply_url=f"{_PAGE}/{item.id}",
            provenance=item.provenance,
        )

    def _call_from_record(self, item: SourceItem) -> Call:
        fields = item.fields
        fields.ignore(*_OUTER_FIELDS)
        synopsis, forecast = fields.record("synopsis"), fields.record("forecast")
        estimated = synopsis is None or (
            forecast is not None and fields.word("docType").lower() == "forecast"
        )
        part = forecast if estimated else synopsis
        if part is None:
            raise ShapeError(fields.where, "a synopsis or a forecast", "neither")
        part.ignore(*_CONTACTS, *_BOOKKEEPING)
        dates = _GrantDates(part, estimated=estimated)
        text, sections = join_sections(
            [
                ("description", part.text("forecastDesc" if estimated else "synopsisDesc")),
                ("eligibility", part.text("applicantEligibilityDesc")),
            ]
        )
        found = deadlines(
            dates.closes,
            dates.explained,
            forecast=estimated,
            posted=dates.published,
            far=dates.far,
        )
        return Call(
            id=f"{self.key}:{item.id}",
            funder=self.title,
            level=self.level,
            titles={"en": fields.word("opportunityTitle")},
            texts={"en": text} if text else {},
            sections={"en": sections} if text else {},
            programme=_agency_name(fields, part),
            identifiers=distinct([fields.word("opportunityNumber"), *_listing_numbers(fields)]),
            keywords=_keywords(fields, part),
            opens=dates.opens,
            published=dates.published,
            deadlines=with_stated_steps(found, text, _ZONE, american=True),
            closed_by=lapse(dates.closes, dates.opens, dates.archived, forecast=estimated),
            funding=_funding(part),
            eligibility=_eligibility(part),
            url=f"{_PAGE}/{item.id}",
            apply_url=f"{_PAGE}/{item.id}",
            links=_links(part),
            provenance=item.provenance,
        )


def _is_forecast(item: SourceItem) -> bool:
    """Whether a record of any kind is a forecast that nothing was posted for yet."""
    fields = item.fields
    if item.kind == "hit":
        return fields.word("oppStatus").lower() == "forecasted"
    if item.kind == grants_gov_extract.KIND:
        return fields.raw("forecast") is True
    return not isinstance(fields.raw("synopsis"), dict)


def _number(item: SourceItem) -> str:
    """Return the agency's own number of a grant, in capitals."""
    names = ("opportunityNumber", "number", "OpportunityNumber")
    value = next((item.fields.raw(name) for name in names if item.fields.has(name)), "")
    return str(value).strip().upper()


def _standing(item: SourceItem) -> Standing:
    """Return how a copy of a grant stands: posted, of the fullest kind, of the latest version."""
    ranks = {"hit": 0, grants_gov_extract.KIND: 1, "record": 2}
    part = item.fields.raw("synopsis") or item.fields.raw("forecast")
    version = part.get("version") if isinstance(part, dict) else item.fields.raw("Version")
    digits = re.sub(r"\D", "", str(version or ""))[-4:]
    return (not _is_forecast(item), ranks[item.kind], int(digits or 0))


def _answer_data(page: Page, where: str) -> Fields:
    """Return the ``data`` of an answer; raise ``ShapeError`` for an error that came as 200."""
    answer = Fields(page.json(where), where)
    code = answer.number("errorcode")
    if code:
        actual = f"error {code}: {answer.word('msg')}"
        raise ShapeError(where, "errorcode 0", actual, "Ask again later.")
    data = answer.record("data")
    if data is None:
        raise ShapeError(where, "data", "nothing")
    return data


class _GrantDates:
    """The dates of a synopsis or a forecast, which names them otherwise."""

    def __init__(self, part: Fields, *, estimated: bool) -> None:
        posted = part.moment("postingDateStr", _ZONE) or part.moment("postingDate", _ZONE)
        self.published = start_of_day(posted, _ZONE) if posted else None
        name = "estApplicationResponseDate" if estimated else "responseDate"
        self.closes = part.moment(f"{name}Str", _ZONE) or part.moment(name, _ZONE)
        self.far = "" if self.closes else far_year(part.raw(f"{name}Str"), part.raw(name))
        self.archived = archive_day(
            part,
            "archiveDateStr" if part.has("archiveDateStr") else "archiveDate",
            lambda name: part.moment(name, _ZONE),
        )
        explained = part.word(f"{name}Desc")
        self.explained = "" if explained.lower() in _EMPTY_EXPLANATIONS else explained
        opens = posted
        if estimated:
            opens = part.moment("estSynopsisPostingDateStr", _ZONE) or part.moment(
                "estSynopsisPostingDate", _ZONE
            )
        self.opens = start_of_day(opens, _ZONE) if opens else None


def _agency_name(fields: Fields, part: Fields) -> str:
    """Return the agency's name from the details, never from the field that may hold a person."""
    for owner in (fields.record("agencyDetails"), part.record("agencyDetails")):
        if owner is not None and (name := owner.word("agencyName")):
            return name
    return fields.word("owningAgencyCode")


def _listing_numbers(fields: Fields) -> list[str]:
    """Return the assistance listing numbers, such as 93.223."""
    names = ("cfdas", "alns")
    return [
        row.word("cfdaNumber") or row.word("alnNumber") for n in names for row in fields.records(n)
    ]


def _keywords(fields: Fields, part: Fields) -> tuple[str, ...]:
    words = [row.word("programTitle") for row in fields.records("cfdas")]
    for name in ("fundingActivityCategories", "fundingInstruments"):
        words += [row.word("description") for row in part.records(name)]
    category = fields.record("opportunityCategory")
    return distinct([*words, category.word("description") if category else ""])


def _funding(part: Fields) -> Funding | None:
    return agency_funding(
        part,
        awards="numberOfAwards",
        total="estimatedFunding",
        most="awardCeiling",
        least="awardFloor",
    )


def _eligibility(part: Fields) -> tuple[Eligibility, ...]:
    """Return the kinds of applicant, further words on them, and cost sharing."""
    kinds = [row.word("description") for row in part.records("applicantTypes")]
    return agency_eligibility(
        kinds, part.text("applicantEligibilityDesc"), part.flag("costSharing")
    )


def _links(part: Fields) -> tuple[Link, ...]:
    """Return the agency's own page on the grant."""
    address = part.link("fundingDescLinkUrl")
    label = part.word("fundingDescLinkDesc")
    return (Link(url=address, label=label[:500]),) if address else ()
