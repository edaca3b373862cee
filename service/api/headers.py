"""Headers that requests of the API may carry, as OpenAPI describes them, by operation."""

from __future__ import annotations

from typing import Any, Final

from service.http.preconditions import IF_MATCH_PATTERN

_IDEMPOTENCY_KEY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A name of your own for the request: sent again within 24 hours it does "
    "nothing more, and has the same answer.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
}


def _if_match(*, required: bool) -> dict[str, Any]:
    return {
        "name": "If-Match",
        "in": "header",
        "required": required,
        "description": "The ETag of what you change, as you read it; `*` for any.",
        "schema": {"type": "string", "pattern": IF_MATCH_PATTERN},
    }


PARAMETERS: Final[dict[str, list[dict[str, Any]]]] = {
    "addPilot": [_IDEMPOTENCY_KEY],
    "addPilotFromFile": [_IDEMPOTENCY_KEY],
    "addFeedback": [_IDEMPOTENCY_KEY],
    "addRecipient": [_IDEMPOTENCY_KEY],
    "replacePilot": [_if_match(required=True)],
    "changePilot": [_if_match(required=True)],
    "archivePilot": [_if_match(required=True)],
    "unarchivePilot": [_if_match(required=True)],
    "changeArea": [_if_match(required=True)],
    "excludeForPilot": [_if_match(required=False)],
}
"""By the operation's id."""

BODY_TYPES: Final = {"changePilot": "application/merge-patch+json"}
"""The media type of a body that is not plain JSON, by the operation's id."""
