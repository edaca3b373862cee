"""How often "we found no sentence" is untrue, and whether the sentence stands beside it then.

    python -m bench.silence [--shared FOLDER] [--pages FOLDER] [-v] [FILE ...]

FILE is a table of judged facts with the columns of ``tests/data/gate_facts*.tsv`` and
``sentence``, the words that state the fact (several with " / " between). Without one, the tables
of the repository are measured. Where a table has no sentences, that of a fact which is read right
is known by its quote; a fact that is missed then counts as one whose sentence is not known. Calls
lie below ``--shared`` (``../shared``), and those whose source begins with ``pages/`` below
``--pages``.

A fact counts as told falsely when the call states it and no fact of its name is read. Its sentence
stands beside that when it is among the nearest ones of `NearestSentences`. The halves are those of
the hash of call and source: phrasings were changed after errors in the first one only. -v lists
what is told falsely without the sentence beside it.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.gate_calls import read_call
from bench.gates import BATCHES, SHARED
from index.embedding.encoder import Encoder, Vectors, unit_vectors
from index.embedding.load import load_encoder
from index.explain.stored_sentences import SentenceKey
from index.store.document import Document
from index.store.passages import WHOLE_SECTION, cut_passages, quotable_sentences
from index.store.readable_document import ReadableDocument
from scrapers.call import Call
from service.domain.calls.documents import call_document
from service.domain.eligibility.extract import FACT_NAMES, extract_facts
from service.domain.eligibility.facts import Fact
from service.domain.eligibility.nearest_sentences import NearestSentences, phrasings

_SHORTEST = 12
"""Letters of a piece of a sentence from which on it may stand for the whole."""


@dataclass(frozen=True)
class StatedFact:
    """A fact that a call states: its terms, and the words that state it, if they are known."""

    call: str
    source: str
    name: str
    terms: frozenset[str]
    words: tuple[str, ...]

    @property
    def half(self) -> int:
        """The half that its call is in."""
        return hashlib.sha256(f"{self.source}\0{self.call}".encode()).digest()[0] % 2


@dataclass(frozen=True)
class Outcome:
    """What is shown of a stated fact: whether it is read, and whether its sentence is near.

    ``is_near`` is None when it is not known which sentence states it.
    """

    fact: StatedFact
    language: str
    is_read: bool
    is_near: bool | None
    shown: tuple[str, ...]


def read_stated(files: Iterable[Path]) -> Iterator[StatedFact]:
    """Yield the facts of judged tables that a call states."""
    for path in files:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                if row["values"] == "none":
                    continue
                words = tuple(filter(None, (row.get("sentence") or "").split(" / ")))
                terms = frozenset(row["values"].split("|"))
                yield StatedFact(row["call"], row["source"], row["fact"], terms, words)


class _Finder:
    """The nearest sentences of calls that are in no index: each is read as a build reads it."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._documents: dict[str, Document] = {}
        questions = encoder.queries([phrasing for _, phrasing in phrasings()])
        self._nearest = NearestSentences(lambda: questions, encoder.passages, self._directions)

    def find(self, call: Call) -> dict[str, tuple[str, ...]]:
        """Return the nearest sentences of ``call`` for every condition."""
        self._documents = {call.id: call_document(call)}
        found = self._nearest.find(call, FACT_NAMES)
        return {name: tuple(quote.text for quote in quotes) for name, quotes in found.items()}

    def _directions(self, call_id: str) -> dict[SentenceKey, Vectors]:
        stored = self._documents[call_id]
        readable = ReadableDocument.of(stored)
        document = readable.document
        passages = [p for p in cut_passages(document) if p.section != WHOLE_SECTION]
        spans = [quotable_sentences(document, passage) for passage in passages]
        inside = [
            [span.shift(passage.encoded_offset) for span in own]
            for passage, own in zip(passages, spans, strict=True)
        ]
        texts = [passage.encoded for passage in passages]
        _, added = self._encoder.encode_with_spans(texts, inside, asking=False)
        found: dict[SentenceKey, Vectors] = {}
        for passage, own, rows in zip(passages, spans, added, strict=True):
            text = stored.text(passage.field, passage.language)
            for span, direction in zip(own, unit_vectors(rows), strict=True):
                place = readable.stored_span(passage, span)
                key = SentenceKey(passage.language, text[place.start : place.end])
                found.setdefault(key, direction)
        return found


