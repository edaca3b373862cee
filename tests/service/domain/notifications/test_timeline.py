"""What a feed tells of a call: the same as mails to somebody who looks all the time."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from scrapers.call import Call, DeadlineKind
from service.domain.notifications.events import EventReason, SentLog, find_events
from service.domain.notifications.timeline import list_timed_events
from tests.service.mail.sample_digests import NOW, SEEN, a_call, due

DAY = timedelta(days=1)


def told(*versions: tuple[datetime, Call], now: datetime = NOW) -> list[tuple[str, datetime]]:
    return [(one.event.reason.value, one.at) for one in list_timed_events(versions, now)]


def test_a_call_is_new_once_and_closes_twice() -> None:
    call = a_call(deadlines=(due(10 * DAY),))
    assert told((SEEN, call), now=NOW + 9 * DAY) == [
        ("new", SEEN),
        ("closing_14", SEEN),
        ("closing_3", NOW + 7 * DAY),
    ]
    far = a_call(deadlines=(due(60 * DAY),))
    assert told((SEEN, far)) == [("new", SEEN)]
    assert told((SEEN, far), now=NOW + 50 * DAY)[1:] == [("closing_14", NOW + 46 * DAY)]


def test_a_change_that_matters_is_told_when_it_was_seen() -> None:
    before, after = a_call(), a_call(deadlines=(due(30 * DAY),))
    events = list_timed_events([(SEEN, before), (NOW, after)], NOW + DAY)
    assert [one.event.reason for one in events] == [EventReason.NEW, EventReason.CHANGED]
    assert events[1].at == NOW
    assert events[1].event.changes
    assert events[0].call == before, "an entry says what was true then"


def test_a_changed_text_alone_is_nothing() -> None:
    texts = a_call(texts={"sv": "En helt annan text."})
    assert told((SEEN, a_call()), (NOW, texts)) == [("new", SEEN)]


def test_what_is_told_does_not_depend_on_when_one_looks() -> None:
    versions = [
        (SEEN, a_call(deadlines=(due(20 * DAY),))),
        (NOW + DAY, a_call(deadlines=(due(25 * DAY),))),
        (NOW + 15 * DAY, a_call(deadlines=(due(40 * DAY),))),
    ]
    whole = list_timed_events(versions, NOW + 40 * DAY)
    for days in range(41):
        now = NOW + days * DAY
        seen = [version for version in versions if version[0] <= now]
        assert list_timed_events(seen, now) == tuple(one for one in whole if one.at <= now)
    assert len({one.event.key for one in whole}) == len(whole)


def test_the_keys_are_those_of_mails() -> None:
    call = a_call(deadlines=(due(2 * DAY),))
    mail = find_events([(SEEN, call)], SentLog(()), since=None, now=NOW, until=NOW + 7 * DAY)
    feed = list_timed_events([(SEEN, call)], NOW)
    assert {one.key for one in mail} == {one.event.key for one in feed}


def test_each_cut_off_has_its_notices() -> None:
    call = a_call(
        deadlines=tuple(due(days * DAY, kind=DeadlineKind.CUT_OFF) for days in (10, 15, 90))
    )
    reasons = told((SEEN, call), now=NOW + 100 * DAY)
    assert [reason for reason, _ in reasons] == [
        "new",
        *("closing_14", "closing_3") * 3,
    ]


def test_a_call_that_is_not_open_yet_does_not_close() -> None:
    call = a_call(opens=NOW + 5 * DAY, deadlines=(due(10 * DAY),))
    assert told((SEEN, call), now=NOW + 4 * DAY) == [("new", SEEN)]
    (_, closing), *_ = told((SEEN, call), now=NOW + 6 * DAY)[1:]
    assert closing == NOW + 5 * DAY


def test_a_call_that_is_listed_again_is_open_again() -> None:
    events = list_timed_events([(SEEN, a_call())], NOW + DAY, relisted_at=NOW)
    assert [one.event.reason for one in events] == [EventReason.NEW, EventReason.REOPENED]


@pytest.mark.parametrize("kind", [DeadlineKind.ROLLING, DeadlineKind.ANNOUNCED])
def test_a_call_without_a_day_never_closes(kind: DeadlineKind) -> None:
    call = a_call(deadlines=(due(DAY, kind=kind, at=None),))
    assert told((SEEN, call), now=NOW + 400 * DAY) == [("new", SEEN)]


def test_a_clock_that_stands_before_a_call_was_seen_tells_of_it_all_the_same() -> None:
    """The clock of the examples does: deadlines count from it, and what was seen is told."""
    later = NOW + 200 * DAY
    near = a_call(deadlines=(due(2 * DAY),))
    named = near.model_copy(update={"titles": {"sv": "En annan titel"}})
    assert told((later, near)) == [
        ("new", later),
        ("closing_14", later),
        ("closing_3", later),
    ]
    assert told((later, near), (later + DAY, named))[-1] == ("changed", later + DAY)
