"""Which calls a recipient gets: those that fit, in time, near duplicates as one."""

from __future__ import annotations

from datetime import datetime, timedelta

from scrapers.call import Call
from service.domain.notifications.digest import compose_digest
from service.domain.notifications.selection import (
    CallMark,
    DigestCandidate,
)
from tests.service.mail.sample_digests import (
    NOW,
    PILOT,
    SEEN,
    a_call,
    a_match,
    due,
    keys,
    moment,
    pick,
    reasons,
)

DAY = timedelta(days=1)


def later(call: Call, seen: datetime, **changed: object) -> DigestCandidate:
    return DigestCandidate(((SEEN, call), (seen, call.model_copy(update=changed))), 0.7)


def test_a_selected_call_fits_or_was_marked_or_sent_before() -> None:
    low = [DigestCandidate(((SEEN, a_call(f"a:{n}")),), 0.3) for n in range(3)]
    assert pick(*low).items == ()
    assert reasons(pick(*low, marks={"a:1": CallMark.RELEVANT})) == {"a:1": ["new"]}
    closing = DigestCandidate(((SEEN, a_call("a:0", deadlines=(due(2 * DAY),))),), 0.3)
    told = ["new|a:0|20260227T060000.000000Z"]
    assert reasons(pick(closing, told=told)) == {"a:0": ["closing_14", "closing_3"]}


def test_a_dismissed_call_is_never_selected() -> None:
    call = a_call(deadlines=(due(2 * DAY),))
    assert pick(call, marks={call.id: CallMark.DISMISSED}).items == ()
    moved = later(call, NOW + DAY, deadlines=(due(20 * DAY),))
    told = keys(pick(call))
    assert pick(moved, told=told, week=1, marks={call.id: CallMark.DISMISSED}).items == ()


def test_who_has_applied_gets_changes_but_no_reminders() -> None:
    call = a_call(deadlines=(due(12 * DAY),))
    told = ["new|vinnova:1|20260227T060000.000000Z"]
    applied = {call.id: CallMark.APPLIED}
    assert pick(call, told=told, marks=applied).items == ()
    moved = later(call, NOW + DAY, deadlines=(due(20 * DAY),))
    assert reasons(pick(moved, told=told, week=1, marks=applied)) == {call.id: ["changed"]}


def test_who_applied_before_the_call_was_sent_gets_changes_since_then() -> None:
    call = a_call()
    applied = {call.id: CallMark.APPLIED}
    told: list[str] = []
    before = later(call, NOW - DAY, deadlines=(due(68 * DAY),))
    assert pick(before, marks=applied, said_at=NOW).items == ()
    moved = later(call, NOW + DAY, deadlines=(due(68 * DAY),))
    for week in (1, 2):
        chosen = pick(moved, told=told, week=week, marks=applied, said_at=NOW)
        told += keys(chosen)
        assert reasons(chosen) == ({call.id: ["changed"]} if week == 1 else {})
    assert pick(moved, week=1, marks=applied).items == ()


def test_a_call_with_a_condition_that_is_not_met_is_counted_unless_it_was_marked() -> None:
    call = a_call()
    barred = DigestCandidate(((SEEN, call),), 0.9, ineligible=True)
    first = pick(barred, a_call("a:2"))
    assert (reasons(first), first.ineligible) == ({"a:2": ["new"]}, 1)
    assert pick(barred, week=1).ineligible == 0  # the mail before has counted it
    marked = pick(barred, marks={call.id: CallMark.RELEVANT})
    assert (reasons(marked), marked.ineligible) == ({call.id: ["new"]}, 0)


def test_a_call_that_its_source_no_longer_lists_is_not_selected() -> None:
    assert pick(a_call(), gone=["vinnova:1"]).items == ()


def test_the_best_ten_are_selected_and_the_rest_wait_for_the_next_mail() -> None:
    calls = [DigestCandidate(((SEEN, a_call(f"a:{n:02}")),), 0.5 + n / 100) for n in range(14)]
    first = pick(*calls)
    assert [p.call_id for p in first.items] == [f"a:{n:02}" for n in range(13, 3, -1)]
    assert (first.brief, first.more) == ((), 4)
    second = pick(*calls, told=keys(first), week=1)
    assert [p.call_id for p in second.items] == ["a:03", "a:02", "a:01", "a:00"]


def test_what_closes_before_the_next_mail_goes_first_and_is_never_left_waiting() -> None:
    good = [DigestCandidate(((SEEN, a_call(f"a:{n:02}")),), 0.9) for n in range(10)]
    hurried = [
        DigestCandidate(((SEEN, a_call(f"b:{n:02}", deadlines=(due(DAY),))),), 0.6)
        for n in range(12)
    ]
    one = pick(*good, hurried[0])
    assert len(one.items) == 10
    assert one.items[-1].call_id == "b:00"
    assert one.more == 1
    many = pick(*good, *hurried)
    assert {p.call_id[0] for p in many.items} == {"b"}
    assert [p.call_id for p in many.brief] == ["b:10", "b:11"]
    assert many.more == 10
    assert set(reasons(many)) == {c.call.id for c in hurried}


def test_new_near_duplicates_are_shown_as_one_unless_one_closes_soon() -> None:
    rounds = [DigestCandidate(((SEEN, a_call(f"a:{n}")),), 0.9 - n / 10) for n in range(3)]
    hurried = DigestCandidate(((SEEN, a_call("a:9", deadlines=(due(DAY),))),), 0.6)
    chosen = pick(*rounds, hurried, alike=lambda _one, _other: True)
    assert [p.call_id for p in chosen.items] == ["a:0", "a:9"]
    assert [p.call_id for p in chosen.items[0].others] == ["a:1", "a:2"]
    matches = {id_: a_match(a_call(id_)) for id_ in chosen.call_ids}
    digest = compose_digest(
        PILOT, "2026-W10", chosen, matches, moment(), language="sv", considered=4
    )
    told = {key.split("|")[1] for key in digest.keys}
    assert told == {"a:0", "a:1", "a:2", "a:9"}
    later_on = pick(*rounds, told=digest.keys, week=1, alike=lambda _one, _other: True)
    assert later_on.items == ()
