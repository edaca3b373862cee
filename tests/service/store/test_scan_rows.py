"""What a scan reads in SQL is what the records say."""

from __future__ import annotations

from scrapers.call import DeadlineKind, Status
from service.context import Context
from service.domain.calls.exchange_rates import maximum_for_project
from tests.service.sample_calls import NOW, some_calls


def test_rows_are_what_the_records_say(shared_context: Context) -> None:
    calls = {call.id: call for call in some_calls()}
    rows = {row.id: row for row in shared_context.scan_rows.read(list(calls), NOW)}
    assert set(rows) == set(calls)
    for id_, row in rows.items():
        call = calls[id_]
        due = call.next_deadline(NOW)
        assert (row.status, row.level, row.opens) == (call.status(NOW), call.level, call.opens)
        assert row.next_deadline == (due.at if due else None)
        assert row.deadlines == tuple(
            sorted(
                one.at
                for one in call.deadlines
                if one.at and one.admits_new_applicants and one.at >= NOW
            )
        )
        assert row.is_rolling == any(one.kind is DeadlineKind.ROLLING for one in call.deadlines)
        assert row.total == (call.funding.total if call.funding else None)
        assert row.most == maximum_for_project(call.funding)


def test_those_next_to_apply_to_come_first_and_those_without_a_date_last(
    shared_context: Context,
) -> None:
    rows = shared_context.scan_rows.read([call.id for call in some_calls()], NOW)
    dates = [row.first_date for row in rows]
    known = [one for one in dates if one is not None]
    assert known == sorted(known)
    assert dates[: len(known)] == known
    assert any(row.status is Status.OPEN for row in rows)


def test_no_ids_have_no_rows(shared_context: Context) -> None:
    assert shared_context.scan_rows.read([], NOW) == []
    assert shared_context.scan_rows.read(["nobody:1"], NOW) == []
