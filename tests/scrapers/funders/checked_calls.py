"""The facts of a call as short words, and the calls that somebody checked against their source."""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from bench.samples import reader_key
from scrapers.call import Call, Deadline, Level, Money
from scrapers.run import parse_files
from service.jobs.imports.rows import RowDefaults, call_from_row

TABLE = Path(__file__).parents[2] / "data" / "checked_calls.tsv"
ENERGY = "abeltomy_energi"
"""Another scraper's output that holds the text of the agency's cards: put back into a list here."""


@dataclass(frozen=True)
class CheckedField:
    """One field of one call: what its source says, and whether the reader said so at once."""

    call: str
    sample: str
    field: str
    value: str
    verdict: str
    note: str


def read_checked_fields() -> list[CheckedField]:
    """Return the rows of the table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [CheckedField(**row) for row in csv.DictReader(file, delimiter="\t")]


@cache
def parsed(sample: str, shared: Path) -> dict[str, Call]:
    """Return the calls of ``sample`` by id: one file, or several joined with " + "."""
    if sample.startswith("scrapers/curated/"):
        path = Path(str(files("scrapers"))).parent / sample
        return {call.id: call for call in parse_files(path.stem, [path]).calls}
    paths = [shared / name for name in sample.split(" + ")]
    if paths[0].suffix == ".jsonl":
        rows = (json.loads(line) for line in paths[0].read_text("utf-8").splitlines())
        calls = [call_from_row(row, RowDefaults("Imported", Level.NATIONAL)) for row in rows]
        return {call.id: call for call in reversed(calls)}
    if ENERGY in sample:
        return _energy(paths[0])
    return {call.id: call for call in parse_files(reader_key(paths[0]), paths).calls}


def _energy(path: Path) -> dict[str, Call]:
    rows = json.loads(path.read_text("utf-8"))
    cards = [f'<li><a href="{row["url"]}">{row["title"]}</a></li>' for row in rows]
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder) / "list.html"
        listed.write_text(f"<html><body><main>{''.join(cards)}</main></body></html>", "utf-8")
        return {call.id: call for call in parse_files("energimyndigheten", [listed]).calls}


def facts(call: Call) -> dict[str, str]:
    """Return every fact of ``call`` that says something, in words that a table can hold."""
    values = dict(_facts(call))
    return {name: value for name, value in values.items() if value}


def _facts(call: Call) -> Iterator[tuple[str, str]]:
    for language, title in call.titles.items():
        yield f"title {language}", " ".join(title.split()[:6])
    yield "funder", call.funder
    yield "level", call.level.value
    yield "programme", " ".join(call.programme.split()[:6])
    yield "identifiers", " ".join(call.identifiers)
    yield "opens", f"{call.opens:%Y-%m-%d %H:%M}" if call.opens else ""
    yield "published", f"{call.published:%Y-%m-%d}" if call.published else ""
    yield "deadlines", "; ".join(map(_deadline, call.deadlines))
    if pays := call.funding:
        sums = {"total": pays.total, "minimum": pays.minimum, "maximum": pays.maximum}
        yield from ((name, _money(money)) for name, money in sums.items())
        yield "share", f"{pays.share_percent:f} %" if pays.share_percent is not None else ""
        yield "awards", str(pays.expected_awards or "")
        yield "amount quoted", "yes" if pays.text else ""
    for kind in dict.fromkeys(one.kind for one in call.eligibility):
        values = [one.value for one in call.eligibility if one.kind == kind]
        yield f"who: {kind}", ", ".join(" ".join(value.split()[:5]) for value in values)
    quoted = [one.quote for one in call.eligibility if one.quote]
    known = "\n".join(call.texts.values())
    yield "who quoted", "yes" if quoted and all(quote in known for quote in quoted) else ""
    yield "invited only", "yes" if call.invited_only else ""
    for language, sections in call.sections.items():
        yield f"sections {language}", ", ".join(section.name for section in sections)
    yield "page", "yes" if call.url else ""
    yield "apply", "yes" if call.apply_url and call.apply_url != call.url else ""
    yield "links", str(len(call.links) or "")


def _deadline(one: Deadline) -> str:
    stage = f" {one.stage}" if one.stage else ""
    if one.at is None:
        return f"{one.kind}: {' '.join(one.text.split()[:7])}".rstrip(": ")
    at = f"{one.local():%Y-%m-%d}" if one.date_only else f"{one.local():%Y-%m-%d %H:%M}"
    return f"{one.kind}{stage} {at} {one.zone}"


def _money(money: Money | None) -> str:
    return f"{money.amount:f} {money.currency}" if money else ""
