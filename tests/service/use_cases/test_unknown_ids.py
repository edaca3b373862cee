"""An unknown pilot or call is one error; each door says where its own ids are listed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from service.cli.main import run
from service.context import Context
from service.domain.matching.feedback import Opinion
from service.errors import NotFoundError, UnknownCallError, UnknownPilotError, sentence_of
from service.settings import Settings
from service.use_cases.actors import find_actors
from service.use_cases.calls import get_call, get_call_history, get_card
from service.use_cases.digest import preview_digest
from service.use_cases.explain_call import explain_call
from service.use_cases.feedback import judge_call, list_feedback
from service.use_cases.match import match_pilot
from service.use_cases.pilots import get_pilot
from service.use_cases.recipients import add_recipient, list_recipients
from service.use_cases.shortlist import shortlist_pilots

PILOT = "There is no pilot nobody."
CALL = "There is no call vinnova:9."

OF_PILOTS: list[Callable[[Context], object]] = [
    lambda context: get_pilot(context, "nobody"),
    lambda context: match_pilot(context, "nobody"),
    lambda context: find_actors(context, pilot_id="nobody"),
    lambda context: preview_digest(context, "nobody"),
    lambda context: explain_call(context, "nobody", "vinnova:1"),
    lambda context: list_feedback(context, "nobody"),
    lambda context: judge_call(context, "nobody", "vinnova:1", Opinion.RELEVANT, "Ada"),
    lambda context: list_recipients(context, "nobody"),
    lambda context: add_recipient(
        context, "nobody", "a@example.org", "sv", source="page", client="x"
    ),
]
OF_CALLS: list[Callable[[Context], object]] = [
    lambda context: get_call(context, "vinnova:9"),
    lambda context: get_card(context, "vinnova:9", "sv"),
    lambda context: get_call_history(context, "vinnova:9"),
    lambda context: shortlist_pilots(context, "vinnova:9"),
    lambda context: explain_call(context, "heart", "vinnova:9"),
    lambda context: judge_call(context, "heart", "vinnova:9", Opinion.RELEVANT, "Ada"),
]


@pytest.mark.parametrize("ask", OF_PILOTS)
def test_every_use_case_says_the_same_of_an_unknown_pilot(
    shared_context: Context, ask: Callable[[Context], object]
) -> None:
    with pytest.raises(UnknownPilotError) as raised:
        ask(shared_context)
    assert str(raised.value) == PILOT


@pytest.mark.parametrize("ask", OF_CALLS)
def test_every_use_case_says_the_same_of_an_unknown_call(
    shared_context: Context, ask: Callable[[Context], object]
) -> None:
    with pytest.raises(UnknownCallError) as raised:
        ask(shared_context)
    assert str(raised.value) == CALL


@pytest.mark.parametrize("path", ["", "/matches", "/digest", "/feedback", "/recipients"])
def test_a_tool_is_told_which_route_lists_pilots(client: FlaskClient, path: str) -> None:
    answer = client.get(f"/api/v1/pilots/nobody{path}")
    assert answer.status_code == 404
    assert answer.get_json()["detail"] == "There is no pilot nobody: /api/v1/pilots lists them."


def test_a_page_names_no_route(client: FlaskClient) -> None:
    answer = client.get("/pilots/nobody/calls/vinnova:9?lang=sv")
    assert answer.status_code == 404
    assert "Det finns ingen pilot nobody." in answer.get_data(as_text=True)


@pytest.mark.usefixtures("here")
def test_a_command_names_the_command_that_lists_ids(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert settings.data
    assert run(["pilots", "show", "nobody"]) == 1
    assert capsys.readouterr().err == (
        "fundscout: There is no pilot nobody: see `fundscout pilots`.\n"
    )
    assert run(["history", "vinnova:9"]) == 1
    assert capsys.readouterr().err == (
        "fundscout: There is no call vinnova:9: `fundscout match` shows ids.\n"
    )


def test_an_error_without_a_fuller_message_keeps_its_own() -> None:
    keys: dict[type[NotFoundError], str] = {UnknownPilotError: "problem.pilot.listed"}
    listed = "There is no pilot x: /api/v1/pilots lists them."
    assert sentence_of(UnknownPilotError("x"), keys) == listed
    assert sentence_of(UnknownCallError("x"), keys) == "There is no call x."
