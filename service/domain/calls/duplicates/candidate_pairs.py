"""The few pairs of calls that are worth comparing, found without comparing all with all."""

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
"""The most calls under one key: a key that more calls share is no evidence, and costs a square."""

_MIN_TITLE_OVERLAP = 0.7
_FIRST_WORDS = 12


def find_candidate_pairs(
    traits_by_id: Mapping[str, CallTraits],
    min_overlap: float = _MIN_TITLE_OVERLAP,
    *,
    strict: bool = True,
) -> set[CallPair]:
    """Return the pairs that share an identifier, an address, most of a title, or day and amount.

    Args:
        traits_by_id: the traits of every call.
        min_overlap: titles make a pair when this share of their words is common (0 to 1), numerals
            aside; a lower share finds more pairs that are not the same.
        strict: whether pairs that share a rare word have their titles compared. Without it some
            pairs have little in common, which is of use to judge by eye.
    """
    titles = {id_: _title_words(traits) for id_, traits in traits_by_id.items()}
    blocks: defaultdict[BlockKey, list[str]] = defaultdict(list)
    for id_, traits in traits_by_id.items():
        for key in _plain_keys(traits):
            blocks[key].append(id_)
    for key, id_ in _title_keys(titles, min_overlap):
        blocks[key].append(id_)
    pairs: set[CallPair] = set()
    for key, ids in blocks.items():
        for block in _split_block(sorted(set(ids)), traits_by_id):
            for a, b in combinations(block, 2):
                if _is_plausible(key, traits_by_id[a], traits_by_id[b]) and (
                    not strict
                    or key[0] != "word"
                    or _titles_overlap(titles[a], titles[b], min_overlap)
                ):
                    pairs.add((a, b))
    return pairs


def _title_words(traits: CallTraits) -> list[frozenset[str]]:
    """Return the words of each title without numerals, or with them when there are no others."""
    return [without_numerals(title) or title for title in traits.titles.values()]


def _titles_overlap(mine: TitleWords, theirs: TitleWords, min_overlap: float) -> bool:
    return any(jaccard(x, y) >= min_overlap for x in mine for y in theirs)


def _plain_keys(traits: CallTraits) -> Iterator[BlockKey]:
    for identifier in traits.own_identifiers | traits.shared_identifiers:
        yield "identifier", identifier.value
    for address in traits.mentions:
        yield "address", address
    for day in traits.days:
        for amount in traits.amounts:
            yield "day and amount", day, amount


def _title_keys(
    words: Mapping[str, TitleWords], min_overlap: float
) -> Iterator[tuple[BlockKey, str]]:
    """Yield (key, id): two titles with ``min_overlap`` of their words in common share some key.

    Two sets with that much in common cannot differ in all of their rarest words: of n words, the
    n - ceil(min_overlap * n) + 1 rarest are enough to meet (prefix filtering).
    """
    frequency = Counter(w for titles in words.values() for title in titles for w in title)
    for id_, titles in words.items():
        for title in titles:
            rarest = sorted(title, key=lambda w: (frequency[w], w))
            for word in rarest[: len(rarest) - ceil(min_overlap * len(rarest)) + 1]:
                yield ("word", word), id_
            yield ("title", title), id_


def _split_block(ids: list[str], traits_by_id: Mapping[str, CallTraits]) -> Iterable[list[str]]:
    """Split a block that is too large by the first words of texts; drop what stays too large."""
    if len(ids) <= MAX_BLOCK_SIZE:
        return [ids]
    parts: defaultdict[Hashable, list[str]] = defaultdict(list)
    for id_ in ids:
        for text in traits_by_id[id_].call.texts.values():
            parts[tuple(text.casefold().split()[:_FIRST_WORDS])].append(id_)
    return [part for part in parts.values() if 1 < len(part) <= MAX_BLOCK_SIZE]


def _is_plausible(key: BlockKey, a: CallTraits, b: CallTraits) -> bool:
    """Whether a pair under ``key`` can be one call.

    Day and amount pair only calls that words cannot: those without a common language.
    """
    return key[0] != "day and amount" or not a.languages & b.languages
