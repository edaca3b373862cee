"""A file on the search page: read, told and shown for editing, without script."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient

from service.messages.words import words
from tests.service.api.test_files import PDF, TITLE
from tests.service.web.html_outline import Outline, outline


def send(client: FlaskClient, body: bytes | None, **fields: str) -> tuple[int, Outline]:
    data: dict[str, Any] = {"text": "", **fields}
    if body is not None:
        data["file"] = (BytesIO(body), "plan.pdf")
    answer = client.post("/", data=data, content_type="multipart/form-data", follow_redirects=True)
    return answer.status_code, outline(answer.text)


def test_the_form_takes_a_file(own_client: FlaskClient) -> None:
    page = outline(own_client.get("/").text)
    (field,) = [one for one in page.all("input") if one.get("type") == "file"]
    assert field["name"] == "file"
    assert words("en")("file.help") in page.text


@pytest.mark.parametrize("language", ["en", "sv"])
def test_reading_shows_the_text_and_what_was_read(own_client: FlaskClient, language: str) -> None:
    status, page = send(own_client, PDF, read="file", ui=language)
    assert status == 200
    t = words(language)
    assert t("file.left.repeated_lines", count=2) in page.text
    assert t("file.read.look") in page.text
    assert f"{TITLE} Elderly patients measure" in page.text
    assert not page.all("article")


def test_finding_with_a_file_tells_it_and_shows_matches(own_client: FlaskClient) -> None:
    status, page = send(own_client, PDF, text="an earlier text")
    assert status == 200
    assert "Read 2 of 2 pages of the PDF" in page.text
    assert "an earlier text" not in page.text
    assert page.all("article")


def test_the_text_of_a_file_can_be_changed_and_matched(own_client: FlaskClient) -> None:
    status, page = send(own_client, None, text=f"{TITLE}\n\nIn two regions.")
    assert status == 200
    assert page.all("article")


def test_a_file_that_cannot_be_read_leaves_the_text(own_client: FlaskClient) -> None:
    status, page = send(own_client, b"%PDF-1.4 cut", text="my own text")
    assert status == 422
    assert "damaged" in page.text
    assert "my own text" in page.text
    status, page = send(own_client, None, read="file", text="my own text")
    assert status == 422
    assert words("en")("file.none") in page.text
