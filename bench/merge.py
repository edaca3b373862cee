"""How well copies and other rounds of a call are told apart, on pairs judged by eye.

    python bench/merge.py                what the docs quote: judged pairs, two exports, speed
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
from service.jobs.import_rows import RowDefaults, call_from_row

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
CORPUS = SHARED / "eval" / "eu_calls_2026" / "corpus.jsonl"
EXPORT = SHARED / "samples" / "eu_sedia" / "nivard_grants_2026-08-22.json"
JUDGED = ROOT / "tests" / "data" / "merge_pairs.tsv"

SEED = 20260302
WIDER_CANDIDATES = 0.5
"""Share of common title words that candidates for judging need: below what the merge asks for."""

DIFFERENT = "different"


@dataclass(frozen=True)
class JudgedPair:
    """A pair and what someone who read both calls says it is.

    Half of the pairs, by a hash of their ids when they were drawn, are ``held_out`` from tuning.
    """

    pair: CallPair
    verdict: str
    held_out: bool
    reason: str


@dataclass(frozen=True)
class RelationScore:
    """What the machine made of judged pairs, of one relation."""

    right: int
    said: int
    true: int

    @property
    def precision(self) -> float:
        """The share of what the machine said that is so; 1 when it said nothing."""
        return self.right / self.said if self.said else 1.0

    @property
    def recall(self) -> float:
        """The share of what is so that the machine said; 1 when there is nothing."""
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
    """Return what the machine says of each pair when all ``calls`` are stored."""
    found = decide_all(calls)
    return {pair: found[pair].relation.value if pair in found else DIFFERENT for pair in pairs}


def score_relation(
    pairs: Iterable[JudgedPair], said: Mapping[CallPair, str], relation: str
) -> RelationScore:
    """Count how ``said`` fares on ``pairs`` for one relation."""
    rows = [(one.verdict == relation, said[one.pair] == relation) for one in pairs]
    return RelationScore(
        right=sum(true and told for true, told in rows),
        said=sum(told for _, told in rows),
        true=sum(true for true, _ in rows),
    )


def draw_pairs(calls: Mapping[str, Call], count: int, seed: int = SEED) -> list[CallPair]:
    """Draw pairs to judge, most of them where a mistake is likely.

    At most a fifth each have long texts or short ones that are alike on the same days, two fifths
    may be rounds; the rest are in doubt or unlikely. A plain sample would hold no copy at all.
    """
    known = traits_of_calls(calls)
    strata: dict[int, list[CallPair]] = {stratum: [] for stratum in range(5)}
    for a, b in sorted(find_candidate_pairs(known, WIDER_CANDIDATES, strict=False)):
        strata[_stratum(compare_pair(known[a], known[b]))].append((a, b))
    chooser = random.Random(seed)  # noqa: S311  a draw that can be repeated, not a secret
    wanted = {0: count // 5, 1: count // 5, 2: count * 2 // 5, 3: count // 8, 4: count}
    drawn: list[CallPair] = []
    for stratum, pairs in strata.items():
        drawn += chooser.sample(pairs, min(wanted[stratum], count - len(drawn), len(pairs)))
    return drawn


VERY_SIMILAR, SIMILAR, FAIRLY_SIMILAR, HALF_SIMILAR, HARDLY_SIMILAR, MIN_SIMILARITY = (
    0.9,
    0.8,
    0.7,
    0.5,
    0.4,
    0.3,
)
"""Shares of common words that part the strata."""


def _stratum(of: PairComparison) -> int:
    text = _text_similarity(of)
    if of.title >= FAIRLY_SIMILAR and of.has_same_days and (of.text_contained or 0) >= VERY_SIMILAR:
        return 0
    if of.title >= SIMILAR and of.has_same_days and text >= MIN_SIMILARITY:
        return 1
    if of.title_as_round >= SIMILAR and text >= HALF_SIMILAR:
        return 2
    return 3 if text >= HARDLY_SIMILAR or of.title_as_round >= FAIRLY_SIMILAR else 4


def _text_similarity(of: PairComparison) -> float:
    """Return how alike the texts are, short ones by their words."""
    if of.text_contained is not None:
        return of.text_contained
    pairs = [(of.a.texts[one], of.b.texts[one]) for one in set(of.a.texts) & set(of.b.texts)]
    return max((jaccard(without_numerals(x), without_numerals(y)) for x, y in pairs), default=0.0)


def merge_exports(calls: Mapping[str, Call], path: Path = EXPORT) -> tuple[RelationScore, int]:
    """Merge a second export of the portal, its codes and addresses hidden, with the corpus.

    The codes say which pairs are one call; that a topic has two stages is left to be seen. Returns
    the figures of `same`, and how many of its decisions join calls with different codes.
    """
    grants = json.loads(path.read_text("utf-8"))["grants"]
    copies = {call.id: call for call in map(_anonymous_call, enumerate(grants))}
    code = {one: grants[number]["identifier"] for number, one in enumerate(copies)}
    truth = {
        order_pair(id_, f"eu_portal:{code[id_]}")
        for id_ in copies
        if f"eu_portal:{code[id_]}" in calls
    }
    found = decide_all({**calls, **copies})
    said = {
        pair
        for pair, one in found.items()
        if one.relation.value == "same" and (pair[0] in copies) != (pair[1] in copies)
    }
    return RelationScore(len(said & truth), len(said), len(truth)), len(said - truth)


def _anonymous_call(numbered: tuple[int, dict[str, Any]]) -> Call:
    number, grant = numbered
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
    hidden = {"id": f"other_export:{number}{staged}", "identifiers": (), "url": None}
    return call.model_copy(update=hidden)


def measure_speed(calls: Mapping[str, Call], count: int = 100_000) -> tuple[float, int, float]:
    """Return processor seconds to find candidates in ``count`` calls, how many, and to decide.

    Their texts and dates are the corpus's over and over; their titles are drawn from its words, as
    often as it uses them. One in fifty is the call before it again.
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
    known = traits_of_calls(many)
    pairs = find_candidate_pairs(known)
    found = time.process_time()
    for a, b in pairs:
        decide_pair(known[a], known[b])
    return found - start, len(pairs), time.process_time() - found


