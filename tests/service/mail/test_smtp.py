from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.domain.address import Address
from service.mail.message import Envelope, build
from service.mail.render import Rendered
from service.mail.smtp import Smtp, understood
from service.mail.transport import Folder, Parcel, Reply, TransportError, Verdict
from service.mail_settings import Server
from tests.service.mail.office import HANG_UP, SLOW, TAKE_AND_HANG_UP, Office, Running, certificate

SENDER = Address.parse("digest@mail.example.org")


def parcel(to: str = "team@example.org", number: int = 1) -> Parcel:
    body = Rendered("En utlysning för er – åäö", "<p>Åtta.</p>\n", ".\nÅtta.\n.\n", "")
    message_id = f"<{number}@mail.example.org>"
    stop = "https://fundscout.example.org/u/" + "x" * 200
    when = datetime(2026, 11, 23, 5, tzinfo=UTC)
    envelope = Envelope(SENDER, Address.parse(to), "sv", message_id, when, stop, "a.example.org")
    return Parcel(SENDER, Address.parse(to), message_id, build(body, envelope))


@pytest.fixture
def office() -> Iterator[Office]:
    with Running() as found:
        yield found


@pytest.fixture
def smtp(office: Office) -> Iterator[Smtp]:
    way = Smtp(Server("smtp+plain", "127.0.0.1", office.port), name="mail.example.org", timeout=20)
    yield way
    way.close()


def test_a_mail_arrives_as_it_was_written(office: Office, smtp: Smtp) -> None:
    sent = parcel()
    assert smtp.deliver(sent).verdict is Verdict.TAKEN
    assert smtp.deliver(parcel(number=2)).verdict is Verdict.TAKEN
    first, second = office.mails
    assert first.raw == sent.message
    assert (first.sender, first.recipient) == (str(SENDER), "team@example.org")
    assert first.part("plain") == ".\nÅtta.\n.\n"
    assert first.part("html") == "<p>Åtta.</p>\n"
    assert second.message_id == "<2@mail.example.org>"
    assert len(office.sessions) == 1


def test_headers_let_a_reader_stop_by_one_click(office: Office, smtp: Smtp) -> None:
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
        server = Server(kind, "127.0.0.1", office.port, "user", "right")
        way = Smtp(server, ca=ca, name="mail.example.org", timeout=20)
        assert way.deliver(parcel()).verdict is Verdict.TAKEN
        way.close()
        assert office.encrypted == [True]
        assert office.users == [b"user"]


def test_a_wrong_password_an_unknown_certificate_and_no_server_stop_a_run(tmp_path: Path) -> None:
    ca, context = certificate(tmp_path)
    with Running(tls=context, auth=True) as office:
        wrong = Server("smtp", "127.0.0.1", office.port, "user", "wrong")
        with pytest.raises(TransportError, match="FUNDSCOUT_SMTP_PASSWORD_FILE"):
            Smtp(wrong, ca=ca, name="mail.example.org", timeout=20).deliver(parcel())
        right = Server("smtp", "127.0.0.1", office.port, "user", "right")
        with pytest.raises(TransportError, match="FUNDSCOUT_SMTP_CA"):
            Smtp(right, name="mail.example.org", timeout=20).deliver(parcel())
        with pytest.raises(TransportError, match="cannot be read as certificates"):
            Smtp(right, ca=tmp_path / "none", name="mail.example.org").deliver(parcel())
        port = office.port
    gone = Server("smtp", "127.0.0.1", port)
    with pytest.raises(TransportError, match="cannot be used now"):
        Smtp(gone, name="mail.example.org", timeout=20).deliver(parcel())
    assert office.mails == []


def test_no_encryption_is_no_silent_fallback(office: Office) -> None:
    server = Server("smtp", "127.0.0.1", office.port)
    with pytest.raises(TransportError, match=r"smtp\+plain"):
        Smtp(server, name="mail.example.org", timeout=20).deliver(parcel())
    assert office.mails == []


