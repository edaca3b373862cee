"""Every operation keeps to its OpenAPI document, whatever is sent: all checks of schemathesis.

They are sent to a service that asks who comes, with a key that may do everything.
``CONTRACT_EXAMPLES`` says how many requests of each kind are made for an operation: ten by default,
a hundred in the continuous integration, a thousand by `make contract`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from schemathesis import engine
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events

from scrapers.http import netguard
from service.domain.access.rights import Scope
from tests.service import sample_calls
from tests.service.http.closed_service import ClosedService, close

pytestmark = [pytest.mark.whole, pytest.mark.filterwarnings("ignore")]

EXAMPLES = int(os.environ.get("CONTRACT_EXAMPLES", "10"))

ACCEPTED = ["2xx", "3xx", "404", "409", "410", "412", "5xx"]
"""What may be answered to a request that fits the document: a state or a cursor may be stale."""

REFUSED = ["400", "401", "403", "404", "405", "406", "409", "412", "415", "422", "428"]
"""What may be answered to a request that does not: what is no ETag is that of no state."""

MORE_RULES = {
    "match": "a text has a letter, a window of deadlines an order, and a number few digits",
    "matchPilot": "a window of deadlines has an order, and a number few digits",
    "getMatchSheet": "the same",
    "explainPair": "the same",
    "listCalls": "the same, and a cursor goes with no filter",
    "getCallSheet": "the same",
    "listActors": "there is one subject",
    "getActorSheet": "the same",
    "addPilot": "a budget has an order, and a number few digits",
    "replacePilot": "the same",
    "changePilot": "what the pilot becomes must be one",
    "previewDigest": "some years have no week 53",
    "addRecipient": "an address is one that mail can be sent to",
    "addFeedback": "a name is no blank",
    "removeFeedback": "the same",
    "excludeForPilot": "a subject has a letter",
    "searchOpportunities": "a date is one of the calendar",
    "scan": "a subject has a letter",
    "getScanSheet": "the same",
    "getScanMonthsSheet": "the same",
    "addArea": "a name and a description have a letter",
    "changeArea": "the same",
    "addSearch": "a text has a letter, and a search the rules of a match",
    "changeSearch": "the same",
    "matchSearch": "a window of deadlines has an order, and a number few digits",
    "addFeedLink": "a search has its search, and every other kind its subject",
    "addWebhook": "an address is https, and leads to the internet",
    "readFile": "a file is a text, PDF or Word file that can be read",
    "matchFile": "the same, and the part beside it is JSON of its own schema",
    "addPilotFromFile": "the same",
}
"""Operations with rules that JSON Schema cannot say: they may answer 422 to what fits it."""

BOUNCE_SECRET = "the secret of the mail provider"  # noqa: S105  of this test

OPERATIONS = (
    *MORE_RULES,
    *("getCall", "getCallHistory", "listPilotsForCall", "listSources", "health", "readiness"),
    *("reportBounce", "listPilots", "getPilot", "archivePilot", "unarchivePilot", "listFeedback"),
    *("deletePilot", "setPilotPrivate", "listRecipients", "removeRecipient"),
    *("listOpportunities", "readOpportunity"),
    *("getShortlistSheet", "getPilotSheet", "getPilotsCallsSheet", "getFeedbackSheet"),
    *("getRecipientSheet", "getSourceSheet"),
    *("listFeedLinks", "revokeFeedLink", "readAttention"),
    *("listSearches", "getSearch", "deleteSearch"),
    *("listAreas", "getArea", "removeArea"),
    *("listWebhooks", "removeWebhook", "startWebhook", "changeWebhookSecret"),
    *("readWebhookLog", "replayWebhookMessage"),
)


@pytest.fixture(scope="module")
def service(sample_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClosedService]:
    """Yield a closed service of its own, which requests may change; it counts no requests."""
    folder = tmp_path_factory.mktemp("contract")
    shutil.copytree(sample_data, folder / "data")
    (folder / "secret").write_text(BOUNCE_SECRET, "utf-8")
    context = sample_calls.open_context(
        folder / "data",
        FUNDSCOUT_RATE="0",
        FUNDSCOUT_RATE_SEARCHES="0",
        FUNDSCOUT_BOUNCE_SECRET_FILE=str(folder / "secret"),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(netguard, "resolve_host", lambda *_: ["192.0.2.1"])  # asks no name server
        yield close(context)
    context.calls._engine.dispose()


def config_for(operation: str, key: str) -> SchemathesisConfig:
    """Return the checks of an operation, with a key that is sent with each request.

    An operation has a configuration to itself: where one lists several, schemathesis adds all of
    them to the operations that are chosen.
    """
    accepted = [*ACCEPTED, "422"] if operation in MORE_RULES else ACCEPTED
    return SchemathesisConfig.from_dict(
        {
            "headers": {"Accept-Encoding": "identity", "Authorization": f"Bearer {key}"},
            "generation": {
                "max-examples": EXAMPLES,
                "deterministic": True,
                "database": "none",
                "with-security-parameters": False,
            },
            "phases": {"stateful": {"enabled": False}},
            "continue-on-failure": True,
            "checks": {
                # its second request cannot be sent to an application within this process, and
                # `test_route_rights` tries every route without a key and with a wrong one
                "ignored_auth": {"enabled": False},
                "positive_data_acceptance": {"expected-statuses": accepted},
                "negative_data_rejection": {"expected-statuses": REFUSED},
                "missing_required_header": {"expected-statuses": ["400", "404", "422", "428"]},
            },
        }
    )


def read_document(service: ClosedService) -> dict[str, Any]:
    """Return the document, without the word that some services are open: this one is closed."""
    document: dict[str, Any] = service.visitor().get("/openapi.json").get_json()
    document["security"].remove({})
    return document


def failures(service: ClosedService, operation: str) -> list[str]:
    """Return what is wrong with an operation, with a request that shows each."""
    key = BOUNCE_SECRET if operation == "reportBounce" else service.keys[Scope.ADMIN].text
    config = config_for(operation, key)
    schema = schemathesis.openapi.from_dict(read_document(service), config=config)
    schema.app = service.app
    chosen = schema.include(operation_id=operation)
    assert len(list(chosen.get_all_operations())) == 1
    found: dict[tuple[str, str], str] = {}
    requests = 0
    for event in engine.from_schema(chosen).execute():
        if isinstance(event, events.NonFatalError | events.FatalError):
            found["error", repr(event)] = repr(event)
        if isinstance(event, events.ScenarioFinished):
            requests += len(event.recorder.cases)
            for name, checks in event.recorder.checks.items():
                sent = event.recorder.cases[name].value
                for check in checks:
                    info = check.failure_info
                    if info is not None and not is_fit_after_all(check.name, sent):
                        said = f"{check.name}: {info.failure.message}"
                        found.setdefault(
                            (check.name, info.failure.title), f"{said}\n{info.code_sample}"
                        )
    assert requests >= min(EXAMPLES, 2), "nothing was sent"
    return list(found.values())


def is_fit_after_all(check: str, sent: schemathesis.Case[Any]) -> bool:
    """Whether a list that has nothing in it stood for a part of a form: none was sent then."""
    body: Any = sent.body
    if check != "negative_data_rejection" or sent.media_type != "multipart/form-data":
        return False
    return isinstance(body, dict) and [] in body.values()


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_operation_keeps_to_its_document(service: ClosedService, operation: str) -> None:
    found = failures(service, operation)
    assert not found, "\n\n".join(found)


def test_every_operation_is_among_them(service: ClosedService) -> None:
    spec = read_document(service)
    named = {one["operationId"] for methods in spec["paths"].values() for one in methods.values()}
    assert named == set(OPERATIONS)
    assert len(set(OPERATIONS)) == len(OPERATIONS)
