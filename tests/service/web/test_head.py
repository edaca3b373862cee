"""HEAD answers as GET does, without a body: link checkers and uptime probes use it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from apiflask import APIFlask

from index.embedding.encoder import HashEncoder
from service.app import create_app
from service.context import Context
from service.domain.pilots.pilot import Pilot
from service.jobs.reindex import reindex
from service.settings import Settings
from tests.service.sample_calls import NOW, some_calls

VALUES = {"pilot_id": "heart", "call_id": "vinnova:2026-00001", "filename": "style.css"}
"""What stands for the parts of a route; a token that nobody has stands for all others."""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[APIFlask]:
    folder: Path = tmp_path_factory.mktemp("head")
    settings = Settings.from_env(
        {"FUNDSCOUT_DATA": str(folder), "FUNDSCOUT_CLOCK": NOW.isoformat()}
    )
    context = Context.open(settings, load=HashEncoder)
    context.calls.upsert(some_calls(), NOW)
    context.pilots.add(Pilot(id="heart", title="Heart", text="Heart failure at home."))
    reindex(context)
    yield create_app(context)
    context.calls._engine.dispose()


def addresses(app: APIFlask) -> list[str]:
    """Return an address of every route that answers GET, and of the search with a query."""
    adapter = app.url_map.bind("localhost")
    found = [
        "/?pilot=heart",
        "/?pilot=nobody",
        "/?top=lots",
        "/calls?page=2",
        "/api/v1/calls?page=x",
    ]
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()):
            values = {name: VALUES.get(name, "nobody") for name in rule.arguments}
            found.append(adapter.build(rule.endpoint, values, method="GET"))
    return found


@pytest.mark.slow
def test_head_answers_as_get_without_a_body(app: APIFlask) -> None:
    client = app.test_client()
    statuses = {}
    for address in addresses(app):
        with client.get(address) as whole, client.head(address) as head:
            statuses[address] = whole.status_code
            assert (head.status_code, head.content_type) == (whole.status_code, whole.content_type)
            assert whole.data
            assert head.data == b"", address
    assert statuses["/"] == statuses["/?pilot=heart"] == statuses["/healthz"] == 200
    assert statuses["/?pilot=nobody"] == 404
    assert statuses["/?top=lots"] == 422
