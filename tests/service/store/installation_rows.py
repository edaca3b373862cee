"""The rows of an installation in use, as tables of any revision take them."""

from __future__ import annotations

import json
from typing import Any

from service.domain.pilots.pilot import Pilot
from tests.service import sample_calls
from tests.service.sample_awards import an_award

THEN = "2026-02-01 04:00:00.000000"
CALLS = sample_calls.some_calls()
PILOT = Pilot(id="heart", title="Heart", text="Heart failure at home.", language="en")

Rows = dict[str, list[dict[str, Any]]]


def store_rows() -> Rows:
    """Return the rows by table. Older revisions lack some tables and columns of them.

    Values that later revisions compute, such as the facts of calls, are not among them.
    """
    return {**_call_rows(), **_pilot_rows(), **_mail_rows(), **_access_rows(), **_feed_rows()}


def _call_rows() -> Rows:
    seen = {"source": "test", "first_seen": THEN, "last_seen": THEN}
    calls = [
        {
            **seen,
            "id": call.id,
            "funder": call.id.partition(":")[0],
            "content_hash": f"{number:064}",
            "record": call.model_dump_json(),
        }
        for number, call in enumerate(CALLS)
    ]
    versions = [
        {
            "call_id": row["id"],
            "number": 1,
            "content_hash": row["content_hash"],
            "record": row["record"],
            "seen_at": THEN,
        }
        for row in calls
    ]
    paid = an_award("vinnova:a1")
    award = seen | {"id": paid.id, "content_hash": "c" * 64, "record": paid.model_dump_json()}
    link = {
        "a": "hostile:1",
        "b": "hostile:2",
        "relation": "related",
        "state": "confirmed",
        "evidence": "[]",
        "decided_by": "person",
        "decided_at": THEN,
    }
    return {"calls": calls, "call_versions": versions, "awards": [award], "call_links": [link]}


def _pilot_rows() -> Rows:
    record = PILOT.model_dump_json(exclude={"modified_at", "archived_at"})
    judgement = {
        "pilot_id": "heart",
        "call_id": "vinnova:2026-00001",
        "verdict": "relevant",
        "given_by": "Anna",
        "given_at": THEN,
    }
    run = {
        "job": "collect",
        "subject": "vinnova",
        "state": "done",
        "started_at": THEN,
        "finished_at": THEN,
        "report": json.dumps({"calls": 3}),
    }
    return {
        "pilots": [{"id": "heart", "source": "", "record": record, "created_at": THEN}],
        "runs": [run],
        "meta": [{"name": "calls_stamp", "value": "7"}, {"name": "address_salt", "value": "salt"}],
        "feedback": [judgement],
    }


def _mail_rows() -> Rows:
    recipient = {
        "id": "a" * 32,
        "pilot_id": "heart",
        "address": "anna@example.org",
        "address_key": "anna@example.org",
        "language": "sv",
        "state": "confirmed",
        "reason": "",
        "source": "",
        "soft_bounces": 0,
        "asked_at": THEN,
        "confirmed_at": THEN,
    }
    mail = {
        "id": "b" * 32,
        "recipient_id": "a" * 32,
        "kind": "digest",
        "occasion": "2026-W05",
        "state": "sent",
        "message_id": "<b@example.org>",
        "subject": "Calls",
        "message": b"Subject: Calls\r\n\r\nText",
        "keys": json.dumps(["new|vinnova:2026-00001|"]),
        "attempts": 1,
        "claimed_by": "",
        "reason": "",
        "as_of": THEN,
        "created_at": THEN,
        "next_try": THEN,
        "sent_at": THEN,
        "bounce": "",
    }
    key = "new|vinnova:2026-00001|"
    return {
        "recipients": [recipient],
        "deliveries": [mail],
        "told": [{"recipient_id": "a" * 32, "key": key, "delivery_id": "b" * 32}],
        "suppressions": [{"hash": "d" * 64, "reason": "said never", "at": THEN}],
    }


def _access_rows() -> Rows:
    key = {
        "id": "0123456789ab",
        "name": "a program",
        "scope": "read",
        "hash": "e" * 64,
        "created_at": THEN,
        "successor": "",
    }
    user = {
        "id": "f" * 32,
        "name": "Anna",
        "name_key": "anna",
        "role": "editor",
        "password_hash": "",
        "created_at": THEN,
    }
    return {"api_keys": [key], "users": [user]}


def _feed_rows() -> Rows:
    link = {
        "id": "1" * 32,
        "token_hash": "2" * 64,
        "kind": "pilot",
        "subject": "heart",
        "pilot_id": "heart",
        "language": "sv",
        "label": "for Bo",
        "created_at": THEN,
    }
    webhook = {
        "id": "3" * 32,
        "pilot_id": "heart",
        "url": "https://a.example/hook",
        "events": json.dumps(["match.new"]),
        "language": "sv",
        "secret_number": 1,
        "failures": 0,
        "created_at": THEN,
        "reason": "",
    }
    area = {
        "key": "own-wounds-123abc",
        "name": "Sårvård",
        "words": "Sår som inte läker.",
        "changed_by": "Anna",
        "created_at": THEN,
        "modified_at": THEN,
    }
    event = {"webhook_id": "3" * 32, "key": "new|vinnova:2026-00001|"}
    return {
        "feed_links": [link],
        "webhooks": [webhook],
        "webhook_events": [event],
        "focus_areas": [area],
    }
