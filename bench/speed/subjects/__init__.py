"""One module for each thing that `python -m bench.speed` measures, in the order of the report."""

NAMES = (
    "encoding",
    "cold_start",
    "serving",
    "match_growth",
    "vector_growth",
    "reindex",
    "digests",
    "memory",
    "clients",
    "by_hand",
)
"""The modules; each has ``measure(plan) -> list[Row]``."""
