"""The calls that a digest would tell of, as calls of a feed: with every event so far."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime

from scrapers.call import Call
from service.domain.calls.copies import title_in
from service.domain.matching.fit import Fit
from service.domain.notifications.digest import AnySubjectItems
from service.domain.notifications.events import CallVersions, EventReason
from service.domain.notifications.selection import DigestSelection, SelectedCall
from service.domain.notifications.timeline import TimedEvent, list_timed_events
from service.feeds.feed_view import FeedCall

CopiesOf = Callable[[str], Collection[str]]
"""Returns the ids of a call's copies, its own among them."""

_CHANGES = frozenset({EventReason.CHANGED, EventReason.REOPENED})


class EventReader:
    """Lists the events of calls at one moment.

    ``applied_at`` has the calls that a pilot has applied for: of them later changes are told, and
    nothing else.
    """

    def __init__(
        self,
        calls: Mapping[str, Call],
        versions: Mapping[str, CallVersions],
        now: datetime,
        *,
        relisted_at: Mapping[str, datetime] | None = None,
        applied_at: Mapping[str, datetime] | None = None,
    ) -> None:
        self._calls = calls
        self._versions = versions
        self._now = now
        self._relisted_at = relisted_at or {}
        self._applied_at = applied_at or {}

    def events_of(self, call_id: str) -> tuple[TimedEvent, ...]:
        """Return the events of a call, oldest first."""
        versions = self._versions.get(call_id) or ((self._now, self._calls[call_id]),)
        events = list_timed_events(versions, self._now, relisted_at=self._relisted_at.get(call_id))
        applied = self._applied_at.get(call_id)
        if applied is None:
            return events
        return tuple(one for one in events if one.event.reason in _CHANGES and one.at > applied)

    def title_of(self, call_id: str, language: str) -> str:
        """Return the title of a call."""
        return title_in(self._calls[call_id], language)


def list_feed_calls(
    selection: DigestSelection,
    any_subject: AnySubjectItems,
    reader: EventReader,
    copies_of: CopiesOf,
    language: str,
) -> list[FeedCall]:
    """Return what is told of as calls of a feed.

    Args:
        selection: the calls that fit.
        any_subject: those that are open to any subject.
        reader: lists their events.
        copies_of: returns the ids of a call's copies, which are the same call.
        language: of titles.
    """
    fitting = [
        FeedCall(
            pick.call_id,
            reader.events_of(pick.call_id),
            fit=Fit.from_score(pick.score),
            similar=tuple(reader.title_of(id_, language) for id_ in similar_calls(pick, copies_of)),
        )
        for pick in all_picks(selection)
    ]
    others = [
        FeedCall(item.call_id, reader.events_of(item.call_id), any_subject=True)
        for item in any_subject.items
    ]
    return [*fitting, *others]


def all_picks(selection: DigestSelection) -> Iterable[SelectedCall]:
    """Return every call that is told of, best first."""
    return (*selection.items, *selection.brief)


def similar_calls(pick: SelectedCall, copies_of: CopiesOf) -> Iterator[str]:
    """Yield the calls nearly the same as one that is told of, without its copies."""
    copies = copies_of(pick.call_id)
    return (other.call_id for other in pick.others if other.call_id not in copies)
