"""How well copies and other rounds of a call are recognised, on pairs judged by eye.

    python bench/merge.py                the figures in the docs: judged pairs, two exports, speed
    python bench/merge.py --sample 100   draw pairs to judge from the candidates, seeded

Needs ../shared/eval/eu_calls_2026 and, for two exports, ../shared/samples/eu_sedia.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from scrapers.call import Call, Level
from service.domain.calls.duplicates.candidate_pairs import CallPair, find_candidate_pairs
from service.domain.calls.duplicates.decisions import decide_all, decide_pair
from service.domain.calls.duplicates.evidence import PairComparison, compare_pair
from service.domain.calls.duplicates.links import order_pair
from service.domain.calls.duplicates.traits import traits_of_calls
from service.domain.calls.duplicates.word_overlap import jaccard, without_numerals
from service.jobs.imports.rows import RowDefaults, call_from_row

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
CORPUS = SHARED / "eval" / "eu_calls_2026" / "corpus.jsonl"
EXPORT = SHARED / "samples" / "eu_sedia" / "nivard_grants_2026-08-22.json"
JUDGED = ROOT / "tests" / "data" / "merge_pairs.tsv"

SEED = 20260302
WIDER_CANDIDATES = 0.5
"""The share of common title words of pairs to judge: less than the service asks of candidates."""

DIFFERENT = "different"


@dataclass(frozen=True)
class JudgedPair:
    """A pair with the relation that a reader of both calls sees, and the reason.

    Half of the pairs, by a hash of their ids when they were drawn, are ``held_out`` from tuning.
    """

    pair: CallPair
    verdict: str
    held_out: bool
    reason: str


@dataclass(frozen=True)
class RelationScore:
    """How many judged pairs the machine gave one relation, and how many truly have it."""

    right: int
    decided: int
    true: int

    @property
    def precision(self) -> float:
        """The share of the machine's decisions that are right; 1 when there are none."""
        return self.right / self.decided if self.decided else 1.0

    @property
    def recall(self) -> float:
        """The share of the true pairs that the machine decided right; 1 when there are none."""
        return self.right / self.true if self.true else 1.0


def read_corpus(path: Path = CORPUS) -> dict[str, Call]:
    """Return the calls of the evaluation corpus by id, as `fundscout import calls` stores them."""
    with path.open(encoding="utf-8") as file:
        read = [call_from_row(json.loads(line), RowDefaults("x", Level.EUROPEAN)) for line in file]
    return {call.id: call for call in read}


def judged_pairs(path: Path = JUDGED) -> list[JudgedPair]:
    """Return the judged pairs."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return [
        JudgedPair(
            order_pair(row["id_a"], row["id_b"]),
            row["verdict"],
            row["half"] == "held out",
            row["reason"],
        )
        for row in rows
    ]


def decide_pairs(calls: Mapping[str, Call], pairs: Iterable[CallPair]) -> dict[CallPair, str]:
    """Return what the machine decides on each pair when all ``calls`` are stored."""
    decisions = decide_all(calls)
    return {
        pair: decisions[pair].relation.value if pair in decisions else DIFFERENT for pair in pairs
    }


def score_relation(
    pairs: Iterable[JudgedPair], decided: Mapping[CallPair, str], relation: str
) -> RelationScore:
    """Return how the machine's decisions compare with ``pairs`` for one relation."""
    rows = [(one.verdict == relation, decided[one.pair] == relation) for one in pairs]
    return RelationScore(
        right=sum(true and decision for true, decision in rows),
        decided=sum(decision for _, decision in rows),
        true=sum(true for true, _ in rows),
    )


