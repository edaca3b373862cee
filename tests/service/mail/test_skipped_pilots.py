"""One pilot that cannot be read, encoded or rendered costs nobody else a mail, and is named."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from index.embedding.encoder import HashEncoder
from index.errors import ModelError
from index.search.batch_search import BatchSearch
from index.search.hit import Hit
from index.search.query import Query
from service.cli.main import run
from service.context import Context
from service.domain.notifications.address import Address
from service.domain.notifications.digest import Digest
from service.domain.notifications.recipient import Recipient
from service.domain.pilots.pilot import Pilot
from service.jobs import health_checks
from service.jobs.mail.digest_composer import DigestRecipient
from service.jobs.mail.digest_setup import open_composer
from service.jobs.mail.send_mails import pilots_without_mail
from service.jobs.mail.skipped_digest import SkippedDigest
from service.mail import mailer
from service.mail.digest_view import MailLinks
from service.mail.render import RenderedMail, render_mail
from service.safe_traceback import describe_safely
from service.store.tables import PilotRow
from tests.service.conftest import NOW
from tests.service.mail.mail_store import SENT, WISH, Opened, start

BAD = "Hjärtsvikt i hemmet som ingen kan läsa"


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Opened:
    """Return a store with recipients of three pilots, of which one is to fail."""
    monkeypatch.setenv("FUNDSCOUT_DIGEST_MIN_SCORE", "0")
    monkeypatch.setenv("FUNDSCOUT_CLOCK", NOW.isoformat())
    monkeypatch.setenv("FUNDSCOUT_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("FUNDSCOUT_MAIL_FROM", "digest@mail.example.org")
    monkeypatch.setenv("FUNDSCOUT_PUBLIC_URL", "https://fundscout.example.org")
    monkeypatch.setenv("FUNDSCOUT_MAIL_PAUSE", "0")
    monkeypatch.setattr(Context, "_load_model", lambda _: HashEncoder())
    made = start(tmp_path / "data", FUNDSCOUT_DIGEST_MIN_SCORE="0", FUNDSCOUT_CLOCK=NOW.isoformat())
    made.context.pilots.add(Pilot(id="bad", title="Oläslig", text=BAD, language="sv"))
    for pilot_id in ("bad", "fall"):
        found = made.context.recipients.add_pending(
            pilot_id, Address.parse(f"{pilot_id}@example.org"), "sv", SENT
        )
        made.context.recipients.confirm(found.id, SENT)
    return made


def fail_for_bad_texts(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """Let the model raise ``error`` for the text of the bad pilot."""
    usual = HashEncoder.queries

    def queries(self: HashEncoder, texts: list[str]) -> np.ndarray:
        if any(text.startswith(BAD[:20]) and "ingen" in text for text in texts):
            raise error
        return usual(self, texts)

    monkeypatch.setattr(HashEncoder, "queries", queries)


def digest(opened: Opened, *more: str) -> int:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FUNDSCOUT_SMTP_URL", f"folder:{opened.context.settings.data / 'out'}")
        return run(["digest", *more])


def mailed(opened: Opened) -> set[str]:
    """Return the pilots whose recipients have a mail in the folder."""
    texts = [
        path.read_text("utf-8", "replace")
        for path in (opened.context.settings.data / "out").glob("*.eml")
    ]
    people = {"hemma": "anna@example.org", "fall": "fall@example.org", "bad": "bad@example.org"}
    return {id_ for id_, to in people.items() if any(f"To: {to}" in text for text in texts)}


@pytest.mark.whole
@pytest.mark.parametrize("error", [ValueError("no such\nletters"), MemoryError(), RecursionError()])
def test_a_text_that_cannot_be_encoded_costs_nobody_else_a_mail(
    opened: Opened,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: Exception,
) -> None:
    with monkeypatch.context() as patch:
        fail_for_bad_texts(patch, error)
        assert digest(opened) == 4
        said = capsys.readouterr()
    assert "3 recipients, 0 mailed before" in said.out
    assert f"The pilot bad gets no mail: {type(error).__name__}" in said.err
    assert mailed(opened) == {"hemma", "fall"}
    assert list(pilots_without_mail(opened.context.runs)) == ["bad"]
    (found,) = health_checks.check_left_out(opened.context)
    assert (found.name, found.ok) == ("digest", False)
    assert "1 pilot: bad" in found.detail
    assert digest(opened, "--pilot", "bad") == 0, "it is mended: only its mail is sent"
    assert mailed(opened) == {"hemma", "fall", "bad"}
    assert list(health_checks.check_left_out(opened.context)) == []


@pytest.mark.whole
def test_a_stored_pilot_that_cannot_be_read_is_named(
    opened: Opened, capsys: pytest.CaptureFixture[str]
) -> None:
    with Session(opened.context.recipients._engine) as session:
        broken = json.dumps({"id": "bad", "title": "Oläslig"})
        session.execute(update(PilotRow).where(PilotRow.id == "bad").values(record=broken))
        session.commit()
    assert digest(opened, "--dry-run") == 4
    said = capsys.readouterr()
    assert "2 mails to 2 recipients" in said.out
    assert "The pilot bad gets no mail: its stored text cannot be read" in said.err
    assert digest(opened) == 4
    assert mailed(opened) == {"hemma", "fall"}


@pytest.mark.whole
def test_a_mail_that_cannot_be_rendered_is_named_in_report_and_log(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def render(parts: Sequence[tuple[Digest, MailLinks]], reader: Recipient) -> RenderedMail:
        if any(made.pilot_id == "bad" for made, _ in parts):
            raise KeyError("colour")
        return render_mail(parts, reader)

    monkeypatch.setattr(mailer, "render_mail", render)
    monkeypatch.setattr("service.telemetry.configure", lambda _: None)
    assert digest(opened) == 4
    assert mailed(opened) == {"hemma", "fall"}
    lines = [record.msg for record in caplog.records if isinstance(record.msg, dict)]
    (logged,) = [line for line in lines if line["event"] == "a pilot gets no mail"]
    assert (logged["pilot"], logged["reason"]) == ("bad", describe_safely(KeyError()))
    (report,) = [done.report for done in opened.context.runs.latest() if done.job == "digest"]
    assert report["skipped"] == {"bad": describe_safely(KeyError())}


def test_vectors_that_are_no_numbers_are_a_fault_of_their_pilot(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = HashEncoder.queries

    def queries(self: HashEncoder, texts: list[str]) -> np.ndarray:
        vectors = usual(self, texts)
        return vectors * np.nan if any("ingen" in text for text in texts) else vectors

    monkeypatch.setattr(HashEncoder, "queries", queries)
    good, bad = recipients(opened)
    with open_composer(opened.context) as composer:
        first, second = composer.attempts([good, bad])
        assert isinstance(first, Digest)
        assert isinstance(second, SkippedDigest)
        assert "gives no vector" in second.reason
        with pytest.raises(ModelError, match="gives no vector"):
            list(composer.digests([good, bad]))


def test_a_batch_that_fails_is_ranked_one_by_one(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = BatchSearch.search

    def search(self: BatchSearch, queries: Sequence[Query], **options: Any) -> Iterator[list[Hit]]:
        if any("ingen" in query.text for query in queries):
            raise IndexError("too many words")
        return usual(self, queries, **options)

    good, bad = recipients(opened)
    with open_composer(opened.context) as composer:
        expected = next(composer.digests([good, good]))
    monkeypatch.setattr(BatchSearch, "search", search)
    with open_composer(opened.context) as composer:
        first, second = composer.attempts([good, bad])
    assert first == expected
    assert isinstance(second, SkippedDigest)
    assert second.reason == describe_safely(IndexError())


def recipients(opened: Opened) -> tuple[DigestRecipient, DigestRecipient]:
    """Return recipients of a good pilot and of the bad one."""
    del opened
    return (
        DigestRecipient(Pilot(id="hemma", title="Hemma", text=WISH, language="sv")),
        DigestRecipient(Pilot(id="bad", title="Oläslig", text=BAD, language="sv")),
    )
