"""CORDIS, the European Commission's list of projects paid by the EU's research programmes.

Owner: Publications Office of the European Union. Terms: reuse notice of the Commission, CC BY 4.0.
Last checked 2026-11 against published records in XML and other projects' accounts of the rest.

Quirks: the same projects come as zips of JSON, XML and CSV. The JSON was one list of flat objects
(project.json, with organization.json beside it) and is now a file a project, whose organisations,
topic and calls are among its relations, as in the XML. The CSV has quotes that are not escaped;
amounts there may have a decimal comma. Countries are the EU's codes: EL and UK. A topic pays, and
the call that holds the topic holds many others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from scrapers.award import Award, Organisation
from scrapers.awards import award_values
from scrapers.awards.broken_csv import TableRow, UnreadableRow, read_table
from scrapers.awards.xml_records import xml_records
from scrapers.awards.zip_archive import ZipArchive, ZipLimits, json_items
from scrapers.call import Provenance
from scrapers.errors import FetchError, ShapeError
from scrapers.funder import PageFetcher
from scrapers.http.page import Failure, Page
from scrapers.plurals import count_noun
from scrapers.reading.fields import Fields, distinct
from scrapers.register import Register, RegisterRow, SkippedRow

_ZIP = b"PK"
_NUMBER = re.compile(r"\d{4,12}")
_LANGUAGE = re.compile(r"[a-z]{2}")
_CODES = re.compile(r"[;,\s]+")
_ORGANISATIONS = re.compile(r"(?:^|/)organization\.(?:json|csv)$", re.IGNORECASE)
_PROJECTS = re.compile(r"(?:^|/)project(?:-[^/]*)?\.(?:json|csv|xml)$|\.xml$", re.IGNORECASE)
_ROLES = frozenset("coordinator participant associatedPartner thirdParty partner".split())
_BOOKKEEPING = (
    "availableLanguages rcn teaser totalCost ecSignatureDate duration status keywords identifiers "
    "validation sourceUpdateDate contentCreationDate contentUpdateDate lastUpdateDate "
    "frameworkProgramme legalBasis fundingScheme nature grantDoi attributes archivedDate "
    "contenttype statusDetails id type"
).split()


class Cordis(Register):
    """Projects of Horizon Europe, with the topic and the call that paid each."""

    key = "cordis"
    title = "CORDIS"
    home = "https://cordis.europa.eu"
    interface = "bulk files: zips of JSON, XML or CSV"
    verified = "real answer"
    address = "https://cordis.europa.eu/data"
    limits = ZipLimits()

    def pages(self, fetch: PageFetcher) -> Iterator[Page | Failure]:
        """Yield the one zip with every project of the programme."""
        name = "cordis-HORIZONprojects-json.zip"
        try:
            yield fetch.get(f"{self.base}/{name}", deadline=1800)
        except FetchError as error:
            yield Failure(f"{self.key} {name}", str(error), fatal=True)

    def rows(self, page: Page) -> Iterator[RegisterRow | Failure | SkippedRow]:
        """Yield the projects of a zip, or of one of the files that it holds."""
        where = f"{self.key} {page.url}"
        provenance = self.provenance(page)
        start = page.body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
        if page.body.startswith(_ZIP):
            archive = ZipArchive(page.body, where, self.limits)
            yield from _rows_of_archive(archive, provenance)
        elif start[:1] in {b"{", b"["}:
            items = json_items(iter([page.body]), where)
            yield from _rows_of_json(items, {}, page.url, provenance)
        elif start.lower().startswith((b"<!doctype html", b"<html")):
            page.json(where)  # says what came instead
        elif start.startswith(b"<"):
            yield from _rows_of_xml(page.body, page.url, where, provenance)
        else:
            lines = iter(page.body.splitlines(keepends=True))
            yield from _rows_of_table(lines, {}, page.url, where, provenance)

    def award(self, row: RegisterRow) -> Award:
        """Return a project of either layout."""
        fields = row.fields
        native = fields.word("id")
        if not _NUMBER.fullmatch(native):
            raise ShapeError(f"{fields.where}.id", "a grant's number", repr(native))
        fields.where = f"{self.key} project {native}"
        related = _RelatedParties(fields, row.parts)
        fields.ignore(*_BOOKKEEPING)
        language = fields.word("language").lower()
        language = language if _LANGUAGE.fullmatch(language) else "en"
        name, title = fields.word("acronym"), fields.word("title")
        text = award_values.clean_text(fields.html("objective"))
        return Award(
            id=f"{self.key}:{native}",
            funder="European Commission",
            titles=award_values.drop_empty(
                {language: award_values.clean_title(" – ".join(filter(None, (name, title))))}
            ),
            texts=award_values.drop_empty({language: text}),
            caller="eu_portal",
            calls=distinct(related.calls),
            coordinator=next(iter(related.with_role("coordinator")), None),
            partners=related.others(),
            amount=award_values.read_amount(fields, "ecMaxContribution", "EUR"),
            url=f"https://cordis.europa.eu/project/id/{native}",
            provenance=row.provenance,
            **award_values.project_days(fields, "startDate", "endDate"),
        )


class _RelatedParties:
    """What a project is related to: in columns and rows of its own, or in one list of relations."""

    def __init__(self, fields: Fields, parts: tuple[Fields, ...]) -> None:
        self.calls = _CODES.split(fields.word("topics"))
        self.calls += [fields.word("subCall"), fields.word("masterCall")]
        self._found: list[tuple[str, Organisation]] = []
        for part in parts:
            self._add(part.word("role"), part.word("name"), part.word("country"))
        outer: dict[str, list[str]] = {"topic": [], "relatedSubCall": [], "relatedMasterCall": []}
        for entry in _associations(fields):
            self._relate(entry, outer)
        self.calls += [code for codes in outer.values() for code in codes]

    def _relate(self, entry: dict[str, Any], calls: dict[str, list[str]]) -> None:
        attributes = entry.get("attributes")
        kind = attributes.get("type") if isinstance(attributes, dict) else entry.get("type")
        if kind == "relatedTopic":
            calls["topic"].append(_line(entry.get("code")))
        elif kind in calls:
            calls[str(kind)].append(_line(entry.get("identifier") or entry.get("title")))
        elif isinstance(kind, str) and entry.get("legalName"):
            address = entry.get("address")
            country = address.get("country") if isinstance(address, dict) else ""
            self._add(kind, _line(entry["legalName"]), _line(country))

    def _add(self, role: str, name: str, country: str) -> None:
        found = award_values.read_organisation(name, country)
        if found is not None and (role in _ROLES or role.lower().endswith("partner")):
            self._found.append((role, found))

    def with_role(self, role: str) -> list[Organisation]:
        return [found for kind, found in self._found if kind == role]

    def others(self) -> tuple[Organisation, ...]:
        """Return everyone but the first coordinator, each once."""
        leading = self.with_role("coordinator")[:1]
        found = award_values.distinct_organisations(one for _, one in self._found)
        return tuple(one for one in found if one not in leading)


def _associations(fields: Fields) -> list[dict[str, Any]]:
    relations = fields.raw("relations")
    found = relations.get("associations") if isinstance(relations, dict) else None
    if isinstance(found, dict) and "association" in found:
        found = found["association"]
        found = found if isinstance(found, list) else [found]
    elif isinstance(found, dict):
        found = list(found.values())
    return [entry for entry in found or [] if isinstance(entry, dict)]


def _line(value: object) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


_ORPHAN_ORGANISATION = SkippedRow("organisation outside the zip of its project")
_PARTY_FIELDS = ("role", "name", "country")

PartsByProject = dict[str, list[tuple[Any, ...]]]
"""Role, name and country of organisations by the project they belong to."""


def _rows_of_archive(
    archive: ZipArchive, provenance: Provenance
) -> Iterator[RegisterRow | Failure | SkippedRow]:
    """Yield the projects in a zip's files; one file that is damaged does not end the others."""
    names = archive.names()
    parts: PartsByProject = {}
    for name in filter(_ORGANISATIONS.search, names):
        try:
            yield from _gather_organisations(archive, name, parts)
        except ShapeError as error:
            if error.where == archive.where:  # of the zip as a whole
                raise
            yield Failure(error.where, f"{error} Projects come without these organisations.")
    projects = [name for name in names if _PROJECTS.search(name)]
    if not projects:
        came = f"a zip of {count_noun(len(names), 'other file')}"
        raise ShapeError(archive.where, "project.json, project.csv or a file a project", came)
    for name in projects:
        where = f"{archive.where}, {name}"
        if name.lower().endswith(".csv"):
            yield from _rows_of_table(archive.lines(name), parts, name, where, provenance)
        elif len(projects) == 1:
            yield from _rows_of_file(archive, name, parts, provenance)
        else:
            try:
                yield from _rows_of_file(archive, name, parts, provenance)
            except ShapeError as error:
                if error.where == archive.where:  # of the zip as a whole
                    raise
                yield Failure(where, str(error))


