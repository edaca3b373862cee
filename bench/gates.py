"""Precision and recall of each kind of fact, on real calls that were judged by eye.

    python -m bench.gates [FOLDER] [-v]
    python -m bench.gates --first-look [FOLDER]
    python -m bench.gates --sentences [-v]

The judgements are in ``tests/data/gate_facts*.tsv``, one file a batch, the calls in FOLDER
(``../shared``). A wrong value that makes a gate fail counts twice. The first sixty calls are halved
by the hash of their name: at first, rules were changed only after errors in one half. Each later
batch was judged, and read once, before anybody looked at its errors; docs/figures/eligibility.md
has the figures of that moment. -v lists the present errors.

--first-look reads the batch that was drawn by chance and that no rule was changed by: what to
expect of calls not seen. It lists no errors, and once a rule is changed by them it is a first look
no more. What a call's fields alone say, such as a ceiling, is not judged there. It says so while no
such batch has been judged.

--sentences needs no FOLDER: it reads the single sentences of ``tests/data/judged_sentences.tsv``,
each alone under its heading. That shows what an edit does to conditions as they are stated, but not
what is missed in whole calls, or what their other sentences add.
"""

from __future__ import annotations

import csv
import hashlib
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from bench.gate_calls import call_of_sentence, read_call
from scrapers.call import Call
from service.domain.calls.applicant_kinds import ApplicantKind
from service.domain.calls.project_stages import ProjectStage
from service.domain.eligibility.extract import FACT_NAMES, extract_facts
from service.domain.eligibility.facts import (
    Applicants,
    Consortium,
    Duration,
    Fact,
    FactValue,
    FundingShare,
    GrantAmount,
    InvitationOnly,
    Places,
    Readiness,
    Stages,
)
from service.domain.eligibility.profile_gates import evaluate_profile
from service.domain.eligibility.verdict import Verdict
from service.domain.pilots.profile import Profile

ROOT = Path(__file__).parents[1]
DATA = ROOT / "tests" / "data"
SHARED = ROOT.parent / "shared"
HALVES = ("tuned", "held out")
FIRST_BATCH = "all 60"
BATCHES = {
    FIRST_BATCH: DATA / "gate_facts.tsv",
    "judged later": DATA / "gate_facts_later.tsv",
    "batch B": DATA / "gate_facts_b.tsv",
    "batch C": DATA / "gate_facts_c.tsv",
    "batch D": DATA / "gate_facts_d.tsv",
    "batch E, mended by": DATA / "gate_facts_e.tsv",
    "batch F, mended by": DATA / "gate_facts_f.tsv",
    "batch G, drawn by chance, mended by": DATA / "gate_facts_g.tsv",
    "batch H, drawn by chance, mended by": DATA / "gate_facts_h.tsv",
    "batch I, drawn by chance, mended by": DATA / "gate_facts_i.tsv",
}
"""The files of judgements by the name of their batch, oldest first; rules were mended by all."""

UNSEEN_BATCH = "batch J, drawn by chance, no rule was changed by it"
UNSEEN = DATA / "gate_facts_j.tsv"
"""The judgements of calls that no rule was changed by; absent until such calls are judged."""

SENTENCES = DATA / "judged_sentences.tsv"
"""Sentences of calls in the repository's own words, each with the facts that it states.

``facts`` is "none", or a list such as "applicants=individual; country=SE": a fact that is not in it
is not stated. ``heading`` is the heading above the sentence, or "title".
"""

PANEL = tuple(
    Profile.model_validate(given)
    for given in (
        {"organisations": [{"kind": "government_county"}], "country": "SE", "trl": 6, "months": 24,
         "budget": {"amount": 3_000_000, "currency": "SEK"}, "share_percent": 60, "partners": []},
        {"organisations": [{"kind": "for_profit_small_business"}], "country": "SE-AB", "trl": 4,
         "months": 12, "budget": {"amount": 450_000, "currency": "EUR"}, "share_percent": 40,
         "partners": [{"kind": "government_county", "country": "SE"}]},
        {"organisations": [{"kind": "higher_education_public"}], "country": "NO", "trl": 2,
         "months": 48, "budget": {"amount": 9_000_000, "currency": "SEK"}, "share_percent": 100},
        {"organisations": [{"kind": "government_municipal"}], "country": "SE", "months": 6,
         "trl": 8, "budget": {"amount": 250_000, "currency": "USD"}, "partners": []},
        {"organisations": [{"kind": "for_profit_not_small_business"}], "country": "US", "trl": 9},
        {"organisations": [{"kind": "nonprofit_without_501c3"}], "country": "CN", "trl": 5},
        {"organisations": [{"kind": "individual"}], "country": "FI", "months": 36},
    )
)  # fmt: skip
"""The profiles with which wrong fails are counted."""