def print_report() -> None:
    """Print what docs/figures/duplicates.md quotes."""
    calls, pairs = read_corpus(), judged_pairs()
    said = decide_pairs(calls, [one.pair for one in pairs])
    for name, chosen in (
        ("all", pairs),
        ("tuned on", [one for one in pairs if not one.held_out]),
        ("held out", [one for one in pairs if one.held_out]),
    ):
        for relation in ("same", "reissue"):
            of = score_relation(chosen, said, relation)
            print(
                f"{name:9} {len(chosen):3} pairs  {relation:8} "
                f"precision {of.precision:.3f} ({of.right}/{of.said})  "
                f"recall {of.recall:.3f} ({of.right}/{of.true})"
            )
    wrong = [one for one in pairs if said[one.pair] != one.verdict]
    print(f"The machine differs in {len(wrong)} of {len(pairs)} pairs.")
    for one in wrong:
        half = "held out" if one.held_out else "tuned on"
        print(f"  {' | '.join(one.pair)}: {one.verdict}, machine {said[one.pair]} ({half})")
    if EXPORT.exists():
        of, wrongly = merge_exports(calls)
        print(
            f"two exports without codes: precision {of.precision:.3f} ({of.right}/{of.said}), "
            f"recall {of.recall:.3f} ({of.right}/{of.true}), wrongly merged {wrongly}"
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
    given = parser.parse_args()
    if not CORPUS.exists():
        sys.exit(f"{CORPUS} is missing: the bench needs the evaluation corpus.")
    if given.sample:
        for pair in draw_pairs(read_corpus(), given.sample):
            print("\t".join(pair))
    else:
        print_report()


if __name__ == "__main__":
    main()
