"""Every operation keeps to its OpenAPI document, whatever is sent: all checks of schemathesis.

``CONTRACT_EXAMPLES`` says how many requests of each kind are made for an operation; `make contract`
makes a thousand.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig

from service.app import create_app
from tests.service import sample_calls

pytestmark = [pytest.mark.whole, pytest.mark.filterwarnings("ignore")]

EXAMPLES = int(os.environ.get("CONTRACT_EXAMPLES", "100"))

ACCEPTED = ["2xx", "3xx", "401", "403", "404", "409", "410", "412", "429", "5xx"]
"""What may be answered to a request that fits the document: a state or a cursor may be stale."""

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
    "checks": {
        "positive_data_acceptance": {"expected-statuses": ACCEPTED},
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


@pytest.fixture(scope="module")
def api_schema(
    sample_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[schemathesis.BaseSchema]:
    """Yield our document over an application of its own, which requests may change."""
    data = tmp_path_factory.mktemp("contract") / "data"
    shutil.copytree(sample_data, data)
    context = sample_calls.open_context(data)
    config = SchemathesisConfig.from_dict(CONFIG)
    yield schemathesis.openapi.from_wsgi("/openapi.json", create_app(context), config=config)
    context.calls._engine.dispose()


schema = schemathesis.pytest.from_fixture("api_schema")


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_every_operation_keeps_to_its_document(case: Any) -> None:
    case.call_and_validate()
