"""Candidates: the few pairs of calls worth comparing, found without comparing all with all."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from math import ceil

from service.domain.calls.duplicates.traits import CallTraits
from service.domain.calls.duplicates.word_overlap import jaccard, without_numerals

CallPair = tuple[str, str]
"""Two ids, the lesser first."""

TitleWords = Sequence[frozenset[str]]
BlockKey = tuple[Hashable, ...]

MAX_BLOCK_SIZE = 100
"""Calls under one key at most: a key that more calls share tells nothing, and costs a square."""

_MIN_TITLE_OVERLAP = 0.7
_FIRST_WORDS = 12


def find_candidate_pairs(
    known: Mapping[str, CallTraits], alike: float = _MIN_TITLE_OVERLAP, *, sure: bool = True
) -> set[CallPair]:
    """Return the pairs that share an identifier, an address, most of a title, or day and amount.

    Args:
        known: the traits of every call.
        alike: titles come together when this share of their words is common (0 to 1), numerals
            aside; a lower one finds more pairs that are not the same.
        sure: whether pairs that share a rare word have their titles compared. Without it some
            that have little in common are among the pairs: of use to judge by eye.
    """
    titles = {id_: _title_words(one) for id_, one in known.items()}
    blocks: defaultdict[BlockKey, list[str]] = defaultdict(list)
    for id_, one in known.items():
        for key in _plain_keys(one):
            blocks[key].append(id_)
    for key, id_ in _title_keys(titles, alike):
        blocks[key].append(id_)
    found: set[CallPair] = set()
    for key, ids in blocks.items():
        for block in _split_block(sorted(set(ids)), known):
            for a, b in combinations(block, 2):
                if _is_plausible(key, known[a], known[b]) and (
                    not sure or key[0] != "word" or _titles_overlap(titles[a], titles[b], alike)
                ):
                    found.add((a, b))
    return found


def _title_words(one: CallTraits) -> list[frozenset[str]]:
    """Return the words of each title without numerals, or with them when there is nothing else."""
    return [without_numerals(title) or title for title in one.titles.values()]


def _titles_overlap(mine: TitleWords, theirs: TitleWords, alike: float) -> bool:
    return any(jaccard(x, y) >= alike for x in mine for y in theirs)


def _plain_keys(one: CallTraits) -> Iterator[BlockKey]:
    for identifier in one.own_identifiers | one.shared_identifiers:
        yield "identifier", identifier.value
    for address in one.mentions:
        yield "address", address
    for day in one.days:
        for amount in one.amounts:
            yield "day and amount", day, amount


def _title_keys(words: Mapping[str, TitleWords], alike: float) -> Iterator[tuple[BlockKey, str]]:
    """Yield (key, id): two titles with ``alike`` of their words in common share some key.

    Two sets with that much in common cannot differ in all of their rarest words: of n words, the
    n - ceil(alike * n) + 1 rarest are enough to meet (prefix filtering).
    """
    frequency = Counter(w for titles in words.values() for title in titles for w in title)
    for id_, titles in words.items():
        for title in titles:
            rarest = sorted(title, key=lambda w: (frequency[w], w))
            for word in rarest[: len(rarest) - ceil(alike * len(rarest)) + 1]:
                yield ("word", word), id_
            yield ("title", title), id_


def _split_block(ids: list[str], known: Mapping[str, CallTraits]) -> Iterable[list[str]]:
    """Cut a block that is too large by the first words of the texts; drop what stays too large."""
    if len(ids) <= MAX_BLOCK_SIZE:
        return [ids]
    parts: defaultdict[Hashable, list[str]] = defaultdict(list)
    for id_ in ids:
        for text in known[id_].call.texts.values():
            parts[tuple(text.casefold().split()[:_FIRST_WORDS])].append(id_)
    return [part for part in parts.values() if 1 < len(part) <= MAX_BLOCK_SIZE]


def _is_plausible(key: BlockKey, a: CallTraits, b: CallTraits) -> bool:
    """Whether a pair under ``key`` can be the same at all.

    Day and amount bring only calls together that no word can: those without a common language.
    """
    return key[0] != "day and amount" or not a.languages & b.languages