@dataclass
class FactScore:
    """How often one kind of fact was read right, wrong or not at all, over some calls."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    wrong_fails: int = 0
    errors: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """The share of the values read that are true; a wrong fail counts as one more value."""
        read = self.right + self.wrong + self.wrong_fails
        return self.right / read if read else 1.0

    @property
    def recall(self) -> float:
        """The share of the true values that were read."""
        true = self.right + self.missed
        return self.right / true if true else 1.0

    def add(self, other: FactScore) -> None:
        """Add the counts of ``other``."""
        self.right += other.right
        self.wrong += other.wrong
        self.missed += other.missed
        self.wrong_fails += other.wrong_fails
        self.errors += other.errors


@dataclass(frozen=True)
class JudgedCall:
    """The true values of one call, by fact."""

    name: str
    source: str
    true: dict[str, frozenset[str]]
    batch: str = FIRST_BATCH

    @property
    def half(self) -> str:
        """The half of the first sixty calls that it is in."""
        digest = hashlib.sha256(f"{self.source}\0{self.name}".encode()).digest()
        return HALVES[digest[0] % 2]


@dataclass(frozen=True)
class CallResult:
    """The score of one call for each fact, with its judgement and its language."""

    judged: JudgedCall
    language: str
    scores: dict[str, FactScore]


def read_judgements(batch: str = FIRST_BATCH) -> list[JudgedCall]:
    """Return the judged calls of a batch."""
    values_by_call: dict[tuple[str, str], dict[str, frozenset[str]]] = {}
    files = {**BATCHES, UNSEEN_BATCH: UNSEEN}
    with files[batch].open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            values = frozenset(row["values"].split("|")) - {"none"}
            values_by_call.setdefault((row["call"], row["source"]), {})[row["fact"]] = values
    return [
        JudgedCall(name, source, true, batch) for (name, source), true in values_by_call.items()
    ]


def read_all_judgements() -> list[JudgedCall]:
    """Return the judged calls of all batches."""
    return [one for batch in BATCHES for one in read_judgements(batch)]


def score_calls(
    shared: Path = SHARED, judgements: Iterable[JudgedCall] | None = None
) -> list[CallResult]:
    """Return the scores of judged calls, by default of all batches that rules were mended by."""
    results = []
    for judged in read_all_judgements() if judgements is None else judgements:
        call = read_call(shared, judged.source, judged.name)
        results.append(
            CallResult(judged, next(iter(call.titles)), dict(_compare_facts(call, judged)))
        )
    return results


def score_sentences() -> list[CallResult]:
    """Return the scores of every judged sentence, each alone under its heading."""
    results = []
    with SENTENCES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            stated = [one.split("=") for one in row["facts"].split("; ") if one != "none"]
            true = {name: frozenset[str]() for name in FACT_NAMES}
            true |= {name: frozenset(terms.split("|")) for name, terms in stated}
            judged = JudgedCall(row["call"], row["sentence"], true, "sentences")
            call = call_of_sentence(row["language"], row["heading"], row["sentence"])
            results.append(CallResult(judged, row["language"], dict(_compare_facts(call, judged))))
    return results


def scores_by_fact(results: Iterable[CallResult]) -> dict[str, FactScore]:
    """Return the sum of the scores by fact, and of all facts under "all"."""
    scores = {name: FactScore() for name in (*FACT_NAMES, "all")}
    for result in results:
        for name, score in result.scores.items():
            scores[name].add(score)
            scores["all"].add(score)
    return scores


def _compare_facts(call: Call, judged: JudgedCall) -> Iterator[tuple[str, FactScore]]:
    read = [fact for fact in extract_facts(call) if not fact.general]
    for name in FACT_NAMES:
        facts = [fact for fact in read if fact.name == name]
        stated = frozenset(str(term) for fact in facts for term in fact.value.terms())
        true = judged.true[name]
        right, wrong, missed = len(stated & true), len(stated - true), len(true - stated)
        fails = count_wrong_fails(name, facts, true)
        score = FactScore(right, wrong, missed, fails)
        if wrong or missed or fails:
            difference = f"+{sorted(stated - true)} -{sorted(true - stated)} fails {fails}"
            score.errors.append(f"{judged.source.split('/')[-1]} {judged.name}: {difference}")
        yield name, score


def count_wrong_fails(name: str, facts: Iterable[Fact], true: frozenset[str]) -> int:
    """Return 1 if the facts read fail a profile of the panel that the true ones do not, else 0."""
    true_facts = [Fact(name=name, value=v, confidence=1.0) for v in fact_values(name, true)]
    for profile in PANEL:
        if _failed(list(facts), profile) and not _failed(true_facts, profile):
            return 1
    return 0


def _failed(facts: list[Fact], profile: Profile) -> bool:
    if any(isinstance(fact.value, InvitationOnly) for fact in facts):
        return True
    return any(gate.verdict is Verdict.FAIL for gate in evaluate_profile(facts, profile))


def fact_values(name: str, terms: frozenset[str]) -> list[FactValue]:
    """Return the values that the judged ``terms`` stand for."""
    plain = [term for term in sorted(terms) if not term.startswith("not:")]
    excluded = [term.removeprefix("not:") for term in sorted(terms) if term.startswith("not:")]
    pairs = [(term.partition(":")[0], term.partition(":")[2]) for term in plain if ":" in term]
    if not terms:
        return []
    if name == "amount":
        return list(_amounts(pairs))
    if name == "share":
        return [FundingShare(percent=Decimal(term)) for term in plain]
    spans = {"min": "minimum", "max": "maximum"}
    makers: dict[str, Callable[[], FactValue]] = {
        "applicants": lambda: Applicants(
            kinds=tuple(map(ApplicantKind, plain)),
            excluded=tuple(map(ApplicantKind, excluded)),
            closed=True,
        ),
        "country": lambda: Places(allowed=tuple(plain), excluded=tuple(excluded)),
        "consortium": lambda: Consortium(**{side: int(count) for side, count in pairs}),
        "duration": lambda: Duration(**{spans[side]: int(months) for side, months in pairs}),
        "trl": lambda: Readiness(**{side: (int(v[0]), int(v[2])) for side, v in pairs}),
        "stage": lambda: Stages(stages=tuple(map(ProjectStage, plain))),
        "invited": InvitationOnly,
    }
    return [makers[name]()]


def _amounts(pairs: list[tuple[str, str]]) -> Iterator[GrantAmount]:
    """Yield the amounts; a least and a most of the same unit are one when there is one of each."""
    units: dict[str, dict[str, list[Decimal]]] = {}
    for side, amount in pairs:
        figure, unit = amount.split(" ")
        units.setdefault(unit, {}).setdefault(side, []).append(Decimal(figure))
    for unit, sides in units.items():
        currency, _, yearly = unit.partition("/")
        low = min(sides.get("min", []), default=None)
        highs: list[Decimal | None] = [*sides.get("max", [])]
        for high in highs or [None]:
            yield GrantAmount(minimum=low, maximum=high, currency=currency, yearly=bool(yearly))


def main(arguments: list[str]) -> int:
    """Print the figures by batch, by language and by source; with -v also the errors."""
    if "--sentences" in arguments:
        results = score_sentences()
        _print_sentences(results)
    else:
        shared = next((Path(one) for one in arguments if not one.startswith("-")), SHARED)
        if not shared.is_dir():
            print(f"{shared} is not there: name the folder that holds samples/ and eval/,")
            print("or measure by the sentences in the repository: --sentences.")
            return 1
        if "--first-look" in arguments:
            return _print_first_look(shared)
        results = score_calls(shared)
        _print_calls(results)
    if "-v" in arguments:
        for name, score in scores_by_fact(results).items():
            for error in score.errors if name != "all" else ():
                print(f"{name:12} {error}")
    return 0


def _print_sentences(results: list[CallResult]) -> None:
    _table("all sentences", results, "sentences")
    for language in sorted({r.language for r in results}):
        _table(f"language {language}", [r for r in results if r.language == language], "sentences")
    print("\nThis shows what an edit does to conditions as they are stated, sentence by sentence.")
    print("It says nothing of whole calls, nor of the words of funders not met here.")


def _print_first_look(shared: Path) -> int:
    if not UNSEEN.is_file():
        print(f"No calls are judged that no rule was changed by: {UNSEEN.name} is not there.")
        print("All judged batches are fitted now; measure them without --first-look.")
        return 1
    results = score_calls(shared, read_judgements(UNSEEN_BATCH))
    _table(UNSEEN_BATCH, results)
    for source in sorted({_source(r) for r in results}):
        _table(source, [r for r in results if _source(r) == source])
    return 0


def _print_calls(results: list[CallResult]) -> None:
    first = [r for r in results if r.judged.batch == FIRST_BATCH]
    for half in HALVES:
        _table(f"of the 60: {half}", [r for r in first if r.judged.half == half])
    for batch in BATCHES:
        _table(batch, [r for r in results if r.judged.batch == batch])
    _table("all batches", results)
    for language in sorted({r.language for r in results}):
        _table(f"language {language}", [r for r in results if r.language == language])
    print(f"\nby source\n{_HEAD}")
    for source in sorted({_source(r) for r in results}):
        print(_line(source, scores_by_fact(r for r in results if _source(r) == source)["all"]))


_HEAD = f"{'':12} {'P':>6} {'R':>6} {'right':>6} wrong missed wrong fails"


def _table(title: str, results: list[CallResult], what: str = "calls") -> None:
    print(f"\n{title}: {len(results)} {what}\n{_HEAD}")
    for name, score in scores_by_fact(results).items():
        print(_line(name, score))


def _source(result: CallResult) -> str:
    """Return the folder that a call is from; all topics of the EU portal are one."""
    folder = Path(result.judged.source).parts[1]
    return "eu" if folder in ("eu_calls_2026", "he_fulltext") else folder


def _line(name: str, score: FactScore) -> str:
    return (
        f"{name:12} {score.precision:6.3f} {score.recall:6.3f} {score.right:6} "
        f"{score.wrong:5} {score.missed:6} {score.wrong_fails:11}"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