def _rows_of_file(
    archive: ZipArchive, name: str, parts: PartsByProject, provenance: Provenance
) -> Iterator[RegisterRow | Failure | SkippedRow]:
    where = f"{archive.where}, {name}"
    if name.lower().endswith(".xml"):
        yield from _rows_of_xml(archive.read(name), name, where, provenance)
    else:
        items = json_items(archive.chunks(name), where)
        yield from _rows_of_json(items, parts, name, provenance)


def _rows_of_xml(
    body: bytes, name: str, where: str, provenance: Provenance
) -> Iterator[RegisterRow | Failure]:
    found = 0
    for record in xml_records(body, "project", where):
        found += 1
        yield RegisterRow(Fields(record, f"cordis {name}, project {found}"), provenance)
    if not found:
        raise ShapeError(where, "an element project", "none")


def _rows_of_json(
    items: Iterator[Any], parts: PartsByProject, name: str, provenance: Provenance
) -> Iterator[RegisterRow | Failure | SkippedRow]:
    for number, item in enumerate(items, 1):
        where = f"cordis {name}, project {number}"
        if isinstance(item, dict) and "projectID" in item:
            yield _ORPHAN_ORGANISATION
            continue
        inner = item.get("project") if isinstance(item, dict) else None
        try:
            fields = Fields(inner if isinstance(inner, dict) else item, where)
        except ShapeError as error:
            yield Failure(where, str(error))
            continue
        yield _project_row(fields, parts, provenance)


