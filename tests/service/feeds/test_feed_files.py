"""Atom and calendars as files: valid, the same when nothing changed, and safe."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar
from lxml import html

from scrapers.call import Call, DeadlineKind
from service.domain.matching.fit import Fit
from service.domain.matching.match_context import StoredCalls
from service.domain.notifications.feed_link import FeedKind, FeedSubject
from service.domain.notifications.timeline import list_timed_events
from service.feeds.atom import render_atom
from service.feeds.deadline_calendar import DatedCall, render_deadlines
from service.feeds.feed_view import MOST_ENTRIES, FeedCall, FeedHead, make_feed_view
from service.mail.calendar import event_uid
from service.mail.safe_text import SafeWords, one_line
from service.messages.words import words
from tests.service.feeds.atom_rules import ATOM, check
from tests.service.mail.sample_digests import NOW, SEEN, a_call, due

DAY = timedelta(days=1)
URL = "https://fundscout.example"
HOSTILE = "]]><script>alert(1)</script>\u202egnp.exe\x07\x00\ufffe&amp;\" 'a' <b>"


def atom(*calls: Call, now: datetime = NOW, language: str = "sv", similar: str = "") -> bytes:
    head = FeedHead(
        subject=FeedSubject(FeedKind.PILOT, "heart"),
        title=one_line(f"Utlysningar {HOSTILE}"),
        page=f"{URL}/pilots/heart",
        created_at=SEEN,
        public_url=URL,
        token="feed_x",  # noqa: S106  nobody's
    )
    stored = StoredCalls(calls={call.id: call for call in calls}, now=now)
    listed = [
        FeedCall(
            call.id,
            list_timed_events([(SEEN, call)], now),
            fit=Fit.GOOD,
            similar=(similar,) if similar else (),
        )
        for call in calls
    ]
    return render_atom(make_feed_view(head, listed, stored, SafeWords(words(language))))


def test_a_feed_keeps_the_rules_and_says_what_a_reader_needs() -> None:
    feed = check(atom(a_call(), a_call("a:2", deadlines=(due(2 * DAY),))))
    titles = [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]
    assert sorted(titles) == [
        "Ny: Utlysning a:2",
        "Ny: Utlysning vinnova:1",
        "Stänger inom två veckor: Utlysning a:2",
        "Stänger snart, sista påminnelsen: Utlysning a:2",
    ]
    content = next(feed.iter(f"{ATOM}content")).text
    lines = [one.text_content() for one in html.fromstring(content).iter("p")]
    assert "Vinnova · Nationell" in lines
    assert "Passar bra" in lines
    assert any(
        line.startswith("Sista dag: 4 mars 2026 kl. 07:00 (Europe/Stockholm)") for line in lines
    )
    assert feed.find(f"{ATOM}link[@rel='self']").get("href") == (
        f"{URL}/feeds/pilots/heart.atom?token=feed_x"
    )
    assert feed.find(f"{ATOM}id").text.startswith("tag:fundscout.example,2026:feeds/pilot/")


def test_ids_and_instants_stay_when_one_looks_again() -> None:
    calls = a_call(), a_call("a:2", deadlines=(due(2 * DAY),))
    assert atom(*calls) == atom(*calls, now=NOW + timedelta(hours=5))
    first = check(atom(*calls))
    later = check(atom(*calls, now=NOW + 50 * DAY))
    known = {
        entry.findtext(f"{ATOM}id"): entry.findtext(f"{ATOM}updated")
        for entry in first.iter(f"{ATOM}entry")
    }
    again = {
        entry.findtext(f"{ATOM}id"): entry.findtext(f"{ATOM}updated")
        for entry in later.iter(f"{ATOM}entry")
    }
    assert known.items() <= again.items()
    assert len(again) == len(known) + 1, "one more call closes"


def test_what_funders_write_cannot_be_markup() -> None:
    call = a_call(
        "x:1",
        titles={"sv": HOSTILE},
        funder=HOSTILE,
        programme=HOSTILE,
        url="https://funder.example/?a=1&b=%22<script>",
    )
    document = atom(call, similar=HOSTILE)
    feed = check(document)
    assert b"<script" not in document
    for content in feed.iter(f"{ATOM}content"):
        tree = html.fromstring(content.text)
        assert {one.tag for one in tree.iter()} <= {"div", "p", "a"}
        assert not [name for one in tree.iter() for name in one.attrib if name != "href"]
    for text in feed.itertext():
        assert not set(text) & set("\u202e\x07\x00\ufffe")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https:// x", "ftp://a/b"])
def test_only_web_addresses_are_linked(url: str) -> None:
    call = a_call().model_copy(update={"url": url})
    entry = check(atom(call)).find(f"{ATOM}entry")
    assert [link.get("rel") for link in entry.findall(f"{ATOM}link")] == ["alternate"]
    assert "href" not in entry.findtext(f"{ATOM}content")


def test_a_feed_without_news_is_valid_and_a_long_one_is_cut() -> None:
    empty = check(atom())
    assert empty.findtext(f"{ATOM}updated") == f"{SEEN:%Y-%m-%dT%H:%M:%SZ}"
    many = check(atom(*(a_call(f"a:{number}") for number in range(MOST_ENTRIES + 10))))
    assert len(many.findall(f"{ATOM}entry")) == MOST_ENTRIES


def calendar(*calls: DatedCall, now: datetime = NOW) -> list[Any]:
    stored = StoredCalls(calls={one.call.id: one.call for one in calls}, now=now)
    t = SafeWords(words("sv"))
    name = one_line("Sista dagar")
    written = render_deadlines(name, "heart", calls, stored, t, public_url=URL)
    read: Any = Calendar.from_ical(written)
    assert read["VERSION"] == "2.0"
    assert read["REFRESH-INTERVAL"].dt == timedelta(hours=6)
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))
    return list(read.walk("VEVENT"))


def dated(*versions: tuple[datetime, Call], **others: datetime | None) -> DatedCall:
    return DatedCall(versions[-1][1], versions, **others)


def cut_offs(*days: int) -> Call:
    return a_call(deadlines=tuple(due(day * DAY, kind=DeadlineKind.CUT_OFF) for day in days))


def test_every_cut_off_has_an_event() -> None:
    events = calendar(dated((SEEN, cut_offs(10, 40, 70))))
    assert [one.start for one in events] == [NOW + days * DAY for days in (10, 40, 70)]
    assert len({one["UID"] for one in events}) == 3


def test_a_moved_cut_off_moves_its_event_and_raises_its_sequence() -> None:
    before = calendar(dated((SEEN, cut_offs(10, 40, 70))))
    after = calendar(dated((SEEN, cut_offs(10, 40, 70)), (NOW, cut_offs(10, 47, 70))))
    assert [one["UID"] for one in before] == [one["UID"] for one in after]
    assert [one.start for one in after] == [NOW + days * DAY for days in (10, 47, 70)]
    raised = [new["SEQUENCE"] > old["SEQUENCE"] for old, new in zip(before, after, strict=True)]
    assert raised == [False, True, False]


def test_the_only_deadline_has_the_event_that_mails_give_it() -> None:
    (event,) = calendar(dated((SEEN, a_call())))
    assert event["UID"] == event_uid("heart", "vinnova:1", None)


def test_zones_and_whole_days_are_right() -> None:
    brussels = due(30 * DAY, zone="Europe/Brussels", at=datetime(2026, 7, 1, 15, tzinfo=UTC))
    honolulu = due(
        DAY, zone="Pacific/Honolulu", at=datetime(2026, 7, 2, 9, 59, 59, tzinfo=UTC), date_only=True
    )
    timed, whole_day = calendar(dated((SEEN, a_call(deadlines=(brussels, honolulu)))))
    assert timed.start == datetime(2026, 7, 1, 15, tzinfo=UTC)
    assert (whole_day.start, whole_day.end) == (date(2026, 7, 1), date(2026, 7, 2))


def test_a_call_that_is_withdrawn_is_cancelled() -> None:
    known = calendar(dated((SEEN, cut_offs(10, 40))))
    gone = calendar(dated((SEEN, cut_offs(10, 40)), withdrawn_at=NOW), now=NOW + DAY)
    assert [one["UID"] for one in gone] == [one["UID"] for one in known]
    assert [one["STATUS"] for one in gone] == ["CANCELLED", "CANCELLED"]
    assert all(new["SEQUENCE"] > old["SEQUENCE"] for old, new in zip(known, gone, strict=True))
    back = calendar(dated((SEEN, cut_offs(10, 40)), relisted_at=NOW + DAY), now=NOW + 2 * DAY)
    assert not any("STATUS" in one for one in back)
    assert all(new["SEQUENCE"] > old["SEQUENCE"] for old, new in zip(gone, back, strict=True))


def test_one_cut_off_that_is_withdrawn_is_cancelled_alone() -> None:
    events = calendar(dated((SEEN, cut_offs(10, 40)), (NOW, cut_offs(10))), now=NOW + DAY)
    assert [one.get("STATUS") for one in events] == [None, "CANCELLED"]


def test_what_is_long_over_is_left_out() -> None:
    assert not calendar(dated((SEEN, a_call())), now=NOW + 120 * DAY)


def test_hostile_words_cannot_add_a_line_to_a_calendar() -> None:
    title = "Hälsa\r\nATTENDEE:mailto:x@example.org\nEND:VCALENDAR" + HOSTILE
    (event,) = calendar(dated((SEEN, a_call(titles={"sv": title}))))
    assert "ATTENDEE" not in event
    assert "\n" not in event["SUMMARY"]


def test_the_same_calls_give_the_same_calendar() -> None:
    stored = StoredCalls(calls={}, now=NOW)
    later = StoredCalls(calls={}, now=NOW + timedelta(hours=3))
    t = SafeWords(words("sv"))
    name, calls = one_line("x"), [dated((SEEN, cut_offs(10, 40)))]
    one = render_deadlines(name, "heart", calls, stored, t, public_url=URL)
    assert one == render_deadlines(name, "heart", calls, later, t, public_url=URL)
