"""A whole match, as calls grow, against encoding its text and a bare search of the vectors."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

import faiss

from bench.speed.clock import median_ratio, time_each
from bench.speed.folders import DataFolder, synthetic_folder
from bench.speed.growth import base_vectors, mixed_vectors
from bench.speed.material import pilot_texts, real_calls
from bench.speed.plan import LARGEST_INDEX, Plan
from bench.speed.rows import HERE, Bound, Place, Row, curve_row
from bench.speed.trees import here
from index.embedding.encoder import Encoder, Vectors
from index.search.query import split_query
from service.context import Context
from service.use_cases.match import match_text

CURVE = "a match, warm"
BARE = "encoding and a bare search"

_TEXTS_A_ROUND = 8
_TOP = 10


def measure(plan: Plan) -> list[Row]:
    """Compare at each number of calls; the bound is for the largest index."""
    texts = pilot_texts(plan)[: 1 + plan.rounds * _TEXTS_A_ROUND]
    base = base_vectors(plan, real_calls(plan))
    rows = []
    for size in plan.index_sizes:
        folder = synthetic_folder(plan, here(), size)
        context = Context.open(folder.settings())
        vectors = mixed_vectors(base, folder.passages)
        rows += match_rows(context, vectors, texts, size)
        rows.append(_build_row(folder, size))
    return rows


def match_rows(context: Context, vectors: Vectors, texts: Sequence[str], size: int) -> list[Row]:
    """Time matches of ``texts`` one by one, each beside encoding and a search of ``vectors``.

    Args:
        context: opened over an index of ``size`` calls.
        vectors: what the bare search looks at, as many as the index has passages.
        texts: pilots; the first one only warms up.
        size: how many calls there are.
    """
    bare = BareSearch(context.encoder(), vectors)
    warm, *asked = texts

    def match_once(text: str) -> object:
        return match_text(context, text, top=_TOP)

    for way in (match_once, bare.search):
        way(warm)
    whole, below = time_each(match_once, bare.search, asked)
    match, search = (1000 * statistics.median(one) for one in (whole, below))
    how = (
        f"{len(asked)} pilots' texts, {size:,} synthetic calls in {len(vectors):,} passages: "
        f"{match:.0f} against {search:.0f} ms for encoding and FAISS's flat search for ten"
    )
    bound = Bound(1.5, 1.15, less_is_better=True) if size == LARGEST_INDEX else None
    name = f"match with {size:,} calls, against encoding and a bare search"
    return [
        Row(name, median_ratio(whole, below), "times", how, bound),
        curve_row(Place(CURVE, HERE, size), match, "ms", "median, ten matches explained"),
        curve_row(Place(CURVE, BARE, size), search, "ms", "median, what a match is compared with"),
    ]


class BareSearch:
    """An encoder and all vectors in FAISS: what a match needs at least."""

    def __init__(self, encoder: Encoder, vectors: Vectors) -> None:
        """Hold ``vectors`` (n, dimension)."""
        self._encoder = encoder
        self._index = faiss.IndexFlatIP(vectors.shape[1])
        self._index.add(vectors)

    def search(self, text: str) -> object:
        """Encode the parts of ``text`` and look for the nearest vectors of each."""
        parts = [text[part.span.start : part.span.end] for part in split_query(text)]
        return self._index.search(self._encoder.queries(parts), _TOP)


def _build_row(folder: DataFolder, size: int) -> Row:
    how = "the whole index built with vectors at hand, without the model"
    return curve_row(
        Place("an index build without the model", HERE, size), folder.index_seconds, "s", how
    )
