"""Whether "calls that funded projects like yours" improves the score.

The queries are the evaluation's projects on topics that the shipped adapter was not trained on. All
other projects are awards (leave one out). There are two settings: ``same topic``, where a call has
the awards of its own topic, as with several cut-offs; and ``earlier rounds``, where it has only
those of topics of the same title under another identifier, which is what an open call has.
The weight of the signal is chosen on one half of the topics and judged on the other, both ways.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.held_out import BundledModel
from index.embedding.cache import CachedEncoder
from index.embedding.encoder import Vectors
from index.evaluation.metrics import METRICS, QueryMetrics, ranking_metrics, summarise
from index.evaluation.qrels import EvaluationQuery, EvaluationSet, is_held_out, topic_of
from index.search.corpus import PassageGroups
from index.search.hit import Hit
from index.search.signals.meaning import meaning_strength, role_similarities
from index.search.signals.related_documents import related_similarity
from index.store.passages import WHOLE_LENGTH
from index.training.trainer import TrainingConfig

WEIGHTS = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5)
NEAREST = (1, 2, 3)
DEPTH = 200
_SEED, _DRAWS = 11, 2000

Relatives = dict[str, list[str]]


@dataclass(frozen=True)
class ScoredQuery:
    """A query with the scores of the calls and the similarity of the awards, by id."""

    question: EvaluationQuery
    topic: str
    scores: dict[str, float]
    likeness: dict[str, float]


def main() -> int:
    """Measure and print."""
    arguments = _arguments()
    models = BundledModel(arguments.data)
    data = EvaluationSet.read(arguments.set, ("title", "text"))
    queries = [
        (question, topic)
        for question in data.queries
        if is_held_out(topic := _topic(data, question), TrainingConfig.held_out)
    ]
    calls = models.open_searcher(data.documents)
    ids, vectors = _projects(arguments.set / "queries.jsonl", models.encoder)
    scored = []
    for number, (question, topic) in enumerate(queries, 1):
        query = calls.query(question.text)
        scores = _scores(calls.search(query, top=DEPTH))
        near = role_similarities(
            query.parts, query.vectors @ vectors.T, PassageGroups.one_each(len(ids))
        )
        meaning = meaning_strength(near, models.encoder.unrelated)
        likeness = {i: float(v) for i, v in zip(ids, meaning, strict=True) if i != question.id}
        scored.append(ScoredQuery(question, topic, scores, likeness))
        _print_progress(number, len(queries))
    print(f"{len(scored)} questions on held-out topics, {len(ids)} awards.")
    _print_similarity(scored, _relatives_by_world(data)["same topic"])
    rows = {document.id: row for row, document in enumerate(data.documents)}
    for name, relatives in _relatives_by_world(data).items():
        _report(name, scored, relatives, rows)
    return 0


def _projects(path: Path, encoder: CachedEncoder) -> tuple[list[str], Vectors]:
    """Return the projects' ids, and a vector for the whole of each, as an index has it."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    texts = [f"{row['title']}\n{row['text'][:WHOLE_LENGTH]}" for row in rows]
    return [row["id"] for row in rows], encoder.passages(texts, _print_progress)


def _scores(hits: list[Hit]) -> dict[str, float]:
    return {hit.document: hit.strength for hit in hits}


def _topic(data: EvaluationSet, question: EvaluationQuery) -> str:
    best = max(question.grades, key=question.grades.__getitem__)
    return topic_of(data.documents[best])


def _relatives_by_world(data: EvaluationSet) -> dict[str, Relatives]:
    """Return the awards of each call, in the two settings."""
    paid: Relatives = defaultdict(list)
    for question in data.queries:
        for row in question.grades:
            paid[data.documents[row].id].append(question.id)
    alike: dict[str, list[str]] = defaultdict(list)
    for document in data.documents:
        alike[topic_of(document)].append(document.id)
    earlier: Relatives = {}
    for document in data.documents:
        others = [o for o in alike[topic_of(document)] if o != document.id]
        lent = [award for other in others for award in paid.get(other, ())]
        if lent:
            earlier[document.id] = lent
    return {"same topic": dict(paid), "earlier rounds": earlier}


