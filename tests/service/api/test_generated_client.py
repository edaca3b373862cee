"""A client generated from the OpenAPI document: every answer has a type, and real ones fit it."""

from __future__ import annotations

import importlib
import io
import json
import re
import subprocess
import sys
import typing
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest
from apiflask import APIFlask

from service.app import create_app
from service.context import Context

pytestmark = pytest.mark.slow

PACKAGE = "generated_client"


@pytest.fixture(scope="module")
def spec(app: APIFlask) -> dict[str, Any]:
    document: dict[str, Any] = app.test_client().get("/openapi.json").get_json()
    return document


@pytest.fixture(scope="module")
def folder(spec: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Yield the folder of the generated package, which can be imported as `PACKAGE`."""
    folder = tmp_path_factory.mktemp("client")
    (folder / "openapi.json").write_text(json.dumps(spec), "utf-8")
    (folder / "config.yml").write_text("post_hooks: []\n", "utf-8")
    options = "--path openapi.json --config config.yml --meta none --fail-on-warning".split()
    command = [sys.executable, "-m", "openapi_python_client", "generate", *options]
    done = subprocess.run(
        [*command, "--output-path", PACKAGE],
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WARNING" not in done.stdout
    sys.path.insert(0, str(folder))
    yield folder / PACKAGE
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.split(".")[0] == PACKAGE]:
        del sys.modules[name]


@pytest.fixture
def client(app: APIFlask, folder: Path) -> Any:
    """Return a generated client that asks the app without a socket."""
    assert folder.is_dir()
    return client_of(app)


def client_of(app: APIFlask) -> Any:
    package = importlib.import_module(f"{PACKAGE}.client")
    transport = httpx.WSGITransport(app=app)
    return package.Client(base_url="http://localhost", httpx_args={"transport": transport})


def operations(spec: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for methods in spec["paths"].values():
        yield from methods.values()


def operation_module(operation_id: str, tag: str) -> ModuleType:
    name, folder = (re.sub(r"(?<!^)(?=[A-Z])", "_", one).lower() for one in (operation_id, tag))
    return importlib.import_module(f"{PACKAGE}.api.{folder}.{name}")


def answered_schemas(operation: dict[str, Any]) -> set[str]:
    """Return the names of the schemas that the answers of ``operation`` have."""
    contents = [answer["content"].values() for answer in operation["responses"].values()]
    return {_type_name(one["schema"]) for content in contents for one in content}


def _type_name(schema: dict[str, Any]) -> str:
    """Return the class of an answer; a file is text."""
    return str(schema["$ref"]).rsplit("/", 1)[1] if "$ref" in schema else "str"


def test_every_operation_has_the_type_of_its_answer(spec: dict[str, Any], folder: Path) -> None:
    seen = set()
    for operation in operations(spec):
        module = operation_module(operation["operationId"], operation["tags"][0])
        seen.add(Path(str(module.__file__)))
        returned = typing.get_type_hints(module.sync)["return"]
        types = set(typing.get_args(returned)) - {type(None)}
        assert {one.__name__ for one in types} == answered_schemas(operation), module.__name__
        ours = types - {str}
        assert all(one.__module__.startswith(f"{PACKAGE}.models.") for one in ours)
    assert seen == set(folder.glob("api/*/[a-z]*.py"))


def test_every_schema_is_a_class_of_its_name(spec: dict[str, Any], folder: Path) -> None:
    assert folder.is_dir()
    models = importlib.import_module(f"{PACKAGE}.models")
    assert set(spec["components"]["schemas"]) <= set(models.__all__)


def test_a_match_of_the_app_is_read(client: Any) -> None:
    models = importlib.import_module(f"{PACKAGE}.models")
    request = models.MatchRequest.from_dict({"text": "Remote care of heart failure at home."})
    found = operation_module("match", "Matches").sync(client=client, body=request)
    assert isinstance(found, models.MatchList)
    assert found.matches
    for match in found.matches:
        assert isinstance(match, models.Match)
        assert isinstance(match.call, models.CallCard)
        assert 0 <= match.score <= 1
        assert all(isinstance(reason, models.Reason) for reason in match.reasons)
        assert all(isinstance(gate.verdict, models.Verdict) for gate in match.gates)


def test_calls_of_the_app_are_read_and_sent_alike(client: Any) -> None:
    models = importlib.import_module(f"{PACKAGE}.models")
    page = operation_module("listCalls", "Calls").sync(client=client, page_size=5)
    assert isinstance(page, models.CallPage)
    assert page.total >= len(page.calls) > 1
    for card in page.calls:
        answer = operation_module("getCall", "Calls").sync_detailed(card.id, client=client)
        assert isinstance(answer.parsed, models.CallDetail)
        assert answer.parsed.id == card.id
        assert answer.parsed.to_dict().keys() == json.loads(answer.content).keys()


def test_changes_of_the_app_are_followed(client: Any) -> None:
    models = importlib.import_module(f"{PACKAGE}.models")
    follow, cursor, seen = operation_module("listCalls", "Calls"), "start", []
    while True:
        page = follow.sync(client=client, changed_since=cursor, page_size=4)
        assert isinstance(page, models.CallPage)
        assert [card.id for card in page.calls] == [change.id for change in page.changes]
        assert all(change.what is models.CallFate.CHANGED for change in page.changes)
        seen += [change.id for change in page.changes]
        cursor = page.cursor
        if page.pages == 1:
            break
    assert len(set(seen)) == len(seen) > 4


def test_a_pilot_of_the_app_is_changed_in_the_state_that_was_read(
    own_context: Context, folder: Path
) -> None:
    assert folder.is_dir()
    client = client_of(create_app(own_context))
    models = importlib.import_module(f"{PACKAGE}.models")
    read = operation_module("getPilot", "Pilots").sync_detailed("heart", client=client)
    change = operation_module("changePilot", "Pilots")
    patch = models.PilotPatch.from_dict({"title": "Renamed"})
    state = read.headers["etag"]
    changed = change.sync("heart", client=client, body=patch, if_match=state)
    assert isinstance(changed, models.Pilot)
    assert (changed.title, changed.text) == ("Renamed", read.parsed.text)
    again = change.sync("heart", client=client, body=patch, if_match=state)
    assert isinstance(again, models.Problem)
    assert again.status == 412
    archive = operation_module("archivePilot", "Pilots")
    assert archive.sync("heart", client=client, if_match="*").archived_at


def test_a_file_of_the_app_is_matched_with_the_choices_of_its_schema(client: Any) -> None:
    models = importlib.import_module(f"{PACKAGE}.models")
    file = importlib.import_module(f"{PACKAGE}.types").File
    text = io.BytesIO(b"Remote care of heart failure at home, every day, for elderly patients.")
    choices = models.FileMatchRequest(top=1, filters=models.Filters(levels=[models.Level.NATIONAL]))
    body = models.MatchFileBody(file=file(payload=text, file_name="pilot.txt"), request=choices)
    found = operation_module("matchFile", "Files").sync(client=client, body=body)
    assert isinstance(found, models.MatchList)
    assert [match.call.id for match in found.matches] == ["vinnova:2026-00001"]
    assert "title" not in models.NewFilePilot().to_dict(), "the file has one"


def test_opportunities_of_the_app_are_read(client: Any) -> None:
    models = importlib.import_module(f"{PACKAGE}.models")
    tag = "CommonGrants"
    listed = operation_module("listOpportunities", tag).sync(client=client, page_size=4)
    assert isinstance(listed, models.OpportunityList)
    assert len(listed.items) == 4 < listed.pagination_info.total_items
    for item in listed.items:
        got = operation_module("readOpportunity", tag).sync(item.id, client=client)
        assert isinstance(got, models.OpportunityAnswer)
        assert got.data.title == item.title
        assert got.to_dict()["data"].keys() >= {"id", "status", "createdAt"}
    asked = models.OpportunitySearch.from_dict({"search": "heart failure at home"})
    found = operation_module("searchOpportunities", tag).sync(client=client, body=asked)
    assert isinstance(found, models.OpportunityResults)
    assert found.items[0].custom_fields.additional_properties["score"].value > 0


def test_an_error_of_the_app_is_read(client: Any) -> None:
    models = importlib.import_module(f"{PACKAGE}.models")
    problem = operation_module("getCall", "Calls").sync("none:1", client=client)
    assert isinstance(problem, models.Problem)
    assert problem.status == 404
    assert "none:1" in problem.detail
