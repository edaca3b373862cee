"""The Call record: what it refuses, and what its dates mean."""

import hashlib
import json
from datetime import UTC, date, datetime, timedelta

import pytest
from pydantic import ValidationError

from scrapers.call import (
    Call,
    Deadline,
    DeadlineKind,
    Level,
    Provenance,
    Status,
    end_of_day,
    join_sections,
)

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def make_call(**changes: object) -> Call:
    """A minimal valid call, with ``changes`` on top."""
    base: dict[str, object] = {
        "id": "vinnova:2026-00001",
        "funder": "Vinnova",
        "level": Level.NATIONAL,
        "titles": {"sv": "Bättre hälsa"},
        "provenance": Provenance(source="vinnova"),
    }
    return Call.model_validate(base | changes)


def dated(kind: DeadlineKind, day: date, stage: int | None = None) -> Deadline:
    return Deadline(
        kind=kind,
        zone="Europe/Stockholm",
        at=end_of_day(day, "Europe/Stockholm"),
        date_only=True,
        stage=stage,
    )


@pytest.mark.parametrize(
    ("opens", "deadlines", "expected"),
    [
        (None, (), Status.UNKNOWN),
        (None, (dated(DeadlineKind.FIXED, date(2026, 11, 23)),), Status.OPEN),
        (None, (dated(DeadlineKind.FIXED, date(2026, 11, 22)),), Status.CLOSED),
        (
            datetime(2027, 1, 1, tzinfo=UTC),
            (dated(DeadlineKind.FIXED, date(2027, 2, 1)),),
            Status.FORTHCOMING,
        ),
        (
            None,
            (
                dated(DeadlineKind.TWO_STAGE, date(2026, 10, 1), 1),
                dated(DeadlineKind.TWO_STAGE, date(2027, 3, 1), 2),
            ),
            Status.CLOSED,
        ),
        (
            None,
            (
                dated(DeadlineKind.CUT_OFF, date(2026, 10, 1)),
                dated(DeadlineKind.CUT_OFF, date(2027, 3, 1)),
            ),
            Status.OPEN,
        ),
        (None, (Deadline(kind=DeadlineKind.ROLLING, zone="UTC"),), Status.OPEN),
        (None, (Deadline(kind=DeadlineKind.ANNOUNCED, zone="UTC"),), Status.FORTHCOMING),
    ],
)
def test_status_comes_from_dates_alone(
    opens: datetime | None, deadlines: tuple[Deadline, ...], expected: Status
) -> None:
    assert make_call(opens=opens, deadlines=deadlines).status(NOW) is expected


def test_a_date_without_time_lasts_until_the_day_ends_in_the_funders_zone() -> None:
    call = make_call(deadlines=(dated(DeadlineKind.FIXED, date(2026, 11, 23)),))
    assert call.status(datetime(2026, 11, 23, 22, 59, tzinfo=UTC)) is Status.OPEN
    assert call.status(datetime(2026, 11, 23, 23, 1, tzinfo=UTC)) is Status.CLOSED


@pytest.mark.parametrize(
    "changes",
    [
        {"url": "javascript:alert(1)"},
        {"titles": {}},
        {"titles": {"sv": "   "}},
        {"id": "no-colon"},
        {"texts": {"sv": "kort"}, "sections": {"sv": [{"name": "x", "start": 0, "end": 5}]}},
        {"surprise": 1},
    ],
)
def test_what_cannot_be_served_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        make_call(**changes)


def test_content_hash_ignores_where_the_call_was_read() -> None:
    again = make_call(provenance=Provenance(source="vinnova", url="https://example.org/2"))
    assert again.content_hash() == make_call().content_hash()
    assert make_call(programme="Swelife").content_hash() != make_call().content_hash()


def test_sections_point_into_the_joined_text() -> None:
    text, sections = join_sections([("purpose", " Syfte. "), ("empty", ""), ("scope", "Mål 🙂.")])
    assert [text[s.start : s.end] for s in sections] == ["Syfte.", "Mål 🙂."]


def test_a_call_without_deadline_is_closed_from_the_decision_on() -> None:
    call = make_call(closed_by=NOW)
    assert call.status(NOW) is Status.CLOSED
    assert call.status(NOW - timedelta(seconds=1)) is Status.UNKNOWN
    assert call.next_deadline(NOW - timedelta(days=1)) is None, "it is no deadline"
    coming = dated(DeadlineKind.FIXED, date(2026, 12, 24))
    assert make_call(closed_by=NOW, deadlines=(coming,)).status(NOW) is Status.OPEN


def test_calls_that_were_stored_before_keep_their_hash() -> None:
    call = make_call()
    content = call.model_dump(mode="json", exclude={"provenance", "closed_by"})
    plain = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    assert call.content_hash() == plain
    assert make_call(closed_by=NOW).content_hash() != plain
