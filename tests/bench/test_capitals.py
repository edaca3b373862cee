"""Which words are written with capitals, by how texts write them amid sentences."""

from __future__ import annotations

from collections import Counter

from bench.capitals import written_forms


def test_words_that_nearly_always_have_a_capital_are_kept() -> None:
    counts = {
        "en": {
            "boston": Counter({"Boston": 9}),
            "dna": Counter({"DNA": 20, "dna": 1}),
            "health": Counter({"Health": 4, "health": 50}),
            "rare": Counter({"Rare": 2}),
            "it": Counter({"it": 300}),
        },
        "sv": {"it": Counter({"IT": 9}), "boston": Counter({"Boston": 1})},
    }
    assert written_forms(counts) == ["Boston", "DNA"]