def _print_similarity(scored: list[ScoredQuery], paid: Relatives) -> None:
    """Print how many projects of the query's own topic, and of all, reach a similarity."""
    topics: dict[str, set[str]] = defaultdict(set)
    for call, awards in paid.items():
        for award in awards:
            topics[award].add(call)
    print("likeness at least: share of the topic's other projects, of the 3 shown, shown at all")
    for least in (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5):
        siblings, shown, right, some = [], 0, 0, 0
        for one in scored:
            own_topics = topics[one.question.id]
            own = {a for c in own_topics for a in paid[c]} - {one.question.id}
            siblings += [one.likeness.get(a, 0.0) >= least for a in own]
            best = sorted(one.likeness.items(), key=lambda item: -item[1])[:3]
            shown_awards = [award for award, value in best if value >= least]
            shown, some = shown + len(shown_awards), some + bool(shown_awards)
            right += sum(award in own for award in shown_awards)
        print(
            f"  {least:.2f}: {np.mean(siblings):.2f} of {len(siblings)}; "
            f"{right / max(1, shown):.2f} of {shown}; {some / len(scored):.2f} of the questions"
        )


def _report(
    name: str, scored: list[ScoredQuery], relatives: Relatives, rows: Mapping[str, int]
) -> None:
    without = _query_metrics(scored, relatives, rows, 0.0, 1)
    helped = [
        one
        for one in scored
        if any(_answers(one, document, rows, relatives) for document in relatives)
    ]
    print(f"\n{name}: {len(relatives)} calls have awards; {len(helped)} of the questions have")
    print("an answer with an award other than themselves.")
    settings = [(w, n) for w in WEIGHTS for n in NEAREST if w]
    table = {s: _query_metrics(scored, relatives, rows, *s) for s in settings}
    for (weight, nearest), outcomes in table.items():
        print(f"  weight {weight:.2f}, nearest {nearest}: {_line(outcomes)}")
    halves = np.array([_topic_half(one.topic) for one in scored])
    chosen: list[QueryMetrics] = list(without)
    for half in (0, 1):
        learning, judged = np.flatnonzero(halves != half), np.flatnonzero(halves == half)
        best = max(settings, key=lambda s: _mean([table[s][i] for i in learning]))
        keep = _mean([table[best][i] for i in learning]) <= _mean([without[i] for i in learning])
        print(f"  half {half}: chosen on the other: {'none' if keep else best}")
        for i in judged:
            chosen[i] = without[i] if keep else table[best][i]
    print(f"  without: {_line(without)}\n  with:    {_line(chosen)}")
    for metric in ("recall@10", "mrr@10"):
        print(f"  {metric} gains {_format_gain(without, chosen, METRICS.index(metric))}")


def _answers(
    one: ScoredQuery, document: str, rows: Mapping[str, int], relatives: Relatives
) -> bool:
    others = (award for award in relatives[document] if award != one.question.id)
    return rows[document] in one.question.grades and any(True for _ in others)


def _query_metrics(
    scored: list[ScoredQuery],
    relatives: Relatives,
    rows: Mapping[str, int],
    weight: float,
    nearest: int,
) -> list[QueryMetrics]:
    outcomes = []
    for one in scored:
        others = {d: [a for a in own if a != one.question.id] for d, own in relatives.items()}
        related = related_similarity(one.likeness, others, nearest) if weight else {}
        fused = {d: (1 - weight) * s + weight * related.get(d, 0.0) for d, s in one.scores.items()}
        ranked = sorted(fused, key=lambda d: (-fused[d], d))
        outcomes.append(ranking_metrics([rows[d] for d in ranked], one.question.grades))
    return outcomes


def _topic_half(topic: str) -> int:
    return hashlib.sha256(f"half {topic}".encode()).digest()[0] % 2


def _mean(outcomes: list[QueryMetrics]) -> float:
    place = METRICS.index("mrr@10")
    return sum(outcome.values[place] for outcome in outcomes) / max(1, len(outcomes))


def _line(outcomes: list[QueryMetrics]) -> str:
    figures = summarise(outcomes)
    shown = ((name, figures[name]) for name in ("recall@10", "mrr@10"))
    return ", ".join(f"{n} {f.value:.3f} [{f.low:.3f}, {f.high:.3f}]" for n, f in shown)


def _format_gain(without: list[QueryMetrics], chosen: list[QueryMetrics], place: int) -> str:
    """Return the mean difference of pairs with its 95 % bootstrap interval."""
    differences = np.array(
        [b.values[place] - a.values[place] for a, b in zip(without, chosen, strict=True)]
    )
    draws = np.random.default_rng(_SEED).integers(0, len(differences), (_DRAWS, len(differences)))
    low, high = np.percentile(differences[draws].mean(axis=1), (2.5, 97.5))
    return f"{differences.mean():+.3f} [{low:+.3f}, {high:+.3f}]"


def _print_progress(done: int, total: int) -> None:
    if sys.stderr.isatty() or done % 2048 == 0:
        print(f"\r{done:,} of {total:,}", end="\n" if done == total else "", file=sys.stderr)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", type=Path, default=Path("../shared/eval/horizon_europe"))
    parser.add_argument("--data", type=Path, default=Path("data"))
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
