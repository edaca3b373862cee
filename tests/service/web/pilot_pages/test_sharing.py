"""A pilot's matches by a link: read only, hashed, revocable, and nothing of people in it."""

from __future__ import annotations

import re
import shutil

import pytest
from flask.testing import FlaskClient

from service.context import Context
from service.domain.notifications.feed_link import hash_token
from service.messages.words import words
from service.use_cases.access.pilot_rights import set_private
from tests.service.http.closed_service import close
from tests.service.web.html_outline import outline

pytestmark = pytest.mark.whole

OWN = {"Sec-Fetch-Site": "same-origin"}
SHARE = "/pilots/heart/share"


def make(client: FlaskClient, label: str = "styrgruppen") -> str:
    """Make a link; return its address without the host."""
    answer = client.post(SHARE, data={"label": label, "language": "sv"}, headers=OWN)
    assert answer.status_code == 200
    (address,) = (i["value"] for i in outline(answer.text).all("input") if i.get("readonly") == "")
    return re.sub(r"^https?://[^/]+", "", address)


def test_a_link_shows_the_matches_without_signing_in_and_nothing_else(own_context: Context) -> None:
    service = close(own_context)
    editor = service.with_role("editor")
    editor.post(
        "/pilots/heart/feedback", data={"judge": "relevant vinnova:2026-00001"}, headers=OWN
    )
    address = make(editor)
    assert address.startswith("/shared/pilots/heart?token=feed_")
    answer = service.visitor().get(address)
    page = outline(answer.text)
    assert answer.status_code == 200
    assert page.all("html")[0]["lang"] == "sv"
    assert len(page.all("h1")) == 1
    assert "Hjärtsvikt i hemmet" in page.text
    assert not [f for f in page.all("form") if f["method"] == "post"]
    assert "editor@example.org" not in answer.text
    links = [a["href"] for a in page.all("a")]
    assert not [one for one in links if one.startswith(("/pilots", "/calls"))]
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    token = address.partition("token=")[2]
    assert service.visitor().get("/pilots/heart").status_code == 401
    assert service.visitor().get(f"/pilots/heart?token={token}").status_code == 401
    assert service.visitor().get(f"/shared/pilots/hostile?token={token}").status_code == 404
    assert service.visitor().get(f"/feeds/pilots/heart.atom?token={token}").status_code == 403


def test_only_the_hash_is_kept_and_the_link_is_shown_once(
    own_client: FlaskClient, own_context: Context
) -> None:
    token = make(own_client).partition("token=")[2]
    (link,) = own_context.feed_links.all()
    assert own_context.feed_links.find(token) == link
    raw = (own_context.settings.data / "fundscout.sqlite").read_bytes()
    wal = own_context.settings.data / "fundscout.sqlite-wal"
    raw += wal.read_bytes() if wal.exists() else b""
    assert token.encode() not in raw
    assert hash_token(token).encode() in raw
    assert token not in own_client.get(SHARE).text
    assert "styrgruppen" in own_client.get(SHARE).text


def test_a_revoked_link_says_so(own_client: FlaskClient, own_context: Context) -> None:
    address = make(own_client)
    other = make(own_client, "någon annan")
    (first, _) = sorted(own_context.feed_links.all(), key=lambda one: one.created_at)
    revoke = f"{SHARE}/{first.id}/revoke"
    assert own_client.post(revoke, headers=OWN).status_code == 303
    answer = own_client.get(f"{address}&lang=sv")
    assert answer.status_code == 410
    assert words("sv")("problem.shared.revoked") in outline(answer.text).text
    assert "Hjärtsvikt" not in answer.text
    assert own_client.get(other).status_code == 200
    assert words("sv")("feeds.revoked") in outline(own_client.get(f"{SHARE}?lang=sv").text).text


@pytest.mark.parametrize("token", ["", "feed_x", "feed_" + "A" * 43, "\ud800", "x" * 5000])
def test_no_other_token_opens_it(own_client: FlaskClient, token: str) -> None:
    make(own_client)
    answer = own_client.get(
        "/shared/pilots/heart", query_string={"token": token.encode("utf-8", "replace")}
    )
    assert answer.status_code == 404
    assert "Hjärtsvikt" not in answer.text


def test_hiding_the_pilot_closes_its_links_and_archiving_says_so(
    own_client: FlaskClient, own_context: Context
) -> None:
    address = make(own_client)
    own_client.post("/pilots/heart/archive", data={"archived": "true"}, headers=OWN)
    gone = own_client.get(f"{address}&lang=sv")
    assert gone.status_code == 410
    assert words("sv")("problem.shared.archived") in outline(gone.text).text
    own_client.post("/pilots/heart/archive", data={"archived": "false"}, headers=OWN)
    assert own_client.get(address).status_code == 200
    set_private(own_context, "heart", private=True)
    assert own_client.get(address).status_code == 410


def test_without_an_index_the_page_says_what_is_missing(
    own_client: FlaskClient, own_context: Context
) -> None:
    address = make(own_client)
    shutil.rmtree(own_context.snapshots)
    answer = own_client.get(address)
    assert answer.status_code == 503
    assert outline(answer.text).all("h1")
