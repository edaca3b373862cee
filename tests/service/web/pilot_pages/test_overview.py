"""What needs attention, what is new to whom, deadlines, and mail that nothing can send."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from scrapers.call import Call, Level
from service.context import Context
from service.domain.access.principal import as_principal
from service.domain.notifications.address import Address
from service.domain.notifications.recipient import (
    BounceKind,
    ComposedMail,
    MailKind,
    Recipient,
)
from service.jobs.reindex import reindex
from service.messages.words import words
from service.store.access.pilot_visits import VISIT_LASTS
from service.use_cases.overview.attention import find_attention
from service.use_cases.overview.visits import last_looks, note_visit
from tests.service import sample_calls
from tests.service.http.closed_service import close
from tests.service.web.html_outline import outline

pytestmark = pytest.mark.whole

OWN = {"Sec-Fetch-Site": "same-origin"}
HEMMA = "vinnova:2026-00001"


def add_call(context: Context, id_: str = "vinnova:2026-00077") -> None:
    """Store a call that fits the pilot and is collected now, and index it."""
    late = Call(
        id=id_,
        funder="Vinnova",
        level=Level.NATIONAL,
        titles={"sv": "Hjärtsvikt hemma: nytt"},
        texts={"sv": sample_calls.HEMMA_TEXT},
        deadlines=(sample_calls.dated(30, 4),),
        provenance=sample_calls.SOURCE,
    )
    context.calls.upsert([late], datetime.now(UTC))
    reindex(context)


def mail_to(context: Context, recipient: Recipient, week: str, at: datetime) -> str:
    """Store a mail that was sent to a recipient."""
    id_ = f"{recipient.id[:20]}{week[-2:]}"
    mail = ComposedMail(
        id=id_,
        recipient_id=recipient.id,
        kind=MailKind.DIGEST,
        occasion=week,
        message_id=f"<{id_}@example.org>",
        subject="Calls",
        message=b"x",
        as_of=at,
    )
    context.deliveries.add(mail, at)
    assert context.deliveries.claim(id_, "test", at) is not None
    assert context.deliveries.mark_sent(id_, at)
    return id_


def test_closing_calls_are_named_with_their_pilots(own_context: Context) -> None:
    found = find_attention(own_context, "sv")
    assert [one.call for one in found.closing] == [HEMMA]
    (closing,) = found.closing
    assert closing.title == "Hjärtsvikt i hemmet"
    assert "heart" in [one.id for one in closing.pilots]
    assert {one.id for one in found.without_recipients} == {"heart", "hostile"}
    assert not any((found.sources, found.lost_mails, found.unanswered, found.new))


def test_new_matches_are_those_since_the_readers_own_last_look(own_context: Context) -> None:
    service = close(own_context)
    anna, bo = service.people["editor"].principal, service.people["reader"].principal
    for who in (anna, bo):
        with as_principal(who):
            assert note_visit(own_context, "heart") is None
            assert find_attention(own_context, "sv").new == ()
    add_call(own_context)
    with as_principal(anna):
        (new,) = find_attention(own_context, "sv").new
        assert (new.pilot.id, new.count) == ("heart", 1)
    browser = service.as_person(service.people["reader"])
    assert words("en")("pilots.fresh", count=1) in outline(browser.get("/pilots").text).text
    browser.get("/pilots/heart")
    with as_principal(bo):
        assert find_attention(own_context, "sv").new == ()
    with as_principal(anna):
        assert len(find_attention(own_context, "sv").new) == 1, "her own look counts for her"
    assert last_looks(own_context) == {}, "nobody looked for the installation"


def test_what_is_new_stays_new_for_the_length_of_a_visit(own_context: Context) -> None:
    visits, start = own_context.pilot_visits, datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
    assert visits.note("", "heart", start).before is None
    later = start + timedelta(days=3)
    assert visits.note("", "heart", later).before == start
    assert visits.note("", "heart", later + VISIT_LASTS).before == start
    after = later + 3 * VISIT_LASTS
    assert visits.note("", "heart", after).before == later + VISIT_LASTS
    own_context.pilots.remove("heart")
    assert visits.visits_of("") == {}


def test_the_pilots_page_names_what_came_since_the_last_visit(
    own_client: FlaskClient, own_context: Context
) -> None:
    week_ago = datetime.now(UTC) - timedelta(days=7)
    own_context.pilot_visits.note("", "heart", week_ago)
    add_call(own_context)
    page = outline(own_client.get("/pilots/heart?lang=sv").text)
    assert "Hjärtsvikt hemma: nytt" in page.text
    assert words("sv")("pilot.since.badge") in page.text
    again = outline(own_client.get("/pilots/heart?lang=sv").text)
    assert words("sv")("pilot.since.badge") in again.text, "a page loaded again says the same"


def test_mail_that_reaches_nobody_needs_attention_until_somebody_acts(own_context: Context) -> None:
    then = datetime.now(UTC) - timedelta(days=5)
    recipients = own_context.recipients
    anna = recipients.add_pending("heart", Address("anna", "example.org"), "sv", then)
    recipients.confirm(anna.id, then)
    bo = recipients.add_pending("heart", Address("bo", "example.org"), "sv", then)
    first = mail_to(own_context, anna, "2026-W08", then)
    own_context.deliveries.mark_bounced(first, BounceKind.SOFT, "mailbox full")
    found = find_attention(own_context, "sv")
    assert [(one.address, one.why) for one in found.lost_mails] == [("a…@example.org", "soft")]
    assert [one.recipient for one in found.unanswered] == [bo.id]
    assert [one.id for one in found.without_recipients] == ["hostile"]
    mail_to(own_context, anna, "2026-W09", then + timedelta(days=2))
    assert find_attention(own_context, "sv").lost_mails == (), "the next mail arrived"
    recipients.unsubscribe(bo.id, "test", datetime.now(UTC))
    assert find_attention(own_context, "sv").unanswered == ()
    own_context.pilots.change("heart", lambda one: one.model_copy(update={"archived_at": then}))
    assert [one.id for one in find_attention(own_context, "sv").without_recipients] == ["hostile"]


def test_a_page_and_the_api_say_the_same_with_a_way_to_act(own_client: FlaskClient) -> None:
    told = own_client.get("/api/v1/attention?language=sv").get_json()
    page = outline(own_client.get("/pilots?lang=sv").text)
    assert [one["call"] for one in told["closing"]] == [HEMMA]
    links = [a["href"] for a in page.all("a")]
    assert f"/calls/{HEMMA}?lang=sv" in links
    assert "/pilots/heart/recipients?lang=sv" in links
    assert told["closing"][0]["title"] in page.text
    assert own_client.get("/api/v1/attention?since=yesterday").status_code == 422
    since = own_client.get("/api/v1/attention", query_string={"since": "2026-01-01T00:00:00Z"})
    assert {one["pilot"]["id"] for one in since.get_json()["new"]} >= {"heart"}


def test_a_private_pilot_is_no_part_of_what_others_are_told(own_context: Context) -> None:
    service = close(own_context)
    own_context.pilots.change(
        "heart",
        lambda one: one.model_copy(update={"private": True}),
    )
    told = service.with_role("reader").get("/api/v1/attention").get_json()
    assert "heart" not in str(told)


def test_without_an_index_the_rest_is_still_said(
    own_client: FlaskClient, own_context: Context
) -> None:
    shutil.rmtree(own_context.snapshots)
    answer = own_client.get("/pilots")
    page = outline(answer.text)
    assert answer.status_code == 200
    assert "fundscout reindex" in page.text
    assert "/pilots/heart/recipients" in [a["href"] for a in page.all("a")]
    assert own_client.get("/pilots/heart/calendar").status_code == 503


def test_deadlines_stand_by_month_with_the_way_to_a_calendar(own_client: FlaskClient) -> None:
    own_client.post(
        "/pilots/heart/feedback",
        data={"by": "Ada", "judge": "applied eu_portal:HEART/2026/01"},
        headers=OWN,
    )
    page = outline(own_client.get("/pilots/heart/calendar?lang=sv").text)
    assert "Mars 2026" in page.text
    assert "September 2026" in page.text, "the second stage of what was applied for"
    assert "14 mars 2026 kl. 14:00" in page.text
    links = [a["href"] for a in page.all("a")]
    assert any("kind=deadlines" in one for one in links)
    assert any("form=ics" in one for one in links)


def test_a_judgement_says_who_and_when_and_can_be_taken_back(own_client: FlaskClient) -> None:
    form = "/pilots/heart/feedback"
    sent = own_client.post(
        f"{form}?lang=sv", data={"by": "Ada", "judge": f"relevant {HEMMA}"}, headers=OWN
    )
    html = own_client.get(sent.headers["Location"]).text
    page = outline(html)
    assert words("sv")("judge.saved", verdict="bedömd som relevant") in page.text
    assert f"none {HEMMA}" in [b.get("value") for b in page.all("button")]
    today = datetime.now(UTC)
    assert f"{today.year} kl. " in page.text
    undone = own_client.post(
        f"{form}?lang=sv", data={"by": "Bo", "judge": f"none {HEMMA}"}, headers=OWN
    )
    after = outline(own_client.get(undone.headers["Location"]).text)
    assert words("sv")("judge.undone") in after.text
    assert words("sv")("judge.history", count=2) in after.text
    assert "Bo" in after.text


def test_the_page_never_says_that_a_question_is_on_its_way_when_nothing_can_send_it(
    own_client: FlaskClient, own_context: Context
) -> None:
    page = "/pilots/heart/recipients"
    assert words("sv")("recipients.off").split("`")[0] in own_client.get(f"{page}?lang=sv").text
    sent = own_client.post(
        f"{page}?lang=sv", data={"address": "anna@example.org", "language": "sv"}, headers=OWN
    )
    shown = outline(own_client.get(sent.headers["Location"]).text)
    assert words("sv")("recipients.asked.off") in shown.text
    assert words("sv")("recipients.asked") not in shown.text
    (anna,) = own_context.recipients.all(pilot_id="heart")
    assert f"{page}/{anna.id}/ask?lang=sv" in [f["action"] for f in shown.all("form")]


def test_a_question_that_waits_for_the_server_is_said_to_wait(
    sample_data: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    shutil.copytree(sample_data, data)
    context = sample_calls.open_context(
        data,
        FUNDSCOUT_SMTP_URL="smtp+plain://127.0.0.1:9",
        FUNDSCOUT_MAIL_FROM="office@example.org",
        FUNDSCOUT_PUBLIC_URL="http://localhost:8000",
    )
    from service.app import create_app  # noqa: PLC0415  this test alone has its own settings

    client = create_app(context).test_client()
    page = "/pilots/heart/recipients"
    data_ = {"address": "anna@example.org", "language": "sv"}
    sent = client.post(f"{page}?lang=sv", data=data_, headers=OWN)
    shown = outline(client.get(sent.headers["Location"]).text)
    assert words("sv")("recipients.asked.failing") in shown.text
    context.calls._engine.dispose()


def test_a_recipient_is_asked_again_and_not_too_often(
    own_client: FlaskClient, own_context: Context
) -> None:
    page = "/pilots/heart/recipients"
    own_client.post(page, data={"address": "anna@example.org", "language": "sv"}, headers=OWN)
    (anna,) = own_context.recipients.all(pilot_id="heart")
    ask = f"{page}/{anna.id}/ask?lang=sv"
    assert [own_client.post(ask, headers=OWN).status_code for _ in range(3)] == [303, 303, 409]
    refused = outline(own_client.post(ask, headers=OWN).text)
    assert words("sv")("problem.recipient.enough", count=3) in refused.text
    assert own_client.post(f"{page}/nobody/ask", headers=OWN).status_code == 404
    own_context.recipients.confirm(anna.id, datetime.now(UTC))
    assert own_client.post(ask, headers=OWN).status_code == 409


@pytest.mark.parametrize(
    "address",
    [
        *("", "anna", "anna@", "@example.org", "anna@@example.org", "a b@example.org"),
        *("Anna <anna@example.org>", "anna@example.org, bo@example.org", "anna@exam ple.org"),
        *("anna@example..org", "anna@-example.org", "anna\r\nBcc: x@example.org@example.org"),
        *("anna@example.org\u200b", "x" * 250 + "@example.org", "mailto:anna@example.org;"),
    ],
)
def test_page_and_api_refuse_the_same_addresses_and_the_page_keeps_what_was_typed(
    own_client: FlaskClient, own_context: Context, address: str
) -> None:
    page = "/pilots/heart/recipients"
    refused = own_client.post(page, data={"address": address, "language": "sv"}, headers=OWN)
    by_api = own_client.post(
        f"/api/v1{page}", json={"address": address, "language": "sv"}, headers=OWN
    )
    assert (refused.status_code, by_api.status_code) == (422, 422)
    assert own_context.recipients.all(pilot_id="heart") == []
    (field,) = (i for i in outline(refused.text).all("input") if i.get("id") == "address")
    assert field["aria-invalid"] == "true"
    assert field["value"].split() == address.split()


def test_the_conditions_say_what_the_profile_decides(
    own_client: FlaskClient, own_context: Context
) -> None:
    from service.domain.pilots.profile import Party, Profile  # noqa: PLC0415  this test alone

    profile = Profile(
        organisations=(Party(name="Region Exempel", kind="government_county"),),
        country="SE",
        partners=(),
        months=18,
        stage="pilot",
    )
    own_context.pilots.change("heart", lambda one: one.model_copy(update={"profile": profile}))
    page = outline(own_client.get("/pilots/heart?lang=sv").text)
    for said in ("Region Exempel (en region)", "Sverige", "inga partner", "18 månader"):
        assert said in page.text
    links = [a["href"] for a in page.all("a")]
    for field in ("organisation", "country", "partners", "months", "stage", "trl", "budget"):
        assert f"/pilots/heart/edit?lang=sv#{field}" in links
    edit = outline(own_client.get("/pilots/heart/edit").text)
    ids = {attrs.get("id") for _, attrs in edit.tags}
    assert {"organisation", "country", "partners", "months", "stage", "trl", "budget"} <= ids
