"""Some weeks of operating; the whole year is `bench/operating_year.py`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from service.domain.notifications.recipient import Consent
from service.use_cases.sources import gap_notes
from tests.played.operating import Operation

pytestmark = pytest.mark.whole

ANNA, BO, CIA = "anna@example.org", "bo@example.com", "cia@example.net"


def test_weeks_with_a_restore_lose_nothing_and_mail_nobody_who_stopped(
    tmp_path: Path,
) -> None:
    operation = Operation(
        tmp_path,
        first=date(2026, 3, 1),
        people=(ANNA, BO, CIA),
        broken_days=frozenset({10}),
        # the backup that is restored on the tenth day is of before Bo's stop and the second mail
        stops={2: ANNA, 8: BO},
        restores=frozenset({9}),
    )
    operation.run(days=16)
    assert not any(operation.faults().values()), operation.faults()
    assert operation.restored == 1
    assert {mail.to for mail in operation.mails()} == {ANNA, BO, CIA}
    per_person = [sum(mail.to == one for mail in operation.mails()) for one in (ANNA, BO, CIA)]
    assert per_person == [1, 2, 3]
    assert len(list(operation.backups.glob("*.backup"))) == 14
    assert operation.statuses["collect", 1] == 1  # the day that the funder was out of order
    with operation._environment(), operation._opened() as context:
        states = {str(one.address): one.consent for one in context.recipients.all()}
        assert states == {
            ANNA: Consent.UNSUBSCRIBED,
            BO: Consent.UNSUBSCRIBED,
            CIA: Consent.CONFIRMED,
        }
        assert gap_notes(context) == ()
