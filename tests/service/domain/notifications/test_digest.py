"""The digest as a record, and what a week without a fitting call brings."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from scrapers.call import Level
from service.domain.calls.sources import SourceState, SourceStatus
from service.domain.notifications.digest import Digest, QuietWeekPolicy, compose_digest
from service.domain.notifications.selection import (
    DigestMoment,
    DigestSelection,
)
from service.domain.notifications.week import mail_due, next_mail_due, week_of
from tests.service.mail.sample_digests import (
    NOW,
    PILOT,
    WEEK,
    a_call,
    a_digest,
    a_match,
    due,
    keys,
    pick,
)

DAY = timedelta(days=1)


def test_the_digest_has_all_that_a_mail_needs() -> None:
    call = a_call(deadlines=(due(2 * DAY),))
    digest = a_digest(call)
    assert (digest.pilot_id, digest.week, digest.considered) == ("heart", "2026-W10", 412)
    (item,) = digest.items
    assert item.match == a_match(call)
    assert (item.is_new, item.is_closing, digest.send) == (True, True, True)
    assert digest.keys == tuple(keys(pick(call)))
    assert digest.next_mail == NOW + WEEK - timedelta(hours=1)


def nothing(
    now: datetime, since: datetime | None, quiet: QuietWeekPolicy = QuietWeekPolicy.MONTHLY
) -> Digest:
    when = DigestMoment(now, next_mail_due(now), since)
    return compose_digest(
        PILOT, week_of(now), DigestSelection(), {}, when, language="sv", considered=3, quiet=quiet
    )


@pytest.mark.parametrize(
    ("quiet", "since", "send"),
    [
        (QuietWeekPolicy.SILENT, None, False),
        (QuietWeekPolicy.SILENT, NOW - 100 * DAY, False),
        (QuietWeekPolicy.MONTHLY, None, True),
        (QuietWeekPolicy.MONTHLY, NOW - 21 * DAY, False),
        (QuietWeekPolicy.MONTHLY, NOW - 28 * DAY, True),
        (QuietWeekPolicy.MONTHLY, NOW - 28 * DAY + timedelta(minutes=40), True),
    ],
)
def test_when_nothing_fits_it_says_so_once_a_month_or_never(
    quiet: QuietWeekPolicy, since: datetime | None, send: bool
) -> None:
    digest = nothing(NOW, since, quiet)
    assert digest.send is send
    assert digest.keys == ()


@pytest.mark.parametrize(("sent", "fourth"), [("2026-W11", "2026-W15"), ("2026-W42", "2026-W46")])
def test_the_fourth_week_is_the_fourth_when_the_clock_is_changed(sent: str, fourth: str) -> None:
    week, heard = mail_due(sent), []
    since = week + timedelta(seconds=40)
    for _ in range(4):
        week = next_mail_due(week)
        heard.append(week_of(week) if nothing(week, since).send else "")
    assert heard == ["", "", "", fourth]


def test_sources_that_could_not_be_read_are_named() -> None:
    def source(key: str, state: SourceState) -> SourceStatus:
        return SourceStatus(
            key=key,
            name=key.upper(),
            home="https://a.example",
            level=Level.NATIONAL,
            interface="",
            verified="",
            calls=1,
            unchecked=0,
            state=state,
            failing=state is SourceState.FAILING,
            stale=state is SourceState.STALE,
            last_run=None,
            last_good=None,
            findings=(),
        )

    digest = a_digest(a_call(), sources=[source(s.name.lower(), s) for s in SourceState])
    assert [one.key for one in digest.amiss] == ["stale", "failing"]
