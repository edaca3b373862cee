"""Announcements of one agency on Simpler.Grants.gov, or in the search of grants.gov.

Owner: US Department of Health and Human Services. Terms: US government work, public domain; the
API of Simpler.Grants.gov wants a free key in the header X-API-Key, the search of grants.gov none.
Written 2026-11 from the published schema and public clients; no real answer was at hand.

Quirks: pages count from 1. Days have no hour; the words beside them may have. Contact persons are
dropped. A hit of grants.gov has no text and no sums.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scrapers.call import Call, Eligibility, Funding, join_sections
from scrapers.errors import FetchError, ShapeError
from scrapers.funder import Funder, PageFetcher, SourceItem
from scrapers.http.page import Failure, Page
from scrapers.paging import RowCount
from scrapers.platforms.texts.stated_steps import with_stated_steps
from scrapers.platforms.us.awards import agency_funding
from scrapers.platforms.us.eligibility import agency_eligibility
from scrapers.platforms.us.schedule import ZONE
from scrapers.platforms.us_deadlines import archive_day, deadlines, far_year, lapse
from scrapers.reading.fields import Fields, distinct
from scrapers.reading.parse import start_of_day

KIND = "row"
ADDRESS = "https://api.simpler.grants.gov/v1/opportunities/search"
SEARCH_ADDRESS = "https://api.grants.gov/v1/api/search2"

_PAGE_SIZE, _SEARCH_SIZE, _MAX_PAGES = 25, 1000, 200
_DETAIL = "https://simpler.grants.gov/opportunity"
_BOOKKEEPING = (
    "agency_contact_description agency_email_address agency_email_address_description "
    "agency_phone_number agency_code agency_name additional_info_url_description "
    "funding_category_description fiscal_year version_number created_at updated_at "
    "forecasted_award_date forecasted_project_start_date "
    "is_forecast funding_instruments"
).split()
_OUTER_FIELDS = (
    "agency agency_code agency_id category category_explanation created_at updated_at "
    "legacy_opportunity_id top_level_agency_code top_level_agency_name attachments"
).split()


def pages(source: Funder, fetch: PageFetcher, agency: str) -> Iterator[Page | Failure]:
    """Yield the posted and forecast announcements of ``agency``, with the key of ``source``."""
    count = RowCount()
    headers = {"X-API-Key": source.secret} if source.secret else {}
    for number in range(1, _MAX_PAGES + 1):
        where = f"{source.key} Simpler.Grants.gov page {number}"
        order = {"order_by": "opportunity_id", "sort_direction": "ascending"}
        body = {
            "filters": {
                "agency": {"one_of": [agency]},
                "opportunity_status": {"one_of": ["posted", "forecasted"]},
            },
            "pagination": {"page_offset": number, "page_size": _PAGE_SIZE, "sort_order": [order]},
        }
        try:
            page = fetch.post_json(ADDRESS, body, headers=headers)
            answer = Fields(page.json(where), where)
            rows, told = answer.items("data"), answer.record("pagination_info")
        except (FetchError, ShapeError) as error:
            yield Failure(where, str(error), fatal=True)
            return
        fresh = count.add(rows, int(told.number("total_records") or 0) if told else None)
        if not fresh:
            break
        yield page
        if not count.missing:
            return
    yield count.shortfall(f"{source.key} Simpler.Grants.gov", thins=True) or Failure(
        f"{source.key} Simpler.Grants.gov", "no announcement came", fatal=True
    )


def search_pages(source: Funder, fetch: PageFetcher, agency: str) -> Iterator[Page | Failure]:
    """Yield the hits of ``agency`` in the search of grants.gov: numbers, titles and days."""
    count = RowCount()
    while count.missing or not count.received:
        where = f"{source.key} grants.gov from {count.received}"
        body = {
            "oppStatuses": "forecasted|posted", "agencies": agency,
            "rows": _SEARCH_SIZE, "startRecordNum": count.received,
        }  # fmt: skip
        try:
            page = fetch.post_json(SEARCH_ADDRESS, body)
            data = Fields(page.json(where), where).record("data")
            rows = data.items("oppHits") if data else []
        except (FetchError, ShapeError) as error:
            yield Failure(where, str(error), fatal=True)
            return
        if not count.add(rows, int((data.number("hitCount") if data else None) or 0)):
            message = f"{where}: no hits"
            yield count.shortfall(where, thins=True) or Failure(where, message, fatal=True)
            return
        yield page


def rows_of(answer: object) -> list[Mapping[str, Any]] | None:
    """Return the rows of an answer of either search, in one shape; None for another answer."""
    data = answer.get("data") if isinstance(answer, Mapping) else None
    if isinstance(data, list):
        return [row for row in data if isinstance(row, Mapping)]
    if isinstance(data, Mapping) and isinstance(data.get("oppHits"), list):
        return [_row_of_hit(hit) for hit in data["oppHits"] if isinstance(hit, Mapping)]
    return None


def _row_of_hit(hit: Mapping[str, Any]) -> dict[str, Any]:
    forecast = str(hit.get("oppStatus", "")).lower() == "forecasted"
    before = "forecasted_" if forecast else ""
    return {
        "opportunity_number": hit.get("number"),
        "opportunity_title": hit.get("title"),
        "opportunity_status": hit.get("oppStatus"),
        "agency_name": hit.get("agencyName") or hit.get("agency"),
        "summary": {
            f"{before}close_date": hit.get("closeDate"),
            f"{before}post_date": hit.get("openDate"),
        },
    }


def item(row: Mapping[str, Any], at: str, page: Page, source: Funder) -> SourceItem:
    """Return a row as a record, known by the number of its announcement."""
    fields = Fields(row, at)
    native = "-".join(fields.word("opportunity_number").upper().split())
    if not native:
        raise ShapeError(f"{at}.opportunity_number", "the number of an announcement", "nothing")
    fields.where = f"{source.key} row {native}"
    return SourceItem(KIND, native, fields, source.provenance(page))


def call(record: SourceItem, source: Funder) -> Call:
    """Return the call of a row."""
    fields = record.fields
    fields.ignore(*_OUTER_FIELDS)
    summary = fields.record("summary") or Fields({}, f"{fields.where}.summary", fields.notes)
    summary.ignore(*_BOOKKEEPING)
    forecast = fields.word("opportunity_status").lower() == "forecasted"
    before = "forecasted_" if forecast else ""
    name = f"{before}close_date" if summary.has(f"{before}close_date") else "close_date"
    closes = summary.moment(name, ZONE)
    archived = archive_day(summary, "archive_date", lambda name: summary.moment(name, ZONE))
    posted, opening = summary.moment("post_date", ZONE), summary.moment(f"{before}post_date", ZONE)
    published = start_of_day(posted, ZONE) if posted else None
    opens = start_of_day(opening, ZONE) if opening else published
    eligible = summary.text("applicant_eligibility_description")
    text, sections = join_sections(
        [("description", summary.text("summary_description")), ("eligibility", eligible)]
    )
    native = fields.word("opportunity_id")
    address = f"{_DETAIL}/{native}" if native else None
    found = deadlines(
        closes,
        summary.word(f"{name}_description"),
        forecast=forecast,
        posted=None if forecast else published,
        far=far_year(summary.raw(name)),
    )
    return Call(
        id=f"{source.key}:{record.id}",
        funder=source.title,
        level=source.level,
        titles={"en": fields.word("opportunity_title")},
        texts={"en": text} if text else {},
        sections={"en": sections} if text else {},
        programme=fields.word("agency_name"),
        identifiers=distinct([record.id, *_listing_numbers(fields)]),
        keywords=distinct(word.replace("_", " ") for word in summary.words("funding_categories")),
        opens=opens,
        published=published,
        deadlines=with_stated_steps(found, text, ZONE, american=True),
        closed_by=lapse(closes, opens, archived, forecast=forecast),
        funding=_funding(summary),
        eligibility=_eligibility(summary, eligible),
        url=summary.link("additional_info_url") or address,
        apply_url=address,
        provenance=record.provenance,
    )


def _listing_numbers(fields: Fields) -> list[str]:
    rows = fields.records("opportunity_assistance_listings")
    return [row.word("assistance_listing_number") for row in rows]


def _funding(summary: Fields) -> Funding | None:
    return agency_funding(
        summary,
        awards="expected_number_of_awards",
        total="estimated_total_program_funding",
        most="award_ceiling",
        least="award_floor",
    )


def _eligibility(summary: Fields, further: str) -> tuple[Eligibility, ...]:
    kinds = [word.replace("_", " ") for word in summary.words("applicant_types")]
    return agency_eligibility(kinds, further, summary.flag("is_cost_sharing"))
