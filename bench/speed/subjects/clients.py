"""Several clients that ask `fundscout serve` for matches at once, against one alone."""

from __future__ import annotations

from itertools import cycle, islice

from bench.speed.folders import real_folder
from bench.speed.material import pilot_texts
from bench.speed.plan import Plan
from bench.speed.rows import Bound, Row
from bench.speed.server import Latencies, ask_together, run_server
from bench.speed.trees import here


def measure(plan: Plan) -> list[Row]:
    """Let each number of clients ask the same texts, one text after another each."""
    tree = here()
    texts = list(islice(cycle(pilot_texts(plan)), plan.requests))
    seen = {}
    with run_server(tree, real_folder(plan, tree)) as server:
        ask_together(server, texts[:4], 1)
        for clients in plan.clients:
            seen[clients] = Latencies.of(ask_together(server, texts, clients))
    return latency_rows(seen, len(texts))


def latency_rows(seen: dict[int, Latencies], requests: int) -> list[Row]:
    """Compare what each number of clients saw with what the fewest did."""
    alone = seen[min(seen)]
    rows = []
    for clients, latencies in seen.items():
        how = (
            f"{requests} matches by {clients} at once: median {1000 * latencies.median:.0f} ms, "
            f"99 % within {1000 * latencies.p99:.0f} ms, {latencies.errors} errors"
        )
        name = f"{clients} clients" if clients > 1 else "one client"
        most = Bound(2 * clients, less_is_better=True)
        rows += [
            Row(f"p50 of match, {name}", latencies.median / alone.median, "times one's", how),
            Row(f"p99 of match, {name}", latencies.p99 / alone.p99, "times one's", how, most),
        ]
    errors = sum(latencies.errors for latencies in seen.values())
    none = Bound(0, 0, less_is_better=True)
    how = f"answers other than 200 to {requests * len(seen)} matches"
    return [*rows, Row("errors of match, all clients", errors, "errors", how, none)]
