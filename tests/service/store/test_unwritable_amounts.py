"""A budget of a million digits that was stored once keeps nobody from anything."""

from __future__ import annotations

import json

from sqlalchemy import text

from service.context import Context
from service.domain.pilots.pilot import Pilot


def test_a_stored_pilot_loses_such_a_budget_alone(context: Context) -> None:
    profile = {"trl": 4, "budget": {"amount": "5", "currency": "SEK"}}
    context.pilots.add(
        Pilot.model_validate({"id": "one", "title": "One", "text": "One", "profile": profile})
    )
    with context.calls._engine.begin() as connection:
        record = json.loads(connection.execute(text("SELECT record FROM pilots")).scalar_one())
        record["profile"]["budget"]["amount"] = "1e999999"
        connection.execute(text("UPDATE pilots SET record = :r"), {"r": json.dumps(record)})
    (pilot,) = context.pilots.all()
    assert pilot.profile
    assert (pilot.profile.trl, pilot.profile.budget) == (4, None)
    assert context.pilots.get("one") == pilot
