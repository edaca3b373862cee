"""`fundscout feeds` and `fundscout webhooks` at the command line."""

from __future__ import annotations

import json

import pytest

from service.cli.main import run
from service.context import Context
from service.settings import Settings
from tests.service.sample_calls import some_calls, some_pilots


@pytest.fixture
def filled(context: Context, here: Settings) -> Context:
    context.calls.upsert(some_calls(), context.now())
    for pilot in some_pilots():
        context.pilots.add(pilot)
    return context


def test_links_are_made_listed_and_revoked(
    filled: Context, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["feeds", "make", "pilot", "heart", "--label", "laget\x1b[31m"]) == 0
    address = capsys.readouterr().out.strip()
    assert address.startswith("http://127.0.0.1:8000/feeds/pilots/heart.atom?token=feed_")
    assert run(["feeds", "make", "deadlines", "heart", "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["address"].endswith(made["token"])
    search = ["--words", "vård", "--funder", "vinnova", "--status", "open"]
    assert run(["feeds", "search", *search]) == 0
    assert (
        "/feeds/search.atom?status=open&funder=vinnova&q=v%C3%A5rd&token="
        in capsys.readouterr().out
    )
    assert run(["feeds", "list"]) == 0
    listed = capsys.readouterr().out
    assert listed.count("never used") == 3
    assert "feed_" not in listed
    assert "\x1b" not in listed
    assert run(["feeds", "revoke", made["feed"]["id"]]) == 0
    assert "revoked" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        ["feeds", "make", "pilot", "none"],
        ["feeds", "make", "funder", "none"],
        ["feeds", "revoke", "none"],
        ["webhooks", "add", "heart", "https://10.0.0.7/hook"],
        ["webhooks", "add", "heart", "http://127.0.0.1:9/hook"],
        ["webhooks", "add", "none", "https://example.org/hook"],
        ["webhooks", "remove", "none"],
        ["webhooks", "log", "none"],
        ["webhooks", "replay", "none"],
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(
    filled: Context, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert run(arguments) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("fundscout: ")
    assert len(said.err.splitlines()) == 1


def test_without_webhooks_sending_does_nothing(
    filled: Context, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["webhooks", "list"]) == 0
    assert run(["webhooks", "send"]) == 0
    said = capsys.readouterr().out
    assert "There are no webhooks yet" in said
    assert said.endswith(
        "0 new messages; 0 delivered, 0 tried again later, 0 given up, 0 webhooks stopped.\n"
    )
