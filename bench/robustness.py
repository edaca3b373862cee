"""How far the first calls of a pilot change when its text says the same in another dress.

    python -m bench.robustness [FOLDER] [--sets DIR] [--calls N] [--pilots N] [--only NAME]

FOLDER keeps models and vectors. Pilots are 40 real ones in two languages, calls those of the EU of
2026, or the examples where neither is there. Each disturbance of `bench.disturbances` is compared
with the clean text: how many of its first ten calls are kept, whether the best one stays first,
and the ratio of the scores of the calls that both have. It ends with 1 where a floor is missed.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.disturbances import DISTURBANCES, Disturbance
from bench.held_out import BundledModel
from bench.pilots import LANGUAGES, documents_of, pilots_of
from index.embedding.cache import CachedEncoder
from index.search.hit import Hit
from index.search.query import MAX_QUERY_LENGTH, split_query
from index.search.searcher import Searcher
from index.search.sections.cut import cut_sections
from index.search.sections.vectors import short_lines, spans_by_part
from index.store.document import Document
from index.text.reading.clean import clean_text
from index.text.sentences import Span
from scrapers.call import Call
from service.domain.calls.documents import call_document

TOP = 10
PILOTS = 40
TOLERANCE = 0.15
_EXAMPLES = Path("examples")

_MOST_SPANS = 40
"""Spans up to which what a text's spans add is kept."""


@dataclass(frozen=True)
class PilotText:
    """A text in a language, and what to name it by."""

    id: str
    language: str
    text: str


@dataclass(frozen=True)
class Comparison:
    """What a disturbed text finds: ``ratios`` are of the scores of calls that both found."""

    kept: int
    best_first: bool
    ratios: tuple[float, ...]


def main() -> int:
    """Measure and print."""
    arguments = _arguments()
    texts, documents = _material(arguments.sets, arguments.pilots, arguments.calls)
    models = BundledModel(arguments.folder)
    finder = Finder(models.open_searcher(documents), models.encoder)
    print(f"{len(texts)} texts, {len(documents)} calls")
    clean = finder.find_all(texts, [one.text for one in texts])
    missed = False
    for disturbance in DISTURBANCES:
        if arguments.only and disturbance.name not in arguments.only:
            continue
        found = finder.find_all(texts, [disturb(disturbance, one) for one in texts])
        results = list(map(compare, clean, found))
        missed = not _print_results(disturbance, results, texts) or missed
    return int(missed)


class Finder:
    """Finds calls for many texts: encodes them together, and what reads alike is ranked once."""

    def __init__(self, searcher: Searcher, encoder: CachedEncoder) -> None:
        self._searcher = searcher
        self._encoder = encoder
        self._found: dict[tuple[object, ...], list[Hit]] = {}

    def find_all(self, ones: Sequence[PilotText], texts: Sequence[str]) -> list[list[Hit]]:
        """Return the calls that each of ``texts``, forms of the texts of ``ones``, finds."""
        encode_together(texts, self._encoder)
        return [self.find(one, text) for one, text in zip(ones, texts, strict=True)]

    def find(self, one: PilotText, text: str) -> list[Hit]:
        """Return the calls that ``text``, a form of the text of ``one``, finds."""
        query = self._searcher.query(text, one.language)
        key = (one.language, query.text, query.parts)
        if key not in self._found:
            self._found[key] = self._searcher.search(query, top=100)
        return self._found[key]


def encode_together(texts: Sequence[str], encoder: CachedEncoder) -> None:
    """Encode what of ``texts`` is looked at for their sections; the encoder keeps it."""
    pieces: dict[str, list[Span]] = {}
    lines: list[str] = []
    for text in texts:
        read = clean_text(text).text
        sections = cut_sections(read, MAX_QUERY_LENGTH)
        parts = [part.span for part in split_query(read)]
        spans, _ = spans_by_part(parts, sections)
        pieces |= zip((read[part.start : part.end] for part in parts), spans, strict=True)
        spans_alone = [sections[n].span for n in short_lines(read, sections)]
        lines += [read[span.start : span.end] for span in spans_alone]
    kept = {piece: spans for piece, spans in pieces.items() if len(spans) <= _MOST_SPANS}
    encoder.encode_with_spans(list(kept), list(kept.values()), asking=True)
    encoder.queries(lines)