def _rows_of_table(
    lines: Iterator[bytes], parts: PartsByProject, name: str, where: str, provenance: Provenance
) -> Iterator[RegisterRow | Failure | SkippedRow]:
    for row in read_table(lines, where):
        place = f"cordis {name}, line {row.line}"
        if isinstance(row, UnreadableRow):
            yield Failure(place, f"{place}: {row.reason}")
            continue
        if "projectID" in row.cells:
            yield _ORPHAN_ORGANISATION
            continue
        fields = Fields(row.cells, place)
        if row.repaired:
            fields.note("quotes", "its quotes are broken; its cells were told by their look")
        yield _project_row(fields, parts, provenance)


def _gather_organisations(
    archive: ZipArchive, name: str, parts: PartsByProject
) -> Iterator[Failure]:
    """Add the organisations of a file to ``parts``; yield those that cannot be read."""
    where = f"{archive.where}, {name}"
    found: Iterator[Any]
    if name.lower().endswith(".csv"):
        found = read_table(archive.lines(name), where)
    else:
        found = json_items(archive.chunks(name), where)
    for number, row in enumerate(found, 1):
        place = f"cordis {name}, row {number}"
        if isinstance(row, UnreadableRow):
            yield Failure(place, f"cordis {name}, line {row.line}: {row.reason}")
            continue
        cells = row.cells if isinstance(row, TableRow) else row
        if not isinstance(cells, dict) or not cells.get("projectID"):
            yield Failure(place, f"{place}: no organisation of a project")
            continue
        kept = tuple(cells.get(key) for key in _PARTY_FIELDS)
        parts.setdefault(award_values.whole_number(cells["projectID"]), []).append(kept)


def _project_row(fields: Fields, parts: PartsByProject, provenance: Provenance) -> RegisterRow:
    """Return a project with the organisations that belong to it."""
    own = parts.pop(award_values.whole_number(fields.raw("id")), [])
    cells = [dict(zip(_PARTY_FIELDS, part, strict=True)) for part in own]
    return RegisterRow(fields, provenance, tuple(Fields(cell, fields.where) for cell in cells))
