"""The index brought up to date after a change, against a full build of it."""

from __future__ import annotations

import shutil
import statistics
import time
from collections.abc import Sequence

from bench.speed.folders import DataFolder, share_models, synthetic_folder, write_examples
from bench.speed.growth import base_vectors, mixed_calls, passage_texts
from bench.speed.material import pilot_texts, real_calls
from bench.speed.plan import Plan
from bench.speed.rows import HERE, Bound, Place, Row, curve_row
from bench.speed.stand_in import StandInEncoder
from bench.speed.trees import here
from index.embedding.encoder import Encoder
from scrapers.call import Call
from service.context import Context
from service.jobs.load_examples import load_examples
from service.jobs.reindex import reindex

CURVE = "re-index after 1 % changed, without the model"

_SHARE = 100
"""One call in so many is changed."""


def measure(plan: Plan) -> list[Row]:
    """Index real calls by the model, change some, and index again; then synthetic ones without."""
    calls = real_calls(plan)[: plan.encoded]
    folder = DataFolder(plan.work / "here-reindex", plan.work / "calls-reindex")
    shutil.rmtree(folder.data, ignore_errors=True)
    share_models(plan, here(), folder.data)
    write_examples(folder.examples, calls, pilot_texts(plan)[0])
    rows = reindex_rows(Context.open(folder.settings()), calls, plan.rounds)
    return rows + [_growth_row(plan, size) for size in plan.index_sizes]


def reindex_rows(context: Context, calls: Sequence[Call], rounds: int) -> list[Row]:
    """Build the index of ``calls``, then change one in a hundred ``rounds`` times.

    Args:
        context: opened over an empty store; its settings name a folder of these examples.
        calls: what that folder holds.
        rounds: how many changes are timed.
    """
    encoder = context.encoder()
    encoder.passages([call.titles[language] for call in calls[:4] for language in call.titles])
    load_examples(context)
    built = _seconds(context)
    texts = passage_texts(calls, len(calls) * 1000)
    model = _encode_seconds(encoder, texts)
    again = [_change(context, calls, number) for number in range(1, rounds + 1)]
    seconds = statistics.median(again)
    changed = len(_changed(calls, 1))
    how = (
        f"{len(calls)} real calls in {len(texts)} passages, {changed} changed, {rounds} times: "
        f"{seconds:.2f} against {built:.2f} s"
    )
    bound = Bound(1 / 30, 1 / 80, less_is_better=True)
    bare = f"the job, against the model alone on its {len(texts)} passages: {model:.1f} s"
    return [
        Row(
            "re-index after 1 % changed, against a full build", seconds / built, "of it", how, bound
        ),
        Row("full build, against encoding alone", built / model, "times", bare),
    ]


def _change(context: Context, calls: Sequence[Call], number: int) -> float:
    """Store some of ``calls`` with another text, and return how long indexing them takes."""
    context.calls.upsert(_changed(calls, number), context.now())
    return _seconds(context)


def _changed(calls: Sequence[Call], number: int) -> list[Call]:
    """Return one in a hundred of ``calls`` with a sentence more, other ones for each ``number``."""
    step = min(_SHARE, len(calls))
    more = f"Round {number} brought one more sentence to this call."
    return [
        call.model_copy(
            update={"texts": {lang: f"{text} {more}" for lang, text in call.texts.items()}}
        )
        for call in calls[number % step :: step]
    ]


def _growth_row(plan: Plan, size: int) -> Row:
    """Change one in a hundred of the synthetic calls in a copy of their folder."""
    whole = synthetic_folder(plan, here(), size)
    copy = DataFolder(plan.work / "here-changed", whole.examples)
    shutil.rmtree(copy.data, ignore_errors=True)
    shutil.copytree(whole.data, copy.data, symlinks=True)
    calls = real_calls(plan)
    model = Context.open(copy.settings()).encoder()
    stand_in = StandInEncoder(model, base_vectors(plan, calls))
    context = Context.open(copy.settings(), load=lambda: stand_in)
    seconds = _change(context, list(mixed_calls(calls, size)), 1) - stand_in.seconds
    shutil.rmtree(copy.data)
    how = f"{seconds:.1f} against {whole.index_seconds:.1f} s for all {size:,} synthetic calls"
    share = seconds / whole.index_seconds
    return curve_row(Place(CURVE, HERE, size), share, "of a full build", how)


def _seconds(context: Context) -> float:
    started = time.perf_counter()
    reindex(context)
    return time.perf_counter() - started


def _encode_seconds(encoder: Encoder, texts: Sequence[str]) -> float:
    started = time.perf_counter()
    encoder.passages(texts)
    return time.perf_counter() - started
