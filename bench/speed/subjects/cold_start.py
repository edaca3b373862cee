"""`fundscout match` from cold, in CPU seconds, against the same command of an earlier commit."""

from __future__ import annotations

import statistics

from bench.speed.folders import example_folder, synthetic_folder
from bench.speed.plan import Plan
from bench.speed.rows import HERE, Bound, Place, Row, curve_row
from bench.speed.trees import Spent, before, here

CURVE = "a cold match, CPU"

_COMMAND = ("match", "--pilot", "featured", "--top", "3")


def measure(plan: Plan) -> list[Row]:
    """Run the command of both trees in turns, each over its own index of the same examples."""
    trees = (here(), before(plan))
    folders = [example_folder(plan, tree) for tree in trees]
    spent: tuple[list[Spent], list[Spent]] = ([], [])
    for number in range(plan.rounds + 1):
        for tree, folder, taken in zip(trees, folders, spent, strict=True):
            once = tree.run(*_COMMAND, data=folder.data, examples=folder.examples)
            if number:  # the first one compiles, and fills the system's cache of files
                taken.append(once)
    ours, theirs = (statistics.median(one.cpu for one in taken) for taken in spent)
    clock = statistics.median(one.clock for one in spent[0])
    how = (
        f"`fundscout {' '.join(_COMMAND)}` on the examples, {plan.rounds} runs of each in turns: "
        f"{ours:.2f} against {theirs:.2f} s of all cores"
    )
    bound = Bound(1 / 6, 1 / 12, less_is_better=True)
    return [
        Row("cold match, CPU against before", ours / theirs, "of it", how, bound),
        Row("cold match, CPU", ours, "s", how, Bound(2, less_is_better=True)),
        Row("cold match, on the clock", clock, "s", how),
        *(_growth_row(plan, size) for size in plan.index_sizes),
    ]


def _growth_row(plan: Plan, size: int) -> Row:
    """Time the same command with synthetic calls, after a first one that is not counted."""
    tree, folder = here(), synthetic_folder(plan, here(), size)
    first, *counted = (
        tree.run(*_COMMAND, data=folder.data, examples=folder.examples).cpu
        for _ in range(plan.rounds + 1)
    )
    how = f"`fundscout {' '.join(_COMMAND)}`, {plan.rounds} runs after a first of {first:.2f} s"
    return curve_row(Place(CURVE, HERE, size), statistics.median(counted), "s", how)
