"""Passages and queries encoded, against sentence-transformers' default on the same texts."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import replace

from bench.speed.by_hand import DefaultEncoder
from bench.speed.clock import median_ratio, time_each, time_in_turns
from bench.speed.growth import passage_texts, product_encoder
from bench.speed.material import pilot_texts, real_calls
from bench.speed.plan import Plan
from bench.speed.rows import Bound, Row
from bench.speed.trees import here
from index.embedding.encoder import Encoder
from index.embedding.model import BUNDLED, SHIPPED, resolve_model
from index.search.query import split_query

_QUERIES_A_ROUND = 8


def measure(plan: Plan) -> list[Row]:
    """Compare the product's encoder with sentence-transformers' default."""
    passages = passage_texts(real_calls(plan), plan.passages)
    model = resolve_model(BUNDLED, plan.work / here().key / "models", SHIPPED).location
    ours, theirs = product_encoder(plan), DefaultEncoder(model)
    return compare_encoders(ours, theirs, passages, pilot_texts(plan), plan.rounds)


def compare_encoders(
    ours: Encoder,
    theirs: DefaultEncoder | Encoder,
    passages: Sequence[str],
    pilots: Sequence[str],
    rounds: int,
) -> list[Row]:
    """Time both on the same texts, in turns.

    Args:
        ours: the product's.
        theirs: what it is compared with.
        passages: what indexing encodes, all of them in each round.
        pilots: texts that search; title alone, and in parts as a match encodes them.
        rounds: how often passages are encoded by each.
    """
    titles = [text.partition("\n")[0] for text in pilots]
    parts = [[text[p.span.start : p.span.end] for p in split_query(text)] for text in pilots]
    for encoder in (ours, theirs):  # what is loaded late is loaded
        encoder.passages(passages[:4])
        encoder.queries(titles[:1])
    here, there = time_in_turns(
        [lambda: ours.passages(passages), lambda: theirs.passages(passages)], rounds
    )
    asked = rounds * _QUERIES_A_ROUND
    texts = f"{len(passages)} passages of real calls, {rounds} rounds in turns"
    rate, other = (len(passages) / statistics.median(one) for one in (here, there))
    query = _query_row(ours, theirs, parts[:asked], "a pilot's text in its parts")
    title = _query_row(ours, theirs, [[one] for one in titles[:asked]], "a pilot's title alone")
    return [
        Row(
            "passages a second, against sentence-transformers",
            median_ratio(there, here),
            "times",
            f"{texts}: {rate:.1f} against {other:.1f} passages/s",
            Bound(3.5, 5),
        ),
        Row("passages a second", rate, "passages/s", texts),
        replace(query, bound=Bound(4, 8)),
        replace(title, figure="encoding of a title, against sentence-transformers"),
    ]


def _query_row(
    ours: Encoder, theirs: DefaultEncoder | Encoder, queries: Sequence[Sequence[str]], what: str
) -> Row:
    here, there = time_each(ours.queries, theirs.queries, queries)
    milliseconds = [1000 * statistics.median(one) for one in (here, there)]
    how = f"{len(queries)} queries, {what}: {milliseconds[0]:.1f} against {milliseconds[1]:.1f} ms"
    figure = "query encoding, against sentence-transformers"
    return Row(figure, median_ratio(there, here), "times", how)
