"""How many calls have earlier rounds, and how often "usually opens in" comes true.

    python bench/rounds.py               figures over five years of the EU portal's topics
    python bench/rounds.py --show 20     also the rounds of so many calls, drawn by a seed, to read

Topics of Horizon Europe (2021 to 2025) and the portal's calls of 2026 are in one store. A call has
a forecast when its earlier rounds agree on months, which is right when it opened (or closed) in one
of them. A guess is measured for comparison: the month that most calls of the test have.
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
from service.jobs.imports.rows import RowDefaults, call_from_row

EVAL = Path(__file__).parents[2] / "shared" / "eval"
SETS = ("horizon_europe", "eu_calls_2026")
PORTAL = "https://ec.europa.eu/info/funding-tenders/opportunities/portal/"
AS_OF = datetime(2026, 9, 1, tzinfo=UTC)
SEED = 20260415


@dataclass(frozen=True)
class Forecast:
    """A call, the months forecast by its earlier rounds, and the month that it then had."""

    call: Call
    usual: UsualMonths
    month: int

    @property
    def near(self) -> bool:
        """Whether it was at most a month off."""
        return any((self.month - month) % 12 in {0, 1, 11} for month in self.usual.months)

    @property
    def right(self) -> bool:
        """Whether the forecast was right."""
        return self.month in self.usual.months


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
    """Return the forecast of each call that its earlier rounds allow, without its own dates."""
    by_id = {call.id: call for call in calls}
    forecasts = []
    for call in calls:
        before = [by_id[one.id] for one in rounds.rounds_of(call).rounds if one.id in by_id]
        if not before:
            continue
        usual = find_usual_months(before)
        month = _month(call, usual) if usual else None
        if usual and month:
            forecasts.append(Forecast(call, usual, month))
    return forecasts


def _month(call: Call, usual: UsualMonths) -> int | None:
    if usual.what == "opens":
        return call.opens.month if call.opens else None
    closes = [d.local() for d in call.deadlines if d.at]
    return max(closes).month if closes else None


def main() -> int:
    """Print how many calls have rounds, and how the forecasts did."""
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


def _report(forecasts: Sequence[Forecast]) -> None:
    right, near = (
        sum(forecast.right for forecast in forecasts),
        sum(forecast.near for forecast in forecasts),
    )
    print(f"Foretold: {len(forecasts)}; right: {right}; at most a month off: {near}.")
    common = Counter(forecast.month for forecast in forecasts).most_common(1)
    for month, times in common:
        print(f"The commonest month of these, {month}, would be right {times} times.")


def _print_call(call: Call, rounds: RoundIndex) -> None:
    history = rounds.rounds_of(call, AS_OF)
    opens = f"{call.opens:%Y-%m}" if call.opens else "?"
    print(f"\n{call.native_id} {opens} {next(iter(call.titles.values()))[:90]}")
    if history.usually:
        months = " or ".join(map(str, history.usually.months))
        print(f"    {history.usually.what} {months} {history.usually.years}")
    for a_round in history.rounds:
        opened = f"{a_round.opens:%Y-%m}" if a_round.opens else "?"
        print(
            f"    {a_round.why.value}: {a_round.id.split(':', 1)[1]} {opened} {a_round.title[:90]}"
        )


if __name__ == "__main__":
    raise SystemExit(main())
