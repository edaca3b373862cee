"""The routes of spreadsheets: every list as CSV or XLSX."""

from __future__ import annotations

from flask import Response

from service.api import problems
from service.api.blueprint import api
from service.api.sheets.answers import document_sheet, send_sheet
from service.api.sheets.schemas import (
    ActorSheetQuery,
    CallSheetQuery,
    MatchSheetQuery,
    SheetQuery,
    ShortlistSheetQuery,
)
from service.http.app_context import app_context
from service.sheets import lists
from service.sheets.columns import MOST_ROWS
from service.sheets.lists import JudgedCall, RankedMatch
from service.use_cases import calls as call_use_cases
from service.use_cases.actors import find_actors
from service.use_cases.feedback import list_feedback
from service.use_cases.feeds.pilots_calls import list_pilots_calls
from service.use_cases.match import match_pilot
from service.use_cases.pilots import list_pilots
from service.use_cases.recipients import list_recipients
from service.use_cases.shortlist import shortlist_pilots
from service.use_cases.sources import list_sources

_CALL_EXAMPLE = "Id,Title,Funder\r\nexample_fund:2026-17,Care closer to home,The Example Fund\r\n"


@api.get("/api/v1/calls.<sheet:form>")
@api.input(CallSheetQuery, location="query", arg_name="query")
@api.doc(
    summary="Get the list of calls as a spreadsheet",
    description="The calls that the filters let through, a row each, in the order of the list.",
    operation_id="getCallSheet",
    tags=["Spreadsheets"],
    responses=document_sheet("A row a call.", _CALL_EXAMPLE, e404=problems.NO_SHEET),
)
def sheet_of_calls(form: str, query: CallSheetQuery) -> Response:
    """Return calls as a spreadsheet."""
    listed = call_use_cases.list_many_calls(
        app_context(),
        most=MOST_ROWS,
        filters=query.filters(),
        words=query.q,
        language=query.lang,
    )
    return send_sheet(lists.CALLS, listed.calls, form, query.lang, total=listed.total)


@api.get("/api/v1/calls/<path:call_id>/pilots.<sheet:form>")
@api.input(ShortlistSheetQuery, location="query", arg_name="query")
@api.doc(
    summary="Get the pilots that fit a call as a spreadsheet",
    operation_id="getShortlistSheet",
    tags=["Spreadsheets"],
    responses=document_sheet(
        "A row a pilot.",
        "Id,Title,Fit\r\nheart-at-home-5f3a9c,Hjärtsvikt hemma,Good fit\r\n",
        e404=problems.NO_CALL,
        e503=problems.NOT_READY,
    ),
)
def sheet_of_shortlist(call_id: str, form: str, query: ShortlistSheetQuery) -> Response:
    """Return the pilots that fit a call as a spreadsheet."""
    found = shortlist_pilots(app_context(), call_id, top=query.top, language=query.lang)
    return send_sheet(lists.SHORTLIST, found.pilots, form, query.lang)


@api.get("/api/v1/actors.<sheet:form>")
@api.input(ActorSheetQuery, location="query", arg_name="query")
@api.doc(
    summary="Get the actors of a subject as a spreadsheet",
    operation_id="getActorSheet",
    tags=["Spreadsheets"],
    responses=document_sheet(
        "A row an actor.",
        "Name,Kind,Level\r\nThe Example Fund,Funder,national\r\n",
        e404=problems.NO_PILOT,
        e503=problems.NOT_READY,
    ),
)
def sheet_of_actors(form: str, query: ActorSheetQuery) -> Response:
    """Return the actors of a subject as a spreadsheet."""
    found = find_actors(
        app_context(),
        text=query.q,
        area=query.area,
        pilot_id=query.pilot,
        kind=query.kind,
        levels=query.level,
        top=query.top,
    )
    return send_sheet(lists.ACTORS, found.actors, form, query.lang)


@api.get("/api/v1/pilots.<sheet:form>")
@api.input(SheetQuery, location="query", arg_name="query")
@api.doc(
    summary="Get the list of pilots as a spreadsheet",
    description="The stored pilots by id, without their texts.",
    operation_id="getPilotSheet",
    tags=["Spreadsheets"],
    responses=document_sheet(
        "A row a pilot.",
        "Id,Title,Language\r\nheart-at-home-5f3a9c,Hjärtsvikt hemma,sv\r\n",
        e404=problems.NO_SHEET,
    ),
)
def sheet_of_pilots(form: str, query: SheetQuery) -> Response:
    """Return the stored pilots as a spreadsheet."""
    return send_sheet(lists.PILOTS, list_pilots(app_context()), form, query.lang)


