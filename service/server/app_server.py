"""The server of our application, with as many lanes as the settings say."""

from __future__ import annotations

from flask import Flask

from service.http.admission import Cost, cost_reader
from service.http.uploads import upload_reader
from service.server.http_server import HttpServer, ServerLimits
from service.server.lanes import LaneSize
from service.settings import Settings


def make_server(app: Flask, address: str, settings: Settings) -> HttpServer:
    """Return a server of ``app`` that listens at ``address``, host:port."""
    lanes = ServerLimits().lanes
    costly = {Cost.COSTLY: LaneSize(settings.searches, settings.queue)}
    limits = ServerLimits(lanes={**lanes, **costly})
    return HttpServer(app, address, cost_reader(app), limits, upload_reader(app))
