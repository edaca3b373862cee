"""What columns say of calls is what their records say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from scrapers.call import Call
from service.domain.calls.stored.call_columns import NEVER, STATUSES, CallColumns
from service.domain.calls.stored.call_facts import (
    entries_of,
    facts_of,
    read_money,
    to_datetime,
    to_instant,
    write_money,
)
from tests.service.generated_calls import (
    NOW,
    example_calls,
    generated_calls,
    moments,
)

Columns = tuple[list[tuple[str, datetime | None, int | None]], int]


def by_columns(columns: CallColumns, now: datetime) -> list[tuple[str, int, int]]:
    instants, days = columns.next_entries(now)
    statuses = [STATUSES[place].value for place in columns.statuses(now)]
    return list(zip(statuses, instants.tolist(), days.tolist(), strict=True))


def by_records(calls: Sequence[Call], now: datetime) -> list[tuple[str, int, int]]:
    rows = []
    for call in calls:
        deadline = call.next_deadline(now)
        if deadline is None or deadline.at is None:
            rows.append((call.status(now).value, NEVER, NEVER))
        else:
            day = deadline.local().date().toordinal()
            rows.append((call.status(now).value, to_instant(deadline.at), day))
    return rows


@pytest.mark.slow
def test_status_and_next_deadline_are_those_of_the_record(real_calls: list[Call]) -> None:
    for calls in (generated_calls(400), example_calls(), real_calls):
        columns = CallColumns.from_calls(calls)
        assert columns.ids == tuple(call.id for call in sorted(calls, key=lambda one: one.id))
        ordered = sorted(calls, key=lambda one: one.id)
        for now in moments(calls):
            assert by_columns(columns, now) == by_records(ordered, now)


def test_a_period_ends_when_anything_changes() -> None:
    calls = generated_calls(200)
    columns = CallColumns.from_calls(calls)
    said: dict[int, list[tuple[str, int, int]]] = {}
    for now in moments(calls, 100):
        assert said.setdefault(columns.period(now), by_columns(columns, now)) == by_columns(
            columns, now
        )
    assert len(said) > 20


def test_changed_calls_take_the_place_of_older_ones() -> None:
    calls = generated_calls(60)
    newer = generated_calls(90, seed=7)
    changed = [
        new.model_copy(update={"id": old.id})
        for new, old in zip(newer[:30], calls[::2], strict=True)
    ]
    added = newer[30:]
    together = {call.id: call for call in [*calls, *changed, *added]}
    merged = CallColumns.from_calls(calls).merged(CallColumns.from_calls([*changed, *added]))
    anew = CallColumns.from_calls(together.values())
    assert merged.ids == anew.ids
    for now in moments(list(together.values()), 10):
        assert by_columns(merged, now) == by_columns(anew, now)
    for row in range(len(anew)):
        for column in ("funder", "level", "languages", "maximum"):
            assert merged.word(column, row) == anew.word(column, row)
        for column in ("filled", "text_length"):
            assert merged.number(column, row) == anew.number(column, row)


def test_a_store_without_calls_has_columns_too() -> None:
    empty = CallColumns()
    assert (len(empty), empty.statuses(NOW).tolist(), empty.period(NOW)) == (0, [], 0)
    assert empty.arrivals.first_seen("vinnova:1") is None
    (call,) = generated_calls(1)
    assert empty.merged(CallColumns.from_calls([call])).ids == (call.id,)


def test_arrivals_are_kept_with_the_columns() -> None:
    calls = generated_calls(20)
    funder = calls[0].id.partition(":")[0]
    seen = {call.id: to_instant(NOW - timedelta(days=40)) for call in calls[1:]}
    seen[calls[0].id] = to_instant(NOW - timedelta(days=2))
    columns = CallColumns.from_calls(calls, seen)
    assert sum(id_.startswith(f"{funder}:") for id_ in columns.ids) > 1
    assert columns.arrivals.first_seen(calls[0].id) == NOW - timedelta(days=2)
    assert [call.id for call in calls if columns.arrivals.is_new(call.id, NOW)] == [calls[0].id]
    assert not columns.arrivals.is_new("no:such", NOW)


@pytest.mark.parametrize("call", generated_calls(40), ids=lambda call: call.id)
def test_facts_are_whole_numbers_and_words(call: Call) -> None:
    for entry in entries_of(call):
        assert to_instant(to_datetime(entry.instant)) == entry.instant
    maximum = facts_of(call).maximum
    stated = call.funding and (call.funding.maximum or call.funding.minimum)
    assert (read_money(maximum) if maximum else None) == stated
    assert maximum is None or write_money(read_money(maximum)) == maximum
