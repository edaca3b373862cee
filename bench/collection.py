"""Collect every funder twice from servers on this machine, and show what that took.

    PYTHONPATH=. python bench/collection.py [--pause SECONDS] [FUNDER ...]

Each funder that asks the network is played on 127.0.0.1 by a server with as many calls as its
checks want to see (tests/played/); the research councils are asked at their pages and, once more,
at their open interface with a key. The job is the real one, with the real fetcher and clock, into
an empty store. No source on the internet is asked. Exit status 1 when a run is not publishable, a
pause was too short, or the second round wrote to the calls or the archive of pages.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from scrapers.catalogue import all_funders
from scrapers.http.pace import SystemClock
from service.context import Context
from service.settings import Settings
from tests.played.collection import Played, archive_of, call_tables, collect_twice
from tests.played.funders import access_ways

TABLE_HEAD = (
    f"{'funder':20} {'run':>3} {'requests':>8} {'304':>4} {'posted':>6} {'seconds':>8} "
    f"{'least pause':>11} {'calls':>6} {'new':>5} {'changed':>7}"
)


def main() -> int:
    """Print a row a run and the sums; return the exit status."""
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.from_env({"FUNDSCOUT_DATA": str(Path(folder) / "data")})
        rows = []
        faults: list[str] = []
        print(f"pause between two requests to a host: {arguments.pause:g} s")
        print(TABLE_HEAD)
        for row in _rows(Context.open(settings), arguments.funders, arguments.pause, faults):
            print(row[1], flush=True)
            rows.append(row)
    for number in (1, 2):
        of_run = [played for at, _, played in rows if at == number]
        print(
            f"run {number}: {sum(len(p.exchanges) for p in of_run)} requests, "
            f"{sum(p.unchanged for p in of_run)} answered 304, "
            f"{sum(p.posts for p in of_run)} posted, {sum(p.seconds for p in of_run):.0f} s, "
            f"{sum(p.collected.stored.new for p in of_run if p.collected.stored)} new calls, "
            f"{sum(p.collected.stored.changed for p in of_run if p.collected.stored)} changed"
        )
    faults += [fault for at, _, played in rows for fault in _faults(played, at, arguments.pause)]
    print("\n".join(faults) or "every run is publishable, every pause was kept")
    return 1 if faults else 0


def _rows(
    context: Context, keys: list[str], pause: float, faults: list[str]
) -> Iterator[tuple[int, str, Played]]:
    for key, source in all_funders().items():
        for with_key in access_ways(source) if not keys or key in keys else ():
            sizes, kept = [], []
            runs = collect_twice(context, source, SystemClock(), pause, with_key=with_key)
            for number, played in enumerate(runs, 1):
                sizes.append(call_tables(context))
                kept.append(archive_of(context))
                yield number, _line(played, number), played
            same = "unchanged" if sizes[0] == sizes[1] else "CHANGED"
            pages = "unchanged" if kept[0] == kept[1] else "CHANGED"
            print(f"{'':20}     tables of calls {same}, {sizes[1][0]:,} bytes; archive {pages}")
            if "CHANGED" in (same, pages):
                faults.append(f"{key}, run 2: wrote to the tables of calls or to the archive")


def _line(played: Played, number: int) -> str:
    stored, pause = played.collected.stored, played.shortest_pause
    name = f"{played.key} (key)" if played.with_key else played.key
    asks = f"{len(played.exchanges):8}" if played.exchanges else f"{'none':>8}"
    return (
        f"{name:20} {number:3} {asks} {played.unchanged:4} {played.posts:6} "
        f"{played.seconds:8.2f} {'-' if pause is None else f'{pause:.3f}':>11} "
        f"{len(played.collected.run.calls):6} {stored.new if stored else '-':>5} "
        f"{stored.changed if stored else '-':>7}"
    )


def _faults(played: Played, number: int, pause: float) -> Iterator[str]:
    """Yield what is not as it should be in a run."""
    stored, least = played.collected.stored, played.shortest_pause
    where = f"{played.key}, run {number}"
    if stored is None:
        found = "; ".join(finding.message for finding in played.collected.run.findings)
        yield f"{where}: not publishable: {found}"
    elif number > 1 and not stored.nothing_changed:
        yield f"{where}: the calls changed: {stored}"
    if least is not None and least < max(pause, played.delay):
        yield f"{where}: a pause of {least:.3f} s only"
    if number > 1 and played.whole:
        yield f"{where}: {played.whole} pages were sent whole again"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("funders", nargs="*", help="their keys; all when none is given")
    parser.add_argument("--pause", type=float, default=1.0, help="seconds; 1 is the usual")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
