"""Events of a call: new, changed, opened again and closing, each sent once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from scrapers.call import Call, DeadlineKind
from service.domain.notifications.events import EventReason
from service.domain.notifications.selection import (
    DigestCandidate,
)
from tests.service.mail.sample_digests import (
    NOW,
    SEEN,
    WEEK,
    a_call,
    cut_off,
    due,
    keys,
    moment,
    pick,
    reasons,
)

DAY = timedelta(days=1)


def later(call: Call, seen: datetime, **changed: object) -> DigestCandidate:
    return DigestCandidate(((SEEN, call), (seen, call.model_copy(update=changed))), 0.7)


def test_a_call_is_new_once_whatever_its_own_date() -> None:
    call = a_call(opens=NOW - 300 * DAY, published=NOW - 300 * DAY)
    first = pick(call)
    assert reasons(first) == {call.id: ["new"]}
    again = pick(call, told=keys(first), week=1)
    assert again.items == ()


def test_a_call_first_stored_long_ago_is_new_to_a_recipient_who_has_not_had_it() -> None:
    old = DigestCandidate(((NOW - 200 * DAY, a_call()),), 0.7)
    assert reasons(pick(old, week=5)) == {"vinnova:1": ["new"]}


def test_a_moved_deadline_names_both_days() -> None:
    call = a_call()
    told = keys(pick(call))
    moved = later(call, NOW + DAY, deadlines=(due(68 * DAY),))
    (item,) = pick(moved, told=told, week=1).items
    (news,) = item.events
    assert news.reason is EventReason.CHANGED
    (change,) = news.changes
    assert (change.before, change.after) == (
        "2026-05-01T08:00:00+02:00",
        "2026-05-09T08:00:00+02:00",
    )
    assert change.sentence.en.endswith("8 days later.")


@pytest.mark.parametrize(
    "changed",
    [
        {"texts": {"sv": "Vården av hjärtsvikt skall flytta hem. Sök med en region."}},
        {"titles": {"sv": "utlysning  vinnova:1!", "en": "Call vinnova:1"}},
        {"keywords": ("hjärta",)},
        {"url": "https://www.vinnova.se/e/2"},
        {"published": NOW},
    ],
)
def test_an_edit_that_changes_nothing_for_an_applicant_is_no_event(
    changed: dict[str, object],
) -> None:
    call = a_call()
    assert pick(later(call, NOW + DAY, **changed), told=keys(pick(call)), week=1).items == ()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"funding": None}, "funding.maximum"),
        ({"opens": NOW - 2 * DAY}, "opens"),
        ({"titles": {"sv": "Utlysning för alla", "en": "Call vinnova:1"}}, "titles.sv"),
        ({"invited_only": True}, "invited_only"),
    ],
)
def test_what_matters_to_an_applicant_is_an_event(changed: dict[str, object], field: str) -> None:
    call = a_call()
    (item,) = pick(later(call, NOW + DAY, **changed), told=keys(pick(call)), week=1).items
    assert [change.field for change in item.events[0].changes] == [field]


def test_a_change_is_counted_from_what_the_reader_knows() -> None:
    """A change that waited, was undone and made again is told from the version that was told."""
    call = a_call()
    told = keys(pick(call))
    there, back = (due(68 * DAY),), call.deadlines
    past = [(SEEN, call), (NOW + DAY, call.model_copy(update={"deadlines": there}))]
    undone = [*past, (NOW + 2 * DAY, call)]
    assert pick(DigestCandidate(undone, 0.7), told=told, week=1).items == ()
    changed = pick(DigestCandidate(past, 0.7), told=told, week=1)
    assert reasons(changed) == {call.id: ["changed"]}
    both = pick(DigestCandidate(undone, 0.7), told=[*told, *keys(changed)], week=2)
    (change,) = both.items[0].events[0].changes
    assert change.after == back[0].local().isoformat()
    assert (
        pick(DigestCandidate(undone, 0.7), told=[*told, *keys(changed), *keys(both)], week=3).items
        == ()
    )


def test_a_change_before_the_call_was_sent_is_not_a_change() -> None:
    moved = later(a_call(), SEEN + DAY, deadlines=(due(68 * DAY),))
    assert reasons(pick(moved)) == {"vinnova:1": ["new"]}


def test_where_the_sent_version_is_lost_the_time_of_the_last_mail_counts() -> None:
    call = a_call()
    told = ["new|vinnova:1|20200101T000000.000000Z"]
    before_the_mail = later(call, NOW - DAY, deadlines=(due(68 * DAY),))
    assert pick(before_the_mail, told=told, week=1).items == ()
    after_it = later(call, NOW + DAY, deadlines=(due(68 * DAY),))
    assert reasons(pick(after_it, told=told, week=1)) == {call.id: ["changed"]}


def test_a_cut_off_that_went_by_is_no_change() -> None:
    first, second = cut_off(3 * DAY), cut_off(100 * DAY)
    call = a_call(deadlines=(first, second))
    told = keys(pick(call))
    assert pick(later(call, NOW + 5 * DAY, deadlines=(second,)), told=told, week=1).items == ()


def test_a_call_that_opens_again_is_sent_again() -> None:
    call = a_call(deadlines=(due(DAY),))
    told = keys(pick(call))
    reopened = later(call, NOW + 4 * DAY, deadlines=(due(60 * DAY),))
    assert reasons(pick(reopened, told=told, week=1)) == {call.id: ["reopened"]}


def test_an_extended_call_did_not_reopen() -> None:
    call = a_call(deadlines=(due(4 * DAY),))
    told = keys(pick(call))
    extended = later(call, NOW + 2 * DAY, deadlines=(due(60 * DAY),))
    assert reasons(pick(extended, told=told, week=1)) == {call.id: ["changed"]}


def test_a_closing_call_is_sent_twice_and_no_more() -> None:
    call = a_call(deadlines=(due(24 * DAY),))
    told: list[str] = []
    heard = []
    for week in range(5):
        chosen = pick(call, told=told, week=week)
        told += keys(chosen)
        heard.append(reasons(chosen).get(call.id, []))
    assert heard == [["new"], [], ["closing_14"], ["closing_3"], []]
    assert len(told) == len(set(told))


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (timedelta(hours=1), ["new", "closing_14", "closing_3"]),
        (3 * DAY, ["new", "closing_14", "closing_3"]),
        (WEEK, ["new", "closing_14", "closing_3"]),
        (WEEK + timedelta(hours=22), ["new", "closing_14", "closing_3"]),
        (WEEK + timedelta(days=1, hours=1), ["new", "closing_14"]),
        (14 * DAY, ["new", "closing_14"]),
        (14 * DAY + timedelta(seconds=1), ["new"]),
        (-timedelta(seconds=1), []),
    ],
)
def test_closing_is_sent_before_the_next_mail_would_be_late(
    left: timedelta, expected: list[str]
) -> None:
    assert reasons(pick(a_call(deadlines=(due(left),)))).get("vinnova:1", []) == expected


def test_a_moved_deadline_has_its_own_reminders() -> None:
    call = a_call(deadlines=(due(6 * DAY),))
    told = keys(pick(call))
    moved = later(call, NOW + DAY, deadlines=(due(12 * DAY),))
    assert reasons(pick(moved, told=told, week=1)) == {
        call.id: ["changed", "closing_14", "closing_3"]
    }


def test_a_call_that_opens_and_closes_between_two_mails_is_sent_before() -> None:
    short = a_call(opens=NOW + DAY, deadlines=(due(5 * DAY),))
    assert reasons(pick(short)) == {short.id: ["new", "forthcoming"]}
    far = a_call(opens=NOW + 8 * DAY)
    assert reasons(pick(far)) == {far.id: ["new", "forthcoming"]}


def test_two_stages_close_for_newcomers_at_the_first() -> None:
    stages = (
        due(DAY, kind=DeadlineKind.TWO_STAGE, stage=1),
        due(90 * DAY, kind=DeadlineKind.TWO_STAGE, stage=2),
    )
    call = a_call(deadlines=stages)
    assert reasons(pick(call)) == {call.id: ["new", "closing_14", "closing_3"]}
    assert pick(call, week=1).items == ()
    assert moment(1).since == NOW
