"""Feeds by their links: one token opens one feed, until it is revoked, and leaves no trace."""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import text

from scrapers.call import Call
from service.app import create_app
from service.context import Context
from service.domain.matching.feedback import Opinion
from service.domain.matching.filters import Filters
from service.domain.notifications.feed_link import FeedKind, FeedSubject, SavedSearch
from service.jobs.reindex import reindex
from service.use_cases.feedback import judge_call
from service.use_cases.feeds.links import make_feed_link, revoke_feed_link
from tests.service.feeds.atom_rules import ATOM, check
from tests.service.sample_calls import FIRST, NOW, dated, delist, some_calls

HOME = "vinnova:2026-00001"
SUBJECTS = (
    FeedSubject(FeedKind.PILOT, "heart"),
    FeedSubject(FeedKind.DEADLINES, "heart"),
    FeedSubject(FeedKind.FUNDER, "vinnova"),
    FeedSubject(FeedKind.AREA, "home_care"),
    FeedSubject(FeedKind.SEARCH, SavedSearch(words="hjärtsvikt").key),
    FeedSubject(FeedKind.SEARCH, SavedSearch(subject="heart failure at home").key),
)


def address(context: Context, subject: FeedSubject, language: str = "sv") -> str:
    """Return the path of a feed with a token of its own."""
    whole = make_feed_link(context, subject, language).address
    return whole.removeprefix(context.settings.mail.public_url)


def titles(client: FlaskClient, path: str) -> list[str]:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    feed = check(answer.data)
    return [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]


def with_deadline(call_id: str, month: int) -> list[Call]:
    return [
        call.model_copy(update={"deadlines": (dated(30, month),)}) if call.id == call_id else call
        for call in some_calls()
    ]


def test_each_kind_of_feed_is_valid_and_opens(
    own_context: Context, own_client: FlaskClient
) -> None:
    own_context.settings = replace(own_context.settings, digest_min_score=0.0)
    for subject in SUBJECTS:
        answer = own_client.get(address(own_context, subject))
        assert answer.status_code == 200, answer.text
        if subject.kind is FeedKind.DEADLINES:
            assert answer.content_type == "text/calendar; charset=utf-8; method=PUBLISH"
            assert Calendar.from_ical(answer.data).walk("VEVENT")
            continue
        assert answer.content_type == "application/atom+xml; charset=utf-8"
        feed = check(answer.data)
        assert feed.findall(f"{ATOM}entry"), subject
        link = feed.find(f"{ATOM}link[@rel='self']").get("href")
        assert own_client.get(link.removeprefix("http://127.0.0.1:8000")).data == answer.data


def test_a_pilot_is_told_what_is_new_changed_and_closing(
    own_context: Context, own_client: FlaskClient
) -> None:
    path = address(own_context, SUBJECTS[0])
    before = titles(own_client, path)
    assert "Ny: Hjärtsvikt i hemmet" in before
    assert "Stänger inom två veckor: Hjärtsvikt i hemmet" in before
    assert not any(one.startswith("Ändrad") for one in before)
    own_context.calls.upsert(with_deadline(HOME, 5), NOW)
    reindex(own_context)
    after = titles(own_client, path)
    assert after[0] == "Ändrad: Hjärtsvikt i hemmet"
    assert set(before) < set(after), "what was told stays"


def test_looking_tells_nobody_anything(own_context: Context, own_client: FlaskClient) -> None:
    path = address(own_context, SUBJECTS[0])
    digest = "/api/v1/pilots/heart/digest"
    before = own_client.get(digest).get_json()
    first, second = own_client.get(path), own_client.get(path)
    assert first.data == second.data
    assert own_client.get(digest).get_json() == before
    with own_context.calls._engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM told")).scalar() == 0


