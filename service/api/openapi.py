"""The OpenAPI document: APIFlask's operations, with the schemas as pydantic truly has them."""

from __future__ import annotations

import re
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from service.api.bounces.schemas import BounceOutcome, BounceReport
from service.api.feedback.schemas import NewJudgement
from service.api.matches.schemas import MatchRequest
from service.api.pilots.schemas import NewPilot, PilotPage
from service.api.recipients.schemas import ConsentQuestion, NewRecipient
from service.domain.awards.actors import ActorList
from service.domain.consortium.shortlist import Shortlist
from service.domain.matching.call_explanation import CallExplanation
from service.domain.matching.match import MatchList
from service.domain.notifications.digest import Digest
from service.domain.pilots.pilot import Pilot
from service.http.problems import Problem
from service.use_cases.calls import CallDetail, CallHistory, CallPage
from service.use_cases.feedback import FeedbackList
from service.use_cases.health import Health
from service.use_cases.recipients import RecipientList
from service.use_cases.sources import SourceList

VERSION = "3.1.0"

_TAKEN: tuple[type[BaseModel], ...] = (
    MatchRequest,
    NewPilot,
    NewJudgement,
    NewRecipient,
    BounceReport,
)
_GIVEN: tuple[type[BaseModel], ...] = (
    MatchList,
    CallPage,
    CallDetail,
    CallHistory,
    SourceList,
    Digest,
    ActorList,
    Shortlist,
    CallExplanation,
    PilotPage,
    FeedbackList,
    RecipientList,
    ConsentQuestion,
    BounceOutcome,
    Pilot,
    Health,
    Problem,
)
_PREFIX = "#/components/schemas/"

TAGS = [
    {"name": "Matches", "description": "Calls ranked for a text or a stored pilot, with reasons."},
    {"name": "Calls", "description": "The funding calls that were collected."},
    {"name": "Pilots", "description": "Projects that look for funding."},
    {"name": "Mails", "description": "Who gets the weekly mail, and mails that came back."},
    {"name": "Actors", "description": "Who funds a subject, and who was funded for it."},
    {"name": "Service", "description": "Whether the service can answer, and how the sources fare."},
]

DESCRIPTION = (
    "Ranks public funding calls against the description of a pilot and says why each fits. "
    "Times are ISO 8601 with offset; offsets into texts are code points; amounts are decimal "
    "strings. Errors are problem documents (RFC 9457)."
)


class _AsGiven(GenerateJsonSchema):
    """Schemas of answers say that every field is there: nothing is left out when it is empty."""

    def field_is_required(
        self,
        field: Any,
        total: bool,
    ) -> bool:
        return self.mode == "serialization" or super().field_is_required(field, total)


def settle(spec: dict[str, Any] | str) -> dict[str, Any] | str:
    """Give ``spec`` flat, complete schemas; move what describes a parameter where it belongs.

    APIFlask names a nested schema after each model that holds it and describes answers as if
    they were requests; here each schema has one name and the shape it really has.
    """
    if isinstance(spec, str):
        return spec  # YAML, which is not asked for
    wanted: list[tuple[type[BaseModel], Literal["validation", "serialization"]]] = [
        *((model, "validation") for model in _TAKEN),
        *((model, "serialization") for model in _GIVEN),
    ]
    _, schemas = models_json_schema(
        wanted, ref_template=_PREFIX + "{model}", schema_generator=_AsGiven
    )
    spec["components"] = {"schemas": schemas["$defs"]}
    spec["paths"] = _flatten(spec["paths"])
    for operations in spec["paths"].values():
        for operation in operations.values():
            for parameter in operation.get("parameters", []):
                _describe(parameter)
            if "requestBody" in operation:
                operation["requestBody"]["required"] = True
    return spec


def _flatten(node: Any) -> Any:
    """Point every reference at the schema's own name."""
    if isinstance(node, dict):
        if set(node) == {"$ref"}:
            return {"$ref": re.sub(r"(?<=/schemas/)\w+\.", "", node["$ref"])}
        return {key: value if key == "example" else _flatten(value) for key, value in node.items()}
    return [_flatten(value) for value in node] if isinstance(node, list) else node


def _describe(parameter: dict[str, Any]) -> None:
    words = {
        "call_id": "The call's id: `funder:native-id`. It may contain slashes.",
        "pilot_id": "The pilot's id.",
        "recipient_id": "The recipient's id, as the list has it.",
    }
    if parameter["in"] == "path":
        parameter["description"] = words[parameter["name"]]
        parameter["schema"] = {"type": "string"}
    else:
        parameter["description"] = parameter["schema"].pop("description", "")
        parameter["schema"].pop("title", None)
