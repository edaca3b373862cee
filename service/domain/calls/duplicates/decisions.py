"""The decision on a pair of calls: one call, another round of it, a call that names it, or nothing.

A wrong merge hides a call from an applicant; a missed one shows it twice. So every rule for `same`
asks for two kinds of evidence that do not depend on each other, and any contradiction rules it out.
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
    traits = traits_of_calls(calls)
    decisions = (
        decide_pair(traits[a], traits[b], similarity)
        for a, b in sorted(find_candidate_pairs(traits))
    )
    return {(decision.a, decision.b): decision for decision in decisions if decision is not None}


def pair_evidence(calls: Mapping[str, Call], pair: CallPair) -> tuple[LinkEvidence, ...]:
    """Return what two of ``calls`` have in common, whatever their relation."""
    traits = traits_of_calls(calls)
    return compare_pair(traits[pair[0]], traits[pair[1]]).evidence()


def decide_pair(
    a: CallTraits, b: CallTraits, similarity: MeaningSimilarity | None = None
) -> Decision | None:
    """Return what ``a`` and ``b`` (the lesser id first) are to each other, if anything."""
    comparison = compare_pair(a, b, similarity)
    relation = _relation_of(comparison)
    if relation is None:
        return None
    return Decision(a=a.id, b=b.id, relation=relation, evidence=comparison.evidence())


def _relation_of(pair: PairComparison) -> Relation | None:
    if not _is_contradictory(pair) and (
        _share_identifier(pair) or _share_link(pair) or _share_wording(pair) or _share_meaning(pair)
    ):
        return Relation.SAME
    if _is_another_round(pair):
        return Relation.REISSUE
    return Relation.RELATED if pair.identifier or pair.shared_link else None


def _is_contradictory(pair: PairComparison) -> bool:
    """Whether something rules out that the two are one call, whatever else agrees."""
    return pair.a.is_two_stage != pair.b.is_two_stage and bool(pair.a.days and pair.b.days)


def _share_identifier(pair: PairComparison) -> bool:
    """Whether the two have one identifier, and anything else agrees.

    Deadlines may differ: a code belongs to one round, so one of the two portals is out of date,
    and the reader sees both dates.
    """
    agrees = (
        pair.title >= MIN_TITLE_OF_NAMED
        or pair.has_same_days
        or (pair.text_contained or 0) >= MIN_TEXT_OF_NAMED
        or (pair.meaning or 0) >= MIN_MEANING_OF_SAME
    )
    return bool(pair.identifier) and agrees


def _share_link(pair: PairComparison) -> bool:
    """Whether one links to the other funder's page, and the title or the deadlines are the same."""
    if not pair.shared_link or pair.rival or pair.has_other_days:
        return False
    return (pair.title >= MIN_TITLE_OF_LINKED and not pair.contrast) or pair.has_same_days


def _share_wording(pair: PairComparison) -> bool:
    """Whether title, text, deadlines and amounts are the same under two ids.

    One source that lists two calls means two, unless they agree to the letter: one word that
    differs in the midst of a text leaves eight shingles without a counterpart, one at its end two.
    The same holds where another call of the funder has the same title and deadlines.
    """
    if (
        not pair.has_same_days
        or pair.has_other_amounts
        or pair.contrast
        or pair.title < MIN_TITLE_OF_SAME
    ):
        return False
    if pair.has_one_source or pair.rival or pair.a.namesakes or pair.b.namesakes:
        twins = pair.a.amounts == pair.b.amounts and pair.a.call.opens == pair.b.call.opens
        return twins and pair.text_apart is not None and pair.text_apart <= MAX_SHINGLES_APART
    return (pair.text_contained or 0) >= MIN_TEXT_OF_SAME


def _share_meaning(pair: PairComparison) -> bool:
    """Whether two languages say the same, with the same deadlines and an amount in common."""
    return (
        (pair.meaning or 0) >= MIN_MEANING_OF_SAME
        and pair.has_same_days
        and pair.has_common_amount
        and not pair.rival
    )


def _is_another_round(pair: PairComparison) -> bool:
    """Whether title and text are the same but for numerals, and the deadlines are other days."""
    if not pair.has_other_days or pair.contrast or pair.title_as_round < MIN_TITLE_OF_ROUNDS:
        return False
    if pair.text_contained is not None:
        return pair.text_contained >= MIN_TEXT_OF_ROUNDS
    return _share_short_text(pair.a, pair.b)


def _share_short_text(a: CallTraits, b: CallTraits) -> bool:
    """Whether texts too short to be cut into shingles have the same words but for numerals."""
    common = set(a.texts) & set(b.texts)
    if not common or any(len(x.shingles[y]) >= MIN_SHINGLES for x in (a, b) for y in common):
        return False
    pairs = [(without_numerals(a.texts[y]), without_numerals(b.texts[y])) for y in common]
    return all(jaccard(x, y) >= MIN_TITLE_OF_ROUNDS and x for x, y in pairs)
