"""Somebody who follows several pilots gets one mail: sent, stopped, paused and broken off."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from service.context import Context
from service.domain.notifications.address import Address
from service.domain.notifications.digest import Digest, compose_digest
from service.domain.notifications.events import SentLog
from service.domain.notifications.recipient import Consent, Recipient
from service.domain.notifications.selection import DigestCandidate, DigestMoment, select_calls
from service.domain.notifications.week import mail_due, next_mail_due, week_of
from service.domain.pilots.pilot import Pilot
from service.jobs.mail.digest_composer import DigestRecipient
from service.jobs.mail.outbox import SendingPace
from service.jobs.mail.send_mails import MailRunReport, is_overdue, send_digests
from service.mail.mailer import Mailer
from service.mail.transport import TAKEN_REPLY, DeliveryVerdict, Parcel, TransportReply
from service.use_cases.mail_links import pause_mails
from tests.service.mail.mail_store import Opened, start
from tests.service.mail.sample_digests import NOW, SEEN, a_call, a_match

ANNA, BO = Address.parse("anna@example.org"), Address.parse("bo@example.org")
PILOTS = ("alfa", "beta", "gamma")
SHARED = a_call("vinnova:9", titles={"sv": "Delad utlysning", "en": "Shared call"})
WEEK = timedelta(weeks=1)
BUSY = TransportReply(DeliveryVerdict.LATER, "busy")


@dataclass
class Post:
    """A transport that keeps what it is given, or fails."""

    sent: list[Parcel]
    is_busy: bool = False

    def deliver(self, parcel: Parcel) -> TransportReply:
        if self.is_busy:
            return BUSY
        self.sent.append(parcel)
        return TAKEN_REPLY

    def close(self) -> None:
        pass


@dataclass
class World:
    """Anna follows three pilots, Bo one. Each has a call of its own, and all share one."""

    opened: Opened
    post: Post
    now: datetime = NOW

    @property
    def context(self) -> Context:
        return self.opened.context

    def compose(self, recipients: Iterable[DigestRecipient]) -> Iterator[Digest]:
        for one in recipients:
            own = a_call(f"vinnova:{PILOTS.index(one.pilot.id)}")
            calls = {call.id: call for call in (own, SHARED)}
            moment = DigestMoment(self.now, next_mail_due(self.now), one.since)
            chosen = select_calls(
                [DigestCandidate(((SEEN, call),), 0.7) for call in calls.values()],
                SentLog(one.sent_keys),
                moment,
                minimum=0.5,
            )
            matches = {id_: a_match(calls[id_], self.now) for id_ in chosen.call_ids}
            yield compose_digest(
                one.pilot,
                week_of(self.now),
                chosen,
                matches,
                moment,
                language="sv",
                considered=2,
            )

    def run(self) -> MailRunReport:
        mailer = Mailer.open(self.context.settings.mail, judging=True)
        return send_digests(
            self.context,
            self.compose,
            mailer,
            self.post,
            week=week_of(self.now),
            pace=SendingPace(0, sleep=lambda _: None),
            clock=lambda: self.now,
        )

    def recipient(self, pilot: str, address: Address = ANNA) -> Recipient:
        found = self.context.recipients.find(pilot, address)
        assert found is not None
        return found

    def told(self, pilot: str, address: Address = ANNA) -> set[str]:
        id_ = self.recipient(pilot, address).id
        return {key.split("|")[1] for key in self.context.sent_items.sent_keys([id_])[id_]}

    def texts(self) -> list[str]:
        return [text_of(parcel) for parcel in self.post.sent]


def text_of(parcel: Parcel) -> str:
    message = message_from_bytes(parcel.message, _class=EmailMessage, policy=SMTP)
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


@pytest.fixture
def world(tmp_path: Path) -> World:
    opened = start(tmp_path / "data", confirmed=False, indexed=False)
    for pilot in PILOTS:
        opened.context.pilots.add(
            Pilot(id=pilot, title=f"Pilot {pilot}", text=f"Vi prövar {pilot}.", language="sv")
        )
    for pilot, address in (*((one, ANNA) for one in PILOTS), ("beta", BO)):
        asked = opened.context.recipients.add_pending(pilot, address, "sv", NOW)
        opened.context.recipients.confirm(asked.id, NOW)
    return World(opened, Post([]))


def test_somebody_gets_one_mail_over_all_pilots_with_a_shared_call_once(world: World) -> None:
    report = world.run()
    assert (report.recipients, report.composed, report.tally.sent) == (4, 2, 2)
    anna, bo = world.texts()
    assert [f"Pilot {pilot}" in anna for pilot in PILOTS] == [True] * 3
    assert anna.count("Delad utlysning") == 1
    assert "Gäller även Pilot beta" in anna
    assert "Gäller även Pilot gamma" in anna
    assert "Pilot alfa" not in bo
    for pilot in PILOTS:
        assert world.told(pilot) == {f"vinnova:{PILOTS.index(pilot)}", SHARED.id}
    assert world.run().tally.sent == 0
    assert world.context.sent_items.count_by_state() == {"sent": 2}
    world.now += WEEK
    assert world.run().tally.sent == 0, "nothing is told twice"


def test_one_click_stops_all_pilots_of_a_mail_over_several_and_one_of_a_mail_over_one(
    world: World,
) -> None:
    world.run()
    for parcel, pilots in zip(world.post.sent, (PILOTS, ("beta",)), strict=True):
        link = message_from_bytes(parcel.message)["List-Unsubscribe"].strip("<>")
        path = link.removeprefix(world.context.settings.mail.public_url)
        answer = world.opened.client.post(path, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        of_address = world.context.recipients.with_address(parcel.recipient)
        assert {one.pilot_id for one in of_address} >= set(pilots)
        assert {one.consent for one in of_address} == {Consent.UNSUBSCRIBED}


def test_who_stops_one_of_three_pilots_before_the_mail_leaves_gets_it_without(world: World) -> None:
    world.post.is_busy = True
    world.run()
    world.post.is_busy = False
    world.context.recipients.unsubscribe(world.recipient("alfa").id, "stopped by link", NOW)
    assert world.run().tally.sent >= 1
    (anna,) = [
        t for p, t in zip(world.post.sent, world.texts(), strict=True) if p.recipient == ANNA
    ]
    assert "Pilot alfa" not in anna
    assert anna.count("Delad utlysning") == 1
    assert world.told("alfa") == set()
    assert world.told("beta") == {"vinnova:1", SHARED.id}


def test_a_pilot_that_is_deleted_takes_nothing_from_the_others(world: World) -> None:
    world.run()
    (mail,) = [
        m for m in world.context.sent_items.mails_of(world.recipient("alfa").id) if m.message
    ]
    world.context.recipients.remove_pilot("beta")
    assert world.context.sent_items.get(mail.id).message is None, "it told of the pilot"  # type: ignore[union-attr]
    world.context.recipients.remove_pilot("alfa")
    assert world.told("gamma") == {"vinnova:2", SHARED.id}
    world.now += WEEK
    assert world.run().tally.sent == 0


def test_mails_rest_for_the_chosen_weeks_and_then_tell_what_happened(world: World) -> None:
    mailer = Mailer.open(world.context.settings.mail)
    token = mailer.pause(world.recipient("alfa")).rpartition("/")[2]
    path = f"/pause/{token}"
    assert world.opened.client.get(path).status_code == 200
    assert world.opened.client.post(path, data={"weeks": "3"}).status_code == 422
    assert world.opened.client.post(path, data={"weeks": "x"}).status_code == 422
    clock = pytest.MonkeyPatch()
    clock.setattr(type(world.context), "now", lambda _: world.now)
    try:
        paused = pause_mails(world.context, mailer.keys, token, 2)
        assert paused.until is not None
        sent = []
        for _ in range(5):
            world.run()
            sent.append([str(parcel.recipient) for parcel in world.post.sent])
            world.post.sent.clear()
            world.now += WEEK
    finally:
        clock.undo()
    # the mail of the first Monday was due by then: two are left out, and the fourth tells all
    assert sent[0] == [str(BO)]
    assert [str(ANNA) in week for week in sent] == [False, False, False, True, False]


def test_the_way_back_undoes_the_very_stop(world: World) -> None:
    world.run()
    anna = world.post.sent[0]
    link = message_from_bytes(anna.message)["List-Unsubscribe"].strip("<>")
    path = link.removeprefix(world.context.settings.mail.public_url)
    world.context.recipients.unsubscribe(world.recipient("gamma").id, "removed on the page", NOW)
    page = world.opened.client.post(path).text
    assert "Få mejlen igen" in page
    back = page.split('action="/back/')[1].split('"')[0].split("?")[0]
    assert "Få mejlen igen" in world.opened.client.get(path).text, "the page can be opened again"
    assert world.opened.client.get(f"/back/{back}").status_code == 200
    assert world.recipient("alfa").consent is Consent.UNSUBSCRIBED, "opening changes nothing"
    assert "Välkommen tillbaka" in world.opened.client.post(f"/back/{back}").text
    assert [world.recipient(pilot).consent for pilot in PILOTS] == [
        Consent.CONFIRMED,
        Consent.CONFIRMED,
        Consent.UNSUBSCRIBED,
    ]
    world.opened.client.post(path)
    assert "stängd" in world.opened.client.post(f"/back/{back}").text, "it was for the first stop"
    assert world.recipient("alfa").consent is Consent.UNSUBSCRIBED
    world.context.recipients.suppress(ANNA, "bounced", NOW)
    assert "Få mejlen igen" not in world.opened.client.get(path).text


def test_a_stopped_pilot_makes_a_waiting_mail_overdue(world: World) -> None:
    world.post.is_busy = True
    world.run()
    world.context.recipients.pause(world.recipient("beta").id, mail_due("2026-W20"))
    world.context.deliveries.drop_unwanted()
    clock = pytest.MonkeyPatch()
    clock.setattr(type(world.context), "now", lambda _: world.now)
    try:
        assert is_overdue(world.context)
    finally:
        clock.undo()
