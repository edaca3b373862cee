"""Every route of the API: importing a resource hangs its routes on the blueprint."""

from __future__ import annotations

from service.api.blueprint import api

# The documentation lists routes whose paths are as long in the order of these imports.
# isort: off
from service.api.matches import routes as matches
from service.api.files import routes as files
from service.api.calls import routes as calls
from service.api.actors import routes as actors
from service.api.scan import routes as scan
from service.api.pilots import routes as pilots
from service.api.feedback import routes as feedback
from service.api.recipients import routes as recipients
from service.api.digests import routes as digests
from service.api.sources import routes as sources
from service.api.bounces import routes as bounces
from service.api.health import routes as health
from service.api.sheets import routes as sheets
from service.api.feeds import routes as feeds
from service.api.webhooks import routes as webhooks
from service.api.searches import routes as searches
from service.api.attention import routes as attention
from service.api.common_grants import routes as common_grants
# isort: on

__all__ = [
    "actors",
    "api",
    "attention",
    "bounces",
    "calls",
    "common_grants",
    "digests",
    "feedback",
    "feeds",
    "files",
    "health",
    "matches",
    "pilots",
    "recipients",
    "scan",
    "searches",
    "sheets",
    "sources",
    "webhooks",
]
