"""`fundscout serve`: its memory with the real calls against an earlier commit, and its start."""

from __future__ import annotations

from bench.speed.folders import DataFolder, example_folder, real_folder, synthetic_folder
from bench.speed.material import pilot_texts, real_calls
from bench.speed.plan import Plan
from bench.speed.rows import Bound, Row
from bench.speed.server import run_server
from bench.speed.trees import Tree, before, here

_MOST_MATCHES = 20


def measure(plan: Plan) -> list[Row]:
    """Compare the memory of both trees' servers, then start this tree's from cold."""
    trees = (here(), before(plan))
    ours, theirs = (serve_memory(plan, tree, real_folder(plan, tree)) for tree in trees)
    calls = len(real_calls(plan))
    how = (
        f"{calls:,} calls, after matches, all processes, shared pages once: "
        f"{ours:.0f} against {theirs:.0f} MB"
    )
    bound = Bound(1 / 2, 1 / 4, less_is_better=True)
    return [
        Row(
            f"memory of serve with {calls:,} calls, against before",
            ours / theirs,
            "of it",
            how,
            bound,
        ),
        Row(f"memory of serve with {calls:,} calls", ours, "MB", how),
        *_start_rows(plan),
    ]


def serve_memory(plan: Plan, tree: Tree, folder: DataFolder) -> float:
    """Return the memory of a server in MB, once matches have loaded what is loaded late."""
    texts = pilot_texts(plan)[: min(plan.requests, _MOST_MATCHES)]
    with run_server(tree, folder) as server:
        for text in texts:
            server.match(text)
        return server.memory


def _start_rows(plan: Plan) -> list[Row]:
    """Start a server twice over the examples and over the most calls; the second one counts."""
    tree, text = here(), pilot_texts(plan)[0]
    rows = []
    with run_server(tree, example_folder(plan, tree)):
        pass
    with run_server(tree, example_folder(plan, tree)) as server:
        how = "seconds from start to the first answer of /healthz, on the examples"
        rows.append(Row("serve ready", server.ready, "s", how, Bound(3, less_is_better=True)))
    for size in plan.index_sizes[-1:]:
        with run_server(tree, synthetic_folder(plan, tree, size)) as server:
            server.match(text)
            how = f"seconds from start to the first match, {size:,} synthetic calls"
            bound = Bound(5, less_is_better=True)
            rows.append(Row(f"first match with {size:,} calls", server.age, "s", how, bound))
    return rows
