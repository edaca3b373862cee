"""`fundscout digest` and `outbox` on the examples: mails at once, each told once."""

from __future__ import annotations

import json
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from index.embedding.encoder import HashEncoder
from service.cli.main import run
from service.context import Context
from service.domain.notifications.recipient import Consent
from service.jobs.lock import hold_lock
from service.jobs.mail.send_mails import is_overdue
from service.mail.mailer import Mailer
from service.settings import Settings
from tests.service.conftest import a_call
from tests.service.new_store import fill_once, open_new

pytestmark = pytest.mark.whole

TEAM = "team@example.org"


@pytest.fixture
def loaded(
    tmp_path: Path,
    examples: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Path:
    monkeypatch.setenv("FUNDSCOUT_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("FUNDSCOUT_EXAMPLES", str(examples))
    monkeypatch.setenv("FUNDSCOUT_CLOCK", "2026-03-02T09:00+00:00")
    monkeypatch.setenv("FUNDSCOUT_DIGEST_MIN_SCORE", "0")
    monkeypatch.setenv("FUNDSCOUT_MAIL_PAUSE", "0")
    monkeypatch.setattr(Context, "_load_model", lambda _: HashEncoder())
    fill_once(open_new(Settings.from_env()), "examples", lambda _: run(["load-examples"]))
    capsys.readouterr()
    return tmp_path


def mails(folder: Path) -> list[EmailMessage]:
    return [
        message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=SMTP)
        for path in sorted(folder.glob("*.eml"))
    ]


def send_to(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let mails leave for a folder, which stands for a mail server."""
    monkeypatch.setenv("FUNDSCOUT_SMTP_URL", f"folder:{folder}")


def opened() -> Context:
    return Context.open(Settings.from_env(), HashEncoder)


@pytest.mark.slow
def test_the_examples_show_a_mail_at_once_and_each_week_one(
    loaded: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = loaded / "out"
    assert run(["digest", "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert f"{TEAM}: " in said
    assert "1 mail to 1 recipient;" in said
    assert not out.exists()
    assert opened().sent_items.count_by_state() == {}
    send_to(out, monkeypatch)
    assert run(["digest"]) == 0
    assert "Sent 1;" in capsys.readouterr().out
    (mail,) = mails(out)
    assert mail["To"] == TEAM
    assert "Hjärtsvikt hemma" in mail["Subject"]
    assert (
        Mailer.open(opened().settings.mail)
        .links(opened().recipients.all()[0], "1")
        .rest.endswith("/?pilot=hemma&lang=sv")
    )
    for again in (["digest"], ["outbox"], ["digest", "--week", "2026-W10"]):
        assert run(again) == 0
    assert len(mails(out)) == 1
    assert opened().sent_items.count_by_state() == {"sent": 1}
    capsys.readouterr()
    assert run(["outbox"]) == 0
    assert capsys.readouterr().out.startswith("Sent 0; 0 tried again later")


def test_looking_at_mails_sends_none_and_touches_no_question(
    loaded: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    look = loaded / "look"
    assert run(["recipients", "add", "hemma", "bo@example.com", "--to-dir", str(look)]) == 0
    assert "was not sent" in capsys.readouterr().out
    assert [mail["To"] for mail in mails(look)] == ["bo@example.com"]
    for _ in range(2):
        assert run(["digest", "--to-dir", str(look)]) == 0
        assert "1 mail to look at" in capsys.readouterr().out
        assert run(["outbox", "--to-dir", str(look)]) == 0
        assert "1 mail to look at" in capsys.readouterr().out
    assert len(mails(look)) == 2
    assert opened().sent_items.count_by_state() == {"pending": 1}
    assert is_overdue(opened())
    send_to(loaded / "out", monkeypatch)
    assert run(["digest"]) == 0
    assert {mail["To"] for mail in mails(loaded / "out")} == {TEAM, "bo@example.com"}
    seen = {mail["Subject"] for mail in mails(look)}
    assert {mail["Subject"] for mail in mails(loaded / "out")} == seen


def test_a_rehearsal_says_what_a_run_would_do_and_makes_nothing(
    loaded: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (loaded / "data" / "secret.key").unlink(missing_ok=True)
    context = opened()
    context.calls.upsert([a_call("vinnova:ex-9")], context.now())
    before = context.runs.last_good("reindex", "")
    assert run(["digest", "--dry-run"]) == 0
    assert "a run would index first" in capsys.readouterr().err
    assert not (loaded / "data" / "secret.key").exists()
    assert opened().runs.last_good("reindex", "") == before
    send_to(loaded / "out", monkeypatch)
    assert run(["digest"]) == 0
    capsys.readouterr()
    assert run(["digest", "--week", "2026-W08", "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "0 mails to 0 recipients; 1 has this week's mail or a later one" in said


def test_a_week_with_nothing_new_brings_no_mail(
    loaded: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    send_to(loaded / "out", monkeypatch)
    assert run(["digest"]) == 0
    monkeypatch.setenv("FUNDSCOUT_CLOCK", "2026-03-09T09:00+00:00")
    capsys.readouterr()
    assert run(["digest"]) == 0
    assert "1 with nothing to tell, 0 mails composed" in capsys.readouterr().out
    assert len(mails(loaded / "out")) == 1


def test_a_run_that_did_not_end_is_made_good_in_its_week_and_one_that_did_is_not(
    loaded: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = loaded / "out"
    send_to(out, monkeypatch)
    catch_up = ["digest", "--catch-up"]

    def killed(*_: object, **__: object) -> None:
        raise RuntimeError("the machine went down")

    with monkeypatch.context() as broken:
        broken.setattr("service.jobs.mail.send_mails.compose_mails", killed)
        with pytest.raises(RuntimeError):
            run(["digest"])
    with hold_lock(loaded / "data", "mail"):
        assert run(catch_up) == 3
    assert not out.exists()
    assert run(catch_up) == 0
    assert len(mails(out)) == 1
    capsys.readouterr()
    assert run(catch_up) == 0
    assert "composed, or not due yet" in capsys.readouterr().out
    assert len(opened().runs.runs_of("digest", "2026-W10")) == 2


@pytest.mark.parametrize(
    ("clock", "composed"),
    [("2026-03-09T04:59+00:00", 0), ("2026-03-09T05:00+00:00", 1), ("2026-03-15T20:00+00:00", 1)],
)
def test_nothing_is_caught_up_before_monday_at_six(
    loaded: Path, monkeypatch: pytest.MonkeyPatch, clock: str, composed: int
) -> None:
    monkeypatch.setenv("FUNDSCOUT_CLOCK", clock)
    send_to(loaded / "out", monkeypatch)
    assert run(["digest", "--catch-up"]) == 0
    assert len(mails(loaded / "out")) == composed


def test_the_mail_of_a_week_that_is_over_comes_with_a_warning(
    loaded: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FUNDSCOUT_CLOCK", "2026-04-27T09:00+00:00")
    send_to(loaded / "out", monkeypatch)
    assert run(["digest", "--week", "2026-W10"]) == 0
    assert "calls may have closed since" in capsys.readouterr().err
    assert len(mails(loaded / "out")) == 1


def test_links_without_https_are_warned_of(
    loaded: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FUNDSCOUT_SMTP_URL", "smtp+plain://127.0.0.1:9")
    monkeypatch.setenv("FUNDSCOUT_MAIL_FROM", "digest@example.org")
    for scheme in ("https", "http"):
        monkeypatch.setenv("FUNDSCOUT_PUBLIC_URL", f"{scheme}://fundscout.example.org")
        assert run(["digest"]) == 1  # no server listens there
        assert ("RFC 8058" in capsys.readouterr().err) == (scheme == "http")


def test_one_pilots_run_does_not_stand_for_everybodys(
    loaded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    send_to(loaded / "out", monkeypatch)
    assert run(["digest", "--pilot", "hemma"]) == 0
    assert is_overdue(opened())
    assert run(["digest"]) == 0
    assert not is_overdue(opened())
    assert run(["digest", "--catch-up", "--pilot", "hemma"]) == 1


def test_what_cannot_be_done_is_said_before_anything_is_composed(
    loaded: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for asked, said in (
        (["digest"], "There is no way out for mail: set FUNDSCOUT_SMTP_URL"),
        (["digest", "--pilot", "nobody", "--dry-run"], "There is no pilot nobody"),
        (["digest", "--week", "2026-W99", "--dry-run"], "2026-W99"),
        (["outbox"], "There is no way out for mail"),
    ):
        assert run(asked) == 1
        assert said in capsys.readouterr().err
    assert opened().sent_items.count_by_state() == {}


def test_loading_again_brings_nobody_back_and_removing_takes_them_away(loaded: Path) -> None:
    context = opened()
    (team,) = context.recipients.all()
    assert (team.consent, team.source, str(team.address)) == (
        Consent.CONFIRMED,
        "examples",
        TEAM,
    )
    context.recipients.unsubscribe(team.id, "stopped by link", context.now())
    assert run(["load-examples"]) == 0
    assert [one.consent for one in context.recipients.all()] == [Consent.UNSUBSCRIBED]
    assert run(["load-examples", "--remove"]) == 0
    assert context.recipients.all() == []


@pytest.mark.parametrize(
    ("recipient", "said"),
    [
        ({"email": "somebody@region.se", "language": "sv"}, "example.org"),
        ({"email": "somebody@notexample.org", "language": "sv"}, "example.org"),
        ({"email": "no address", "language": "sv"}, "is no pilot"),
        ({"email": TEAM, "language": "fi"}, "en or sv"),
        ({"email": TEAM}, "is no pilot"),
        ("team", "is no pilot"),
    ],
)
def test_an_examples_recipient_is_nobody_real(
    loaded: Path, examples: Path, capsys: pytest.CaptureFixture[str], recipient: object, said: str
) -> None:
    path = examples / "pilots" / "hemma.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {"recipient": recipient}))
    assert run(["load-examples"]) == 1
    assert said in capsys.readouterr().err
    assert len(opened().recipients.all()) == 1