def test_what_is_dismissed_or_applied_for_is_as_in_mails(
    own_context: Context, own_client: FlaskClient
) -> None:
    path = address(own_context, SUBJECTS[0])
    judge_call(own_context, "heart", HOME, Opinion.NOT_RELEVANT, "Anna")
    assert not any("Hjärtsvikt i hemmet" in one for one in titles(own_client, path))
    judge_call(own_context, "heart", HOME, Opinion.APPLIED, "Anna", at=NOW - timedelta(days=1))
    assert not any("Hjärtsvikt i hemmet" in one for one in titles(own_client, path))
    own_context.calls.upsert(with_deadline(HOME, 5), NOW)
    reindex(own_context)
    assert "Ändrad: Hjärtsvikt i hemmet" in titles(own_client, path)


def test_a_funder_and_a_search_have_their_own_calls(
    own_context: Context, own_client: FlaskClient
) -> None:
    funder = titles(own_client, address(own_context, SUBJECTS[2]))
    assert set(funder) == {
        "Ny: Hjärtsvikt i hemmet",
        "Stänger inom två veckor: Hjärtsvikt i hemmet",
        "Ny: Resebidrag för forskare",
    }
    search = SavedSearch(words="hjärtsvikt", filters=Filters(funders=("vinnova",), statuses=()))
    found = titles(own_client, address(own_context, FeedSubject(FeedKind.SEARCH, search.key)))
    assert {one.partition(": ")[2] for one in found} == {
        "Hjärtsvikt i hemmet",
        "Hjärtsvikt: förra årets utlysning",
    }


def test_a_deadline_that_moves_keeps_its_event_and_a_withdrawn_call_is_cancelled(
    own_context: Context, own_client: FlaskClient
) -> None:
    path = address(own_context, SUBJECTS[1])

    def event() -> Any:
        read: Any = Calendar.from_ical(own_client.get(path).data)
        events = read.walk("VEVENT")
        return next(one for one in events if "Hjärtsvikt i hemmet" in one["SUMMARY"])

    first = event()
    assert first.start == datetime(2026, 3, 14, 13, tzinfo=UTC)
    own_context.calls.upsert(with_deadline(HOME, 5), NOW - timedelta(hours=2))
    reindex(own_context)
    moved = event()
    assert moved["UID"] == first["UID"]
    assert moved.start == datetime(2026, 5, 30, 13, tzinfo=UTC)
    assert moved["SEQUENCE"] > first["SEQUENCE"]
    delist(own_context, HOME, NOW - timedelta(hours=1))
    gone = event()
    assert (gone["UID"], gone["STATUS"]) == (first["UID"], "CANCELLED")
    assert gone["SEQUENCE"] > moved["SEQUENCE"]


def test_stages_of_a_call_have_an_event_each(own_context: Context, own_client: FlaskClient) -> None:
    subject = FeedSubject(FeedKind.DEADLINES, "hostile")
    read: Any = Calendar.from_ical(own_client.get(address(own_context, subject)).data)
    events = read.walk("VEVENT")
    stages = [one.start for one in events if "HEART/2026/01" in one["URL"]]
    assert stages == [datetime(2026, 4, 14, 15, tzinfo=UTC), datetime(2026, 9, 22, 15, tzinfo=UTC)]


def test_an_unchanged_feed_is_not_sent_again(own_context: Context, own_client: FlaskClient) -> None:
    for subject in SUBJECTS[:3]:
        path = address(own_context, subject)
        first = own_client.get(path)
        assert first.headers["Cache-Control"] == "private, no-cache"
        mark = first.headers["ETag"]
        again = own_client.get(path, headers={"If-None-Match": mark})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == mark
        other = own_client.get(path, headers={"If-None-Match": '"another"'})
        assert other.status_code == 200
        assert own_client.head(path).headers["ETag"] == mark
    own_context.calls.upsert(with_deadline(HOME, 5), NOW)
    reindex(own_context)
    assert own_client.get(path, headers={"If-None-Match": mark}).status_code == 200


def test_a_token_opens_one_feed_alone(own_context: Context, own_client: FlaskClient) -> None:
    paths = [address(own_context, subject) for subject in SUBJECTS]
    tokens = [path.rpartition("token=")[2] for path in paths]
    assert len(set(tokens)) == len(tokens)
    for number, path in enumerate(paths):
        bare = path.rpartition("token=")[0]
        for other, token in enumerate(tokens):
            status = own_client.get(f"{bare}token={token}").status_code
            assert status == (200 if other == number else 403), (path, other)
    hostile = paths[0].replace("/heart.", "/hostile.")
    assert own_client.get(hostile).status_code == 403
    wider = paths[4].replace("q=", "level=national&q=")
    assert own_client.get(wider).status_code == 403


