"""How the memory of `fundscout serve` grows with the number of calls."""

from __future__ import annotations

from bench.speed.folders import synthetic_folder
from bench.speed.plan import Plan
from bench.speed.rows import HERE, Bound, Place, Row, SkippedError, curve_row
from bench.speed.subjects.serving import serve_memory
from bench.speed.trees import here

CURVE = "memory of serve"
_UNIT = 100_000
_FEWEST = 2
"""Sizes that a slope needs."""


def measure(plan: Plan) -> list[Row]:
    """Measure servers over synthetic calls: what grows between the least and the most of them."""
    sizes = plan.index_sizes
    if len(sizes) < _FEWEST:
        raise SkippedError("memory for each call needs two sizes")
    tree = here()
    found = {size: serve_memory(plan, tree, synthetic_folder(plan, tree, size)) for size in sizes}
    least, most = min(sizes), max(sizes)
    growth = (found[most] - found[least]) / (most - least) * _UNIT
    how = (
        f"memory with {most:,} synthetic calls less that with {least:,}, for each {_UNIT:,} calls: "
        f"{found[most]:.0f} and {found[least]:.0f} MB"
    )
    bound = Bound(600, 250, less_is_better=True)
    curve_how = "all processes of a server after matches, shared pages once"
    return [
        Row("memory for 100,000 calls, beside the model", growth, "MB", how, bound),
        *(curve_row(Place(CURVE, HERE, size), found[size], "MB", curve_how) for size in sizes),
    ]
