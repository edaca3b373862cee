"""How well near-identical calls are told on pairs judged by eye."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from scrapers.call import Level
from service.domain.calls.near_duplicates import are_near_duplicates, likely_pairs
from service.jobs.imports.rows import RowDefaults, call_from_row
from tests.service.generated_calls import example_calls, generated_calls, real_calls

PAIRS = Path(__file__).parents[3] / "data" / "alike_pairs.tsv"
CORPUS = Path(__file__).parents[5] / "shared" / "eval" / "eu_calls_2026" / "corpus.jsonl"


def test_judged_pairs_are_told_apart() -> None:
    if not CORPUS.exists():
        pytest.skip("the evaluation data is not here")
    with PAIRS.open(encoding="utf-8") as file:
        pairs = list(csv.DictReader(file, delimiter="\t"))
    wanted = {row[side] for row in pairs for side in ("call_a", "call_b")}
    rows = map(json.loads, CORPUS.read_text("utf-8").splitlines())
    defaults = RowDefaults("European Commission", Level.EUROPEAN)
    every = (call_from_row(row, defaults) for row in rows)
    calls = {call.id: call for call in every if call.id in wanted}
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
def test_every_near_duplicate_is_among_the_likely_pairs() -> None:
    several = [*real_calls()[:250], *generated_calls(120), *example_calls()]
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
