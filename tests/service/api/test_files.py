"""Files in forms: read, matched and stored as pilots, and refused in a sentence."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import docx
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from scrapers.reading.files.file_text import FileLimits
from service.http.uploads import LARGEST_UPLOAD
from tests.scrapers.reading.files.sample_files import Line, make_pdf, protect, save, with_parts

TITLE = "Heart failure at home"
PDF = make_pdf(
    [
        Line(760, TITLE, 20),
        Line(700, "Elderly patients measure their weight and blood pressure every day."),
        Line(40, "1", 9),
    ],
    [Line(700, "Remote care of heart failure at home in two regions."), Line(40, "2", 9)],
)


def word() -> bytes:
    document = docx.Document()
    document.add_heading(TITLE, 0)
    document.add_paragraph("Remote care of heart failure at home in two regions.")
    return save(document)


def send(
    client: FlaskClient, path: str, body: bytes, name: str = "p.pdf", **parts: Any
) -> TestResponse:
    head = f'--b\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    form = head.encode() + body
    for key, value in parts.items():
        part = f'\r\n--b\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n'
        form += part.encode() + json.dumps(value).encode()
    return client.post(
        path,
        data=form + b"\r\n--b--\r\n",
        content_type="multipart/form-data; boundary=b",
        headers={"Sec-Fetch-Site": "same-origin"},
    )


def test_a_file_is_read_and_told(client: FlaskClient) -> None:
    answer = send(client, "/api/v1/files", PDF)
    read = answer.get_json()
    assert answer.status_code == 200, answer.text
    assert (read["kind"], read["title"], read["pages"], read["pages_read"]) == ("pdf", TITLE, 2, 2)
    assert read["text"].startswith(f"{TITLE}\n\nElderly patients")
    assert read["left_out"] == {"repeated_lines": 2}
    assert read["notes"] == [
        f"Read 2 of 2 pages of the PDF: {len(read['text'])} characters.",
        "2 lines of headers and footers were left out.",
    ]


def test_a_file_is_matched_like_its_text(client: FlaskClient) -> None:
    text = send(client, "/api/v1/files", PDF).get_json()["text"]
    request = {"top": 3, "filters": {"statuses": ["open"]}}
    found = send(client, "/api/v1/files/match", PDF, request=request).get_json()
    expected = client.post("/api/v1/match", json={"text": text, **request}).get_json()
    assert found["notes"][0].startswith("Read 2 of 2 pages of the PDF")
    assert found["matches"]
    assert found | {"notes": []} == expected | {"notes": []}


def test_a_pilot_is_stored_from_a_file(own_client: FlaskClient) -> None:
    answer = send(
        own_client, "/api/v1/files/pilot", word(), "plan.docx", request={"language": "en"}
    )
    assert answer.status_code == 201, answer.text
    stored = own_client.get(answer.headers["Location"]).get_json()
    assert (stored["title"], stored["language"]) == (TITLE, "en")
    assert stored["text"].endswith("Remote care of heart failure at home in two regions.")
    named = send(own_client, "/api/v1/files/pilot", word(), request={"title": "Ours", "id": "ours"})
    assert named.get_json()["title"] == "Ours"
    assert named.headers["ETag"] == own_client.get(named.headers["Location"]).headers["ETag"]
    hidden = send(
        own_client, "/api/v1/files/pilot", word(), request={"id": "hidden", "private": True}
    )
    assert hidden.get_json()["private"]


def test_a_form_that_is_sent_again_stores_one_pilot(own_client: FlaskClient) -> None:
    def send_again(body: bytes, **parts: str) -> TestResponse:
        return own_client.post(
            "/api/v1/files/pilot",
            data={"file": (BytesIO(body), "plan.pdf"), **parts},
            content_type="multipart/form-data",
            headers={"Idempotency-Key": "a"},
        )

    first, second = send_again(PDF), send_again(PDF)
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.headers["Idempotency-Replayed"] == "true"
    assert second.get_json() == first.get_json()
    assert second.headers["Location"] == first.headers["Location"]
    assert send_again(word()).status_code == 422
    assert send_again(PDF, request='{"title": "Another"}').status_code == 422


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (protect(PDF, "secret"), "protected by a password"),
        (make_pdf([], picture=True), "text recognition"),
        (b"", "empty"),
        (with_parts(word(), {"word/media/a.xml": b" " * 2**25}), "unpacks to far more"),
        (PDF[:300], "damaged"),
        (b"a" * (FileLimits().body + 1), "larger than 10 MB"),
    ],
    ids="password scanned empty bomb cut large".split(),
)
@pytest.mark.parametrize("path", ["/api/v1/files", "/api/v1/files/match", "/api/v1/files/pilot"])
def test_what_cannot_be_read_is_told_in_a_sentence(
    client: FlaskClient, path: str, body: bytes, sentence: str
) -> None:
    answer = send(client, path, body)
    assert answer.status_code == 422, answer.text
    assert sentence in answer.get_json()["detail"]


def test_five_hundred_pages_and_macros_are_told(client: FlaskClient) -> None:
    pages = [[Line(700, f"Heart failure at home, part {n}."), Line(60, "x")] for n in range(500)]
    answer = send(client, "/api/v1/files/match", make_pdf(*pages))
    assert answer.status_code == 200, answer.text
    notes = answer.get_json()["notes"]
    assert notes[0].startswith("Read 100 of 500 pages")
    assert notes[1].startswith("400 pages were not read")
    macros = with_parts(word(), {"word/vbaProject.bin": b"\xd0\xcf AutoOpen"})
    notes = send(client, "/api/v1/files/match", macros).get_json()["notes"]
    assert "The file has macros. They were neither run nor read." in notes


@pytest.mark.parametrize(
    ("parts", "status", "field"),
    [
        ({"request": {"top": 0}}, 422, "top"),
        ({"request": {"text": "too"}}, 422, "request.text"),
        ({"request": [1]}, 422, "request"),
        ({"request": {"nobody": 1}}, 422, "nobody"),
        ({"top": 3}, 422, "top"),
    ],
)
def test_wrong_parts_are_named(
    client: FlaskClient, parts: dict[str, Any], status: int, field: str
) -> None:
    answer = send(client, "/api/v1/files/match", PDF, **parts)
    assert answer.status_code == status
    assert [error["field"] for error in answer.get_json()["errors"]] == [field]


def test_a_form_without_a_file_and_json_that_is_none_are_refused(client: FlaskClient) -> None:
    data: dict[str, Any] = {"request": "{}"}
    answer = client.post("/api/v1/files/match", data=data, content_type="multipart/form-data")
    assert (answer.status_code, answer.get_json()["errors"][0]["field"]) == (422, "file")
    data = {"file": (BytesIO(PDF), "p.pdf"), "request": "{"}
    answer = client.post("/api/v1/files/match", data=data, content_type="multipart/form-data")
    assert answer.status_code == 400
    assert client.post("/api/v1/files", json={"text": "x"}).status_code == 415


def test_a_strangers_page_cannot_send_a_file(own_client: FlaskClient) -> None:
    for path in ("/api/v1/files/pilot", "/api/v1/files/match", "/api/v1/files"):
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
            data = {"file": (BytesIO(PDF), "p.pdf")}
            answer = own_client.post(
                path, data=data, content_type="multipart/form-data", headers=headers
            )
            assert answer.status_code == 403


def test_only_forms_with_files_may_be_large(client: FlaskClient) -> None:
    large = b"a" * (LARGEST_UPLOAD + 1)
    assert send(client, "/api/v1/files/match", large).status_code == 413
    body = b'{"text": "' + b"a" * 1024 * 1024 + b'"}'
    answer = client.post("/api/v1/match", data=body, content_type="application/json")
    assert answer.status_code == 413
    answer = client.post(
        "/api/v1/pilots/heart/feedback",
        data=b"a" * 2**21,
        content_type="multipart/form-data; boundary=b",
    )
    assert answer.status_code in {413, 415}


def test_the_documentation_has_the_forms(client: FlaskClient) -> None:
    paths = client.get("/openapi.json").get_json()["paths"]
    for path, others in (("/match", ["request"]), ("/pilot", ["request"]), ("", [])):
        form = paths[f"/api/v1/files{path}"]["post"]["requestBody"]["content"][
            "multipart/form-data"
        ]
        assert list(form["schema"]["properties"]) == ["file", *others]
        assert form["schema"]["required"] == ["file"]


@pytest.mark.parametrize("path", ["/api/v1/files", "/api/v1/files/match", "/api/v1/files/pilot"])
def test_a_part_without_a_name_is_refused(own_client: FlaskClient, path: str) -> None:
    named = 'name="file"; filename="a.txt"\r\n\r\nHeart failure at home'
    parts = "".join(
        f"--b\r\nContent-Disposition: form-data; {part}\r\n" for part in ("\r\n\r\nx", named)
    )
    form = {"content_type": "multipart/form-data; boundary=b"}
    answer = own_client.post(
        path, data=f"{parts}--b--\r\n".replace("data; \r\n", "data\r\n"), **form
    )
    assert answer.status_code == 422
    assert "no such part" in answer.get_json()["errors"][0]["message"]
