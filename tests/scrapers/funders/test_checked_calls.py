"""Calls checked field by field by eye against what their source says, still read like that.

``tests/data/checked_calls.tsv`` has a row a field. A field that is not in it was absent from the
source too, so that one which appears from nowhere fails as well. ``mended`` marks what the reader
had wrong when it was checked; the note says how.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from tests.scrapers.funders.checked_calls import CheckedField, facts, parsed, read_checked_fields

ROWS = read_checked_fields()
BY_CALL: dict[tuple[str, str], list[CheckedField]] = defaultdict(list)
for one in ROWS:
    BY_CALL[one.call, one.sample].append(one)


def test_the_table_is_wide_enough() -> None:
    assert len(BY_CALL) >= 30
    assert len({call.split(":")[0] for call, _ in BY_CALL}) >= 12
    assert {one.verdict for one in ROWS} == {"ok", "mended"}
    assert all(one.note for one in ROWS if one.verdict == "mended")
    assert len({(one.call, one.sample, one.field) for one in ROWS}) == len(ROWS)
    assert sum(one.verdict == "mended" for one in ROWS) >= 28


@pytest.mark.parametrize(("call", "sample"), list(BY_CALL), ids=[call for call, _ in BY_CALL])
def test_a_checked_call_is_read_as_its_source_says(call: str, sample: str, samples: Path) -> None:
    values = facts(parsed(sample, samples)[call])
    assert values == {one.field: one.value for one in BY_CALL[call, sample]}
