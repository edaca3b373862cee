"""The decision on a pair: one call, another round of it, a call that names it, or nothing.

A wrong merge hides a call from an applicant; a missed one shows it twice. So every way to `same`
asks for two kinds of evidence that do not depend on each other, and any contradiction ends it.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from scrapers.call import Call
from service.domain.frozen_model import FrozenModel
from service.domain.same.blocks import Pair, candidates
from service.domain.same.evidence import ENOUGH, Compared, Evidence, Similarity, compare
from service.domain.same.traits import Traits, traits
from service.domain.same.words import jaccard, without_numerals


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
    evidence: tuple[Evidence, ...]


TITLE_OF_ONE: Final = 0.9
TEXT_OF_ONE: Final = 0.8
APART_IN_TWINS: Final = 4
TITLE_OF_LINKED: Final = 0.6
TITLE_OF_NAMED: Final = 0.5
TEXT_OF_NAMED: Final = 0.3
MEANING_OF_ONE: Final = 0.92
TITLE_OF_ROUNDS: Final = 0.9
TEXT_OF_ROUNDS: Final = 0.7


def decisions(
    calls: Mapping[str, Call], similarity: Similarity | None = None
) -> dict[Pair, Decision]:
    """Return every pair of ``calls`` (by id) that has a relation, with its evidence."""
    known = traits(calls)
    found = (decide(known[a], known[b], similarity) for a, b in sorted(candidates(known)))
    return {(one.a, one.b): one for one in found if one is not None}


def evidence_of(calls: Mapping[str, Call], pair: Pair) -> tuple[Evidence, ...]:
    """Return what two of ``calls`` have in common, whatever that makes them."""
    known = traits(calls)
    return compare(known[pair[0]], known[pair[1]]).evidence()


def decide(a: Traits, b: Traits, similarity: Similarity | None = None) -> Decision | None:
    """Return what ``a`` and ``b`` (the lesser id first) are to each other, if anything."""
    compared = compare(a, b, similarity)
    relation = _relation(compared)
    if relation is None:
        return None
    return Decision(a=a.id, b=b.id, relation=relation, evidence=compared.evidence())


def _relation(of: Compared) -> Relation | None:
    if not _contradictory(of) and (
        _named_alike(of) or _linked(of) or _worded_alike(of) or _meant_alike(of)
    ):
        return Relation.SAME
    if _another_round(of):
        return Relation.REISSUE
    return Relation.RELATED if of.identifier or of.shared_link else None


def _contradictory(of: Compared) -> bool:
    """Whether something says that the two cannot be one: what it is does not matter then."""
    return of.a.is_two_stage != of.b.is_two_stage and bool(of.a.days and of.b.days)


def _named_alike(of: Compared) -> bool:
    """One identifier, and anything else that agrees.

    Deadlines may differ: a code belongs to one round, so one of the two portals is out of date,
    and the reader is told of both.
    """
    agrees = (
        of.title >= TITLE_OF_NAMED
        or of.has_same_days
        or (of.text_contained or 0) >= TEXT_OF_NAMED
        or (of.meaning or 0) >= MEANING_OF_ONE
    )
    return bool(of.identifier) and agrees


def _linked(of: Compared) -> bool:
    """Another funder's page of the call, and the same title or the same deadlines."""
    if not of.shared_link or of.rival or of.has_other_days:
        return False
    return (of.title >= TITLE_OF_LINKED and not of.contrast) or of.has_same_days


def _worded_alike(of: Compared) -> bool:
    """The same title, text, deadlines and amounts, under two ids.

    One source that lists two calls means two, unless they are alike to the letter: a word that
    differs in the midst of a text leaves eight stretches of four words without a counterpart, one
    at its end two. So must be those that another of their funder's calls could be meant by.
    """
    if not of.has_same_days or of.has_other_amounts or of.contrast or of.title < TITLE_OF_ONE:
        return False
    if of.has_one_source or of.rival or of.a.namesakes or of.b.namesakes:
        twins = of.a.amounts == of.b.amounts and of.a.call.opens == of.b.call.opens
        return twins and of.text_apart is not None and of.text_apart <= APART_IN_TWINS
    return (of.text_contained or 0) >= TEXT_OF_ONE


def _meant_alike(of: Compared) -> bool:
    """One meaning in two languages, with the same deadlines and an amount in common."""
    return (
        (of.meaning or 0) >= MEANING_OF_ONE and of.has_same_days and of.has_common_amount and not of.rival
    )


def _another_round(of: Compared) -> bool:
    """The same title and text but for numerals, to be handed in on other days."""
    if not of.has_other_days or of.contrast or of.title_as_round < TITLE_OF_ROUNDS:
        return False
    if of.text_contained is not None:
        return of.text_contained >= TEXT_OF_ROUNDS
    return _one_line_alike(of.a, of.b)


def _one_line_alike(a: Traits, b: Traits) -> bool:
    """Whether texts too short to be cut into shingles have the same words but for numerals."""
    common = set(a.texts) & set(b.texts)
    if not common or any(len(x.shingles[y]) >= ENOUGH for x in (a, b) for y in common):
        return False
    pairs = [(without_numerals(a.texts[y]), without_numerals(b.texts[y])) for y in common]
    return all(jaccard(x, y) >= TITLE_OF_ROUNDS and x for x, y in pairs)
