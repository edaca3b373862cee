from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.domain.notifications.address import Address
from service.mail.message import MailEnvelope, build_message
from service.mail.render import RenderedMail
from service.mail.smtp import SmtpTransport, interpret_answer
from service.mail.transport import (
    DeliveryVerdict,
    FolderTransport,
    Parcel,
    TransportError,
    TransportReply,
)
from service.mail_settings import MailServer
from tests.service.mail.smtp_server import (
    HANG_UP,
    SLOW,
    TAKE_AND_HANG_UP,
    Office,
    Running,
    certificate,
)

pytestmark = pytest.mark.whole

SENDER = Address.parse("digest@mail.example.org")


def parcel(to: str = "team@example.org", number: int = 1) -> Parcel:
    body = RenderedMail("En utlysning för er – åäö", "<p>Åtta.</p>\n", ".\nÅtta.\n.\n", "")
    message_id = f"<{number}@mail.example.org>"
    stop = "https://fundscout.example.org/u/" + "x" * 200
    when = datetime(2026, 11, 23, 5, tzinfo=UTC)
    envelope = MailEnvelope(
        SENDER, Address.parse(to), "sv", message_id, when, stop, "a.example.org"
    )
    return Parcel(SENDER, Address.parse(to), message_id, build_message(body, envelope))


@pytest.fixture
def office() -> Iterator[Office]:
    with Running() as found:
        yield found


@pytest.fixture
def smtp(office: Office) -> Iterator[SmtpTransport]:
    way = SmtpTransport(
        MailServer("smtp+plain", "127.0.0.1", office.port), name="mail.example.org", timeout=20
    )
    yield way
    way.close()


def test_a_mail_arrives_as_it_was_written(office: Office, smtp: SmtpTransport) -> None:
    sent = parcel()
    assert smtp.deliver(sent).verdict is DeliveryVerdict.TAKEN
    assert smtp.deliver(parcel(number=2)).verdict is DeliveryVerdict.TAKEN
    first, second = office.mails
    assert first.raw == sent.message
    assert (first.sender, first.recipient) == (str(SENDER), "team@example.org")
    assert first.part("plain") == ".\nÅtta.\n.\n"
    assert first.part("html") == "<p>Åtta.</p>\n"
    assert second.message_id == "<2@mail.example.org>"
    assert len(office.sessions) == 1


def test_headers_let_a_reader_stop_by_one_click(office: Office, smtp: SmtpTransport) -> None:
    smtp.deliver(parcel())
    (mail,) = office.mails
    head = mail.raw.split(b"\r\n\r\n")[0].decode("ascii")
    assert f"\r\nList-Unsubscribe: <https://fundscout.example.org/u/{'x' * 200}>\r\n" in head
    assert "\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in head
    assert "\r\nList-Id: <a.example.org>\r\n" in head
    assert "\r\nAuto-Submitted: auto-generated\r\n" in head
    assert "\r\nContent-Language: sv" in head
    assert "\r\nDate: Mon, 23 Nov 2026 05:00:00 +0000\r\n" in head
    assert mail.message["Subject"] == "En utlysning för er – åäö"
    assert max(map(len, mail.raw.split(b"\r\n"))) < 998


@pytest.mark.parametrize("kind", ["smtp", "smtps"])
def test_encrypted_and_signed_in(tmp_path: Path, kind: str) -> None:
    ca, context = certificate(tmp_path)
    with Running(tls=context, immediate=kind == "smtps", auth=True) as office:
        server = MailServer(kind, "127.0.0.1", office.port, "user", "right")
        way = SmtpTransport(server, ca=ca, name="mail.example.org", timeout=20)
        assert way.deliver(parcel()).verdict is DeliveryVerdict.TAKEN
        way.close()
        assert office.encrypted == [True]
        assert office.users == [b"user"]


def test_a_wrong_password_an_unknown_certificate_and_no_server_stop_a_run(tmp_path: Path) -> None:
    ca, context = certificate(tmp_path)
    with Running(tls=context, auth=True) as office:
        wrong = MailServer("smtp", "127.0.0.1", office.port, "user", "wrong")
        with pytest.raises(TransportError, match="FUNDSCOUT_SMTP_PASSWORD_FILE"):
            SmtpTransport(wrong, ca=ca, name="mail.example.org", timeout=20).deliver(parcel())
        right = MailServer("smtp", "127.0.0.1", office.port, "user", "right")
        with pytest.raises(TransportError, match="FUNDSCOUT_SMTP_CA"):
            SmtpTransport(right, name="mail.example.org", timeout=20).deliver(parcel())
        with pytest.raises(TransportError, match="cannot be read as certificates"):
            SmtpTransport(right, ca=tmp_path / "none", name="mail.example.org").deliver(parcel())
        port = office.port
    gone = MailServer("smtp", "127.0.0.1", port)
    with pytest.raises(TransportError, match="cannot be used now"):
        SmtpTransport(gone, name="mail.example.org", timeout=20).deliver(parcel())
    assert office.mails == []


def test_no_encryption_is_no_silent_fallback(office: Office) -> None:
    server = MailServer("smtp", "127.0.0.1", office.port)
    with pytest.raises(TransportError, match=r"smtp\+plain"):
        SmtpTransport(server, name="mail.example.org", timeout=20).deliver(parcel())
    assert office.mails == []


