"""The OpenAPI document: APIFlask's operations, with the schemas as pydantic truly has them."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from service.api import headers
from service.api.bounces.schemas import BounceOutcome, BounceReport
from service.api.common_grants.answers import (
    CommonGrantsError,
    OpportunityAnswer,
    OpportunityList,
    OpportunityResults,
)
from service.api.common_grants.base import CommonGrantsSchemas
from service.api.common_grants.errors import PREFIX, document_errors
from service.api.common_grants.search import OpportunitySearch
from service.api.feedback.schemas import NewJudgement
from service.api.feeds.schemas import NewFeedLink
from service.api.matches.schemas import MatchRequest
from service.api.pilots.schemas import (
    NewPilot,
    PilotContent,
    PilotExclusions,
    PilotPage,
    PilotPatch,
    PilotPrivacy,
)
from service.api.problems import document_problems
from service.api.recipients.schemas import ConsentQuestion, NewRecipient
from service.api.searches.schemas import (
    NewSearch,
    SearchCard,
    SearchCardList,
    SearchChange,
    SearchMatches,
)
from service.api.uploads import document_uploads
from service.api.webhooks.schemas import NewWebhook
from service.domain.awards.actors import ActorList
from service.domain.awards.focus_areas import OwnAreaDraft, OwnFocusArea
from service.domain.consortium.shortlist import Shortlist
from service.domain.matching.call_explanation import CallExplanation
from service.domain.matching.match import MatchList
from service.domain.notifications.digest import Digest
from service.domain.pilots.pilot import Pilot
from service.domain.scan.scan import SubjectScan
from service.http.problems import Problem
from service.use_cases.access.pilot_rights import PilotDeletion
from service.use_cases.calls import CallDetail, CallHistory, CallPage
from service.use_cases.feedback import FeedbackList
from service.use_cases.feeds.links import FeedLinkList, MadeFeedLink
from service.use_cases.feeds.webhooks import (
    MadeWebhook,
    MessageRecord,
    WebhookCard,
    WebhookList,
    WebhookLog,
)
from service.use_cases.files.read_upload import FileReading
from service.use_cases.health import Health
from service.use_cases.overview.attention import Attention
from service.use_cases.recipients import RecipientList
from service.use_cases.scan.focus_areas import FocusAreaList
from service.use_cases.sources import SourceList
from service.use_cases.watching.readiness import ServiceReadiness

VERSION = "3.1.0"

_REQUESTS: tuple[type[BaseModel], ...] = (
    MatchRequest,
    NewPilot,
    PilotContent,
    PilotPatch,
    PilotExclusions,
    PilotPrivacy,
    NewJudgement,
    NewRecipient,
    BounceReport,
    NewFeedLink,
    NewSearch,
    SearchChange,
    NewWebhook,
    OwnAreaDraft,
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
    PilotDeletion,
    FeedbackList,
    RecipientList,
    ConsentQuestion,
    BounceOutcome,
    FeedLinkList,
    SearchCard,
    SearchCardList,
    SearchMatches,
    MadeFeedLink,
    WebhookCard,
    WebhookList,
    MadeWebhook,
    WebhookLog,
    MessageRecord,
    SubjectScan,
    FocusAreaList,
    OwnFocusArea,
    Pilot,
    Health,
    ServiceReadiness,
    Attention,
    Problem,
)
_COMMON_GRANTS: tuple[type[BaseModel], ...] = (
    OpportunitySearch,
    OpportunityList,
    OpportunityAnswer,
    OpportunityResults,
    CommonGrantsError,
)
_DECIMAL = r"^-?[0-9]+(\.[0-9]+)?(E[+-]?[0-9]+)?$"
_SCHEMAS = "#/components/schemas/"

_KEYS = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "A key. On its own machine a service may be open without one.",
    },
    "header": {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": "The same."},
    "bounceSecret": {
        "type": "http",
        "scheme": "bearer",
        "description": "The secret that the mail provider was given for this address; no key.",
    },
}

_KEYLESS: dict[str, list[dict[str, list[str]]]] = {
    "health": [],
    "reportBounce": [{"bounceSecret": []}],
}
"""What operations want that look at no key, by their id."""

_REFUSED = {
    "e401": "A key is needed, or this one is not let in.",
    "e403": "The key may not do this.",
    "e429": "Too many requests of late: the header Retry-After says when to come again.",
}
"""Answers to requests that are not let in, on every route but the one for probes."""

_REFUSALS = {str(status): one for status, one in document_problems(**_REFUSED).items()}
_PROTOCOL_REFUSALS = {str(status): one for status, one in document_errors(**_REFUSED).items()}
"""The same in the form of CommonGrants."""

TAGS = [
    {"name": "Matches", "description": "Calls ranked for a text or a stored pilot, with reasons."},
    {"name": "Searches", "description": "Searches that are kept at an address of their own."},
    {"name": "Calls", "description": "The funding calls that were collected."},
    {"name": "Files", "description": "PDF, Word and text files, read, matched or stored."},
    {"name": "Pilots", "description": "Projects that look for funding."},
    {"name": "Mails", "description": "Who gets the weekly mail, and mails that came back."},
    {"name": "Actors", "description": "Who funds a subject, and who was funded for it."},
    {"name": "Scans", "description": "What there is on a focus area or any subject."},
    {"name": "Feeds", "description": "Links to feeds and calendars, and webhooks."},
    {"name": "Spreadsheets", "description": "Lists as files: CSV or XLSX."},
    {"name": "CommonGrants", "description": "The calls as opportunities of CommonGrants 0.4.0."},
    {"name": "Service", "description": "Whether the service can answer, and how the sources fare."},
]

DESCRIPTION = (
    "Ranks public funding calls against the description of a pilot and says why each fits. "
    "Times are ISO 8601 with offset; offsets into texts are code points; amounts are decimal "
    "strings. Errors are problem documents (RFC 9457)."
)


class _CompleteAnswers(GenerateJsonSchema):
    """Schemas of answers say that every field is there: nothing is left out when it is empty."""

    def decimal_schema(self, schema: Any) -> dict[str, Any]:
        """Describe a decimal that is answered: a text, which JSON's numbers would round."""
        if self.mode == "serialization":
            return {"type": "string", "pattern": _DECIMAL}
        return super().decimal_schema(schema)

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
    spec["components"] = {"schemas": _make_schemas(), "securitySchemes": _KEYS}
    spec["security"] = [{"bearer": []}, {"header": []}, {}]
    spec["paths"] = _rename_references(spec["paths"])
    document_uploads(spec)
    for path, operations in spec["paths"].items():
        refusals = _PROTOCOL_REFUSALS if path.startswith(PREFIX) else _REFUSALS
        for operation in operations.values():
            for parameter in operation.get("parameters", []):
                _describe_parameter(parameter)
            if "requestBody" in operation:
                operation["requestBody"]["required"] = True
            name = operation["operationId"]
            if name in _KEYLESS:
                operation["security"] = _KEYLESS[name]
            if name != "health":
                operation["responses"] = refusals | operation["responses"]
            _add_headers(operation)
    return spec


