"""grants.gov's XML extract: the whole register as one file, plain or in a zip, read as a stream.

Days are written MMDDYYYY. Codes stand for kinds of applicants, activities and instruments. The
extract has no agency's own page and no hours except in the explanation of the closing day. A
record of a person's contact data is never read.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import closing
from typing import BinaryIO, cast

from scrapers.call import Call, Eligibility, Funding, Link, join_sections
from scrapers.errors import ShapeError
from scrapers.funder import Funder, SourceItem
from scrapers.http.page import Failure, Page
from scrapers.http.safe_xml import Element, iterate_elements
from scrapers.platforms.texts.stated_steps import with_stated_steps
from scrapers.platforms.us.awards import agency_funding
from scrapers.platforms.us.eligibility import agency_eligibility
from scrapers.platforms.us.schedule import ZONE
from scrapers.platforms.us_deadlines import archive_day, deadlines, far_year, lapse
from scrapers.reading.fields import Fields, distinct
from scrapers.reading.parse import Moment, read_moment, start_of_day

KIND = "extract"

_SYNOPSIS, _FORECAST = "OpportunitySynopsisDetail_1_0", "OpportunityForecastDetail_1_0"
_ZIP = b"PK\x03\x04"
_MAX_BYTES = 2**30
_DAY = re.compile(r"(\d{2})(\d{2})(\d{4})")
_DETAIL_URL = "https://www.grants.gov/search-results-detail"
_LIST_FIELDS = frozenset("CFDANumbers EligibleApplicants".split())
_APPLICANT_CODES = {
    "00": "State governments", "01": "County governments", "02": "City or township governments",
    "04": "Special district governments", "05": "Independent school districts",
    "06": "Public institutions of higher education", "07": "Federally recognized tribes",
    "08": "Public and Indian housing authorities", "11": "Other tribal organizations",
    "12": "Nonprofits with 501(c)(3) status", "13": "Nonprofits without 501(c)(3) status",
    "20": "Private institutions of higher education", "21": "Individuals",
    "22": "For profit organizations other than small businesses", "23": "Small businesses",
    "25": "Others", "99": "Unrestricted",
}  # fmt: skip
_BOOKKEEPING = (
    "AgencyCode Version LastUpdatedDate OpportunityCategory FundingInstrumentType "
    "OpportunityCategoryExplanation CategoryOfFundingActivity GrantorContactEmail "
    "GrantorContactEmailDescription GrantorContactName GrantorContactPhoneNumber "
    "GrantorContactText EstimatedAwardDate EstimatedProjectStartDate FiscalYear OppStatus"
).split()


def is_extract(page: Page) -> bool:
    """Whether ``page`` is an extract: XML, or a zip."""
    start = page.body[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    return page.body.startswith(_ZIP) or start.startswith((b"<?xml", b"<Grants"))


def items(page: Page, source: Funder) -> Iterator[SourceItem | Failure]:
    """Yield the records of an extract, posted ones first; raise ``ShapeError`` when it is none."""
    where = f"{source.key} {page.url}"
    any_record = False
    for tag in (_SYNOPSIS, _FORECAST):
        with closing(_open_xml(page, where)) as file:
            for position, element in enumerate(iterate_elements(file, f"{{*}}{tag}", where)):
                any_record = True
                at = f"{source.key} {'forecast' if tag == _FORECAST else 'record'} {position}"
                try:
                    yield _item(element, tag == _FORECAST, at, page, source)
                except ShapeError as error:
                    yield Failure(error.where, str(error))
    if not any_record:
        raise ShapeError(where, "records of opportunities", "XML without any")


def _open_xml(page: Page, where: str) -> BinaryIO:
    """Return the XML of ``page`` as a file; a zip holds exactly one, of at most 1 GiB."""
    if not page.body.startswith(_ZIP):
        return io.BytesIO(page.body)
    try:
        archive = zipfile.ZipFile(io.BytesIO(page.body))
        names = [one for one in archive.infolist() if one.filename.lower().endswith(".xml")]
        if len(names) != 1 or names[0].file_size > _MAX_BYTES:
            raise ShapeError(where, "a zip with one XML file of at most 1 GiB", "another zip")
        return cast("BinaryIO", archive.open(names[0]))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise ShapeError(where, "a zip that can be opened", str(error)[:80]) from error


def _item(element: Element, forecast: bool, at: str, page: Page, source: Funder) -> SourceItem:
    values: dict[str, object] = {"forecast": forecast}
    for child in element:
        if not isinstance(child.tag, str):
            continue
        name, text = child.tag.rpartition("}")[2], child.text or ""
        if name in _LIST_FIELDS:
            several = values.setdefault(name, [])
            if isinstance(several, list):
                several.append(text)
        else:
            values[name] = text
    fields = Fields(values, at)
    native = fields.word("OpportunityID")
    if not native.isdigit():
        raise ShapeError(f"{at}.OpportunityID", "a number", repr(native))
    fields.where = f"{source.key} {KIND} {native}"
    return SourceItem(KIND, native, fields, source.provenance(page))


def call(item: SourceItem, source: Funder) -> Call:
    """Return the call of one record of an extract."""
    fields = item.fields
    fields.ignore(*_BOOKKEEPING)
    forecast = fields.raw("forecast") is True
    posted = _read_day(fields, "PostDate")
    closing_field = "EstimatedSynopsisCloseDate" if forecast else "CloseDate"
    opens = _read_day(fields, "EstimatedSynopsisPostDate") if forecast else posted
    closes, start = _read_day(fields, closing_field), start_of_day(opens, ZONE) if opens else None
    published = start_of_day(posted, ZONE) if posted else None
    text, sections = join_sections(
        [
            ("description", fields.text("Description")),
            ("eligibility", fields.text("AdditionalInformationOnEligibility")),
        ]
    )
    archived = archive_day(fields, "ArchiveDate", lambda name: _read_day(fields, name))
    address = f"{_DETAIL_URL}/{item.id}"
    found = deadlines(
        closes,
        fields.word(f"{closing_field}Explanation"),
        forecast=forecast,
        posted=published,
        far=far_year(fields.word(closing_field)[-4:]),
    )
    return Call(
        id=f"{source.key}:{item.id}",
        funder=source.title,
        level=source.level,
        titles={"en": fields.word("OpportunityTitle")},
        texts={"en": text} if text else {},
        sections={"en": sections} if text else {},
        programme=fields.word("AgencyName"),
        identifiers=distinct([fields.word("OpportunityNumber"), *fields.words("CFDANumbers")]),
        keywords=distinct([fields.word("CategoryExplanation")]),
        opens=start,
        published=published,
        deadlines=with_stated_steps(found, text, ZONE, american=True),
        closed_by=lapse(closes, start, archived, forecast=forecast),
        funding=_funding(fields),
        eligibility=_eligibility(fields),
        url=address,
        apply_url=address,
        links=_links(fields),
        provenance=item.provenance,
    )


def _read_day(fields: Fields, name: str) -> Moment | None:
    """Return a day written MMDDYYYY, None for nothing."""
    text = fields.word(name)
    match = _DAY.fullmatch(text)
    iso = f"{match[3]}-{match[1]}-{match[2]}" if match else text
    return read_moment(iso, ZONE, f"{fields.where}.{name}")


def _funding(fields: Fields) -> Funding | None:
    return agency_funding(
        fields,
        awards="ExpectedNumberOfAwards",
        total="EstimatedTotalProgramFunding",
        most="AwardCeiling",
        least="AwardFloor",
    )


def _eligibility(fields: Fields) -> tuple[Eligibility, ...]:
    codes = fields.words("EligibleApplicants")
    for code in codes:
        if not _APPLICANT_CODES.get(code):
            fields.note("EligibleApplicants", f"left out an unknown code: {code[:20]!r}")
    return agency_eligibility(
        [_APPLICANT_CODES.get(code, "") for code in codes],
        fields.text("AdditionalInformationOnEligibility"),
        fields.flag("CostSharingOrMatchingRequirement"),
    )


def _links(fields: Fields) -> tuple[Link, ...]:
    address = fields.link("AdditionalInformationURL")
    label = fields.word("AdditionalInformationText")
    return (Link(url=address, label=label[:500]),) if address else ()
