"""Names of calls in texts: are stored identifiers found, and is anything else taken for one?

Needs ../shared/eval/eu_calls_2026, us_calls_2026, swedish_calls and he_fulltext; no model. 200
identifiers are drawn from those of the stored calls, and each is typed alone, within a sentence of
another matter, and in the ways that people write a code: in small letters, with other hyphens or
blanks, broken by a line's end. Found first is a text whose first name is exactly the call that has
the identifier, or all the calls that share it. Every text of the sets without an identifier in it
must name nothing.

    PYTHONPATH=. .venv/bin/python -m bench.names [--sets FOLDER] [--count 200] [--seed 1]
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert
from sqlalchemy.orm import Session

from index.text.codes import code_tokens
from scrapers.call import Call, Level
from service.domain.calls.names.find_names import FoundKind, find_names
from service.jobs.imports.rows import RowDefaults, call_from_row
from service.store.call_facts.names import CallNameStore
from service.store.call_facts.write import write_facts
from service.store.database import connect
from service.store.tables import CallRow

SETS = ("eu_calls_2026", "us_calls_2026", "swedish_calls", "he_fulltext")
PROSE = ("swecris_sv_en", "horizon_europe")

SENTENCES = (
    "We are a small team that builds sensors for stroke care and read about {} last week.",
    "Vi är ett sjukhus som vill minska fallolyckor, och undrar om {} passar oss.",
    "Has anybody applied for {} with a project on home dialysis?",
    "Vår kollega nämnde {} när vi pratade om artros och digital träning.",
)

WAYS: dict[str, Callable[[str], str]] = {
    "as it is": lambda code: code,
    "small letters": str.lower,
    "blanks": lambda code: code.replace("-", " "),
    "en dashes": lambda code: code.replace("-", "\N{EN DASH}"),
    "underscores": lambda code: code.replace("-", "_"),
    "hyphens that do not break": lambda code: code.replace("-", "\N{NON-BREAKING HYPHEN}"),
    "a line's end": lambda code: code.replace("-", "-\n", 1),
}


def main() -> None:
    """Print how many of the drawn identifiers are found, in which way of writing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=Path, default=Path("../shared/eval"))
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    calls = {call.id: call for call in _calls(arguments.sets)}
    with tempfile.TemporaryDirectory(prefix="names-") as folder:
        names = _store_names(list(calls.values()), Path(folder))
        owners = _owners(calls.values())
        chance = random.Random(arguments.seed)  # noqa: S311  the same draw every time
        drawn = chance.sample(sorted(owners), min(arguments.count, len(owners)))
        print(f"{len(calls):,} calls, {len(owners):,} identifiers, {len(drawn)} drawn")
        _measure_ways(names, drawn, owners)
        _measure_prose(names, arguments.sets)


def _store_names(calls: Sequence[Call], folder: Path) -> CallNameStore:
    """Store calls and their names; their conditions, which take long, are not read."""
    engine = connect(f"sqlite:///{folder}/calls.sqlite")
    seen = datetime(2026, 4, 24, tzinfo=UTC)
    rows = [
        {
            "id": call.id,
            "funder": call.id.partition(":")[0],
            "source": call.provenance.source,
            "content_hash": call.content_hash(),
            "record": call.model_dump_json(),
            "first_seen": seen,
            "last_seen": seen,
        }
        for call in calls
    ]
    with Session(engine) as session:
        session.execute(insert(CallRow), rows)
        write_facts(session, calls, 1)
        session.commit()
    return CallNameStore(engine)


def _calls(sets: Path) -> Iterator[Call]:
    for name in SETS:
        level = Level.NATIONAL if name == "swedish_calls" else Level.EUROPEAN
        for row in _rows(sets / name / "corpus.jsonl"):
            try:
                yield call_from_row(row, RowDefaults(name.partition("_")[0].title(), level))
            except ValueError:
                continue


def _owners(calls: Iterable[Call]) -> dict[str, set[str]]:
    """Return the calls of each identifier."""
    owners: dict[str, set[str]] = {}
    for call in calls:
        for name in call.identifiers:
            owners.setdefault(name, set()).add(call.id)
    return owners


def _measure_ways(names: CallNameStore, drawn: Sequence[str], owners: dict[str, set[str]]) -> None:
    by_key: dict[tuple[str, ...], set[str]] = {}
    for name, calls in owners.items():
        by_key.setdefault(_key(name), set()).update(calls)
    seconds: list[float] = []
    for title, write in WAYS.items():
        for place in ("alone", "in a sentence"):
            missed = []
            for number, name in enumerate(drawn):
                sentence = SENTENCES[number % len(SENTENCES)] if place != "alone" else "{}"
                text = sentence.format(write(name))
                begun = time.perf_counter()
                found = find_names(text, names)
                seconds.append(time.perf_counter() - begun)
                if not (found and by_key[_key(name)] <= set(found[0].calls)):
                    missed.append(name)
            print(f"{title}, {place}: {len(drawn) - len(missed)} of {len(drawn)}", missed[:5])
    print(f"a text took {statistics.median(seconds) * 1000:.1f} ms (median)")


def _key(name: str) -> tuple[str, ...]:
    return tuple(token.word for token in code_tokens(name))


def _measure_prose(names: CallNameStore, sets: Path) -> None:
    """Print what is taken for a name in abstracts of projects, which name no call."""
    texts = [row["text"] for name in PROSE for row in _rows(sets / name / "queries.jsonl")]
    named = [(text, found) for text in texts if (found := find_names(text, names))]
    kinds = [one.kind for _, found in named for one in found]
    counts = {str(kind): kinds.count(kind) for kind in FoundKind}
    print(f"of {len(texts):,} abstracts {len(named)} name something: {counts}")
    for text, found in named[:20]:
        for one in found:
            print("   ", one.kind, repr(text[max(0, one.span.start - 30) : one.span.end + 30]))


def _rows(path: Path) -> Iterator[dict[str, str]]:
    for line in path.read_text("utf-8").splitlines():
        if line.strip():
            yield json.loads(line)


if __name__ == "__main__":
    main()