def _add_headers(operation: dict[str, Any]) -> None:
    """Describe the headers that an operation takes, and the media type of its body."""
    name = operation["operationId"]
    operation.setdefault("parameters", []).extend(headers.PARAMETERS.get(name, ()))
    if name in headers.BODY_TYPES:
        content = operation["requestBody"]["content"]
        content[headers.BODY_TYPES[name]] = content.pop("application/json")


def _make_schemas() -> dict[str, Any]:
    """Return the schema of every model that the API reads or answers with, by its plain name."""
    models: list[tuple[type[BaseModel], Literal["validation", "serialization"]]] = [
        *((model, "validation") for model in _REQUESTS),
        *((model, "serialization") for model in _ANSWERS),
    ]
    _, document = models_json_schema(
        models, ref_template=_SCHEMAS + "{model}", schema_generator=_CompleteAnswers
    )
    _, protocol = models_json_schema(
        [(model, "validation") for model in _COMMON_GRANTS],
        ref_template=_SCHEMAS + "{model}",
        schema_generator=CommonGrantsSchemas,
    )
    schemas: dict[str, Any] = _rename_references(document["$defs"] | protocol["$defs"])
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
    "area_key": "The key of a focus area that was made here, such as `own-wounds-5f3a9c`.",
    "search_id": "The search's id, as its page's address has it.",
    "call_id": "The call's id: `funder:native-id`. It may contain slashes.",
    "pilot_id": "The pilot's id.",
    "recipient_id": "The recipient's id, as the list has it.",
    "form": "`csv` or `xlsx`.",
    "feed_id": "The link's id, as the list has it.",
    "webhook_id": "The webhook's id, as the list has it.",
    "message_id": "The message's id, as the log has it.",
    "oppId": "The opportunity's id.",
}
_UUIDS = frozenset({"oppId"})


def _describe_parameter(parameter: dict[str, Any]) -> None:
    if parameter["in"] == "path":
        parameter["description"] = _PATH_PARAMETERS[parameter["name"]]
        is_uuid = parameter["name"] in _UUIDS
        parameter["schema"] = {"type": "string"} | ({"format": "uuid"} if is_uuid else {})
    else:
        parameter["description"] = parameter["schema"].pop("description", "")
        parameter["schema"].pop("title", None)
