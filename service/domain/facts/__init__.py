"""Facts: what a call asks of applicants and projects, read from its record and its sentences.

Nothing is guessed: a fact is in a field of the record or in a sentence, which it quotes.
"""

from __future__ import annotations

import threading
from collections import OrderedDict

from scrapers.call import Call
from service.domain.facts import (
    action,
    applicants,
    consortium,
    country,
    duration,
    invited,
    money,
    share,
    stage,
    text,
    trl,
)
from service.domain.facts.record import (
    Amount,
    Applicants,
    Consortium,
    Duration,
    Fact,
    Invited,
    Kind,
    Places,
    Quote,
    Readiness,
    Share,
    Stage,
    Stages,
)

__all__ = [
    "NAMES",
    "Amount",
    "Applicants",
    "Consortium",
    "Duration",
    "Fact",
    "Invited",
    "Kind",
    "Places",
    "Quote",
    "Readiness",
    "Share",
    "Stage",
    "Stages",
    "facts_of",
]

_READERS = (applicants, country, consortium, money, share, duration, trl, stage, invited)

NAMES = (
    applicants.NAME,
    country.NAME,
    consortium.NAME,
    money.NAME,
    share.NAME,
    duration.NAME,
    trl.NAME,
    stage.NAME,
    invited.NAME,
)
"""The names of the facts, in the order in which they are told."""

_KEPT = 5000
_known: OrderedDict[object, tuple[Fact, ...]] = OrderedDict()
_lock = threading.Lock()


def facts_of(call: Call) -> tuple[Fact, ...]:
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
        if key in _known:
            _known.move_to_end(key)
            return _known[key]
    found = _read(call)
    with _lock:
        _known[key] = found
        if len(_known) > _KEPT:
            _known.popitem(last=False)
    return found


def _read(call: Call) -> tuple[Fact, ...]:
    sentences = text.read(call)
    once: dict[tuple[str, object], Fact] = {}
    for reader in _READERS:
        for fact in reader.facts(call, sentences):
            key = fact.name, fact.value
            if key not in once or fact.confidence > once[key].confidence:
                once[key] = fact
    for fact in action.facts(call, tuple(once.values())):
        once.setdefault((fact.name, fact.value), fact)
    return tuple(sorted(once.values(), key=lambda fact: NAMES.index(fact.name)))
