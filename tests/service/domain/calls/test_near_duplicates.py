"""How well near-identical calls are told on pairs judged by eye."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from scrapers.call import Call
from service.domain.calls.near_duplicates import are_near_duplicates, likely_pairs
from tests.service.generated_calls import example_calls, generated_calls

PAIRS = Path(__file__).parents[3] / "data" / "alike_pairs.tsv"


def test_judged_pairs_are_told_apart(real_calls: list[Call]) -> None:
    if not real_calls:
        pytest.skip("the evaluation data is not here")
    with PAIRS.open(encoding="utf-8") as file:
        pairs = list(csv.DictReader(file, delimiter="\t"))
    wanted = {row[side] for row in pairs for side in ("call_a", "call_b")}
    calls = {call.id: call for call in real_calls if call.id in wanted}
    said = {
        (r["call_a"], r["call_b"]): are_near_duplicates(calls[r["call_a"]], calls[r["call_b"]])
        for r in pairs
    }
    truth = {(r["call_a"], r["call_b"]) for r in pairs if r["verdict"] == "alike"}
    found = {pair for pair, alike in said.items() if alike}
    assert len(pairs) == 80
    assert len(found & truth) / len(found) >= 0.95
    assert len(found & truth) / len(truth) >= 0.9


@pytest.mark.slow
def test_every_near_duplicate_is_among_the_likely_pairs(real_calls: list[Call]) -> None:
    several = [*real_calls[:250], *generated_calls(120), *example_calls()]
    more = [
        call.model_copy(
            update={"id": f"{call.id}-again", "titles": {"en": f"{number} Other words"}}
        )
        for number, call in enumerate(several[::9])
    ]
    for calls in (several, [*several[:100], *more], generated_calls(1), []):
        likely = likely_pairs(calls)
        assert likely.shape == (len(calls), len(calls))
        said = [[are_near_duplicates(one, other) for other in calls] for one in calls]
        assert not np.any(np.array(said, bool).reshape(likely.shape) & ~likely)
        assert likely.sum() <= max(1, len(calls)) ** 2 / 4 + len(calls)
