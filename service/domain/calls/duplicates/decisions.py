"""The decision on a pair: one call, another round of it, a call that names it, or nothing.

A wrong merge hides a call from an applicant; a missed one shows it twice. So every way to `same`
asks for two kinds of evidence that do not depend on each other, and any contradiction ends it.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from scrapers.call import Call
from service.domain.calls.duplicates.candidate_pairs import CallPair, find_candidate_pairs
from service.domain.calls.duplicates.evidence import (
    MIN_SHINGLES,
    LinkEvidence,
    MeaningSimilarity,
    PairComparison,
    compare_pair,
)
from service.domain.calls.duplicates.traits import CallTraits, traits_of_calls
from service.domain.calls.duplicates.word_overlap import jaccard, without_numerals
from service.domain.frozen_model import FrozenModel


class Relation(StrEnum):
    """What two calls are to each other."""

    SAME = "same"
    REISSUE = "reissue"
    RELATED = "related"


class Decision(FrozenModel):
    """A relation of two calls, the lesser id first, and what speaks for it."""

    a: str
    b: str
    relation: Relation
    evidence: tuple[LinkEvidence, ...]


MIN_TITLE_OF_SAME: Final = 0.9
MIN_TEXT_OF_SAME: Final = 0.8
MAX_SHINGLES_APART: Final = 4
MIN_TITLE_OF_LINKED: Final = 0.6
MIN_TITLE_OF_NAMED: Final = 0.5
MIN_TEXT_OF_NAMED: Final = 0.3
MIN_MEANING_OF_SAME: Final = 0.92
MIN_TITLE_OF_ROUNDS: Final = 0.9
MIN_TEXT_OF_ROUNDS: Final = 0.7


def decide_all(
    calls: Mapping[str, Call], similarity: MeaningSimilarity | None = None
) -> dict[CallPair, Decision]:
    """Return every pair of ``calls`` (by id) that has a relation, with its evidence."""
    known = traits_of_calls(calls)
    found = (
        decide_pair(known[a], known[b], similarity) for a, b in sorted(find_candidate_pairs(known))
    )
    return {(one.a, one.b): one for one in found if one is not None}


def pair_evidence(calls: Mapping[str, Call], pair: CallPair) -> tuple[LinkEvidence, ...]:
    """Return what two of ``calls`` have in common, whatever that makes them."""
    known = traits_of_calls(calls)
    return compare_pair(known[pair[0]], known[pair[1]]).evidence()


def decide_pair(
    a: CallTraits, b: CallTraits, similarity: MeaningSimilarity | None = None
) -> Decision | None:
    """Return what ``a`` and ``b`` (the lesser id first) are to each other, if anything."""
    compared = compare_pair(a, b, similarity)
    relation = _relation_of(compared)
    if relation is None:
        return None
    return Decision(a=a.id, b=b.id, relation=relation, evidence=compared.evidence())


def _relation_of(of: PairComparison) -> Relation | None:
    if not _is_contradictory(of) and (
        _share_identifier(of) or _share_link(of) or _share_wording(of) or _share_meaning(of)
    ):
        return Relation.SAME
    if _is_another_round(of):
        return Relation.REISSUE
    return Relation.RELATED if of.identifier or of.shared_link else None


def _is_contradictory(of: PairComparison) -> bool:
    """Whether something says that the two cannot be one: what it is does not matter then."""
    return of.a.is_two_stage != of.b.is_two_stage and bool(of.a.days and of.b.days)


def _share_identifier(of: PairComparison) -> bool:
    """One identifier, and anything else that agrees.

    Deadlines may differ: a code belongs to one round, so one of the two portals is out of date,
    and the reader is told of both.
    """
    agrees = (
        of.title >= MIN_TITLE_OF_NAMED
        or of.has_same_days
        or (of.text_contained or 0) >= MIN_TEXT_OF_NAMED
        or (of.meaning or 0) >= MIN_MEANING_OF_SAME
    )
    return bool(of.identifier) and agrees


def _share_link(of: PairComparison) -> bool:
    """Another funder's page of the call, and the same title or the same deadlines."""
    if not of.shared_link or of.rival or of.has_other_days:
        return False
    return (of.title >= MIN_TITLE_OF_LINKED and not of.contrast) or of.has_same_days


def _share_wording(of: PairComparison) -> bool:
    """The same title, text, deadlines and amounts, under two ids.

    One source that lists two calls means two, unless they are alike to the letter: a word that
    differs in the midst of a text leaves eight stretches of four words without a counterpart, one
    at its end two. So must be those that another of their funder's calls could be meant by.
    """
    if not of.has_same_days or of.has_other_amounts or of.contrast or of.title < MIN_TITLE_OF_SAME:
        return False
    if of.has_one_source or of.rival or of.a.namesakes or of.b.namesakes:
        twins = of.a.amounts == of.b.amounts and of.a.call.opens == of.b.call.opens
        return twins and of.text_apart is not None and of.text_apart <= MAX_SHINGLES_APART
    return (of.text_contained or 0) >= MIN_TEXT_OF_SAME


def _share_meaning(of: PairComparison) -> bool:
    """One meaning in two languages, with the same deadlines and an amount in common."""
    return (
        (of.meaning or 0) >= MIN_MEANING_OF_SAME
        and of.has_same_days
        and of.has_common_amount
        and not of.rival
    )


def _is_another_round(of: PairComparison) -> bool:
    """The same title and text but for numerals, to be handed in on other days."""
    if not of.has_other_days or of.contrast or of.title_as_round < MIN_TITLE_OF_ROUNDS:
        return False
    if of.text_contained is not None:
        return of.text_contained >= MIN_TEXT_OF_ROUNDS
    return _share_short_text(of.a, of.b)


def _share_short_text(a: CallTraits, b: CallTraits) -> bool:
    """Whether texts too short to be cut into shingles have the same words but for numerals."""
    common = set(a.texts) & set(b.texts)
    if not common or any(len(x.shingles[y]) >= MIN_SHINGLES for x in (a, b) for y in common):
        return False
    pairs = [(without_numerals(a.texts[y]), without_numerals(b.texts[y])) for y in common]
    return all(jaccard(x, y) >= MIN_TITLE_OF_ROUNDS and x for x, y in pairs)
