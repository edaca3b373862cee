"""The deadlines as RFC 5545 has them, read back by rules written apart from the writer."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

from icalendar import Calendar

from scrapers.call import DeadlineKind
from service.mail.calendar import event_uid
from service.mail.render import render_digest
from tests.service.mail.sample_digests import Person, a_call, a_digest, due, links

DAY = timedelta(days=1)


def written(*calls: object) -> str:
    digest = a_digest(*calls)  # type: ignore[arg-type]  # calls
    return render_digest(digest, Person(), links()).ics


def unfolded(text: str) -> list[str]:
    assert text.endswith("\r\n")
    assert all(len(one.encode()) <= 75 for one in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")
    return re.sub("\r\n[ \t]", "", text).removesuffix("\r\n").split("\r\n")


def read(text: str) -> list[dict[str, str]]:
    """Return the events, names with their parameters as keys, values unescaped."""
    events: list[dict[str, str]] = []
    for one in unfolded(text):
        name, _, value = one.partition(":")
        if one == "BEGIN:VEVENT":
            events.append({})
        elif events and name not in ("BEGIN", "END"):
            events[-1][name] = re.sub(r"\\(.)", lambda m: "\n" if m[1] in "nN" else m[1], value)
    return events


def test_a_deadline_with_a_time_is_an_instant() -> None:
    (event,) = read(written(a_call()))
    assert event["DTSTART"] == "20260501T060000Z"
    assert event["SUMMARY"] == "Sista dag: Utlysning vinnova:1"
    assert event["URL"] == "https://fundscout.example/o/vinnova:1"
    assert event["DTSTAMP"] == "20260302T060000Z"
    assert event["DESCRIPTION"].splitlines()[1:3] == ["1 maj 2026 kl. 08:00", "Europe/Stockholm"]


def test_a_day_without_a_time_is_a_whole_day() -> None:
    late = due(60 * DAY + timedelta(hours=15, minutes=59, seconds=59), date_only=True)
    (event,) = read(written(a_call(deadlines=(late,))))
    assert (event["DTSTART;VALUE=DATE"], event["DTEND;VALUE=DATE"]) == ("20260501", "20260502")


def test_a_moved_deadline_moves_its_event() -> None:
    first, moved = (read(written(a_call(deadlines=(due(days * DAY),)))) for days in (60, 68))
    assert first[0]["UID"] == moved[0]["UID"]
    assert first[0]["DTSTART"] != moved[0]["DTSTART"]
    stages = (
        due(DAY, kind=DeadlineKind.TWO_STAGE, stage=1),
        due(DAY, kind=DeadlineKind.TWO_STAGE, stage=2),
    )
    assert len({event_uid("heart", "a:1", one.stage) for one in stages}) == 2
    assert event_uid("heart", "a:1", 1) != event_uid("other", "a:1", 1)


def test_signs_that_mean_something_are_escaped_and_nothing_can_be_added() -> None:
    title = "Hälsa, vård; omsorg \\ hem\r\nATTENDEE:mailto:x@example.org\nEND:VCALENDAR" + "å" * 90
    text = written(a_call(titles={"sv": title}))
    lines = unfolded(text)
    assert [one for one in lines if one.startswith(("ATTENDEE", "END:VCALENDAR"))] == [
        "END:VCALENDAR"
    ]
    (event,) = read(text)
    assert event["SUMMARY"].startswith(
        "Sista dag: Hälsa, vård; omsorg \\ hem ATTENDEE:mailto:x@example.org END:VCALENDAR"
    )


def test_a_call_without_a_date_is_not_in_it() -> None:
    rolling = due(DAY, kind=DeadlineKind.ROLLING, at=None)
    assert written(a_call(deadlines=(rolling,))) == ""


def test_a_line_is_folded_between_letters() -> None:
    text = written(a_call(titles={"sv": "å" * 100}))
    assert "å" * 100 in "".join(unfolded(text))
    assert "\ufffd" not in text
    folded = text[text.index("SUMMARY") : text.index("TRANSP")].split("\r\n")
    assert len(folded) > 2


def test_another_library_reads_it() -> None:
    late = due(60 * DAY, date_only=True)
    calendar: Any = Calendar.from_ical(written(a_call("a:1"), a_call("a:2", deadlines=(late,))))
    events = calendar.walk("VEVENT")
    whole_day, timed = sorted(events, key=lambda one: str(one["SUMMARY"]), reverse=True)
    assert timed.start == datetime(2026, 5, 1, 6, tzinfo=UTC)
    assert whole_day.start == date(2026, 5, 1)
    assert calendar["METHOD"] == "PUBLISH"
    assert calendar["X-WR-CALNAME"] == "Sista dagar för Hjärtsvikt hemma"
