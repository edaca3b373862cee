"""Evidence from the past: beside a call, projects like the pilot that its funder has paid for.

Awards are compared with the query that is there already, once for each funder of an answer. Persons
never come in: a coordinator is an organisation, and who may be a person is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from pydantic import Field

from index.explain.evidence import QuotedSentence
from index.explain.explaining_searcher import ExplainingSearcher
from index.search.hit import Hit
from index.search.query import Query
from index.search.searcher import Searcher
from index.search.signals.meaning import MeaningSignal
from scrapers.award import Award
from scrapers.call import Call
from service.domain.awards.award_similarity import AwardSimilarity
from service.domain.awards.organisation_names import display_name
from service.domain.calls.funders import funder_of_award, funder_of_call
from service.domain.calls.rounds import PaidIdentifiers, RoundIndex
from service.domain.frozen_model import FrozenModel

MAX_SHOWN = 3
"""Past projects beside a call at most."""

MIN_SIMILARITY = 0.35
"""Meaning (0 to 1) below which a project is not like the pilot; `bench/past.py` has its figures."""

_MAX_CONSIDERED = 40
"""Awards of a funder, the most similar first, from which those nearest to the call are taken."""

MAX_QUOTED = 10
"""Awards of an answer that are quoted, the first beside each call before the second: more than a
reader opens."""

_SPARE = 3
"""Read so many more than are shown: registers hold some projects twice."""


class AwardTie(StrEnum):
    """What ties a project to a call, the closest tie first."""

    CALL = "this call"
    ROUND = "an earlier round"
    FUNDER = "this funder"


class PastAward(FrozenModel):
    """A project that was paid. ``coordinator`` is an organisation, never a person."""

    id: str
    title: str
    funder: str
    coordinator: str | None
    year: int | None = Field(description="The year in which it began.")
    amount: Decimal | None
    currency: str | None
    url: str | None

    @classmethod
    def from_award(cls, award: Award, language: str) -> PastAward:
        """Return what is told of ``award``, titled in ``language`` where there is such a title."""
        money = award.amount
        return cls(
            id=award.id,
            title=award.titles.get(language) or next(iter(award.titles.values())),
            funder=" ".join(award.funder.split()),
            coordinator=display_name(award.coordinator.name if award.coordinator else None),
            year=award.start.year if award.start else None,
            amount=money.amount if money else None,
            currency=money.currency if money else None,
            url=award.url,
        )


class AwardSpan(FrozenModel):
    """``award[field][lang][start:end]``, in code points of the award as stored."""

    field: str = Field(description="titles or texts: a field of the award.")
    lang: str
    start: int
    end: int
    text: str

    @classmethod
    def from_quote(cls, quote: QuotedSentence) -> AwardSpan:
        """Return the span of a quote."""
        return cls(
            field=quote.field,
            lang=quote.language,
            start=quote.span.start,
            end=quote.span.end,
            text=quote.text,
        )


class PastProject(FrozenModel):
    """A project like the pilot, paid by this call, an earlier round of it, or its funder."""

    award: PastAward
    similarity: float = Field(
        ge=0, le=1, description="How near in meaning to the text: as the score's part meaning."
    )
    why: AwardTie
    evidence: AwardSpan | None = Field(
        default=None,
        description="The award's sentence nearest to the text, verbatim; of ten in an answer.",
    )


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """What is kept in memory of an award: who paid it, and the identifiers of what paid it."""

    funder: str
    calls: tuple[str, ...] = ()


class AwardLedger:
    """Every stored award by funder and by identifier of what paid it."""

    def __init__(self, awards: Iterable[Award]) -> None:
        self.entries: dict[str, LedgerEntry] = {}
        self.by_funder: dict[str, list[str]] = {}
        self.by_call: dict[tuple[str, str], list[str]] = {}
        for award in awards:
            funder = funder_of_award(award)
            calls = tuple(identifier.upper() for identifier in award.calls)
            self.entries[award.id] = LedgerEntry(funder, calls)
            self.by_funder.setdefault(funder, []).append(award.id)
            for identifier in calls:
                self.by_call.setdefault((funder, identifier), []).append(award.id)

    def paid_identifiers(self) -> PaidIdentifiers:
        """Return the identifiers that awards name."""
        return PaidIdentifiers((entry.funder, entry.calls) for entry in self.entries.values())

    def awards_paid_by(self, funder: str, identifiers: Collection[str]) -> frozenset[str]:
        """Return the awards that name one of ``identifiers`` (in capitals) of ``funder``."""
        found = (self.by_call.get((funder, identifier), ()) for identifier in identifiers)
        return frozenset(award for several in found for award in several)


@dataclass(frozen=True)
class _AwardCandidate:
    """An award that may be shown beside a call."""

    id: str
    similarity: float
    why: AwardTie


class SimilarAwards:
    """Finds what was paid before. ``read`` returns awards as stored, by id."""

    def __init__(
        self,
        searcher: ExplainingSearcher,
        ledger: AwardLedger,
        read: Callable[[Collection[str]], Mapping[str, Award]],
    ) -> None:
        self._searcher = searcher
        self._similarity = AwardSimilarity(searcher, ledger.by_funder)
        self._ledger = ledger
        self._read = read

    def for_calls(
        self,
        query: Query,
        calls: Sequence[Call],
        searcher: Searcher,
        rounds: RoundIndex,
    ) -> list[tuple[PastProject, ...]]:
        """Return for each of ``calls`` the projects to show beside it, the closest tie first.

        Args:
            query: a text that was read already; it is not encoded again.
            calls: the calls that are shown.
            searcher: the calls' own, which knows their vectors.
            rounds: knows the earlier rounds of the calls.
        """
        funders = {funder_of_call(call) for call in calls}
        alike = {one: self._similarity.nearest(query, one, MIN_SIMILARITY) for one in funders}
        likely = [
            self._find_candidates(
                query, call, alike[funder_of_call(call)], rounds.identifiers(call)
            )
            for call in calls
        ]
        near = [
            self._rank(call, found, searcher) for call, found in zip(calls, likely, strict=True)
        ]
        return self._read_and_quote(query, near)

    def most_similar(self, query: Query, top: int, least: float) -> list[tuple[Award, float]]:
        """Return the ``top`` awards nearest to ``query`` from a likeness of ``least``, in order."""
        found = [
            one
            for one in map(meaning_of_hit, self._searcher.search(query, top=top))
            if one[1] >= least
        ]
        awards = self._read([id_ for id_, _ in found])
        return [(awards[id_], value) for id_, value in found if id_ in awards]

    def _find_candidates(
        self,
        query: Query,
        call: Call,
        alike: Sequence[tuple[str, float]],
        earlier: Collection[str],
    ) -> list[_AwardCandidate]:
        """Return what may stand beside ``call``: what it or a round paid, and some of ``alike``."""
        funder = funder_of_call(call)
        here = self._ledger.awards_paid_by(funder, {call.native_id.upper()})
        tied = here | self._ledger.awards_paid_by(funder, earlier)
        found = [
            _AwardCandidate(id_, similarity, AwardTie.CALL if id_ in here else AwardTie.ROUND)
            for id_, similarity in self._similarity.similarities(
                query, funder, tied, MIN_SIMILARITY
            )
        ]
        others = [one for one in alike if one[0] not in tied][:_MAX_CONSIDERED]
        return found + [
            _AwardCandidate(id_, similarity, AwardTie.FUNDER) for id_, similarity in others
        ]

    def _rank(
        self, call: Call, likely: list[_AwardCandidate], searcher: Searcher
    ) -> list[_AwardCandidate]:
        """Order by tie, then by nearness to the pilot and to the call alike.

        A funder's projects that are like a pilot are the same for all its calls; beside each call
        stand those of them that are like the call too.
        """
        if not likely:
            return []
        near = self._searcher.similarities(
            searcher.document_vector(call.id), [one.id for one in likely]
        )
        both = {
            one.id: one.similarity * nearness for one, nearness in zip(likely, near, strict=True)
        }
        order = tuple(AwardTie)
        return sorted(likely, key=lambda one: (order.index(one.why), -both[one.id], one.id))

    def _read_and_quote(
        self, query: Query, near: list[list[_AwardCandidate]]
    ) -> list[tuple[PastProject, ...]]:
        """Read the awards, leave out those that are one project told twice, and quote them."""
        wanted = {one.id for several in near for one in several[: MAX_SHOWN + _SPARE]}
        awards = self._read(wanted)
        chosen = [_distinct_projects(several[: MAX_SHOWN + _SPARE], awards) for several in near]
        ranked = [several[place : place + 1] for place in range(MAX_SHOWN) for several in chosen]
        ids = list(dict.fromkeys(one.id for several in ranked for one in several))[:MAX_QUOTED]
        quotes = dict(zip(ids, self._searcher.quote(query, ids), strict=True))
        return [
            tuple(
                PastProject(
                    award=PastAward.from_award(awards[one.id], query.language),
                    similarity=one.similarity,
                    why=one.why,
                    evidence=_verbatim_span(quotes.get(one.id), awards[one.id]),
                )
                for one in several
            )
            for several in chosen
        ]


def meaning_of_hit(hit: Hit) -> tuple[str, float]:
    """Return what was found and how near in meaning it is, 0 to 1."""
    value = next(part.value for part in hit.parts if part.name == MeaningSignal.name)
    return hit.document, value


def _distinct_projects(
    likely: Sequence[_AwardCandidate], awards: Mapping[str, Award]
) -> list[_AwardCandidate]:
    """Return the first `SHOWN` that are still stored, each project once."""
    kept: dict[str, _AwardCandidate] = {}
    for one in likely:
        award = awards.get(one.id)
        if award is not None:
            title = next(iter(award.titles.values()))
            kept.setdefault(" ".join(title.casefold().split()), one)
    return list(kept.values())[:MAX_SHOWN]


def _verbatim_span(quote: QuotedSentence | None, award: Award) -> AwardSpan | None:
    """Return the span, unless the award is not quoted or has changed since it was indexed."""
    if quote is None:
        return None
    texts = award.titles if quote.field == "titles" else award.texts
    held = texts.get(quote.language, "")
    verbatim = held[quote.span.start : quote.span.end] == quote.text
    return AwardSpan.from_quote(quote) if verbatim else None
