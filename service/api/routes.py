"""The API's routes. Each reads, asks the source, and returns a record; none computes a match."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from flask import url_for

from service.api import (
    actors,
    digests,
    examples,
    feedback,
    health,
    listing,
    meetings,
    pairs,
    past,
    problems,
    recipients,
)
from service.api.blueprint import api
from service.api.schemas import (
    CallDetail,
    CallPage,
    CallQuery,
    Health,
    MatchRequest,
    NewPilot,
    PageQuery,
    PilotCard,
    PilotMatchQuery,
    PilotPage,
)
from service.api.source import source
from service.domain.copies import related
from service.domain.match import MatchList
from service.domain.pilot import Pilot
from service.errors import NotFoundError
from service.messages.message import message

__all__ = [
    "actors",
    "api",
    "digests",
    "feedback",
    "make_id",
    "meetings",
    "pairs",
    "past",
    "recipients",
]

_UNREADABLE = "The body is not JSON in UTF-8."
_INVALID = "Some values cannot be used: correct the fields named in errors."
_NOT_READY = "There is no index yet: run `fundscout reindex`."
_TOO_LARGE = "The body is larger than 1024 KiB: send less."
_NOT_JSON = "Send JSON and say so: Content-Type: application/json."


_SICK: problems.Responses = {
    503: {
        "description": "It cannot; the checks say what to do.",
        "content": {
            "application/json": {
                "schema": {"$ref": "#/components/schemas/Health"},
                "example": examples.SICK,
            }
        },
    }
}


@api.post("/api/v1/match")
@api.input(MatchRequest, arg_name="asked", example=examples.MATCH_REQUEST)
@api.output(MatchList, description="Matches, best first.", example=examples.MATCH_LIST)
@api.doc(
    summary="Match a text",
    description="Ranks the calls against a text and says why each one fits. Stores nothing.",
    operation_id="match",
    tags=["Matches"],
    responses=problems.documented(
        e400=_UNREADABLE, e413=_TOO_LARGE, e415=_NOT_JSON, e422=_INVALID, e503=_NOT_READY
    ),
)
def match_text(asked: MatchRequest) -> MatchList:
    """Rank the calls against a text."""
    return source().match(
        asked.text,
        filters=asked.filters,
        top=asked.top,
        language=asked.language,
        profile=asked.profile,
        group=asked.group,
    )


@api.get("/api/v1/calls")
@api.input(CallQuery, location="query", arg_name="asked")
@api.output(CallPage, description="A page of calls.", example=examples.CALL_PAGE)
@api.doc(
    summary="List calls",
    description=(
        "Open calls come first, the next deadline before later ones; then forthcoming, unknown "
        "and closed ones. By default calls of every status are listed. A call that is stored "
        "several times is listed once, with its copies in `also`."
    ),
    operation_id="listCalls",
    tags=["Calls"],
    responses=problems.documented(e422=_INVALID, e503="The database cannot be read."),
)
def list_calls(asked: CallQuery) -> CallPage:
    """List calls, those to apply to next first."""
    origin, now = source(), source().now()
    stored, groups = origin.calls.all(), origin.links.groups()
    pricing = origin.pricing()
    filters = pricing.filters(asked.filters())
    found = listing.chosen(stored, groups, filters, asked.q, now)
    shown, pages = listing.page_of(found, asked.page, asked.page_size)
    language = asked.language[0] if asked.language else "en"
    return CallPage(
        calls=pricing.cards(listing.cards(shown, stored, groups, now, language)),
        page=asked.page,
        page_size=asked.page_size,
        pages=pages,
        total=len(found),
        as_of=now,
    )


@api.get("/api/v1/calls/<path:call_id>")
@api.output(CallDetail, description="The call as stored.", example=examples.CALL)
@api.doc(
    summary="Get one call",
    description=(
        "The whole call as it is stored, with its status and next deadline as of now. Offsets of "
        "evidence are code points of its titles and texts. `call_links` are its copies on other "
        "portals, its other rounds and the calls that name it, each with the evidence."
    ),
    operation_id="getCall",
    tags=["Calls"],
    responses=problems.documented(e404="There is no call with this id."),
)
def get_call(call_id: str) -> CallDetail:
    """Return the whole of one call."""
    origin = source()
    call = origin.calls.get(call_id)
    if call is None:
        raise NotFoundError(message("problem.call.listed", id=call_id))
    seen = origin.calls.seen(call_id)
    now = origin.now()
    stored, groups = origin.calls.all(), origin.links.groups()
    return CallDetail.at(
        call,
        now,
        seen.missing_since if seen else None,
        related(call, stored, groups, now, next(iter(call.titles))),
        origin.before().rounds.of(call, now),
    ).model_copy(update={"converted": origin.pricing().funding(call.funding)})


@api.get("/api/v1/pilots")
@api.input(PageQuery, location="query", arg_name="asked")
@api.output(PilotPage, description="A page of pilots.", example=examples.PILOT_PAGE)
@api.doc(
    summary="List pilots",
    description="The stored pilots by id, without their texts.",
    operation_id="listPilots",
    tags=["Pilots"],
    responses=problems.documented(e422=_INVALID),
)
def list_pilots(asked: PageQuery) -> PilotPage:
    """List the stored pilots."""
    pilots = sorted(source().pilots.all(), key=lambda pilot: pilot.id)
    shown, pages = listing.page_of(pilots, asked.page, asked.page_size)
    return PilotPage(
        pilots=tuple(PilotCard.of(pilot) for pilot in shown),
        page=asked.page,
        page_size=asked.page_size,
        pages=pages,
        total=len(pilots),
    )


@api.post("/api/v1/pilots")
@api.input(NewPilot, arg_name="given", example=examples.NEW_PILOT)
@api.output(
    Pilot,
    status_code=201,
    description="The pilot as stored; the header Location says where.",
    example=examples.PILOT,
)
@api.doc(
    summary="Store a pilot",
    description="Without an id one is made from the title and the text.",
    operation_id="addPilot",
    tags=["Pilots"],
    responses=problems.documented(
        e400=_UNREADABLE,
        e409="There is a pilot with this id already.",
        e413=_TOO_LARGE,
        e415=_NOT_JSON,
        e422=_INVALID,
    ),
)
def add_pilot(given: NewPilot) -> tuple[Pilot, int, dict[str, str]]:
    """Store a pilot."""
    pilot = Pilot(
        id=given.id or make_id(given.title, given.text),
        title=given.title,
        text=given.text,
        language=given.language,
        profile=given.profile,
    )
    stored = source().pilots.add(pilot)
    return stored, 201, {"Location": url_for("api.get_pilot", pilot_id=stored.id)}


@api.get("/api/v1/pilots/<pilot_id>")
@api.output(Pilot, description="The pilot with its text.", example=examples.PILOT)
@api.doc(
    summary="Get one pilot",
    operation_id="getPilot",
    tags=["Pilots"],
    responses=problems.documented(e404="There is no pilot with this id."),
)
def get_pilot(pilot_id: str) -> Pilot:
    """Return one pilot with its text."""
    return _pilot(pilot_id)


@api.get("/api/v1/pilots/<pilot_id>/matches")
@api.input(PilotMatchQuery, location="query", arg_name="asked")
@api.output(MatchList, description="Matches, best first.", example=examples.MATCH_LIST)
@api.doc(
    summary="Match a stored pilot",
    description="The same answer as a match of the pilot's text, moved by what was judged.",
    operation_id="matchPilot",
    tags=["Matches"],
    responses=problems.documented(
        e404="There is no pilot with this id.", e422=_INVALID, e503=_NOT_READY
    ),
)
def match_pilot(pilot_id: str, asked: PilotMatchQuery) -> MatchList:
    """Rank the calls against a stored pilot."""
    pilot = _pilot(pilot_id)
    return source().match(
        pilot.text,
        filters=asked.filters(),
        top=asked.top,
        language=pilot.language,
        profile=pilot.profile,
        group=asked.group,
        pilot_id=pilot.id,
        dismissed=asked.dismissed,
    )


@api.get("/healthz")
@api.output(Health, description="The service can answer.", example=examples.HEALTH)
@api.doc(
    summary="Say whether the service can answer",
    operation_id="health",
    tags=["Service"],
    responses=_SICK,
)
def healthz() -> tuple[Health, int]:
    """Say whether the database and the index can be read."""
    found = health.examine(source())
    return found, 200 if found.status == "ok" else 503


def make_id(title: str, text: str) -> str:
    """Make an id from a title, with six hex digits of title and text to tell like ones apart."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].rstrip("-") or "pilot"
    digest = hashlib.sha256(f"{title}\0{text}".encode()).hexdigest()[:6]
    return f"{slug}-{digest}"


def _pilot(pilot_id: str) -> Pilot:
    pilot = source().pilots.get(pilot_id)
    if pilot is None:
        raise NotFoundError(message("problem.pilot.listed", id=pilot_id))
    return pilot