def disturb(disturbance: Disturbance, one: PilotText) -> str:
    """Return the text of ``one`` disturbed, always in the same way."""
    seed = zlib.crc32(f"{disturbance.name}/{one.id}/{one.language}".encode())
    return disturbance.apply(one.text, random.Random(seed))  # noqa: S311  a draw, not a secret


def compare(clean: Sequence[Hit], disturbed: Sequence[Hit]) -> Comparison:
    """Compare the first ten calls of a clean text with those of the same text, disturbed."""
    scores = {hit.document: hit.score for hit in disturbed}
    first = {hit.document for hit in disturbed[:TOP]}
    expected = clean[:TOP]
    return Comparison(
        sum(hit.document in first for hit in expected),
        bool(disturbed) and disturbed[0].document == clean[0].document,
        tuple(scores[h.document] / h.score for h in expected if h.document in scores),
    )


def _print_results(
    disturbance: Disturbance, results: Sequence[Comparison], texts: Sequence[PilotText]
) -> bool:
    """Print a line; return whether the floors are held."""
    kept = float(np.mean([one.kept for one in results]))
    best = float(np.mean([one.best_first for one in results]))
    ratios = np.array([ratio for one in results for ratio in one.ratios] or [np.nan])
    near = float(np.mean(np.abs(ratios - 1) <= TOLERANCE))
    by_language = ", ".join(
        f"{language} {np.mean([r.kept for r, t in zip(results, texts, strict=True) if t.language == language]):.2f}"  # noqa: E501
        for language in sorted({text.language for text in texts})
    )
    held = round(kept, 2) >= disturbance.kept and best >= disturbance.best
    print(
        f"{disturbance.name:22} kept {kept:5.2f} of {TOP} ({by_language}), least "
        f"{min(one.kept for one in results)}; best stays first {best:.2f}; score x "
        f"{np.median(ratios):.3f}, within {TOLERANCE:.0%} {near:.2f}"
        + ("" if held else f"  MISSED: {disturbance.kept} and {disturbance.best}"),
        flush=True,
    )
    return held


def _material(
    sets: Path, pilots: int, calls: int | None
) -> tuple[list[PilotText], tuple[Document, ...]]:
    """Return real pilots and calls below ``sets``, or the examples."""
    real = sets / "pilots" / "vinnova_medtech.jsonl"
    corpus = sets / "eu_calls_2026" / "corpus.jsonl"
    if real.is_file() and corpus.is_file():
        chosen = pilots_of(real)
        random.Random(7).shuffle(chosen)  # noqa: S311  a sample, not a secret
        texts = [
            PilotText(one.id, language, one.texts[language])
            for one in chosen[:pilots]
            for language in LANGUAGES
        ]
        documents = list(documents_of(corpus).values())
    else:
        texts = [
            PilotText(path.stem, row.get("language") or "sv", row["text"])
            for path in sorted((_EXAMPLES / "pilots").glob("*.json"))
            for row in [json.loads(path.read_text("utf-8"))]
        ][:pilots]
        documents = [
            call_document(Call.model_validate_json(line))
            for path in sorted((_EXAMPLES / "calls").glob("*.jsonl"))
            for line in path.read_text("utf-8").splitlines()
        ]
    return texts, tuple(documents[:calls])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", default=Path("data"))
    parser.add_argument("--sets", type=Path, default=Path("../shared/eval"))
    parser.add_argument("--calls", type=int, default=None, help="Take only the first calls.")
    parser.add_argument("--pilots", type=int, default=PILOTS)
    parser.add_argument("--only", action="append", help="Name of a disturbance; may come again.")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
