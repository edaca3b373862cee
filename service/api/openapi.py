"""The OpenAPI document: APIFlask's operations, with the schemas as pydantic truly has them."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from service.api.bounces.schemas import BounceOutcome, BounceReport
from service.api.feedback.schemas import NewJudgement
from service.api.matches.schemas import MatchRequest
from service.api.pilots.schemas import NewPilot, PilotExclusions, PilotPage
from service.api.recipients.schemas import ConsentQuestion, NewRecipient
from service.api.uploads import document_uploads
from service.domain.awards.actors import ActorList
from service.domain.consortium.shortlist import Shortlist
from service.domain.matching.call_explanation import CallExplanation
from service.domain.matching.match import MatchList
from service.domain.notifications.digest import Digest
from service.domain.pilots.pilot import Pilot
from service.http.problems import Problem
from service.use_cases.calls import CallDetail, CallHistory, CallPage
from service.use_cases.feedback import FeedbackList
from service.use_cases.files.read_upload import FileReading
from service.use_cases.health import Health
from service.use_cases.recipients import RecipientList
from service.use_cases.sources import SourceList

VERSION = "3.1.0"

_REQUESTS: tuple[type[BaseModel], ...] = (
    MatchRequest,
    NewPilot,
    PilotExclusions,
    NewJudgement,
    NewRecipient,
    BounceReport,
)
_ANSWERS: tuple[type[BaseModel], ...] = (
    MatchList,
    FileReading,
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
_SCHEMAS = "#/components/schemas/"

TAGS = [
    {"name": "Matches", "description": "Calls ranked for a text or a stored pilot, with reasons."},
    {"name": "Calls", "description": "The funding calls that were collected."},
    {"name": "Files", "description": "PDF, Word and text files, read, matched or stored."},
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


class _CompleteAnswers(GenerateJsonSchema):
    """Schemas of answers say that every field is there: nothing is left out when it is empty."""

    def field_is_required(
        self,
        field: Any,
        total: bool,
    ) -> bool:
        return self.mode == "serialization" or super().field_is_required(field, total)


def complete_spec(spec: dict[str, Any] | str) -> dict[str, Any] | str:
    """Give ``spec`` flat, complete schemas; move what describes a parameter where it belongs.

    APIFlask names a nested schema after each model that holds it and describes answers as if
    they were requests; here each schema has one name and the shape it really has.
    """
    if isinstance(spec, str):
        return spec  # YAML, which nothing here serves
    spec["components"] = {"schemas": _make_schemas()}
    spec["paths"] = _rename_references(spec["paths"])
    document_uploads(spec)
    for operations in spec["paths"].values():
        for operation in operations.values():
            for parameter in operation.get("parameters", []):
                _describe_parameter(parameter)
            if "requestBody" in operation:
                operation["requestBody"]["required"] = True
    return spec


def _make_schemas() -> dict[str, Any]:
    """Return the schema of every model that the API reads or answers with, by its plain name."""
    models: list[tuple[type[BaseModel], Literal["validation", "serialization"]]] = [
        *((model, "validation") for model in _REQUESTS),
        *((model, "serialization") for model in _ANSWERS),
    ]
    _, document = models_json_schema(
        models, ref_template=_SCHEMAS + "{model}", schema_generator=_CompleteAnswers
    )
    schemas: dict[str, Any] = _rename_references(document["$defs"])
    return {
        _plain_name(name): schema | {"title": _plain_name(name)} for name, schema in schemas.items()
    }


def _plain_name(name: str) -> str:
    """Return the name that the document has for a schema that pydantic or APIFlask has named.

    APIFlask writes the model that holds a schema before it (``MatchQuery.Level``). Pydantic tells
    a model's two shapes apart: of a ``Profile`` that is answered every field is there, of a
    ``ProfileInput`` that is sent most may be left out.
    """
    return name.rpartition(".")[2].removesuffix("-Output").replace("-Input", "Input")


def _rename_references(node: Any) -> Any:
    """Return ``node`` with every reference at a schema's plain name; examples stay as they are."""
    if isinstance(node, dict):
        renamed = {
            key: value if key == "example" else _rename_references(value)
            for key, value in node.items()
        }
        if isinstance(node.get("$ref"), str):
            renamed["$ref"] = _SCHEMAS + _plain_name(node["$ref"].removeprefix(_SCHEMAS))
        return renamed
    return [_rename_references(value) for value in node] if isinstance(node, list) else node


_PATH_PARAMETERS = {
    "call_id": "The call's id: `funder:native-id`. It may contain slashes.",
    "pilot_id": "The pilot's id.",
    "recipient_id": "The recipient's id, as the list has it.",
}


def _describe_parameter(parameter: dict[str, Any]) -> None:
    if parameter["in"] == "path":
        parameter["description"] = _PATH_PARAMETERS[parameter["name"]]
        parameter["schema"] = {"type": "string"}
    else:
        parameter["description"] = parameter["schema"].pop("description", "")
        parameter["schema"].pop("title", None)
