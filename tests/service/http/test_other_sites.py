"""No page of another site sends anything here: each route is tried with each sign of another."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from service.app import create_app
from service.messages.words import words
from tests.service.http.closed_service import ClosedService, close, open_copy
from tests.service.http.test_route_rights import routes
from tests.service.web.html_outline import outline

pytestmark = pytest.mark.whole

OF_OTHERS: tuple[dict[str, str], ...] = (
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://evil.example"},
    {"Origin": "http://localhost:8001"},
    {"Origin": "null"},
)
FROM_ANYWHERE = {"web.stop", "api.report_bounce"}
SAFE = {"GET", "HEAD", "OPTIONS"}


@pytest.fixture(scope="module")
def service(sample_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClosedService]:
    data = tmp_path_factory.mktemp("sites") / "data"
    shutil.copytree(sample_data, data)
    context = open_copy(data, FUNDSCOUT_RATE="0")
    yield close(context)
    context.calls._engine.dispose()


@pytest.fixture(scope="module")
def public(service: ClosedService) -> Iterator[FlaskClient]:
    values = {"FUNDSCOUT_RATE": "0", "FUNDSCOUT_ACCESS": "public"}
    context = open_copy(service.context.settings.data, **values)
    yield create_app(context).test_client()
    context.calls._engine.dispose()


@pytest.mark.parametrize("who", ["visitor", "reader", "editor", "admin"])
@pytest.mark.parametrize("headers", OF_OTHERS)
def test_no_route_takes_what_another_sites_page_sends(
    service: ClosedService, headers: dict[str, str], who: str
) -> None:
    client = service.visitor() if who == "visitor" else service.with_role(who)
    tried = 0
    for endpoint, method, address in routes(service.app):
        if method in SAFE or endpoint in FROM_ANYWHERE:
            continue
        answer = client.open(address, method=method, headers=headers)
        assert answer.status_code == 403, (endpoint, method)
        said = answer.text if answer.is_json else outline(answer.text).text
        assert "another site's page" in said, endpoint
        tried += 1
    assert tried > 40
    assert service.visitor().get("/calls", headers=headers).status_code == 401
    assert service.with_role("reader").get("/calls", headers=headers).status_code == 200


@pytest.mark.parametrize("headers", OF_OTHERS)
@pytest.mark.parametrize("kind", ["text", "file", "only reading"])
def test_no_other_sites_page_searches_for_a_visitor(
    public: FlaskClient, headers: dict[str, str], kind: str
) -> None:
    def form() -> dict[str, object]:
        file = (io.BytesIO("Hjärtsvikt i hemmet".encode()), "pilot.txt")
        parts: dict[str, object] = {"text": "Hjärtsvikt i hemmet"} if kind == "text" else {}
        return (
            parts
            | ({"file": file} if kind != "text" else {})
            | ({"read": "1"} if kind == "only reading" else {})
        )

    refused = public.post("/?lang=sv", data=form(), headers=headers)
    assert refused.status_code == 403
    assert words("sv")("problem.stranger") in outline(refused.text).text
    assert "Hjärtsvikt" not in refused.text
    for own in ({"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}, {}):
        assert public.post("/", data=form(), headers=own).status_code in {200, 303}
    assert public.get("/", headers=headers).status_code == 200
    assert public.get("/").headers["Referrer-Policy"] == "same-origin"


def test_a_program_with_a_key_is_no_page(service: ClosedService) -> None:
    client = service.with_scope("write")
    body = {"text": "Hjärtsvikt i hemmet"}
    strange = {"Origin": "https://tool.example"}
    assert client.post("/api/v1/match", json=body, headers=strange).status_code == 200
