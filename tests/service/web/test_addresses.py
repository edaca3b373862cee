"""An address is checked by one rule, whichever door it comes through; and nobody is misled."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.cli.main import run
from service.domain.notifications.address import Address
from service.domain.notifications.recipient import Consent
from tests.service.mail.mail_store import start

WRONG = [
    "",
    " ",
    "anna",
    "anna@",
    "@example.org",
    "anna@@example.org",
    "anna@example..org",
    "anna@-example.org",
    "Anna <anna@example.org>",
    "anna@example.org, bo@example.com",
    "anna@example.org\nBcc: eve@example.org",
    "anna\u200b@example.org",
    "anna@exa mple.org",
    "ann a@example.org",
    f"{'a' * 65}@example.org",
    f"anna@{'a' * 250}.org",
    "mailto:anna@example.org@",
]
RIGHT = ["anna@example.org", " bo@example.com ", "O'Brien+x@example.org", "åsa@räksmörgås.example"]


@pytest.mark.parametrize("text", WRONG + RIGHT)
def test_page_api_and_command_take_the_same_addresses(
    tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened = start(tmp_path / "data", indexed=False)
    monkeypatch.setenv("FUNDSCOUT_DATA", str(tmp_path / "data"))
    page = opened.client.post("/pilots/hemma/recipients", data={"address": text, "language": "sv"})
    api = opened.client.post("/api/v1/pilots/hemma/recipients", json={"address": text})
    status = run(["recipients", "add", "hemma", "--", text])
    capsys.readouterr()
    if text in RIGHT:
        assert (page.status_code, api.status_code, status) == (303, 202, 0)
        known = opened.context.recipients.find("hemma", Address.parse(text))
        assert known is not None
        assert known.consent in {Consent.PENDING, Consent.CONFIRMED}
    else:
        assert (page.status_code, api.status_code, status) == (422, 422, 1)
        assert len(opened.context.recipients.all()) == 1, "only the one that was there"


def test_a_page_that_cannot_send_says_so(tmp_path: Path) -> None:
    silent = start(tmp_path / "silent", indexed=False)
    sending = start(
        tmp_path / "sending", indexed=False, FUNDSCOUT_SMTP_URL=f"folder:{tmp_path / 'out'}"
    )
    for opened, on_its_way in ((silent, False), (sending, True)):
        for address in ("new@example.org", "anna@example.org"):
            page = opened.client.post(
                "/pilots/hemma/recipients?lang=en",
                data={"address": address, "language": "sv"},
                follow_redirects=True,
            ).text
            assert ("is on its way" in page) == on_its_way
            assert ("nothing is sent" in page) != on_its_way
            answer = opened.client.post(
                "/api/v1/pilots/hemma/recipients", json={"address": address}
            )
            assert ("is on its way" in answer.get_json()["note"]) == on_its_way
