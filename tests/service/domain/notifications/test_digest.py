"""What a recipient is told: once, with every reason, and in time."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from scrapers.call import Call, DeadlineKind, Level
from service.domain.calls.sources import SourceState, SourceStatus
from service.domain.notifications.digest import Digest, QuietWeekPolicy, compose_digest
from service.domain.notifications.events import EventReason
from service.domain.notifications.selection import (
    CallMark,
    DigestCandidate,
    DigestMoment,
    DigestSelection,
)
from service.domain.notifications.week import mail_due, next_mail_due, week_of
from tests.service.mail.sample_digests import (
    NOW,
    PILOT,
    SEEN,
    WEEK,
    a_call,
    a_digest,
    a_match,
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


def test_a_call_first_stored_long_ago_is_new_to_a_pilot_that_was_not_told() -> None:
    old = DigestCandidate(((NOW - 200 * DAY, a_call()),), 0.7)
    assert reasons(pick(old, week=5)) == {"vinnova:1": ["new"]}


def test_a_moved_deadline_is_told_from_what_to_what() -> None:
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
def test_an_edit_that_changes_nothing_for_an_applicant_is_no_news(
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
def test_what_matters_to_an_applicant_is_told(changed: dict[str, object], field: str) -> None:
    call = a_call()
    (item,) = pick(later(call, NOW + DAY, **changed), told=keys(pick(call)), week=1).items
    assert [change.field for change in item.events[0].changes] == [field]


def test_a_change_is_told_from_what_the_reader_knows() -> None:
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


def test_a_change_before_the_call_was_told_is_not_a_change() -> None:
    moved = later(a_call(), SEEN + DAY, deadlines=(due(68 * DAY),))
    assert reasons(pick(moved)) == {"vinnova:1": ["new"]}


def test_where_the_told_version_is_lost_the_last_mail_says_what_is_known() -> None:
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


def test_a_call_that_opens_again_is_told_again() -> None:
    call = a_call(deadlines=(due(DAY),))
    told = keys(pick(call))
    reopened = later(call, NOW + 4 * DAY, deadlines=(due(60 * DAY),))
    assert reasons(pick(reopened, told=told, week=1)) == {call.id: ["reopened"]}


def test_an_extended_call_did_not_reopen() -> None:
    call = a_call(deadlines=(due(4 * DAY),))
    told = keys(pick(call))
    extended = later(call, NOW + 2 * DAY, deadlines=(due(60 * DAY),))
    assert reasons(pick(extended, told=told, week=1)) == {call.id: ["changed"]}


def test_a_closing_call_is_told_twice_and_no_more() -> None:
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
def test_closing_is_told_before_the_next_mail_would_be_late(
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


def test_a_call_that_opens_and_closes_between_two_mails_is_told_before() -> None:
    short = a_call(opens=NOW + DAY, deadlines=(due(5 * DAY),))
    assert reasons(pick(short)) == {short.id: ["new"]}
    far = a_call(opens=NOW + 8 * DAY)
    assert pick(far).items == ()


def test_what_is_told_of_fits_or_was_marked_or_told_before() -> None:
    low = [DigestCandidate(((SEEN, a_call(f"a:{n}")),), 0.3) for n in range(3)]
    assert pick(*low).items == ()
    assert reasons(pick(*low, marks={"a:1": CallMark.RELEVANT})) == {"a:1": ["new"]}
    closing = DigestCandidate(((SEEN, a_call("a:0", deadlines=(due(2 * DAY),))),), 0.3)
    told = ["new|a:0|20260227T060000.000000Z"]
    assert reasons(pick(closing, told=told)) == {"a:0": ["closing_14", "closing_3"]}


def test_a_dismissed_call_is_never_told() -> None:
    call = a_call(deadlines=(due(2 * DAY),))
    assert pick(call, marks={call.id: CallMark.DISMISSED}).items == ()
    moved = later(call, NOW + DAY, deadlines=(due(20 * DAY),))
    told = keys(pick(call))
    assert pick(moved, told=told, week=1, marks={call.id: CallMark.DISMISSED}).items == ()


def test_who_has_applied_hears_of_changes_but_not_of_deadlines() -> None:
    call = a_call(deadlines=(due(12 * DAY),))
    told = ["new|vinnova:1|20260227T060000.000000Z"]
    applied = {call.id: CallMark.APPLIED}
    assert pick(call, told=told, marks=applied).items == ()
    moved = later(call, NOW + DAY, deadlines=(due(20 * DAY),))
    assert reasons(pick(moved, told=told, week=1, marks=applied)) == {call.id: ["changed"]}


def test_who_applied_before_any_mail_told_of_the_call_hears_of_changes_since() -> None:
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


def test_a_call_that_its_source_lists_no_more_is_not_told() -> None:
    assert pick(a_call(), gone=["vinnova:1"]).items == ()


def test_ten_are_told_the_best_first_and_the_rest_wait_for_the_next_mail() -> None:
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


def test_new_calls_that_are_nearly_the_same_are_told_as_one_unless_one_hurries() -> None:
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


def test_the_digest_says_all_that_a_mail_needs() -> None:
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


def test_two_stages_close_for_newcomers_at_the_first() -> None:
    stages = (
        due(DAY, kind=DeadlineKind.TWO_STAGE, stage=1),
        due(90 * DAY, kind=DeadlineKind.TWO_STAGE, stage=2),
    )
    call = a_call(deadlines=stages)
    assert reasons(pick(call)) == {call.id: ["new", "closing_14", "closing_3"]}
    assert pick(call, week=1).items == ()
    assert moment(1).since == NOW
