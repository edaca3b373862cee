"""Conditions are read when a call is stored, and shown everywhere from there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from scrapers.call import Call
from service.app import create_app
from service.context import Context
from service.domain.eligibility import condition_index, condition_reader
from service.domain.eligibility.extract import extract_facts
from service.domain.eligibility.verdict import Verdict
from service.domain.pilots.profile import Profile
from service.jobs.reindex import reindex
from service.store.call_facts import conditions
from service.store.call_facts.tables import CallConditionsRow
from service.use_cases.calls import get_call
from service.use_cases.conditions import read_conditions_aside
from service.use_cases.match import match_text
from tests.service.conftest import NOW, a_call

LONG = "Projektet får pågå i högst 24 månader."
WISH = "Hjärtsvikt i hemmet"


def refuse(_: Call) -> Sequence[object]:
    pytest.fail("the call's texts are read again")


def rows(context: Context) -> dict[str, str]:
    """Return by what rules the conditions of each call were read."""
    with Session(context.calls._engine) as session:
        found = session.execute(select(CallConditionsRow.call_id, CallConditionsRow.method))
        return {id_: method for id_, method in found}  # noqa: C416  typed


def test_they_are_there_when_a_call_is_stored_and_go_with_its_changes(context: Context) -> None:
    context.calls.upsert([a_call(text=LONG)], NOW)
    assert rows(context).keys() == {a_call().id}
    reader = context.calls.condition_reader()
    assert reader.facts(a_call(text=LONG)) == extract_facts(a_call(text=LONG))
    context.calls.upsert([a_call(text="Fritt.")], NOW + timedelta(days=1))
    names = {fact.name for fact in context.calls.condition_reader().facts(a_call(text="Fritt."))}
    assert "duration" not in names


def test_page_match_and_filter_show_what_was_read_and_read_nothing(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    context.calls.upsert([a_call(text=f"Hjärtsvikt i hemmet. {LONG}")], NOW)
    reindex(context)
    for module in (condition_reader,):
        monkeypatch.setattr(module, "extract_facts", refuse)
    (one,) = match_text(context, WISH, profile=Profile(months=36)).matches
    gates = {gate.name: gate for gate in one.gates}
    assert gates["duration"].verdict is Verdict.FAIL
    stated = {row.name: row for row in get_call(context, a_call().id).conditions}
    assert stated["duration"].terms == ("max:24",)
    assert stated["duration"].quote == LONG
    client: FlaskClient = create_app(context).test_client()
    assert LONG in client.get(f"/calls/{a_call().id}").text
    answer = client.get(f"/api/v1/calls/{a_call().id}").json
    assert answer is not None
    assert "duration" in {row["name"] for row in answer["conditions"]}


def test_what_other_rules_read_is_read_anew_aside(context: Context) -> None:
    context.calls.upsert([a_call(text=LONG), a_call("vinnova:2")], NOW)
    before = rows(context)
    with Session(context.calls._engine) as session:
        session.execute(update(CallConditionsRow).values(method="old", facts="[]"))
        session.commit()
    shown = context.calls.condition_reader().facts(a_call(text=LONG))
    assert shown == extract_facts(a_call(text=LONG)), "what other rules read is not shown"
    read_conditions_aside(context).join()
    assert rows(context) == before


def test_one_that_cannot_be_read_leaves_the_others_be(
    context: Context, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    real = condition_index.write_facts

    def failing(call: Call) -> str:
        if call.id == "vinnova:bad":
            raise RuntimeError("a reader fails")
        return real(call)

    monkeypatch.setattr(conditions, "write_facts", failing)
    report = context.calls.upsert([a_call("vinnova:bad"), a_call("vinnova:good")], NOW)
    assert report.new == 2
    assert rows(context).keys() == {"vinnova:good"}
    assert "vinnova:bad" in caplog.text
