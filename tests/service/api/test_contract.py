"""Every operation keeps to its OpenAPI document, whatever is sent: all checks of schemathesis.

``CONTRACT_EXAMPLES`` says how many requests of each kind are made for an operation; `make contract`
makes a thousand.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
from apiflask import APIFlask
from schemathesis import engine
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events

from service.app import create_app
from tests.service import sample_calls

pytestmark = [pytest.mark.whole, pytest.mark.filterwarnings("ignore")]

EXAMPLES = int(os.environ.get("CONTRACT_EXAMPLES", "100"))

ACCEPTED = ["2xx", "3xx", "401", "403", "404", "409", "410", "412", "429", "5xx"]
"""What may be answered to a request that fits the document: a state or a cursor may be stale."""

REFUSED = ["400", "401", "403", "404", "405", "406", "409", "412", "415", "422", "428", "429"]
"""What may be answered to a request that does not: what is no ETag is that of no state."""

MORE_RULES = {
    "match": "a text has a letter, a window of deadlines an order, and a number few digits",
    "matchPilot": "a window of deadlines has an order, and a number few digits",
    "explainPair": "the same",
    "listCalls": "the same, and a cursor goes with no filter",
    "listActors": "there is one subject",
    "addPilot": "a budget has an order, and a number few digits",
    "replacePilot": "the same",
    "changePilot": "what the pilot becomes must be one",
    "previewDigest": "some years have no week 53",
    "addRecipient": "an address is one that mail can be sent to",
    "addFeedback": "a name is no blank",
    "removeFeedback": "the same",
    "excludeForPilot": "a subject has a letter",
    "searchOpportunities": "a date is one of the calendar",
}
"""Operations with rules that JSON Schema cannot say: they may answer 422 to what fits it."""

CONFIG = {
    "headers": {"Accept-Encoding": "identity"},
    "generation": {"max-examples": EXAMPLES, "deterministic": True, "database": "none"},
    "phases": {"stateful": {"enabled": False}},
    "continue-on-failure": True,
    "checks": {
        "positive_data_acceptance": {"expected-statuses": ACCEPTED},
        "negative_data_rejection": {"expected-statuses": REFUSED},
        "missing_required_header": {"expected-statuses": ["400", "404", "422", "428"]},
    },
    "operations": [
        {
            "include-operation-id": name,
            "checks": {"positive_data_acceptance": {"expected-statuses": [*ACCEPTED, "422"]}},
        }
        for name in MORE_RULES
    ],
}

OPERATIONS = (
    *MORE_RULES,
    *("getCall", "getCallHistory", "listPilotsForCall", "listSources", "health", "reportBounce"),
    *("listPilots", "getPilot", "archivePilot", "unarchivePilot", "listFeedback"),
    *("listRecipients", "removeRecipient", "listOpportunities", "readOpportunity"),
)


@pytest.fixture(scope="module")
def app(sample_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[APIFlask]:
    """Yield an application of its own, which requests may change."""
    data = tmp_path_factory.mktemp("contract") / "data"
    shutil.copytree(sample_data, data)
    context = sample_calls.open_context(data)
    yield create_app(context)
    context.calls._engine.dispose()


def failures(app: APIFlask, operation: str) -> list[str]:
    """Return what is wrong with an operation, with a request that shows each."""
    config = SchemathesisConfig.from_dict(CONFIG)
    schema = schemathesis.openapi.from_wsgi("/openapi.json", app, config=config)
    found: dict[tuple[str, str], str] = {}
    requests = 0
    for event in engine.from_schema(schema.include(operation_id=operation)).execute():
        if isinstance(event, events.NonFatalError | events.FatalError):
            found["error", repr(event)] = repr(event)
        if isinstance(event, events.ScenarioFinished):
            requests += len(event.recorder.cases)
            for checks in event.recorder.checks.values():
                for check in checks:
                    if (info := check.failure_info) is not None:
                        said = f"{check.name}: {info.failure.message}"
                        found.setdefault(
                            (check.name, info.failure.title), f"{said}\n{info.code_sample}"
                        )
    assert requests >= min(EXAMPLES, 2), "nothing was sent"
    return list(found.values())


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_operation_keeps_to_its_document(app: APIFlask, operation: str) -> None:
    found = failures(app, operation)
    assert not found, "\n\n".join(found)


def test_every_operation_is_among_them(app: APIFlask) -> None:
    spec = app.test_client().get("/openapi.json").get_json()
    named = {one["operationId"] for methods in spec["paths"].values() for one in methods.values()}
    assert named == set(OPERATIONS)
    assert len(set(OPERATIONS)) == len(OPERATIONS)
