"""Deadlines of a call followed through its versions: which one moved, came, or was withdrawn.

A calendar must move an event and not add another, so each deadline keeps a name of its own,
whatever day it falls on. Calls give their deadlines no names: of two versions those are the same
that fall on the same instant, else on the same day, else those that lie nearest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from scrapers.call import Call, Deadline, DeadlineKind


@dataclass(frozen=True)
class TrackedDeadline:
    """A deadline with a date, as it is now.

    ``stage`` is that of its first version, and ``number`` its place among the deadlines of that
    stage in the order in which they came, from 0: the two never change. ``changed_at`` is the
    aware instant since which it is as it is. ``withdrawn``: the call has it no more.
    """

    deadline: Deadline
    stage: int | None
    number: int
    changed_at: datetime
    withdrawn: bool = False

    @property
    def instant(self) -> datetime:
        """When it is."""
        return self.deadline.local()


def track_deadlines(versions: Sequence[tuple[datetime, Call]]) -> tuple[TrackedDeadline, ...]:
    """Return every deadline that a call has had, in order of stage and appearance.

    Args:
        versions: of the call, oldest first, each with the aware instant it was first seen.
    """
    tracks: dict[int, list[TrackedDeadline]] = {}
    for seen, call in versions:
        dated = [deadline for deadline in call.deadlines if deadline.at is not None]
        for stage in sorted({_stage(one) for one in dated} | tracks.keys()):
            of_stage = [one for one in dated if _stage(one) == stage]
            tracks[stage] = _follow(tracks.get(stage, []), of_stage, seen)
    return tuple(track for stage in sorted(tracks) for track in tracks[stage])


def _stage(deadline: Deadline) -> int:
    return deadline.stage or 1


def _follow(
    known: Sequence[TrackedDeadline], current: Sequence[Deadline], seen: datetime
) -> list[TrackedDeadline]:
    """Return ``known`` deadlines of a stage as they are in a version with the ``current`` ones."""
    pairs = _pair(known, current, seen)
    followed = [
        _change(track, pairs[number], seen) if number in pairs else _leave(track, seen)
        for number, track in enumerate(known)
    ]
    taken = list(pairs.values())
    for deadline in current:
        if deadline in taken:
            taken.remove(deadline)
            continue
        followed.append(TrackedDeadline(deadline, deadline.stage, len(followed), seen))
    return followed


def _pair(
    known: Sequence[TrackedDeadline], current: Sequence[Deadline], seen: datetime
) -> dict[int, Deadline]:
    """Return which of ``current`` each of ``known``, by its place, has become."""
    ranked = sorted(
        (*_distance(track, deadline), number, place)
        for number, track in enumerate(known)
        for place, deadline in enumerate(current)
        if _may_become(track, deadline, seen)
    )
    pairs: dict[int, Deadline] = {}
    taken: set[int] = set()
    for *_, number, place in ranked:
        if number not in pairs and place not in taken:
            pairs[number] = current[place]
            taken.add(place)
    return pairs


def _distance(track: TrackedDeadline, deadline: Deadline) -> tuple[bool, float]:
    """Return how far a deadline lies from one that was known; the same day is nearest."""
    apart = abs((deadline.local() - track.instant).total_seconds())
    return deadline.local().date() != track.instant.date(), apart


def _may_become(track: TrackedDeadline, deadline: Deadline, seen: datetime) -> bool:
    """Whether a known deadline can be this one now.

    One that was withdrawn comes back as it was. A cut-off that is over is over: the next one is
    another. A last day that is over may be put off.
    """
    same_day = deadline.local().date() == track.instant.date()
    if track.withdrawn:
        return same_day
    is_over = track.instant < seen
    return same_day or not (is_over and track.deadline.kind is DeadlineKind.CUT_OFF)


def _change(track: TrackedDeadline, deadline: Deadline, seen: datetime) -> TrackedDeadline:
    is_same = (deadline.at, deadline.date_only, deadline.zone) == (
        track.deadline.at,
        track.deadline.date_only,
        track.deadline.zone,
    )
    if is_same and not track.withdrawn:
        return replace(track, deadline=deadline)
    return replace(track, deadline=deadline, changed_at=seen, withdrawn=False)


def _leave(track: TrackedDeadline, seen: datetime) -> TrackedDeadline:
    """Return a deadline that a version does not have: withdrawn, unless it was over by then."""
    if track.withdrawn or track.instant < seen:
        return track
    return replace(track, changed_at=seen, withdrawn=True)
