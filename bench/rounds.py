"""How many calls are seen to come again, and does "usually opens in" come true?

    python bench/rounds.py               figures over five years of the EU portal's topics
    python bench/rounds.py --show 20     also the rounds of so many calls, drawn by a seed, to read

Topics of Horizon Europe (2021 to 2025) and the portal's calls of 2026 stand in one store. A call
is foretold when its rounds before it agree on months, and is right when it opened (or closed) in
one of them. Beside it stands what guessing would get: the month that most calls of the test have.
Needs ../shared/eval/horizon_europe and ../shared/eval/eu_calls_2026.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from scrapers.call import Call, Level
from service.domain.calls.rounds import RoundIndex, UsualMonths, find_usual_months
from service.jobs.import_rows import RowDefaults, call_from_row

EVAL = Path(__file__).parents[2] / "shared" / "eval"
SETS = ("horizon_europe", "eu_calls_2026")
PORTAL = "https://ec.europa.eu/info/funding-tenders/opportunities/portal/"
AS_OF = datetime(2026, 9, 1, tzinfo=UTC)
SEED = 20260415


@dataclass(frozen=True)
class Forecast:
    """A call, what its earlier rounds say of it, and the month that it then had."""

    call: Call
    said: UsualMonths
    month: int

    @property
    def near(self) -> bool:
        """Whether it was at most a month off."""
        return any((self.month - month) % 12 in {0, 1, 11} for month in self.said.months)

    @property
    def right(self) -> bool:
        """Whether the month came true."""
        return self.month in self.said.months


def read_calls(folder: Path) -> Iterator[Call]:
    """Yield the calls of both sets as the importer makes them."""
    for name in SETS:
        with (folder / name / "corpus.jsonl").open(encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                # CORDIS lists the portal's topics without their address
                row["url"] = row.get("url") or PORTAL
                yield call_from_row(row, RowDefaults("European Commission", Level.EUROPEAN))


def make_forecasts(calls: Sequence[Call], rounds: RoundIndex) -> list[Forecast]:
    """Return what could have been said of each call before it came, where it was to be said.

    The call's own dates take no part.
    """
    by_id = {call.id: call for call in calls}
    found = []
    for call in calls:
        before = [by_id[one.id] for one in rounds.rounds_of(call).rounds if one.id in by_id]
        if not before:
            continue
        said = find_usual_months(before)
        month = _month(call, said) if said else None
        if said and month:
            found.append(Forecast(call, said, month))
    return found


def _month(call: Call, said: UsualMonths) -> int | None:
    if said.what == "opens":
        return call.opens.month if call.opens else None
    closes = [d.local() for d in call.deadlines if d.at]
    return max(closes).month if closes else None


def main() -> int:
    """Count, foretell and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--eval", type=Path, default=EVAL)
    parser.add_argument("--show", type=int, default=0, metavar="N", help="Calls to read by eye.")
    arguments = parser.parse_args()
    calls = list({call.id: call for call in read_calls(arguments.eval)}.values())
    rounds = RoundIndex(calls)
    several = [call for call in calls if rounds.rounds_of(call).rounds]
    months = [call for call in calls if rounds.rounds_of(call, AS_OF).usually]
    why = Counter(one.why.value for call in several for one in rounds.rounds_of(call).rounds)
    print(f"{len(calls)} calls; {len(several)} have earlier rounds ({dict(why)}).")
    print(f"{len(months)} say in September 2026 when they usually open or close.")
    _report(make_forecasts(calls, rounds))
    drawn = random.Random(SEED)  # noqa: S311  the same calls each time, not secrets
    for call in drawn.sample(several, min(arguments.show, len(several))):
        _print_call(call, rounds)
    return 0


def _report(found: Sequence[Forecast]) -> None:
    right, near = sum(one.right for one in found), sum(one.near for one in found)
    print(f"Foretold: {len(found)}; right: {right}; at most a month off: {near}.")
    common = Counter(one.month for one in found).most_common(1)
    for month, times in common:
        print(f"The commonest month of these, {month}, would be right {times} times.")


def _print_call(call: Call, rounds: RoundIndex) -> None:
    known = rounds.rounds_of(call, AS_OF)
    opens = f"{call.opens:%Y-%m}" if call.opens else "?"
    print(f"\n{call.native_id} {opens} {next(iter(call.titles.values()))[:90]}")
    if known.usually:
        months = " or ".join(map(str, known.usually.months))
        print(f"    {known.usually.what} {months} {known.usually.years}")
    for one in known.rounds:
        opened = f"{one.opens:%Y-%m}" if one.opens else "?"
        print(f"    {one.why.value}: {one.id.split(':', 1)[1]} {opened} {one.title[:90]}")


if __name__ == "__main__":
    raise SystemExit(main())
