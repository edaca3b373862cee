"""The names that a call has: its ids, numbers and codes, and the parts that people shorten them to.

A name is kept as its words in lower case with hyphens between, so that every way of writing it is
one. It is found by its head: its first three words, or all of a shorter one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from index.text.codes import code_tokens, is_code, tight_runs
from scrapers.call import Call

HEAD_WORDS = 3
"""Words of a name that it is found by."""

MOST_WORDS = 24
"""Words of a name at most; nobody types a longer one."""

_LONGEST_NAME = 300
_YEAR = re.compile(r"(?:19|20)\d\d")
_MIN_ACRONYM = 3
_ACRONYM = re.compile(r"\b(?=\w{0,20}[A-ZÅÄÖ]{2})[A-ZÅÄÖ\d]\w{2,20}\b")


class NameKind(StrEnum):
    """What a stored name is of its call."""

    WHOLE = "whole"
    PART = "part"
    PROGRAMME = "programme"


class StoredName(NamedTuple):
    """A name of a call: ``key`` has its words with hyphens between, ``head`` the first of them."""

    head: str
    key: str
    kind: NameKind
    call_id: str


def names_of(call: Call) -> list[StoredName]:
    """Return the names of ``call``, each once."""
    found: dict[tuple[str, NameKind], None] = {}
    for name in _written_names(call):
        words = _words(name)
        if not words or len(words) > MOST_WORDS or len(name) > _LONGEST_NAME:
            continue
        found[_key(words), NameKind.WHOLE] = None
        if _is_capital_code(name):
            for part in _parts(words):
                found[_key(part), NameKind.PART] = None
    for acronym in programme_acronyms(call):
        found[acronym, NameKind.PROGRAMME] = None
    return [
        StoredName(
            key if kind is NameKind.PROGRAMME else head_of(key.split("-")), key, kind, call.id
        )
        for key, kind in found
    ]


def head_of(words: Sequence[str]) -> str:
    """Return what a name of these words is found by."""
    return _key(words[:HEAD_WORDS])


def programme_acronyms(call: Call) -> set[str]:
    """Return the programmes that a call's codes and programme name by letters, in lower case.

    In a code they stand before the year: HORIZON-JU-IHI-2026-12.
    """
    found = {match.group().casefold() for match in _ACRONYM.finditer(call.programme)}
    for name in call.identifiers:
        if not _is_capital_code(name):
            continue
        words = _words(name)
        year = next((place for place, word in enumerate(words) if _YEAR.fullmatch(word)), 0)
        found |= {word for word in words[:year] if word.isalpha() and len(word) >= _MIN_ACRONYM}
    return found


def _written_names(call: Call) -> Iterator[str]:
    """Yield the names of a call as they are written."""
    yield call.id
    for name in (call.native_id, *call.identifiers):
        if any(letter.isdigit() for letter in name) or len(_words(name)) > 1:
            yield name
        if ":" in name:
            yield name.rpartition(":")[2]
    for title in call.titles.values():
        yield from _codes_in(title)


def _codes_in(title: str) -> Iterator[str]:
    """Yield what is written like a code in a title: "Care at home (PAR-25-353)"."""
    tokens = code_tokens(title)
    for run in tight_runs(tokens):
        own = [tokens[place] for place in run]
        if is_code(title, own):
            yield title[own[0].start : own[-1].end]


def _is_capital_code(name: str) -> bool:
    digits = sum(letter.isdigit() for letter in name)
    return digits > 1 and any(letter.isupper() for letter in name) and "/" not in name


def _parts(words: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield the ends of a name that begin with a word of letters and have a number in them."""
    for start in range(1, len(words) - 1):
        end = words[start:]
        if end[0][0].isalpha() and any(letter.isdigit() for word in end for letter in word):
            yield end


def _words(name: str) -> list[str]:
    return [token.word for token in code_tokens(name)]


def _key(words: Sequence[str]) -> str:
    return "-".join(words)
