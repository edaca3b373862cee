"""A feed reads the calls that it tells of, and asks no more questions when there are more calls."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from scrapers.call import Call, Status
from service.context import Context
from service.domain.calls.stored import record
from service.domain.notifications.feed_link import FeedKind, FeedSubject, SavedSearch
from service.domain.notifications.week import next_mail_due
from service.jobs.mail.digest_setup import open_composer
from service.jobs.reindex import reindex
from service.store import calls as call_store
from service.use_cases.feeds.feeds import render_feed
from service.use_cases.feeds.links import make_feed_link, open_feed_link
from service.use_cases.feeds.pilots_calls import list_pilots_calls
from tests.service.generated_calls import generated_calls
from tests.service.sample_calls import NOW

pytestmark = pytest.mark.whole

SUBJECTS = (
    FeedSubject(FeedKind.PILOT, "heart"),
    FeedSubject(FeedKind.DEADLINES, "heart"),
    FeedSubject(FeedKind.AREA, "home_care"),
    FeedSubject(FeedKind.SEARCH, SavedSearch(subject="heart failure at home").key),
    FeedSubject(FeedKind.FUNDER, "vinnova"),
)
MOST_RECORDS = 300
"""Records that may be read for one feed, each call counted once for every version."""

MORE_STATEMENTS = 5
"""Statements more than with a ninth of the calls: of the calls that a feed has more to tell of."""


class Reads:
    """Counts the records that are read, and the statements that ask for something."""

    def __init__(self, context: Context, patch: pytest.MonkeyPatch) -> None:
        self.records = self.statements = 0
        event.listen(context.calls._engine, "before_cursor_execute", self._asked)
        patch.setattr(call_store, "read_record", self._read)
        for name in ("all", "iterate"):
            patch.setattr(call_store.CallStore, name, _refuse)

    def clear(self) -> None:
        self.records = self.statements = 0

    def _asked(self, *_: object) -> None:
        self.statements += 1

    def _read(self, text: str) -> Call:
        self.records += 1
        return record.read_record(text)


def _refuse(_: object) -> None:
    raise AssertionError("every call was read")


def feeds(context: Context) -> dict[FeedSubject, bytes]:
    made = {}
    for subject in SUBJECTS:
        token = make_feed_link(context, subject, "sv").token
        made[subject] = render_feed(context, open_feed_link(context, subject, token), token)
    return made


def test_a_feed_reads_what_it_tells_of(
    own_context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = [one for one in generated_calls(360) if one.id not in own_context.calls.ids()]
    own_context.calls.upsert(more[:40], NOW)
    reindex(own_context)
    feeds(own_context)
    reads = Reads(own_context, monkeypatch)
    own_context.feed_cache._made.clear()
    few = {}
    for subject in SUBJECTS:
        reads.clear()
        token = make_feed_link(own_context, subject, "sv").token
        assert render_feed(own_context, open_feed_link(own_context, subject, token), token)
        few[subject] = reads.records, reads.statements
    monkeypatch.undo()
    own_context.calls.upsert(more[40:], NOW)
    reindex(own_context)
    feeds(own_context)
    reads = Reads(own_context, monkeypatch)
    for subject in SUBJECTS:
        reads.clear()
        token = make_feed_link(own_context, subject, "sv").token
        assert render_feed(own_context, open_feed_link(own_context, subject, token), token)
        print(subject.kind, few[subject], (reads.records, reads.statements))  # noqa: T201  for -s
        assert reads.records <= MOST_RECORDS, subject
        assert reads.statements <= few[subject][1] + MORE_STATEMENTS, subject


def test_no_list_of_all_pilots_calls_and_no_mail_reads_every_call(
    own_context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    Reads(own_context, monkeypatch)
    assert list_pilots_calls(own_context, "sv")
    with open_composer(own_context) as composer:
        assert composer.match_context.calls["vinnova:2026-00001"]


def test_statuses_are_as_the_records_say(own_context: Context) -> None:
    calls = generated_calls(400)
    own_context.calls.upsert(calls, NOW)
    for now in (NOW, next_mail_due(NOW), max(_dates(calls))):
        stored = own_context.calls.all().values()
        for status in Status:
            expected = {call.id for call in stored if call.status(now) is status}
            assert own_context.calls.of_status(now, status) == expected
        both = own_context.calls.of_status(now, Status.OPEN, Status.CLOSED)
        assert both == {c.id for c in stored if c.status(now) in (Status.OPEN, Status.CLOSED)}


def _dates(calls: list[Call]) -> list:  # type: ignore[type-arg]  # of datetimes
    return [call.opens for call in calls if call.opens is not None]