@api.get("/api/v1/pilots/matches/all.<sheet:form>")
@api.input(SheetQuery, location="query", arg_name="query")
@api.doc(
    summary="Get the calls of all pilots as a spreadsheet",
    description="The calls that fit each pilot, best first, at most 25, as its mail chooses them.",
    operation_id="getPilotsCallsSheet",
    tags=["Spreadsheets"],
    responses=document_sheet(
        "A row a pilot and call.",
        "Pilot's id,Pilot,Fit\r\nheart-at-home-5f3a9c,Hjärtsvikt hemma,Good fit\r\n",
        e404=problems.NO_SHEET,
        e503=problems.NOT_READY,
    ),
)
def sheet_of_pilots_calls(form: str, query: SheetQuery) -> Response:
    """Return the calls of all pilots as a spreadsheet."""
    rows = list_pilots_calls(app_context(), query.lang)
    return send_sheet(lists.PILOTS_CALLS, rows, form, query.lang)


@api.get("/api/v1/pilots/<pilot_id>/matches.<sheet:form>")
@api.input(MatchSheetQuery, location="query", arg_name="query")
@api.doc(
    summary="Get the matches of a pilot as a spreadsheet",
    description="The matches of a stored pilot, best first, with the reasons.",
    operation_id="getMatchSheet",
    tags=["Spreadsheets"],
    responses=document_sheet(
        "A row a match.",
        "Rank,Fit,Score\r\n1,Good fit,0.58\r\n",
        e404=problems.NO_PILOT,
        e503=problems.NOT_READY,
    ),
)
def sheet_of_matches(pilot_id: str, form: str, query: MatchSheetQuery) -> Response:
    """Return the matches of a pilot as a spreadsheet."""
    found = match_pilot(
        app_context(),
        pilot_id,
        filters=query.filters(),
        top=query.top,
        group=query.group,
        dismissed=query.dismissed,
        wishes=query.wishes(),
        counted=query.count,
    )
    rows = (RankedMatch(place, match) for place, match in enumerate(found.matches, 1))
    return send_sheet(lists.MATCHES, rows, form, query.lang)


@api.get("/api/v1/pilots/<pilot_id>/feedback.<sheet:form>")
@api.input(SheetQuery, location="query", arg_name="query")
@api.doc(
    summary="Get the judged calls of a pilot as a spreadsheet",
    description="The judgements that hold on calls for a pilot, newest first.",
    operation_id="getFeedbackSheet",
    tags=["Spreadsheets"],
    responses=document_sheet(
        "A row a judged call.",
        "Id,Title,Judgement\r\nexample_fund:2026-17,Care closer to home,Relevant\r\n",
        e404=problems.NO_PILOT,
    ),
)
def sheet_of_feedback(pilot_id: str, form: str, query: SheetQuery) -> Response:
    """Return the judged calls of a pilot as a spreadsheet."""
    judged = list_feedback(app_context(), pilot_id).judgements
    titles = call_use_cases.list_titles(app_context(), {one.call for one in judged})
    rows = [JudgedCall(one, _title(titles.get(one.call, {}), query.lang)) for one in judged]
    return send_sheet(lists.JUDGEMENTS, rows, form, query.lang)


def _title(titles: dict[str, str], language: str) -> str:
    return titles.get(language) or next(iter(titles.values()), "")


@api.get("/api/v1/pilots/<pilot_id>/recipients.<sheet:form>")
@api.input(SheetQuery, location="query", arg_name="query")
@api.doc(
    summary="Get who gets mails about a pilot as a spreadsheet",
    description="Everybody who was asked, with what they said. Addresses are masked.",
    operation_id="getRecipientSheet",
    tags=["Spreadsheets"],
    responses=document_sheet(
        "A row a recipient.",
        "Address,Language,State\r\na…@example.org,sv,gets mails\r\n",
        e404=problems.NO_PILOT,
    ),
)
def sheet_of_recipients(pilot_id: str, form: str, query: SheetQuery) -> Response:
    """Return who gets mails about a pilot as a spreadsheet."""
    listed = list_recipients(app_context(), pilot_id)
    return send_sheet(lists.RECIPIENTS, listed.recipients, form, query.lang)


@api.get("/api/v1/sources.<sheet:form>")
@api.input(SheetQuery, location="query", arg_name="query")
@api.doc(
    summary="Get the list of sources as a spreadsheet",
    operation_id="getSourceSheet",
    tags=["Spreadsheets"],
    responses=document_sheet(
        "A row a funder.",
        "Key,Name,Level\r\nexample_fund,The Example Fund,national\r\n",
        e404=problems.NO_SHEET,
    ),
)
def sheet_of_sources(form: str, query: SheetQuery) -> Response:
    """Return the sources as a spreadsheet."""
    return send_sheet(lists.SOURCES, list_sources(app_context()).sources, form, query.lang)
