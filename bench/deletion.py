"""Do the sentences that an explanation cites matter? They are left out, or others of like length.

For up to 200 pairs of a real pilot, in both languages, and one of its first ten calls that quotes
it: the pilot's text is read again without the cited sentences, and without others of the same
length in all (within a fifth; three draws, the same every time). Cited sentences matter more where
the call's score falls further. Printed is the share of the draws, with the 95 % bootstrap interval
over the pairs.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.held_out import BundledModel
from bench.pilots import LANGUAGES, BilingualPilot, documents_of, pilots_of
from index.embedding.model import SHIPPED
from index.explain.evidence import Explanation
from index.explain.explaining_searcher import ExplainingSearcher
from index.search.query import quotable_sentences, split_query
from index.text.reading.clean import clean_text
from index.text.sentences import Span

PAIRS = 200
TOP = 10
DRAWS = 3
MAX_TRIES = 300
LENGTH_TOLERANCE = 0.2
"""How much longer or shorter the others may be in all."""


@dataclass(frozen=True)
class DeletionResult:
    """How far the score of one pair fell: without the cited sentences, and without each draw."""

    language: str
    sentences: int
    cited: float
    others: tuple[float, ...]

    @property
    def share(self) -> float:
        """The share of the draws that the cited sentences matter more than."""
        return float(np.mean([self.cited > other for other in self.others]))


def main() -> int:
    """Measure and print."""
    arguments = _arguments()
    models = BundledModel(arguments.data, arguments.adapter)
    calls = documents_of(arguments.sets / "eu_calls_2026" / "corpus.jsonl")
    searcher = models.open_searcher(tuple(calls.values())[: arguments.calls])
    pilots = pilots_of(arguments.sets / "pilots" / "vinnova_medtech.jsonl")
    chance = random.Random(20260424)  # noqa: S311  a sample, not a secret
    chance.shuffle(pilots)
    results: list[DeletionResult] = []
    without_others = 0
    for pilot, language in ((pilot, language) for pilot in pilots for language in LANGUAGES):
        for pair in deletion_results(searcher, pilot, language, chance):
            without_others += pair is None
            results += [pair] if pair else []
        sys.stderr.write(f"\r{len(results)} of {arguments.pairs} pairs")
        if len(results) >= arguments.pairs:
            break
    results = results[: arguments.pairs]
    print(f"\n{len(results)} pairs, {without_others} had no others of that length")
    for name, several in (
        ("all", results),
        *((one, [pair for pair in results if pair.language == one]) for one in LANGUAGES),
    ):
        _print_results(name, several)
    return 0


def _print_results(name: str, pairs: Sequence[DeletionResult]) -> None:
    shares = [pair.share for pair in pairs]
    drawn = np.random.default_rng(7).choice(shares, (2000, len(shares))).mean(axis=1)
    low, high = np.percentile(drawn, (2.5, 97.5))
    cited = statistics.median(pair.cited for pair in pairs)
    others = statistics.median(fall for pair in pairs for fall in pair.others)
    print(
        f"{name}: cited matter more in {np.mean(shares):.3f} [{low:.3f}, {high:.3f}]; "
        f"in most draws of {np.mean([s > 0.5 for s in shares]):.3f} of the pairs; "  # noqa: PLR2004  most
        f"median share of the score lost {cited:.2f}, others {others:.2f}"
    )


def deletion_results(
    searcher: ExplainingSearcher, pilot: BilingualPilot, language: str, chance: random.Random
) -> Iterator[DeletionResult | None]:
    """Yield the pilot's first calls that have a quotation; None where no others are as long."""
    text = clean_text(pilot.texts[language]).text
    query = searcher.query(text, language, explained=True)
    hits = searcher.search(query, top=TOP)
    for hit, why in zip(hits, searcher.explain(query, hits), strict=True):
        if not why.evidence:
            continue
        cited = [one.query for one in why.evidence]
        draws = list(_draw_uncited(text, why, chance))

        def fall(
            spans: Sequence[Span], call: str = hit.document, score: float = hit.score
        ) -> float:
            left = searcher.query(_delete_spans(text, spans), language)
            after = searcher.search(left, top=1, allowed=[call])
            return 1 - (after[0].score if after else 0.0) / score

        if draws:
            others = tuple(fall(spans) for spans in draws)
            yield DeletionResult(language, len(cited), fall(cited), others)
        else:
            yield None


def _draw_uncited(text: str, why: Explanation, chance: random.Random) -> Iterator[list[Span]]:
    """Yield draws of sentences that are not cited and as long as those that are."""
    cited = {(one.query.start, one.query.end) for one in why.evidence}
    wanted = sum(end - start for start, end in cited)
    rest = [s for s in quotable_sentences(text, split_query(text)) if (s.start, s.end) not in cited]
    count = 0
    for _ in range(MAX_TRIES):
        chance.shuffle(rest)
        taken: list[Span] = []
        for span in rest:
            if _total_length([*taken, span]) <= wanted * (1 + LENGTH_TOLERANCE):
                taken.append(span)
        if _total_length(taken) >= wanted * (1 - LENGTH_TOLERANCE):
            yield taken
            count += 1
        if count == DRAWS:
            return


def _total_length(spans: Sequence[Span]) -> int:
    return sum(span.end - span.start for span in spans)


def _delete_spans(text: str, spans: Sequence[Span]) -> str:
    """Return ``text`` without ``spans``; lines that are left empty go too."""
    for span in sorted(spans, key=lambda span: -span.start):
        text = text[: span.start] + text[span.end :]
    return "\n".join(line.strip() for line in text.split("\n") if line.strip())


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=Path, default=Path("../shared/eval"))
    parser.add_argument("--data", type=Path, default=Path("data"))
    parser.add_argument("--adapter", default=SHIPPED, help="`none` for the model as it came")
    parser.add_argument("--pairs", type=int, default=PAIRS)
    parser.add_argument("--calls", type=int, default=None, help="Take only the first calls.")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
