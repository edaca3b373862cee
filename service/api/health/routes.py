"""The routes that say whether the service can answer, and whether it answers well."""

from __future__ import annotations

from service.api import problems
from service.api.blueprint import api
from service.api.health import examples
from service.http.app_context import app_context
from service.use_cases.health import Health, check_health
from service.use_cases.watching.readiness import ServiceReadiness, check_readiness

_UNAVAILABLE: problems.Responses = {
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


@api.get("/healthz")
@api.output(Health, description="The service can answer.", example=examples.HEALTH)
@api.doc(
    summary="Say whether the service can answer",
    operation_id="health",
    tags=["Service"],
    responses=_UNAVAILABLE,
)
def healthz() -> tuple[Health, int]:
    """Say whether the database and the index can be read."""
    health = check_health(app_context())
    return health, 200 if health.status == "ok" else 503


_NOT_READY: problems.Responses = {
    503: {
        "description": "It does not; the reasons say what to do.",
        "content": {
            "application/json": {
                "schema": {"$ref": "#/components/schemas/ServiceReadiness"},
                "example": examples.NOT_READY,
            }
        },
    }
}


@api.get("/readyz")
@api.output(ServiceReadiness, description="The service answers well.", example=examples.READY)
@api.doc(
    summary="Say whether the service answers well",
    operation_id="readiness",
    tags=["Service"],
    responses=_NOT_READY,
)
def readyz() -> tuple[ServiceReadiness, int]:
    """Check model, index and store, and say how old each source is.

    `degraded` (200): a source fails or was not read for a week. `unavailable` (503): no match can
    be made, or no source at all was read well within a week.
    """
    ready = check_readiness(app_context())
    return ready, 503 if ready.status == "unavailable" else 200
