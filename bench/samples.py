"""What our readers make of a folder of saved answers, a row a file: `make samples`.

A folder inside is named as the reader of its files is, a funder or a register of awards, or as
OTHER_NAMES says. Each file is read alone. A file that brings nothing has the reason beside it;
nothing is skipped. `--json` prints the rows for other programs.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from scrapers.awards.register_run import read_files
from scrapers.call import Call
from scrapers.catalogue import all_funders, get_funder
from scrapers.platforms.curated import CuratedFunder
from scrapers.register import get_register, register_keys
from scrapers.run import parse_files

SHARED = Path(__file__).parents[2] / "shared" / "samples"
OTHER_NAMES = {"eu_sedia": "eu_portal", "nih": "nih_guide", "gdp": "vr"}
MIXED_FOLDER = "other_funders"
"""Folder of many funders; a file there begins with the key of its own."""

COLUMNS = ("file", "reader", "calls", "awards", "deadline", "amount", "who", "languages", "why not")


@dataclass(frozen=True)
class SampleRow:
    """A file: how many calls or awards it holds, how many of them say a thing, and why none."""

    file: str
    reader: str
    calls: int = 0
    awards: int = 0
    deadline: int = 0
    amount: int = 0
    who: int = 0
    languages: str = ""
    why_not: str = ""

    def cells(self) -> tuple[str, ...]:
        """Return the row as it is printed; figures are right-aligned there."""
        return tuple(str(value) for value in asdict(self).values())


def sample_rows(folder: Path) -> Iterator[SampleRow]:
    """Yield a row for every file below ``folder``, in the order of their names."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        if path.parent == folder or path.name.startswith("."):
            continue
        yield sample_row(path, path.relative_to(folder).as_posix())


def sample_row(path: Path, name: str) -> SampleRow:
    """Return what the reader of ``path`` makes of it."""
    key = reader_key(path)
    if key not in all_funders():
        if key in register_keys():
            return _awards(path, name, key)
        return SampleRow(name, "–", why_not="of no funder or register that is read here")
    if isinstance(get_funder(key), CuratedFunder):
        why = f"kept by hand: its facts stand in scrapers/curated/{key}.toml"
        return SampleRow(name, key, why_not=why)
    report = parse_files(key, [path])
    calls = report.calls
    languages = sorted({language for call in calls for language in {*call.titles, *call.texts}})
    return SampleRow(
        file=name,
        reader=key,
        calls=len(calls),
        deadline=sum(bool(call.deadlines) for call in calls),
        amount=sum(_has_amount(call) for call in calls),
        who=sum(bool(call.eligibility) for call in calls),
        languages=" ".join(languages),
        why_not="" if calls else _reason(report.problems, report.skipped),
    )


def reader_key(path: Path) -> str:
    """Return the key of the reader that ``path`` is meant for, "" for none."""
    folder = path.parent.name
    if folder != MIXED_FOLDER:
        return OTHER_NAMES.get(folder, folder)
    known = sorted(all_funders(), key=len, reverse=True)
    return next((key for key in known if path.name.startswith(f"{key}_")), "")


def _awards(path: Path, name: str, key: str) -> SampleRow:
    run = read_files(get_register(key), [path])
    awards = list(run.awards())
    languages = sorted({language for award in awards for language in award.titles})
    return SampleRow(
        file=name,
        reader=key,
        awards=len(awards),
        amount=sum(award.amount is not None for award in awards),
        languages=" ".join(languages),
        why_not="" if awards else _reason(run.problems, run.passed),
    )


def _has_amount(call: Call) -> bool:
    pays = call.funding
    return pays is not None and any((pays.total, pays.minimum, pays.maximum))


def _reason(problems: Sequence[tuple[str, str]], skipped: dict[str, int]) -> str:
    """Return why a file brought nothing: what is wrong, or what its records are."""
    if problems:
        return "; ".join(message for _, message in problems)
    return "; ".join(f"{count} {reason}" for reason, count in skipped.items()) or "no record"


def main() -> int:
    """Print the table; return 1 when there is nothing to read."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("samples", type=Path, nargs="?", default=SHARED)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    rows = list(sample_rows(arguments.samples))
    if not rows:
        sys.stderr.write(f"{arguments.samples} holds no folder of saved answers.\n")
        return 1
    if arguments.json:
        print(json.dumps([asdict(one) for one in rows], ensure_ascii=False, indent=1))
        return 0
    _print(rows)
    return 0


def _print(rows: Sequence[SampleRow]) -> None:
    cells = [COLUMNS, *(one.cells() for one in rows)]
    widths = [max(len(line[at]) for line in cells) for at in range(len(COLUMNS) - 1)]
    for line in cells:
        padded = (
            cell.rjust(width) if cell.isdigit() else cell.ljust(width)
            for cell, width in zip(line, widths, strict=False)
        )
        print("  ".join([*padded, " ".join(line[-1].split())[:200]]).rstrip())
    read = sum(1 for one in rows if one.calls or one.awards)
    calls, awards = sum(one.calls for one in rows), sum(one.awards for one in rows)
    print(f"\n{len(rows)} files, {read} of them read: {calls} calls, {awards} awards.")


if __name__ == "__main__":
    sys.exit(main())
