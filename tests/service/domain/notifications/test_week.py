"""Weeks as ISO 8601 writes them, on Swedish time."""

from __future__ import annotations

from datetime import datetime

import pytest

from service.domain.notifications.week import mail_due, next_mail_due, week_of
from tests.service.mail.sample_digests import (
    NOW,
)


def test_weeks_are_iso_weeks_of_swedish_time() -> None:
    assert week_of(NOW) == "2026-W10"
    assert week_of(datetime.fromisoformat("2027-01-03T23:30+00:00")) == "2027-W01"
    assert week_of(datetime.fromisoformat("2027-01-03T22:30+00:00")) == "2026-W53"
    assert mail_due("2026-W10").isoformat() == "2026-03-02T05:00:00+00:00"
    assert mail_due("2026-W14").isoformat() == "2026-03-30T04:00:00+00:00"
    assert next_mail_due(mail_due("2026-W13")) == mail_due("2026-W14")


@pytest.mark.parametrize("week", ["2026-W54", "2025-W53", "2026-48", "2026-W00", "x", "٢٠٢٦-W10"])
def test_what_is_no_week_says_how_one_is_written(week: str) -> None:
    with pytest.raises(ValueError, match="write one as 2026-W48"):
        mail_due(week)