@pytest.mark.parametrize("token", ["", "feed_x", "x" * 5000, "feed_å", "'", "feed_%00", "%ff"])
def test_a_wrong_token_opens_nothing(client: FlaskClient, token: str) -> None:
    answer = client.get(f"/feeds/pilots/heart.atom?token={token}")
    assert answer.status_code == 403
    assert answer.content_type == "application/problem+json"
    assert "link of its own" in answer.get_json()["detail"]
    assert client.get("/feeds/pilots/heart.atom").status_code == 403
    nobody = client.get(f"/feeds/pilots/nobody.atom?token={token}")
    told, of_nobody = answer.get_json(), nobody.get_json()
    del told["request_id"], of_nobody["request_id"]
    assert of_nobody == told, "nobody learns which pilots there are"


def test_a_revoked_link_opens_nothing_and_others_still_do(
    own_context: Context, own_client: FlaskClient
) -> None:
    one, other = (make_feed_link(own_context, SUBJECTS[2], "sv") for _ in range(2))
    root = own_context.settings.mail.public_url
    first, second = (made.address.removeprefix(root) for made in (one, other))
    mark = own_client.get(first).headers["ETag"]
    revoke_feed_link(own_context, one.feed.id)
    revoke_feed_link(own_context, one.feed.id)
    answer = own_client.get(first, headers={"If-None-Match": mark})
    assert answer.status_code == 403
    assert answer.get_json()["detail"] == "The link has been revoked: make a new one."
    assert own_client.get(second).status_code == 200


def test_of_a_token_only_the_hash_is_kept(own_context: Context) -> None:
    made = make_feed_link(own_context, SUBJECTS[0], "sv", "=Laget")
    assert len(made.token) >= 43
    with own_context.calls._engine.connect() as connection:
        row = connection.execute(text("SELECT * FROM feed_links")).one()
    assert row.token_hash == hashlib.sha256(made.token.encode()).hexdigest()
    assert made.token not in str(row)


def test_links_go_with_their_pilot(own_context: Context, own_client: FlaskClient) -> None:
    path = address(own_context, SUBJECTS[0])
    with own_context.calls._engine.begin() as connection:
        connection.execute(text("DELETE FROM pilots WHERE id = 'heart'"))
    assert own_client.get(path).status_code == 403


def test_a_token_reaches_no_log_and_no_page(
    own_context: Context, caplog: pytest.LogCaptureFixture
) -> None:
    path = address(own_context, SUBJECTS[0])
    token = path.rpartition("token=")[2]
    app = create_app(own_context)
    app.logger.setLevel(logging.DEBUG)
    with caplog.at_level(logging.DEBUG):
        good = app.test_client().get(path)
        shutil.rmtree(own_context.snapshots)
        own_context.feed_cache._made.clear()
        own_context._searcher = None
        failed = app.test_client().get(path)
    assert good.headers["Referrer-Policy"] == "no-referrer"
    assert failed.status_code == 503
    assert token not in caplog.text
    assert token not in failed.text


def test_the_day_of_the_last_use_is_kept(own_context: Context, own_client: FlaskClient) -> None:
    path = address(own_context, SUBJECTS[2])
    own_client.get(path)
    (card,) = own_client.get("/api/v1/feeds").get_json()["feeds"]
    assert card["used_on"] == f"{datetime.now(UTC):%Y-%m-%d}"
    assert "token" not in card["address"]