def draw_pairs(calls: Mapping[str, Call], count: int, seed: int = SEED) -> list[CallPair]:
    """Return pairs to judge, drawn at random, most of them where a mistake is likely.

    At most a fifth each have similar long texts, or similar short ones, and the same days; two
    fifths may be rounds; the rest are doubtful or unlikely. A plain sample would have no copy.
    """
    traits = traits_of_calls(calls)
    strata: dict[int, list[CallPair]] = {stratum: [] for stratum in range(5)}
    for a, b in sorted(find_candidate_pairs(traits, WIDER_CANDIDATES, strict=False)):
        strata[_stratum(compare_pair(traits[a], traits[b]))].append((a, b))
    chooser = random.Random(seed)  # noqa: S311  a draw that can be repeated, not a secret
    sizes = {0: count // 5, 1: count // 5, 2: count * 2 // 5, 3: count // 8, 4: count}
    drawn: list[CallPair] = []
    for stratum, pairs in strata.items():
        drawn += chooser.sample(pairs, min(sizes[stratum], count - len(drawn), len(pairs)))
    return drawn


VERY_SIMILAR, SIMILAR, FAIRLY_SIMILAR, HALF_SIMILAR, HARDLY_SIMILAR, MIN_SIMILARITY = (
    0.9,
    0.8,
    0.7,
    0.5,
    0.4,
    0.3,
)
"""Shares of common words that separate the strata."""


def _stratum(pair: PairComparison) -> int:
    text = _text_similarity(pair)
    if (
        pair.title >= FAIRLY_SIMILAR
        and pair.has_same_days
        and (pair.text_contained or 0) >= VERY_SIMILAR
    ):
        return 0
    if pair.title >= SIMILAR and pair.has_same_days and text >= MIN_SIMILARITY:
        return 1
    if pair.title_as_round >= SIMILAR and text >= HALF_SIMILAR:
        return 2
    return 3 if text >= HARDLY_SIMILAR or pair.title_as_round >= FAIRLY_SIMILAR else 4


def _text_similarity(pair: PairComparison) -> float:
    """Return the share that two texts have in common, of short ones by their words."""
    if pair.text_contained is not None:
        return pair.text_contained
    pairs = [
        (pair.a.texts[language], pair.b.texts[language])
        for language in set(pair.a.texts) & set(pair.b.texts)
    ]
    return max((jaccard(without_numerals(x), without_numerals(y)) for x, y in pairs), default=0.0)


def merge_exports(calls: Mapping[str, Call], path: Path = EXPORT) -> tuple[RelationScore, int]:
    """Merge a second export of the portal, its codes and addresses hidden, with the corpus.

    The codes tell which pairs are one call; the ids still show that a topic has two stages. Returns
    the figures of `same`, and how many of its decisions join calls with different codes.
    """
    grants = json.loads(path.read_text("utf-8"))["grants"]
    copies = {call.id: call for call in map(_anonymous_call, enumerate(grants))}
    codes = {id_: grants[number]["identifier"] for number, id_ in enumerate(copies)}
    truth = {
        order_pair(id_, f"eu_portal:{codes[id_]}")
        for id_ in copies
        if f"eu_portal:{codes[id_]}" in calls
    }
    decisions = decide_all({**calls, **copies})
    merged = {
        pair
        for pair, decision in decisions.items()
        if decision.relation.value == "same" and (pair[0] in copies) != (pair[1] in copies)
    }
    return RelationScore(len(merged & truth), len(merged), len(truth)), len(merged - truth)


def _anonymous_call(item: tuple[int, dict[str, Any]]) -> Call:
    number, grant = item
    row = {
        "id": f"copy-{number}",
        "call_id": "",
        "title": grant["title"],
        "text": grant.get("abstract") or grant.get("callTitle") or "",
        "open_date": (grant.get("startDate") or "")[:10],
        "deadline": (grant.get("deadlineDate") or "")[:10],
        "budget": grant.get("budget"),
        "url": grant["url"],
    }
    call = call_from_row(row, RowDefaults("x", Level.EUROPEAN))
    staged = "-two-stage" if grant["identifier"].endswith("two-stage") else ""
    changes = {"id": f"other_export:{number}{staged}", "identifiers": (), "url": None}
    return call.model_copy(update=changes)


def measure_speed(calls: Mapping[str, Call], count: int = 100_000) -> tuple[float, int, float]:
    """Return seconds to find candidates in ``count`` calls, their number, and seconds to decide.

    Seconds are of one processor. Texts and dates repeat those of the corpus; titles are drawn from
    its words, as often as it uses them. One call in fifty repeats the one before it.
    """
    words = [
        word for call in calls.values() for title in call.titles.values() for word in title.split()
    ]
    chooser = random.Random(SEED)  # noqa: S311  a draw that can be repeated, not a secret
    models = list(calls.values())
    many: dict[str, Call] = {}
    for number in range(count):
        model = models[number % len(models)]
        id_ = f"made:{number}"
        title = " ".join(chooser.choices(words, k=10))
        if number % 50:
            changed = {"id": id_, "titles": {"en": title}, "identifiers": (), "url": None}
            many[id_] = model.model_copy(update=changed)
        else:
            before = many.get(f"made:{number - 1}", model)
            many[id_] = before.model_copy(update={"id": id_})
    start = time.process_time()
    traits = traits_of_calls(many)
    pairs = find_candidate_pairs(traits)
    middle = time.process_time()
    for a, b in pairs:
        decide_pair(traits[a], traits[b])
    return middle - start, len(pairs), time.process_time() - middle


def print_report() -> None:
    """Print the figures of docs/figures/duplicates.md."""
    calls, pairs = read_corpus(), judged_pairs()
    decided = decide_pairs(calls, [one.pair for one in pairs])
    for name, chosen in (
        ("all", pairs),
        ("tuned on", [one for one in pairs if not one.held_out]),
        ("held out", [one for one in pairs if one.held_out]),
    ):
        for relation in ("same", "reissue"):
            score = score_relation(chosen, decided, relation)
            print(
                f"{name:9} {len(chosen):3} pairs  {relation:8} "
                f"precision {score.precision:.3f} ({score.right}/{score.decided})  "
                f"recall {score.recall:.3f} ({score.right}/{score.true})"
            )
    wrong = [one for one in pairs if decided[one.pair] != one.verdict]
    print(f"The machine differs in {len(wrong)} of {len(pairs)} pairs.")
    for one in wrong:
        half = "held out" if one.held_out else "tuned on"
        print(f"  {' | '.join(one.pair)}: {one.verdict}, machine {decided[one.pair]} ({half})")
    if EXPORT.exists():
        score, wrongly = merge_exports(calls)
        print(
            f"two exports without codes: precision {score.precision:.3f} "
            f"({score.right}/{score.decided}), recall {score.recall:.3f} "
            f"({score.right}/{score.true}), wrongly merged {wrongly}"
        )
    seconds, count, deciding = measure_speed(calls)
    print(
        f"100,000 calls: {count:,} candidates in {seconds:.1f} s of one processor, "
        f"decided in {deciding:.1f} s more"
    )


def main() -> None:
    """Run the bench."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, metavar="N", help="Draw N pairs to judge.")
    arguments = parser.parse_args()
    if not CORPUS.exists():
        sys.exit(f"{CORPUS} is missing: the bench needs the evaluation corpus.")
    if arguments.sample:
        for pair in draw_pairs(read_corpus(), arguments.sample):
            print("\t".join(pair))
    else:
        print_report()


if __name__ == "__main__":
    main()
