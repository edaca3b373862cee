"""The route that says whether the service can answer."""

from __future__ import annotations

from service.api import problems
from service.api.blueprint import api
from service.api.health import examples
from service.http.app_context import app_context
from service.use_cases.health import Health, check_health

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
