"""The calls on a subject: near to it in meaning, or near enough and with its own words."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from index.search.hit import Hit
from index.search.query import Query
from index.search.searcher import Searcher
from index.search.signals.words import WordSignal
from service.domain.awards.actors import MIN_SIMILARITY
from service.domain.awards.similar_awards import meaning_of_hit

MOST_CALLS = 500
"""Calls of a scan at most: the nearest to the subject."""

FEW_WORDS = 5
"""Words of a subject up to which it says too little to be sure of by meaning alone."""

MIN_SIMILARITY_OF_WORDS = 0.45
"""Meaning (0 to 1) from which a call is on a subject of a few words that it does not hold.

Few words say so little that calls on anything else come as near as 0.38.
"""

MIN_WORDS = 0.3
"""Match by words (0 to 1, the best of all calls has the most) that makes `MIN_SIMILARITY` do."""


def find_calls(searcher: Searcher, query: Query, allowed: Collection[str]) -> Sequence[Hit]:
    """Return the calls in ``allowed`` that are on the subject of ``query``, at most `MOST_CALLS`.

    Args:
        searcher: the calls' index.
        query: the subject; one of a few words needs more to be sure of.
        allowed: ids of calls.
    """
    hits = searcher.search(query, top=MOST_CALLS, allowed=allowed)
    is_short = len(query.text.split()) <= FEW_WORDS
    return [hit for hit in hits if is_on_subject(hit, is_short=is_short)]


def is_on_subject(hit: Hit, *, is_short: bool) -> bool:
    """Return whether a call is on the subject that it was found by.

    Args:
        hit: the call, with what each signal says of it.
        is_short: whether the subject is a few words, and no text.
    """
    meaning = meaning_of_hit(hit)[1]
    if not is_short:
        return meaning >= MIN_SIMILARITY
    words = next((part.value for part in hit.parts if part.name == WordSignal.name), 0.0)
    enough = MIN_SIMILARITY if words >= MIN_WORDS else MIN_SIMILARITY_OF_WORDS
    return meaning >= enough
