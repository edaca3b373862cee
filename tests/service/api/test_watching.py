"""/metrics and the access log: every request is counted and logged, and nothing that is private."""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from service import telemetry
from service.app import create_app
from service.context import Context
from service.safe_traceback import print_unexpected
from tests.service import sample_calls
from tests.service.api.test_readiness import collected

SECRET = "Hemlig pilot om hjärtsvikt för anna@example.org"  # noqa: S105  a text that must not leak
LINE = {"at", "id", "method", "route", "status", "ms", "bytes"}


def figures(client: FlaskClient) -> dict[str, float]:
    """Return every figure by its name with labels."""
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=")
    rows = (line.rpartition(" ") for line in answer.text.splitlines() if line[0] != "#")
    return {name: float(value) for name, _, value in rows}


def test_requests_are_counted_by_route_and_status(own_client: FlaskClient) -> None:
    for _ in range(2):
        own_client.get("/calls/hostile:1")
    own_client.get("/calls/no:such")
    own_client.get(f"/nowhere/{SECRET}")
    own_client.open("/calls", method="BREW")
    now = figures(own_client)

    def count(route: str, status: int, method: str = "GET") -> float:
        labels = f'method="{method}",route="{route}",status="{status}"'
        assert now[f"fundscout_request_seconds_count{{{labels}}}"] > 0
        return now[f"fundscout_requests_total{{{labels}}}"]

    assert count("/calls/<path:call_id>", 200) == 2
    assert count("/calls/<path:call_id>", 404) == 1
    assert count("none", 404) == 1
    assert count("none", 405, "OTHER") == 1


def test_store_index_sources_and_mails_are_figures(
    own_client: FlaskClient, own_context: Context
) -> None:
    collected(own_context, "vinnova")
    collected(own_context, "formas", good=False)
    own_client.post("/api/v1/match", json={"text": "heart failure", "top": 3})
    now = figures(own_client)
    assert now["fundscout_store_up"] == 1
    assert now['fundscout_calls{source="test"}'] == 6
    assert now["fundscout_index_calls"] == 6
    assert now["fundscout_index_age_seconds"] >= 0
    assert now['fundscout_source_age_seconds{source="vinnova"}'] == pytest.approx(86400, abs=60)
    assert now['fundscout_source_gap{source="formas"}'] == 1
    assert now['fundscout_source_gap{source="vinnova"}'] == 0
    assert now['fundscout_job_age_seconds{job="reindex"}'] >= 0
    assert now["fundscout_searches_total"] == 1
    assert now["fundscout_matches_total"] == 3


def test_figures_hold_no_text_and_no_address(own_client: FlaskClient) -> None:
    ask_secretly(own_client)
    text = own_client.get("/metrics").text
    assert not any(word in text for word in ("Hemlig", "hjärtsvikt", "anna", "example.org"))


def ask_secretly(client: FlaskClient) -> None:
    """Send a text and an address in every way there is."""
    client.post("/api/v1/match", json={"text": SECRET})
    client.post("/", data={"text": SECRET, "find": "1"})
    client.get("/actors", query_string={"q": SECRET})
    client.get("/calls", query_string={"q": SECRET})
    client.get(f"/{SECRET}")
    client.get(f"/calls/{SECRET}")
    client.get(f"/u/{SECRET}")
    client.post("/api/v1/pilots", json={"id": "hemlig-1", "title": SECRET, "text": SECRET})
    client.post("/api/v1/pilots/heart/recipients", json={"email": "anna@example.org"})
    client.post(
        "/api/v1/pilots/heart/feedback",
        json={"call": "hostile:1", "verdict": "relevant", "by": SECRET},
    )
    client.get("/calls", headers={"User-Agent": SECRET, "Referer": SECRET, "X-Request-ID": SECRET})


def lines_of(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_request_is_a_line_without_text_or_address(
    own_context: Context, capsys: pytest.CaptureFixture[str]
) -> None:
    data = own_context.settings.data
    with_log = sample_calls.open_context(data, FUNDSCOUT_ACCESS_LOG="on")
    client = create_app(with_log).test_client()
    answer = client.get("/calls/hostile:1?lang=sv")
    (line,) = lines_of(capsys)
    assert set(line) == LINE
    assert (line["method"], line["route"]) == ("GET", "/calls/<path:call_id>")
    assert (line["status"], line["bytes"]) == (200, len(answer.data))
    assert line["ms"] > 0
    assert line["id"] == answer.headers["X-Request-ID"]
    ask_secretly(client)
    printed = json.dumps(lines_of(capsys), ensure_ascii=False)
    assert printed.count('"route"') == 11
    assert not any(word in printed for word in ("Hemlig", "hjärtsvikt", "anna", "example.org"))
    with_log.calls._engine.dispose()


def test_it_is_off_by_default(client: FlaskClient, capsys: pytest.CaptureFixture[str]) -> None:
    client.get("/calls")
    assert capsys.readouterr().out == ""


def test_an_id_of_a_proxy_is_kept_and_a_text_is_not(client: FlaskClient) -> None:
    given = "4bf92f3577b34da6a3ce929d0e0e4736"
    kept = client.get("/calls", headers={"X-Request-ID": given})
    assert kept.headers["X-Request-ID"] == given
    other = client.get("/calls", headers={"X-Request-ID": SECRET})
    assert re.fullmatch(r"[0-9a-f]{32}", other.headers["X-Request-ID"])


def write_text(secret: str) -> None:
    inner = secret
    raise ValueError(f"cannot read {inner}")


def write_key(secret: str) -> None:
    raise KeyError(secret)


def write_bytes(secret: str) -> None:
    secret.encode("ascii")


def write_row(secret: str) -> None:
    statement = "INSERT INTO pilots VALUES (?)"
    raise OperationalError(statement, {"text": secret}, ValueError(secret))


def write_after(secret: str) -> None:
    try:
        write_key(secret)
    except KeyError as error:
        raise RuntimeError(secret) from error


FAULTS = [write_text, write_key, write_bytes, write_row, write_after]


@pytest.mark.parametrize("form", ["plain", "json"])
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_an_error_is_logged_without_what_a_person_wrote(
    own_context: Context,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    fault: Callable[[str], None],
    form: str,
) -> None:
    telemetry.configure(form)
    monkeypatch.setattr(own_context.calls, "is_empty", lambda: fault(SECRET))
    client = create_app(own_context).test_client()
    logging.getLogger("service").propagate = True
    answer = client.post("/api/v1/match", json={"text": SECRET})
    assert answer.status_code in {500, 503}
    assert "Traceback" not in answer.text
    printed = capsys.readouterr().err
    assert "POST /api/v1/match" in printed
    assert "Traceback" in printed
    assert fault.__name__ in printed
    assert not any(word in printed for word in ("Hemlig", "hjärtsvikt", "hj\\xe4rt", "anna@"))


def test_a_database_error_never_shows_what_was_to_be_written(own_context: Context) -> None:
    engine = own_context.calls._engine
    with pytest.raises(OperationalError) as caught, engine.connect() as connection:
        connection.exec_driver_sql("INSERT INTO nowhere VALUES (?)", (SECRET,))
    assert "Hemlig" not in str(caught.value)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_command_that_breaks_off_prints_no_text(
    fault: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        fault(SECRET)
    except Exception:  # noqa: BLE001  whatever it raises
        print_unexpected(*sys.exc_info())  # type: ignore[arg-type]  # there is one
    printed = capsys.readouterr().err
    assert fault.__name__ in printed
    assert not any(word in printed for word in ("Hemlig", "hjärtsvikt", "hj\\xe4rt", "anna@"))
