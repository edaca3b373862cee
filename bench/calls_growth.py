"""What lists, filters and matches cost beside the bare search, with more and more calls.

    python -m bench.calls_growth [--counts 1000 10000 100000] [--real FOLDER]

The calls are synthetic: real ones (an evaluation set of ``--real``) or, without it, the examples
that come with the program, again and again under other ids. Each has words of its own in the title,
the words of its text in an order of its own, and dates of its own around the clock. Vectors are
random, of the bundled model's dimension, so the time of encoding is not in the figures; the search
is the real one, in memory. Of more than 20,000 calls only the titles are indexed.

For each number of calls the store is filled, a list and a match are timed against the searcher
alone (`Searcher.search` without filters) in the same run, and the memory that each step adds is
read from the system. Times are of a core, so that other work does not count. "cold" is the first
time in the process, "warm" the median of later times, each with another text.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import count, islice
from pathlib import Path

from sqlalchemy import insert

from bench.synthetic import NOW, RandomEncoder, SyntheticTexts, index_in_memory
from index.explain.explaining_searcher import ExplainingSearcher
from index.store.document import TITLE_FIELD, Document
from scrapers.call import Call, Level, Status
from service.context import Context
from service.domain.calls.applicant_kinds import ApplicantKind
from service.domain.calls.documents import call_document
from service.domain.calls.ids import source_of
from service.domain.eligibility.condition_index import (
    reading_method,
    write_conditions,
    write_facts,
)
from service.domain.matching.filters import Filters
from service.domain.pilots.profile import Party, Profile
from service.jobs.imports.rows import RowDefaults, call_from_row
from service.settings import Settings
from service.store.call_facts import write as rows_beside
from service.store.call_facts.tables import CallConditionsRow
from service.store.database import connect
from service.store.tables import CallRow
from service.use_cases.calls import list_calls, list_funders
from service.use_cases.match import match_text

_EXAMPLES = Path(__file__).parents[1] / "examples" / "calls"
_ROUNDS = 15
_WHOLE_TEXTS = 20_000
"""The most calls of which the whole text is indexed, so that the index fits into memory."""
_PROFILE = Profile(
    country="SE", trl=5, organisations=(Party(kind=ApplicantKind.SMALL_COMPANY),), months=24
)


class _OpenedContext(Context):
    """A context whose index is in memory."""

    opened: ExplainingSearcher

    def searcher(self) -> ExplainingSearcher:
        """Return the index."""
        return self.opened


def main() -> int:
    """Measure for each number of calls, and print."""
    arguments = _arguments()
    originals = _originals(arguments.real)
    where = arguments.real or "the examples"
    print(f"Synthetic calls made from {len(originals):,} of {where}; {os.cpu_count()} cores.")
    for number in arguments.counts:
        with tempfile.TemporaryDirectory(prefix="fundscout-bench-") as folder:
            _measure(originals, number, Path(folder))
    return 0


def _measure(originals: Sequence[Call], number: int, folder: Path) -> None:
    settings = Settings.from_env(
        {"FUNDSCOUT_DATA": str(folder), "FUNDSCOUT_CLOCK": f"{NOW:%FT%T%z}"}
    )
    context = _OpenedContext(settings, connect(settings.database), RandomEncoder)
    started = time.perf_counter()
    _fill(context, originals, number)
    size = settings.database.removeprefix("sqlite:///")
    print(
        f"\n{number:,} calls: stored in {time.perf_counter() - started:.0f} s, "
        f"{Path(size).stat().st_size / 1e6:,.0f} MB on disk"
    )
    before = _memory()
    _time("columns of the facts", lambda _: context.candidates())
    _time_lists(context)
    print(f"memory of columns and lists: {_memory() - before:,.0f} MB")
    before = _memory()
    documents = [_document(call, number) for call in context.calls.iterate()]
    context.opened, vectors = index_in_memory(documents, RandomEncoder())
    print(f"index in memory: {len(vectors):,} passages, {_memory() - before:,.0f} MB")
    before = _memory()
    _time_matches(context)
    print(f"memory of matches: {_memory() - before:,.0f} MB")


def _document(call: Call, number: int) -> Document:
    """Return what is indexed of a call: its title alone where there are very many calls."""
    whole = call_document(call)
    if number <= _WHOLE_TEXTS:
        return whole
    return Document(whole.id, tuple(field for field in whole.fields if field.name == TITLE_FIELD))


def _fill(context: Context, originals: Sequence[Call], number: int) -> None:
    """Store calls as an upsert leaves them, with the conditions of the calls they are made from.

    To read the conditions in so many texts would take longer than all the rest.
    """
    engine = context.calls._engine  # noqa: SLF001  filled at once, as no collection could
    method = reading_method()
    read = [(write_conditions(call), write_facts(call)) for call in originals]
    calls = enumerate(_synthetic_calls(originals, number))
    while batch := list(islice(calls, 1000)):
        rows = [_row(call) for _, call in batch]
        conditions = [
            {
                "call_id": row["id"],
                "content_hash": row["content_hash"],
                "method": method,
                "conditions": read[place % len(read)][0],
                "facts": read[place % len(read)][1],
            }
            for row, (place, _) in zip(rows, batch, strict=True)
        ]
        with engine.begin() as connection:
            connection.execute(insert(CallRow), rows)
            rows_beside.write_facts(connection, [call for _, call in batch], 1)
            connection.execute(insert(CallConditionsRow), conditions)


def _row(call: Call) -> dict[str, object]:
    first = NOW - timedelta(days=30)
    return {
        "id": call.id,
        "funder": source_of(call.id),
        "source": call.provenance.source,
        "content_hash": call.content_hash(),
        "record": call.model_dump_json(),
        "first_seen": first,
        "last_seen": first,
    }


def _time_lists(context: Context) -> None:
    _time("list, every status, page 1", lambda n: list_calls(context, page=1 + n % 3))
    open_calls = Filters(statuses=(Status.OPEN,), levels=(Level.EUROPEAN, Level.NATIONAL))
    _time(
        "list, open, two levels, page 2", lambda _: list_calls(context, filters=open_calls, page=2)
    )
    amount = Filters(min_amount=Decimal(500_000), min_currency="EUR")
    _time("list, at least 500,000 EUR", lambda _: list_calls(context, filters=amount))
    _time("list, with a word", lambda _: list_calls(context, words="health"))
    _time("funders of the page", lambda _: list_funders(context))


def _time_matches(context: _OpenedContext) -> None:
    texts = [SyntheticTexts(seed).sentences(4) for seed in range(_ROUNDS + 1)]
    queries = [context.opened.query(text, "en") for text in texts]
    bare = _time("search alone", lambda n: context.opened.search(queries[n], top=10))
    encoded = _time(
        "query and search alone",
        lambda n: context.opened.search(context.opened.query(texts[n], "en"), top=10),
    )

    def match(name: str, filters: Filters, profile: Profile | None = None) -> None:
        took = _time(
            name,
            lambda n: match_text(
                context, texts[n], filters=filters, language="en", profile=profile
            ),
        )
        print(f"    {took / encoded:.2f} times query and search alone ({bare * 1000:.0f} ms bare)")

    match("match, open calls", Filters())
    match("match, every status", Filters(statuses=()))
    match(
        "match, three choices",
        Filters(levels=(Level.EUROPEAN,), languages=("en",), min_amount=Decimal(1)),
    )
    match("match, only open to me", Filters(gates="pass"), _PROFILE)


def _time(name: str, work: Callable[[int], object]) -> float:
    """Print the first time and the median of later ones; return the median in seconds."""
    spent = []
    for turn in range(_ROUNDS + 1):
        started = time.process_time()
        work(turn)
        spent.append(time.process_time() - started)
    warm = statistics.median(spent[1:])
    print(f"{name:32} cold {spent[0] * 1000:8.1f} ms, warm {warm * 1000:8.1f} ms", flush=True)
    return warm


def _memory() -> float:
    """Return the memory of this process in MB."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _originals(real: Path | None) -> list[Call]:
    if real is None:
        lines = [line for path in sorted(_EXAMPLES.glob("*.jsonl")) for line in _lines(path)]
        return [Call.model_validate_json(line) for line in lines]
    defaults = RowDefaults("European Commission", Level.EUROPEAN)
    return [call_from_row(json.loads(line), defaults) for line in _lines(real / "corpus.jsonl")]


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text("utf-8").splitlines() if line.strip()]


