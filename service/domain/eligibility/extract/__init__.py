"""Extraction of facts: what a call requires of applicants and projects.

Nothing is guessed: a fact is in a field of the call's record, or in a sentence, which it quotes.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from functools import cache
from hashlib import blake2b
from importlib import import_module
from typing import Any

from scrapers.call import Call
from service.domain.calls.documents import TEXT_FIELD
from service.domain.eligibility.facts import Fact

_READERS = {
    "applicants": "applicants.applicants",
    "country": "country.country",
    "consortium": "consortium",
    "amount": "amount",
    "share": "share",
    "duration": "duration",
    "trl": "trl",
    "stage": "stage",
    "invited": "invitation",
}
"""The modules of this package that read facts, by the names of the facts."""

FACT_NAMES = tuple(_READERS)
"""The names of the facts, in the order in which they are shown."""

_CACHE_SIZE = 5000
_cache: OrderedDict[object, tuple[Fact, ...]] = OrderedDict()
_lock = threading.Lock()


def extract_facts(call: Call) -> tuple[Fact, ...]:
    """Return the facts of ``call``, in the order of `FACT_NAMES`; equal facts come once.

    The facts of the last 5,000 calls are cached, by everything that they are read from.
    """
    key = _cache_key(call)
    with _lock:
        if key in _cache:
            _cache.move_to_end(key)
            return _cache[key]
    facts = _extract(call)
    _keep(key, facts)
    return facts


def _cache_key(call: Call) -> object:
    """Return a hash of everything that facts are read from; texts are not kept for it."""
    rest = (
        call.id,
        call.sections,
        call.funding,
        call.eligibility,
        call.invited_only,
        call.keywords,
        call.identifiers,
    )
    key = blake2b(repr(rest).encode(), digest_size=16)
    for texts in (call.titles, call.texts):
        for language, text in texts.items():
            key.update(f"\0{language}\0{text}".encode())
        key.update(b"\0\0")
    return key.digest()


def _keep(key: object, facts: tuple[Fact, ...]) -> None:
    with _lock:
        _cache[key] = facts
        if len(_cache) > _CACHE_SIZE:
            _cache.popitem(last=False)


def _without_contradicted(
    call: Call, by_value: dict[tuple[str, object], Fact]
) -> dict[tuple[str, object], Fact]:
    """Return the facts without those that only an attachment states where the call's page speaks.

    An attachment adds conditions; it never changes one that the call states itself.
    """
    if not any(section.url for sections in call.sections.values() for section in sections):
        return by_value
    own = {fact.name for fact in by_value.values() if not _is_attached(call, fact)}
    return {
        key: fact
        for key, fact in by_value.items()
        if fact.name not in own or not _is_attached(call, fact)
    }


def _is_attached(call: Call, fact: Fact) -> bool:
    """Return whether the words of ``fact`` stand in an attachment."""
    quote = fact.quote
    if quote is None or quote.field != TEXT_FIELD:
        return False
    return any(
        section.url is not None and section.start <= quote.start < section.end
        for section in call.sections.get(quote.lang, ())
    )


@cache
def fact_readers() -> tuple[Any, ...]:
    """Return the modules that read facts, in the order of `FACT_NAMES`."""
    return tuple(import_module(f"{__name__}.{module}") for module in _READERS.values())


def _extract(call: Call) -> tuple[Fact, ...]:
    # The readers and their patterns take a part of a second to load, and what is stored of a call
    # need not be read again.
    from service.domain.eligibility.extract import programme_rules  # noqa: PLC0415
    from service.domain.eligibility.extract.sentences import read_sentences  # noqa: PLC0415

    sentences = read_sentences(call)
    by_value: dict[tuple[str, object], Fact] = {}
    for reader in fact_readers():
        for fact in reader.facts(call, sentences):
            key = fact.name, fact.value
            if key not in by_value or fact.confidence > by_value[key].confidence:
                by_value[key] = fact
    by_value = _without_contradicted(call, by_value)
    for fact in programme_rules.facts(call, tuple(by_value.values())):
        by_value.setdefault((fact.name, fact.value), fact)
    return tuple(sorted(by_value.values(), key=lambda fact: FACT_NAMES.index(fact.name)))