def test_the_api_makes_lists_and_revokes_links(own_client: FlaskClient) -> None:
    search = {"filters": {"funders": ["vinnova"]}, "words": "vård"}
    body = {"kind": "search", "search": search, "language": "sv", "label": "Laget"}
    made = own_client.post("/api/v1/feeds", json=body)
    assert made.status_code == 201
    assert made.get_json()["feed"]["subject"] == "funder=vinnova&q=v%C3%A5rd"
    path = made.get_json()["address"].partition(":8000")[2]
    assert own_client.get(path).status_code == 200
    id_ = made.get_json()["feed"]["id"]
    assert own_client.delete(f"/api/v1/feeds/{id_}").get_json()["feeds"][0]["revoked_at"]
    assert own_client.get(path).status_code == 403
    assert own_client.delete("/api/v1/feeds/none").status_code == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"kind": "pilot", "subject": "none"}, 404),
        ({"kind": "funder", "subject": "none"}, 404),
        ({"kind": "area", "subject": "none"}, 404),
        ({"kind": "search"}, 422),
        ({"kind": "search", "subject": "x", "search": {}}, 422),
        ({"kind": "pilot"}, 422),
        ({"kind": "pilot", "subject": "heart", "search": {}}, 422),
        ({"kind": "rss", "subject": "heart"}, 422),
        ({"kind": "pilot", "subject": "heart", "language": "de"}, 422),
    ],
)
def test_what_no_feed_can_be_of_is_refused(
    client: FlaskClient, body: dict[str, Any], status: int
) -> None:
    assert (
        client.post(
            "/api/v1/feeds", data=json.dumps(body), content_type="application/json"
        ).status_code
        == status
    )


def test_a_page_makes_a_link_shows_it_once_and_revokes_it(own_client: FlaskClient) -> None:
    pilot = own_client.get("/pilots/heart?lang=sv").text.replace("&amp;", "&")
    assert 'href="/feed-links?lang=sv&kind=pilot&subject_of=heart"' in pilot
    page = own_client.get("/feed-links?kind=pilot&subject_of=heart&lang=sv")
    assert "Skapa en länk" in page.text
    made = own_client.post(
        "/feed-links?kind=pilot&subject_of=heart&lang=sv", data={"language": "sv", "label": "<b>"}
    )
    assert made.status_code == 200
    assert made.headers["Cache-Control"] == "no-store"
    token = made.text.partition("token=")[2].partition('"')[0]
    assert own_client.get(f"/feeds/pilots/heart.atom?token={token}").status_code == 200
    later = own_client.get("/feed-links")
    assert token not in later.text
    assert "<b>" not in later.text
    (card,) = own_client.get("/api/v1/feeds").get_json()["feeds"]
    assert own_client.post(f"/feed-links/{card['id']}/revoke").status_code == 303
    assert own_client.get(f"/feeds/pilots/heart.atom?token={token}").status_code == 403


def test_another_sites_page_makes_no_link(own_client: FlaskClient) -> None:
    stranger = {"Sec-Fetch-Site": "cross-site"}
    path = "/feed-links?kind=pilot&subject_of=heart"
    assert own_client.post(path, headers=stranger).status_code == 403
    assert own_client.post("/feed-links/x/revoke", headers=stranger).status_code == 403
    assert own_client.post("/feed-links").status_code == 404
    assert own_client.get("/feed-links?kind=pilot&subject_of=none").status_code == 404
    assert own_client.get("/feed-links?kind=search&status=ajar").status_code == 422


def test_a_hostile_pilot_and_funder_have_a_safe_feed(
    own_context: Context, own_client: FlaskClient
) -> None:
    for kind in (FeedKind.PILOT, FeedKind.DEADLINES):
        answer = own_client.get(address(own_context, FeedSubject(kind, "hostile"), "en"))
        assert (b"<script" in answer.data) == (kind is FeedKind.DEADLINES), "plain text there"
        assert "\u202e" not in answer.text
    check(own_client.get(address(own_context, FeedSubject(FeedKind.FUNDER, "hostile"))).data)


def test_a_call_that_is_listed_no_more_is_in_no_feed(
    own_context: Context, own_client: FlaskClient
) -> None:
    path = address(own_context, SUBJECTS[2])
    delist(own_context, HOME, FIRST + timedelta(days=20))
    assert titles(own_client, path) == ["Ny: Resebidrag för forskare"]