def test_each_refusal_is_understood_and_the_next_mail_goes(
    office: Office, smtp: SmtpTransport
) -> None:
    office.to_address["a@example.org"] = ["550 5.1.1 no such user"]
    office.to_address["b@example.org"] = ["450 4.2.1 try later"]
    office.to_mail = ["421 too busy"]
    assert smtp.deliver(parcel()).verdict is DeliveryVerdict.LATER
    assert smtp.deliver(parcel("a@example.org")) == TransportReply(
        DeliveryVerdict.NEVER, "550 5.1.1 no such user", is_address_bad=True
    )
    assert smtp.deliver(parcel("b@example.org")).verdict is DeliveryVerdict.LATER
    office.to_text = ["451 4.3.0 disk", "554 5.7.1 spam"]
    assert smtp.deliver(parcel("c@example.org")).verdict is DeliveryVerdict.LATER
    assert smtp.deliver(parcel("c@example.org")) == TransportReply(
        DeliveryVerdict.NEVER, "554 5.7.1 spam"
    )
    assert office.mails == []
    assert smtp.deliver(parcel("c@example.org")).verdict is DeliveryVerdict.TAKEN
    assert len(office.mails) == 1


def test_a_server_may_take_its_time_over_a_text_and_over_nothing_else(office: Office) -> None:
    office.to_text = [SLOW, SLOW]
    for patience, verdict in ((20, DeliveryVerdict.TAKEN), (0.2, DeliveryVerdict.LATER)):
        server = MailServer("smtp+plain", "127.0.0.1", office.port)
        way = SmtpTransport(server, name="mail.example.org", timeout=0.3, patience=patience)
        reply = way.deliver(parcel())
        assert (reply.verdict, reply.is_in_doubt) == (verdict, verdict is DeliveryVerdict.LATER)
        way.close()


@pytest.mark.parametrize(("how", "taken"), [(HANG_UP, 0), (TAKE_AND_HANG_UP, 1)])
def test_a_line_dropped_in_the_text_is_tried_again(
    office: Office, smtp: SmtpTransport, how: str, taken: int
) -> None:
    office.to_text = [how]
    reply = smtp.deliver(parcel())
    assert (reply.verdict, reply.text[:20]) == (DeliveryVerdict.LATER, "The line was dropped")
    assert reply.is_in_doubt
    assert len(office.mails) == taken
    assert smtp.deliver(parcel()).verdict is DeliveryVerdict.TAKEN
    assert {mail.message_id for mail in office.mails} == {"<1@mail.example.org>"}


@pytest.mark.parametrize(
    "to", ['"two words"@example.org', "first.last+tag@example.org", "å@example.org", "x@blåbär.se"]
)
def test_addresses_of_every_kind_arrive(office: Office, smtp: SmtpTransport, to: str) -> None:
    assert smtp.deliver(parcel(to)).verdict is DeliveryVerdict.TAKEN
    (mail,) = office.mails
    assert mail.recipient == str(Address.parse(to))
    shown = mail.message["To"].addresses[0]
    assert shown.addr_spec.encode("utf-8", "surrogateescape").decode() == str(Address.parse(to))
    assert shown.domain.isascii()


def test_an_address_the_server_cannot_write_is_no_bad_address() -> None:
    with Running(smtputf8=False) as office:
        server = MailServer("smtp+plain", "127.0.0.1", office.port)
        way = SmtpTransport(server, name="mail.example.org", timeout=20)
        reply = way.deliver(parcel("å@example.org"))
        assert (reply.verdict, reply.is_address_bad) == (DeliveryVerdict.NEVER, False)
        assert way.deliver(parcel("x@blåbär.se")).verdict is DeliveryVerdict.TAKEN
        way.close()


@pytest.mark.parametrize(
    "given",
    [
        *("", "a", "a@b@c.se", "a@b.se\nBcc: c@d.se", "a b@c.se", "<a@b.se>", "a@-.se"),
        *("a@" + "x" * 260, "a\u202eb@c.se", "Name <a@b.se>", "a@b.se,c@d.se"),
    ],
)
def test_what_is_no_address_is_refused(given: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        Address.parse(given)


@pytest.mark.parametrize(
    ("code", "said", "of_address", "expected"),
    [
        (550, "no such user", True, (DeliveryVerdict.NEVER, True)),
        (550, "5.7.1 relaying denied", True, (DeliveryVerdict.NEVER, False)),
        (554, "refused", True, (DeliveryVerdict.NEVER, False)),
        (550, "5.2.1 disabled", True, (DeliveryVerdict.NEVER, True)),
        (550, "5.2.2 full", True, (DeliveryVerdict.LATER, False)),
        (552, "full", True, (DeliveryVerdict.LATER, False)),
        (550, "no", False, (DeliveryVerdict.NEVER, False)),
        (550, "5.1.1 unknown", False, (DeliveryVerdict.NEVER, True)),
        (450, "greylisted", True, (DeliveryVerdict.LATER, False)),
    ],
)
def test_what_an_answer_means(
    code: int, said: str, of_address: bool, expected: tuple[DeliveryVerdict, bool]
) -> None:
    reply = interpret_answer(code, said.encode(), of_address=of_address)
    assert (reply.verdict, reply.is_address_bad) == expected


def test_a_folder_holds_a_whole_file_a_mail_however_often_it_is_written(tmp_path: Path) -> None:
    folder = tmp_path / "out" / "mails"
    first, second = parcel(), parcel(number=2)
    for one in (first, second, first):
        assert FolderTransport(folder).deliver(one).verdict is DeliveryVerdict.TAKEN
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["1_mail.example.org.eml", "2_mail.example.org.eml"]
    assert (folder / names[0]).read_bytes() == first.message
    (tmp_path / "file").write_text("")
    with pytest.raises(TransportError, match="cannot be written"):
        FolderTransport(tmp_path / "file").deliver(parcel())
