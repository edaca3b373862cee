"""Evidence: what two calls have in common and where they contradict each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from pydantic import Field

from service.domain.calls.duplicates.traits import CallTraits
from service.domain.calls.duplicates.word_overlap import containment, jaccard, without_numerals
from service.domain.frozen_model import FrozenModel

MeaningSimilarity = Callable[[str, str], float]
"""Returns how near two calls are in meaning, by their ids: 0 to 1."""

MIN_SHINGLES = 30
"""The fewest shingles of a text that is evidence: a line that many calls share is none."""

_MAX_LENGTH = 200


class LinkEvidenceKind(StrEnum):
    """What was compared."""

    IDENTIFIER = "identifier"
    LINK = "link"
    TITLE = "title"
    TEXT = "text"
    MEANING = "meaning"
    DEADLINE = "deadline"
    AMOUNT = "amount"


class LinkEvidence(FrozenModel):
    """One thing compared: what each call says, the call with the lesser id first."""

    kind: LinkEvidenceKind
    a: str = Field(max_length=_MAX_LENGTH)
    b: str = Field(max_length=_MAX_LENGTH)
    similarity: float = Field(ge=0, le=1, description="1: the same; 0: nothing in common.")


@dataclass(frozen=True)
class PairComparison:
    """What two calls have in common; shares are 0 to 1, None when there is nothing to compare.

    Texts are compared only when a rule needs them: most pairs differ before that.

    Attributes:
        a: the call with the lesser id.
        b: the other call.
        identifier: an identifier that both have; empty without one.
        shared_link: the address of one call that the other links to; empty without one.
        title: the share of words that two titles in one language have in common.
        title_as_round: the same without numerals.
        contrast: whether each title has words, numerals aside, that the other lacks.
        rival: whether each has a global code, and none in common.
        meaning: how near they are in meaning, of calls without a common language.
    """

    a: CallTraits
    b: CallTraits
    identifier: str
    shared_link: str
    title: float
    title_as_round: float
    contrast: bool
    rival: bool
    meaning: float | None

    @cached_property
    def text_overlap(self) -> tuple[float, int] | None:
        """The common shingles as a share of the shorter text, and how many only one text has.

        None when a text is too short to be evidence, or there is none.
        """
        return _text_overlap(self.a, self.b)

    @property
    def text_contained(self) -> float | None:
        """The share of the shorter text that the other contains."""
        return None if self.text_overlap is None else self.text_overlap[0]

    @property
    def text_apart(self) -> int | None:
        """How many shingles only one of the texts has."""
        return None if self.text_overlap is None else self.text_overlap[1]

    @property
    def has_one_source(self) -> bool:
        """Whether one source lists both, with an id for each."""
        return self.a.key == self.b.key

    @property
    def has_same_days(self) -> bool:
        """Whether both have dated deadlines, and the same ones."""
        return bool(self.a.days) and self.a.days == self.b.days

    @property
    def has_other_days(self) -> bool:
        """Whether both have dated deadlines, and not one in common."""
        return bool(self.a.days and self.b.days) and not self.a.days & self.b.days

    @property
    def has_common_amount(self) -> bool:
        """Whether both state some amount."""
        return bool(self.a.amounts & self.b.amounts)

    @property
    def has_other_amounts(self) -> bool:
        """Whether both state what a project may get, and none of their amounts is the same.

        Other pots mean little: one copy names that of the call, another that of its topic.
        """
        stated = self.a.project_amounts and self.b.project_amounts
        return bool(stated) and not self.has_common_amount

    def evidence(self) -> tuple[LinkEvidence, ...]:
        """Return what the two have in common, strongest first."""
        evidence = [
            _make_evidence(LinkEvidenceKind.IDENTIFIER, self.identifier, self.identifier, 1.0),
            _make_evidence(LinkEvidenceKind.LINK, self.shared_link, self.shared_link, 1.0),
            _make_evidence(
                LinkEvidenceKind.TITLE, *_nearest_titles(self.a, self.b), self.title_as_round
            ),
        ]
        if self.text_contained is not None:
            evidence.append(
                _make_evidence(
                    LinkEvidenceKind.TEXT, *_text_lengths(self.a, self.b), self.text_contained
                )
            )
        if self.meaning is not None:
            evidence.append(
                _make_evidence(LinkEvidenceKind.MEANING, self.a.id, self.b.id, self.meaning)
            )
        evidence.append(
            _make_evidence(
                LinkEvidenceKind.DEADLINE,
                _format_days(self.a.days),
                _format_days(self.b.days),
                jaccard(self.a.days, self.b.days),
            )
        )
        alike = jaccard(self.a.amounts, self.b.amounts)
        evidence.append(
            _make_evidence(
                LinkEvidenceKind.AMOUNT, _format_amounts(self.a), _format_amounts(self.b), alike
            )
        )
        return tuple(item for item in evidence if item.a and item.b)


def compare_pair(
    a: CallTraits, b: CallTraits, similarity: MeaningSimilarity | None = None
) -> PairComparison:
    """Return what two calls have in common.

    Args:
        a: the call with the lesser id.
        b: the other call.
        similarity: returns how near the two are in meaning; called only for calls without a
            common language, which words cannot compare.
    """
    languages = set(a.titles) & set(b.titles)
    pairs = [(a.titles[x], b.titles[x]) for x in sorted(languages)]
    title = max((jaccard(x, y) for x, y in pairs), default=0.0)
    rounds = [(without_numerals(x), without_numerals(y)) for x, y in pairs]
    apart = not a.languages & b.languages
    return PairComparison(
        a=a,
        b=b,
        identifier=_shared_identifier(a, b),
        shared_link=_shared_link(a, b),
        title=title,
        title_as_round=max((jaccard(x, y) for x, y in rounds), default=title),
        contrast=bool(rounds) and all(x - y and y - x for x, y in rounds),
        rival=_have_rival_codes(a, b),
        meaning=similarity(a.id, b.id) if similarity and apart else None,
    )


def _shared_identifier(a: CallTraits, b: CallTraits) -> str:
    """Return an identifier that means one call in both, if there is one."""
    common = a.own_identifiers & b.own_identifiers
    if not common and a.key == b.key and _are_translations(a, b):
        common = a.shared_identifiers & b.shared_identifiers
    one_funder = a.key == b.key or a.call.funder.casefold() == b.call.funder.casefold()
    values = sorted(identifier.value for identifier in common if identifier.is_global or one_funder)
    return values[0] if values else ""


def _are_translations(a: CallTraits, b: CallTraits) -> bool:
    """Whether the two look like one funder's pages of one call, each with an id of its own.

    A number that both have may also be that of their programme: only with the same deadlines and
    an amount in common is it taken for the call's.
    """
    apart = not a.languages & b.languages
    return apart and bool(a.days) and a.days == b.days and bool(a.amounts & b.amounts)


def _shared_link(a: CallTraits, b: CallTraits) -> str:
    """Return the address of one call that the other one gives, if it does."""
    if a.key == b.key:
        return ""  # a funder's own pages link to one another
    for one, other in ((a, b), (b, a)):
        if one.address and one.address in other.mentions:
            return one.address
    return ""


def _have_rival_codes(a: CallTraits, b: CallTraits) -> bool:
    """Whether each has a global code, and none in common."""
    own = {code for code in a.own_identifiers if code.is_global}
    theirs = {code for code in b.own_identifiers if code.is_global}
    return bool(own and theirs) and not own & theirs


def _text_overlap(a: CallTraits, b: CallTraits) -> tuple[float, int] | None:
    best: tuple[float, int] | None = None
    for language in sorted(set(a.shingles) & set(b.shingles)):
        own, theirs = a.shingles[language], b.shingles[language]
        if min(len(own), len(theirs)) < MIN_SHINGLES:
            continue
        share = containment(own, theirs)
        if best is None or share > best[0]:
            best = share, len(own ^ theirs)
    return best


def _make_evidence(kind: LinkEvidenceKind, a: str, b: str, similarity: float) -> LinkEvidence:
    return LinkEvidence(
        kind=kind,
        a=a[:_MAX_LENGTH],
        b=b[:_MAX_LENGTH],
        similarity=round(min(max(similarity, 0), 1), 3),
    )


def _nearest_titles(a: CallTraits, b: CallTraits) -> tuple[str, str]:
    for language, title in a.call.titles.items():
        if language in b.call.titles:
            return title, b.call.titles[language]
    return next(iter(a.call.titles.values())), next(iter(b.call.titles.values()))


def _text_lengths(a: CallTraits, b: CallTraits) -> tuple[str, str]:
    sizes = [max(map(len, x.call.texts.values()), default=0) for x in (a, b)]
    return _characters(sizes[0]), _characters(sizes[1])


def _characters(number: int) -> str:
    return f"{number:,} character{'' if number == 1 else 's'}"


def _format_amounts(traits: CallTraits) -> str:
    return ", ".join(" ".join(amount) for amount in sorted(traits.amounts))


def _format_days(days: frozenset[date]) -> str:
    return ", ".join(map(str, sorted(days)))
