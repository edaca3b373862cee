"""A year of collecting, mailing and backup from the units' own command lines, with restores.

    PYTHONPATH=. python bench/operating_year.py [--days N]

The clock is simulated: on every day of it the timers in `deploy/systemd` start their commands, as
they stand there, over one store. A funder is played by a server on this machine; every thirteenth
day it is out of order. Mails go to a folder. Four times the backup of three nights before is put
in the place of the store, once right after somebody stopped the mails. Calls close early, are
withdrawn, come back, move and open; some people follow two pilots, some let their mails rest.
Printed: how often each command ran and how it ended, how many early ends had to be told, and what
must be zero. Only the model is a light one.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from tests.played.operating import Operation

PEOPLE = tuple(f"{name}@example.org" for name in ("anna", "bo", "cia", "dag", "eva", "finn"))
FIRST = date(2026, 1, 4)
RESTORES = frozenset({45, 129, 227, 311})
STOPS = {30: PEOPLE[0], 44: PEOPLE[1], 128: PEOPLE[2], 310: PEOPLE[3]}
"""Days of stops: the last three are the day before a restore, whose backup knows nothing of it."""

SECOND = PEOPLE[2:]
"""Who follows a second pilot too."""

PAUSES = {100: (PEOPLE[4], 4), 205: (PEOPLE[5], 2)}
"""Days on which somebody lets the mails rest, and for how many weeks."""


def main() -> int:
    """Operate, print what happened, and return 1 when a promise was broken."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--days", type=int, default=365)
    days = parser.parse_args().days
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        operation = Operation(
            Path(folder),
            first=FIRST,
            people=PEOPLE,
            broken_days=frozenset(range(12, days, 13)),
            stops=STOPS,
            restores=RESTORES,
            second=SECOND,
            pauses=PAUSES,
        )
        operation.run(days, _report)
        faults = operation.faults()
        mails = operation.mails()
    print(f"{days} days from {FIRST}, {time.perf_counter() - began:.0f} s")
    for (command, status), count in sorted(operation.statuses.items()):
        print(f"{command:24} exit {status}: {count:4}")
    ends = operation.early_ends
    print(f"early ends of calls that somebody had been told of: {ends}")
    print(f"calls: {len(operation.listed)}; mails: {len(mails)}; restores: {operation.restored}")
    for person in PEOPLE:
        stopped = operation.stopped.get(person)
        count = sum(mail.to == person for mail in mails)
        print(f"{person:20} {count:3} mails" + (f", stopped {stopped:%Y-%m-%d}" if stopped else ""))
    for promise, cases in faults.items():
        print(f"{promise}: {len(cases)}")
        for case in cases[:5]:
            print(f"  {case}")
    return 1 if any(faults.values()) else 0


def _report(operation: Operation) -> None:
    """Say every fourth week how far it is, and what was broken until then."""
    if operation.day % 28 == 27:  # noqa: PLR2004  the last of so many days
        broken = [promise for promise, cases in operation.faults().items() if cases]
        count = len(operation.mails())
        print(
            f"day {operation.day + 1}: {count} mails, {operation.restored} restores, "
            f"broken: {', '.join(broken) or 'nothing'}",
            file=sys.stderr,
            flush=True,
        )


if __name__ == "__main__":
    sys.exit(main())
