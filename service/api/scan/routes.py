"""The routes of scans, and of the focus areas that staff make."""

from __future__ import annotations

from flask import Response

from service.api import problems
from service.api.blueprint import api
from service.api.scan import examples
from service.api.scan.schemas import ScanAnswerQuery, ScanSheetQuery
from service.api.sheets.answers import document_sheet, send_sheet
from service.domain.awards.focus_areas import OwnAreaDraft, OwnFocusArea
from service.domain.scan.scan import SubjectScan
from service.domain.scan.subject import MOST_CALLS
from service.http.app_context import app_context
from service.http.preconditions import if_match
from service.http.queries import ScanQuery
from service.sheets import lists
from service.use_cases.scan import focus_areas as use_cases
from service.use_cases.scan.focus_areas import FocusAreaList
from service.use_cases.scan.scan import ScanSubject, scan_subject

_NO_AREA = "There is no focus area with this key."
_SHIPPED = "The area is shipped with the program: make one of your own."


def _scan(query: ScanQuery, most: int, language: str) -> SubjectScan:
    return scan_subject(
        app_context(),
        ScanSubject(query.q, query.area),
        levels=query.level,
        statuses=query.status,
        most=most,
        language=language,
    )


@api.get("/api/v1/scan")
@api.input(ScanAnswerQuery, location="query", arg_name="query")
@api.output(SubjectScan, description="The scan.", example=examples.SCAN)
@api.doc(
    summary="Scan a subject",
    description=(
        "What there is on a focus area or any subject: open and forthcoming calls, what they hand "
        "out by level, their dates in the twelve months ahead, who funds and was funded, and the "
        "pilots on it that the caller may see. Give `q` or `area`."
    ),
    operation_id="scan",
    tags=["Scans"],
    responses=problems.document_problems(
        e404=_NO_AREA, e422=problems.INVALID, e503=problems.NOT_READY
    ),
)
def scan(query: ScanAnswerQuery) -> SubjectScan:
    """Return the scan of a subject."""
    return _scan(query, query.most, query.lang)


@api.get("/api/v1/scan.<sheet:form>")
@api.input(ScanSheetQuery, location="query", arg_name="query")
@api.doc(
    summary="Get the calls of a scan as a spreadsheet",
    operation_id="getScanSheet",
    tags=["Spreadsheets"],
    responses=document_sheet(
        "A row a call, those next to apply to first.",
        "Id,Title,Funder\r\nexample_fund:2026-17,Care closer to home,The Example Fund\r\n",
        e404=_NO_AREA,
        e503=problems.NOT_READY,
    ),
)
def sheet_of_scan(form: str, query: ScanSheetQuery) -> Response:
    """Return the calls of a scan as a spreadsheet."""
    found = _scan(query, MOST_CALLS, query.lang)
    return send_sheet(lists.SCAN, found.calls, form, query.lang)


@api.get("/api/v1/scan/months.<sheet:form>")
@api.input(ScanSheetQuery, location="query", arg_name="query")
@api.doc(
    summary="Get the twelve months of a scan as a spreadsheet",
    operation_id="getScanMonthsSheet",
    tags=["Spreadsheets"],
    responses=document_sheet(
        "A row a month and level: deadlines for new applicants, and calls that open.",
        "Month,Level,Deadlines,Opening\r\n2026-10,national,1,0\r\n",
        e404=_NO_AREA,
        e503=problems.NOT_READY,
    ),
)
def sheet_of_scan_months(form: str, query: ScanSheetQuery) -> Response:
    """Return the months of a scan as a spreadsheet."""
    found = _scan(query, 0, query.lang)
    rows = lists.month_rows(found.months, found.levels)
    return send_sheet(lists.SCAN_MONTHS, rows, form, query.lang)


@api.get("/api/v1/areas")
@api.output(FocusAreaList, description="The areas.", example=examples.AREA_LIST)
@api.doc(
    summary="List the focus areas",
    description="Those shipped with the program first, then those made here.",
    operation_id="listAreas",
    tags=["Scans"],
    responses=problems.document_problems(e503=problems.DATABASE),
)
def list_areas() -> FocusAreaList:
    """Return every focus area."""
    return use_cases.list_areas(app_context())


@api.post("/api/v1/areas")
@api.input(OwnAreaDraft, arg_name="body", example=examples.AREA_DRAFT)
@api.output(OwnFocusArea, status_code=201, description="As stored.", example=examples.OWN_AREA)
@api.doc(
    summary="Make a focus area",
    description="It can be scanned, asked for actors and followed as a feed like those shipped.",
    operation_id="addArea",
    tags=["Scans"],
    responses=problems.document_problems(
        e400=problems.UNREADABLE,
        e409="An area has this name, or there are too many.",
        e413=problems.TOO_LARGE,
        e415=problems.NOT_JSON,
        e422=problems.INVALID,
    ),
)
def add_area(body: OwnAreaDraft) -> tuple[OwnFocusArea, int, dict[str, str]]:
    """Make a focus area."""
    area = use_cases.add_area(app_context(), body)
    return area, 201, {"Location": f"/api/v1/areas/{area.key}", "ETag": f'"{area.etag}"'}


@api.get("/api/v1/areas/<area_key>")
@api.output(OwnFocusArea, description="The area.", example=examples.OWN_AREA)
@api.doc(
    summary="Get a focus area that was made here",
    description="Its ETag is for the header If-Match of a change.",
    operation_id="getArea",
    tags=["Scans"],
    responses=problems.document_problems(e404=_NO_AREA),
)
def get_area(area_key: str) -> tuple[OwnFocusArea, int, dict[str, str]]:
    """Return an area that was made here."""
    area = use_cases.get_own_area(app_context(), area_key)
    return area, 200, {"ETag": f'"{area.etag}"'}


@api.put("/api/v1/areas/<area_key>")
@api.input(OwnAreaDraft, arg_name="body", example=examples.AREA_DRAFT)
@api.output(OwnFocusArea, description="As stored.", example=examples.OWN_AREA)
@api.doc(
    summary="Change a focus area that was made here",
    description="Send the ETag of what you read in the header If-Match, or `*`.",
    operation_id="changeArea",
    tags=["Scans"],
    responses=problems.document_problems(
        e400=problems.UNREADABLE,
        e403=_SHIPPED,
        e404=_NO_AREA,
        e409="Another area has this name.",
        e412="The area has changed since you read it.",
        e413=problems.TOO_LARGE,
        e415=problems.NOT_JSON,
        e422=problems.INVALID,
        e428="The header If-Match is missing: send the ETag of the area as you read it.",
    ),
)
def change_area(area_key: str, body: OwnAreaDraft) -> tuple[OwnFocusArea, int, dict[str, str]]:
    """Change an area that was made here."""
    area = use_cases.change_area(app_context(), area_key, body, if_match())
    return area, 200, {"ETag": f'"{area.etag}"'}


@api.delete("/api/v1/areas/<area_key>")
@api.output(FocusAreaList, description="The areas now.", example=examples.AREA_LIST)
@api.doc(
    summary="Remove a focus area that was made here",
    description="Links to its feed open nothing from then on.",
    operation_id="removeArea",
    tags=["Scans"],
    responses=problems.document_problems(e403=_SHIPPED, e404=_NO_AREA),
)
def remove_area(area_key: str) -> FocusAreaList:
    """Remove an area that was made here."""
    use_cases.remove_area(app_context(), area_key)
    return use_cases.list_areas(app_context())