def measure(
    stated: Sequence[StatedFact], encoder: Encoder, shared: Path, pages: Path
) -> list[Outcome]:
    """Return what is shown of each stated fact."""
    finder, outcomes = _Finder(encoder), []
    by_call: dict[tuple[str, str], list[StatedFact]] = {}
    for fact in stated:
        by_call.setdefault((fact.source, fact.call), []).append(fact)
    for (source, name), own in by_call.items():
        root = pages if source.startswith("pages/") and not (shared / source).exists() else shared
        call = read_call(root, source, name)
        facts = [fact for fact in extract_facts(call) if not fact.general]
        shown = finder.find(call)
        outcomes += [_outcome(fact, call, facts, shown.get(fact.name, ())) for fact in own]
    return outcomes


def _outcome(
    stated: StatedFact, call: Call, facts: Sequence[Fact], shown: tuple[str, ...]
) -> Outcome:
    read = [fact for fact in facts if fact.name == stated.name]
    right = [fact for fact in read if fact.value.terms() & stated.terms]
    words = stated.words or tuple(fact.quote.text for fact in right if fact.quote)
    near = any(_is_same(piece, one) for piece in words for one in shown) if words else None
    return Outcome(stated, next(iter(call.titles)), bool(read), near, shown)


def _is_same(piece: str, sentence: str) -> bool:
    """Whether the judged words and a sentence are the same, or one is a part of the other."""
    one, other = (" ".join(text.casefold().split()).strip(" .") for text in (piece, sentence))
    return one in other or (len(other) >= _SHORTEST and other in one)


def _print_table(title: str, outcomes: Sequence[Outcome]) -> None:
    print(f"\n{title}")
    print(f"{'':12} stated  told falsely  beside  not beside  unknown   near of known")
    for name in (*FACT_NAMES, "all"):
        own = [one for one in outcomes if name in ("all", one.fact.name)]
        if own:
            print(_line(name, own))


def _line(name: str, outcomes: Sequence[Outcome]) -> str:
    untrue = [one for one in outcomes if not one.is_read]
    counts = [sum(one.is_near is value for one in untrue) for value in (True, False, None)]
    known = [one.is_near for one in outcomes if one.is_near is not None]
    share = counts[1] / len(outcomes)
    near = f"{sum(known)}/{len(known)} = {sum(known) / len(known):.3f}" if known else "-"
    return (
        f"{name:12} {len(outcomes):6} {len(untrue):13} {counts[0]:7} "
        f"{counts[1]:3} = {share:4.1%} {counts[2]:8}   {near}"
    )


def main(arguments: Sequence[str]) -> int:
    """Print the figures in all, by half and by language; with -v what is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--pages", type=Path, default=SHARED)
    parser.add_argument("-v", dest="verbose", action="store_true")
    parser.add_argument("files", nargs="*", type=Path)
    given = parser.parse_args(arguments)
    stated = list(read_stated(given.files or BATCHES.values()))
    with tempfile.TemporaryDirectory() as folder:
        encoder = load_encoder("bundled", Path(folder), "shipped")
        outcomes = measure(stated, encoder, given.shared, given.pages)
    _print_table("all", outcomes)
    for half in (0, 1):
        _print_table(f"half {half + 1}", [one for one in outcomes if one.fact.half == half])
    for language in sorted({one.language for one in outcomes}):
        _print_table(f"language {language}", [o for o in outcomes if o.language == language])
    for one in outcomes if given.verbose else ():
        if not one.is_read and one.is_near is False:
            print(f"\n{one.fact.name} {one.fact.call}: {' / '.join(one.fact.words)}")
            print("\n".join(f"    {text}" for text in one.shown))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
