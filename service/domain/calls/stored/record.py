"""The record of a stored call, as it is read back."""

from __future__ import annotations

from scrapers.call import Call, without_impossible_dates


def read_record(record: str) -> Call:
    """Return the call of a stored record, without dates that no call has.

    Earlier versions stored them, and at the ends of the calendar no clock can show them.
    """
    return without_impossible_dates(Call.model_validate_json(record))
