"""Deadlines followed through the versions of a call."""

from __future__ import annotations

from datetime import datetime, timedelta

from scrapers.call import Deadline, DeadlineKind
from service.domain.notifications.deadline_tracks import TrackedDeadline, track_deadlines
from tests.service.mail.sample_digests import NOW, SEEN, a_call, due

DAY = timedelta(days=1)


def follow(*versions: tuple[datetime, tuple[Deadline, ...]]) -> tuple[TrackedDeadline, ...]:
    return track_deadlines([(seen, a_call(deadlines=dates)) for seen, dates in versions])


def shown(tracks: tuple[TrackedDeadline, ...]) -> list[tuple[int | None, int, int, bool]]:
    """Return stage, number, days from now, and whether it was withdrawn."""
    return [
        (one.stage, one.number, round((one.instant - NOW) / DAY), one.withdrawn) for one in tracks
    ]


def cut_offs(*days: int) -> tuple[Deadline, ...]:
    return tuple(due(day * DAY, kind=DeadlineKind.CUT_OFF) for day in days)


def test_a_deadline_that_moves_keeps_its_name_and_says_when() -> None:
    (before,) = follow((SEEN, (due(10 * DAY),)))
    (after,) = follow((SEEN, (due(10 * DAY),)), (NOW, (due(17 * DAY),)))
    assert (before.stage, before.number) == (after.stage, after.number)
    assert after.deadline == due(17 * DAY)
    assert (before.changed_at, after.changed_at) == (SEEN, NOW)


def test_one_that_stays_is_not_changed_by_another_version() -> None:
    (track,) = follow((SEEN, (due(10 * DAY),)), (NOW, (due(10 * DAY, text="kl. 14"),)))
    assert track.changed_at == SEEN


def test_an_hour_that_becomes_known_is_a_change_of_the_same_deadline() -> None:
    whole_day = due(10 * DAY + timedelta(hours=10), date_only=True)
    (track,) = follow((SEEN, (whole_day,)), (NOW, (due(10 * DAY),)))
    assert (track.number, track.deadline.date_only, track.changed_at) == (0, False, NOW)


def test_each_cut_off_is_followed_alone() -> None:
    tracks = follow((SEEN, cut_offs(10, 40, 70)), (NOW, cut_offs(10, 45, 70)))
    assert shown(tracks) == [(None, 0, 10, False), (None, 1, 45, False), (None, 2, 70, False)]
    assert [one.changed_at for one in tracks] == [SEEN, NOW, SEEN]


def test_a_cut_off_that_is_over_is_taken_off_and_the_next_are_still_the_same() -> None:
    later = NOW + 20 * DAY
    tracks = follow((SEEN, cut_offs(10, 40)), (later, cut_offs(40, 70)))
    assert shown(tracks) == [(None, 0, 10, False), (None, 1, 40, False), (None, 2, 70, False)]
    assert [one.changed_at for one in tracks] == [SEEN, SEEN, later]


def test_one_that_is_taken_off_before_its_day_is_withdrawn() -> None:
    tracks = follow((SEEN, cut_offs(10, 40)), (NOW, cut_offs(10)))
    assert shown(tracks) == [(None, 0, 10, False), (None, 1, 40, True)]
    assert tracks[1].changed_at == NOW


def test_one_that_comes_back_has_its_name_again() -> None:
    versions = (SEEN, cut_offs(10, 40)), (NOW, cut_offs(10)), (NOW + DAY, cut_offs(10, 40))
    tracks = follow(*versions)
    assert shown(tracks) == [(None, 0, 10, False), (None, 1, 40, False)]
    assert tracks[1].changed_at == NOW + DAY


def test_a_last_day_that_was_over_is_put_off() -> None:
    tracks = follow((SEEN, (due(DAY),)), (NOW + 3 * DAY, (due(9 * DAY),)))
    assert shown(tracks) == [(None, 0, 9, False)]


def test_stages_are_apart() -> None:
    first, second = (
        due(days * DAY, kind=DeadlineKind.TWO_STAGE, stage=stage)
        for stage, days in ((1, 5), (2, 50))
    )
    moved = due(60 * DAY, kind=DeadlineKind.TWO_STAGE, stage=2)
    tracks = follow((SEEN, (first, second)), (NOW + 6 * DAY, (moved,)))
    assert shown(tracks) == [(1, 0, 5, False), (2, 0, 60, False)]


def test_a_call_that_gets_a_second_stage_keeps_the_name_of_its_first() -> None:
    first = due(5 * DAY, kind=DeadlineKind.TWO_STAGE, stage=1)
    second = due(50 * DAY, kind=DeadlineKind.TWO_STAGE, stage=2)
    tracks = follow((SEEN, (due(5 * DAY),)), (NOW, (first, second)))
    assert shown(tracks) == [(None, 0, 5, False), (2, 0, 50, False)]


def test_all_dates_move_at_once_in_their_order() -> None:
    tracks = follow((SEEN, cut_offs(10, 40, 70)), (NOW, cut_offs(12, 42, 72)))
    assert shown(tracks) == [(None, 0, 12, False), (None, 1, 42, False), (None, 2, 72, False)]


def test_what_has_no_day_is_not_followed() -> None:
    assert follow((SEEN, (due(DAY, kind=DeadlineKind.ROLLING, at=None),))) == ()


def test_the_names_never_meet() -> None:
    tracks = follow(
        (SEEN, cut_offs(10, 20)),
        (NOW, cut_offs(30)),
        (NOW + DAY, cut_offs(10, 20, 30, 40)),
        (NOW + 2 * DAY, ()),
        (NOW + 3 * DAY, cut_offs(5, 6, 7)),
    )
    names = [(one.stage, one.number) for one in tracks]
    assert len(set(names)) == len(names)
