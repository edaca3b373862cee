"""The blueprint that the API's routes hang on."""

from __future__ import annotations

from apiflask import APIBlueprint

from service.api import adapter

api = APIBlueprint("api", __name__, tag="API")

ADAPTER = adapter.StrictAdapter
"""What reads requests for these routes; its import registers it with APIFlask."""