def _synthetic_calls(originals: Sequence[Call], wanted: int) -> Iterator[Call]:
    """Yield ``wanted`` calls: the originals again and again, with words and dates of their own."""
    texts, chance = SyntheticTexts(3), random.Random(3)  # noqa: S311  the same calls every time
    for turn in count():
        for place, call in enumerate(originals):
            number = turn * len(originals) + place
            if number >= wanted:
                return
            away = timedelta(days=chance.randint(-100, 300))
            yield call.model_copy(
                update={
                    "id": f"{call.id}-{number}",
                    "identifiers": tuple(f"{one}-{number}" for one in call.identifiers),
                    "titles": {
                        code: f"{title} {texts.draw_words(6)}"
                        for code, title in call.titles.items()
                    },
                    "texts": {code: _shuffled(text, chance) for code, text in call.texts.items()},
                    "sections": {},
                    "opens": None,
                    "deadlines": tuple(
                        one.model_copy(update={"at": NOW + away + timedelta(days=90 * later)})
                        if one.at
                        else one
                        for later, one in enumerate(call.deadlines)
                    ),
                }
            )


def _shuffled(text: str, chance: random.Random) -> str:
    """Return the words of a text in another order: no two calls are nearly the same."""
    words = text.split()
    return " ".join(chance.sample(words, len(words)))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--counts", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--real", type=Path, help="a folder with a corpus.jsonl of real calls")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
