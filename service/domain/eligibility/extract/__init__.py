"""Facts: what a call asks of applicants and projects, read from its record and its sentences.

Nothing is guessed: a fact is in a field of the record or in a sentence, which it quotes.
"""

from __future__ import annotations

import threading
from collections import OrderedDict

from scrapers.call import Call
from service.domain.eligibility.extract import (
    amount,
    applicants,
    consortium,
    country,
    duration,
    invitation,
    programme_rules,
    share,
    stage,
    trl,
)
from service.domain.eligibility.extract.sentences import read_sentences
from service.domain.eligibility.facts import Fact

_READERS = (applicants, country, consortium, amount, share, duration, trl, stage, invitation)

FACT_NAMES = (
    applicants.NAME,
    country.NAME,
    consortium.NAME,
    amount.NAME,
    share.NAME,
    duration.NAME,
    trl.NAME,
    stage.NAME,
    invitation.NAME,
)
"""The names of the facts, in the order in which they are told."""

_CACHE_SIZE = 5000
_cache: OrderedDict[object, tuple[Fact, ...]] = OrderedDict()
_lock = threading.Lock()


def extract_facts(call: Call) -> tuple[Fact, ...]:
    """Return the facts of ``call``, in the order of `NAMES`; those alike are told once.

    The last 5,000 calls are remembered, by everything that the facts are read from.
    """
    key = (
        call.id,
        tuple(call.titles.items()),
        tuple(call.texts.items()),
        tuple(call.sections.items()),
        call.funding,
        call.eligibility,
        call.invited_only,
        call.keywords,
        call.identifiers,
    )
    with _lock:
        if key in _cache:
            _cache.move_to_end(key)
            return _cache[key]
    found = _extract(call)
    with _lock:
        _cache[key] = found
        if len(_cache) > _CACHE_SIZE:
            _cache.popitem(last=False)
    return found


def _extract(call: Call) -> tuple[Fact, ...]:
    sentences = read_sentences(call)
    once: dict[tuple[str, object], Fact] = {}
    for reader in _READERS:
        for fact in reader.facts(call, sentences):
            key = fact.name, fact.value
            if key not in once or fact.confidence > once[key].confidence:
                once[key] = fact
    for fact in programme_rules.facts(call, tuple(once.values())):
        once.setdefault((fact.name, fact.value), fact)
    return tuple(sorted(once.values(), key=lambda fact: FACT_NAMES.index(fact.name)))