def test_each_refusal_is_understood_and_the_next_mail_goes(office: Office, smtp: Smtp) -> None:
    office.to_address["a@example.org"] = ["550 5.1.1 no such user"]
    office.to_address["b@example.org"] = ["450 4.2.1 try later"]
    office.to_mail = ["421 too busy"]
    assert smtp.deliver(parcel()).verdict is Verdict.LATER
    assert smtp.deliver(parcel("a@example.org")) == Reply(
        Verdict.NEVER, "550 5.1.1 no such user", is_address_bad=True
    )
    assert smtp.deliver(parcel("b@example.org")).verdict is Verdict.LATER
    office.to_text = ["451 4.3.0 disk", "554 5.7.1 spam"]
    assert smtp.deliver(parcel("c@example.org")).verdict is Verdict.LATER
    assert smtp.deliver(parcel("c@example.org")) == Reply(Verdict.NEVER, "554 5.7.1 spam")
    assert office.mails == []
    assert smtp.deliver(parcel("c@example.org")).verdict is Verdict.TAKEN
    assert len(office.mails) == 1


def test_a_server_may_take_its_time_over_a_text_and_over_nothing_else(office: Office) -> None:
    office.to_text = [SLOW, SLOW]
    for patience, verdict in ((20, Verdict.TAKEN), (0.2, Verdict.LATER)):
        server = Server("smtp+plain", "127.0.0.1", office.port)
        way = Smtp(server, name="mail.example.org", timeout=0.3, patience=patience)
        reply = way.deliver(parcel())
        assert (reply.verdict, reply.is_in_doubt) == (verdict, verdict is Verdict.LATER)
        way.close()


@pytest.mark.parametrize(("how", "taken"), [(HANG_UP, 0), (TAKE_AND_HANG_UP, 1)])
def test_a_line_dropped_in_the_text_is_tried_again(
    office: Office, smtp: Smtp, how: str, taken: int
) -> None:
    office.to_text = [how]
    reply = smtp.deliver(parcel())
    assert (reply.verdict, reply.text[:20]) == (Verdict.LATER, "The line was dropped")
    assert reply.is_in_doubt
    assert len(office.mails) == taken
    assert smtp.deliver(parcel()).verdict is Verdict.TAKEN
    assert {mail.message_id for mail in office.mails} == {"<1@mail.example.org>"}


@pytest.mark.parametrize(
    "to", ['"two words"@example.org', "first.last+tag@example.org", "å@example.org", "x@blåbär.se"]
)
def test_addresses_of_every_kind_arrive(office: Office, smtp: Smtp, to: str) -> None:
    assert smtp.deliver(parcel(to)).verdict is Verdict.TAKEN
    (mail,) = office.mails
    assert mail.recipient == str(Address.parse(to))
    shown = mail.message["To"].addresses[0]
    assert shown.addr_spec.encode("utf-8", "surrogateescape").decode() == str(Address.parse(to))
    assert shown.domain.isascii()


def test_an_address_the_server_cannot_write_is_no_bad_address() -> None:
    with Running(smtputf8=False) as office:
        server = Server("smtp+plain", "127.0.0.1", office.port)
        way = Smtp(server, name="mail.example.org", timeout=20)
        reply = way.deliver(parcel("å@example.org"))
        assert (reply.verdict, reply.is_address_bad) == (Verdict.NEVER, False)
        assert way.deliver(parcel("x@blåbär.se")).verdict is Verdict.TAKEN
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
        (550, "no such user", True, (Verdict.NEVER, True)),
        (550, "5.7.1 relaying denied", True, (Verdict.NEVER, False)),
        (554, "refused", True, (Verdict.NEVER, False)),
        (550, "5.2.1 disabled", True, (Verdict.NEVER, True)),
        (550, "5.2.2 full", True, (Verdict.LATER, False)),
        (552, "full", True, (Verdict.LATER, False)),
        (550, "no", False, (Verdict.NEVER, False)),
        (550, "5.1.1 unknown", False, (Verdict.NEVER, True)),
        (450, "greylisted", True, (Verdict.LATER, False)),
    ],
)
def test_what_an_answer_means(
    code: int, said: str, of_address: bool, expected: tuple[Verdict, bool]
) -> None:
    reply = understood(code, said.encode(), of_address=of_address)
    assert (reply.verdict, reply.is_address_bad) == expected


def test_a_folder_holds_a_whole_file_a_mail_however_often_it_is_written(tmp_path: Path) -> None:
    folder = tmp_path / "out" / "mails"
    first, second = parcel(), parcel(number=2)
    for one in (first, second, first):
        assert Folder(folder).deliver(one).verdict is Verdict.TAKEN
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["1_mail.example.org.eml", "2_mail.example.org.eml"]
    assert (folder / names[0]).read_bytes() == first.message
    (tmp_path / "file").write_text("")
    with pytest.raises(TransportError, match="cannot be written"):
        Folder(tmp_path / "file").deliver(parcel())
