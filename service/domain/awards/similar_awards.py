"""Similar awards: projects like the pilot that the funder of a call has paid for.

Awards are compared with the query of the match, once for each funder of an answer. No person is
named: a coordinator is an organisation, and a name that may be a person's is left out.
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
"""The most past projects that are shown with a call."""

MIN_SIMILARITY = 0.35
"""Meaning (0 to 1) from which a project is like the pilot; `bench/past.py` measures it."""

_MAX_CONSIDERED = 40
"""Awards of a funder, the most similar first, from which those nearest to the call are taken."""

MAX_QUOTED = 10
"""The most awards of an answer that are quoted, the first of each call before the second: more than
a reader opens."""

_SPARE = 3
"""How many more are read than shown: registers hold some projects twice."""


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
        """Return what readers see of ``award``, titled in ``language`` where possible."""
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
    """What memory holds of an award: its funder's key, and identifiers of the calls it names."""

    funder: str
    calls: tuple[str, ...] = ()


class AwardLedger:
    """The ids of all stored awards by funder, and by identifier of the call that paid them."""

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
        """Return the identifiers of calls that awards name."""
        return PaidIdentifiers((entry.funder, entry.calls) for entry in self.entries.values())

    def awards_paid_by(self, funder: str, identifiers: Collection[str]) -> frozenset[str]:
        """Return the awards that name one of ``identifiers`` (in capitals) of ``funder``."""
        ids = (self.by_call.get((funder, identifier), ()) for identifier in identifiers)
        return frozenset(award for group in ids for award in group)


@dataclass(frozen=True)
class _AwardCandidate:
    """An award that may be shown with a call."""

    id: str
    similarity: float
    why: AwardTie


class SimilarAwards:
    """Finds projects that were paid before."""

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
        """Return for each of ``calls`` the projects to show with it, the closest tie first.

        Args:
            query: an encoded text; it is not encoded again.
            calls: the calls that are shown.
            searcher: the index of the calls, which has their vectors.
            rounds: the earlier rounds of the calls.
        """
        funders = {funder_of_call(call) for call in calls}
        similar = {
            funder: self._similarity.nearest(query, funder, MIN_SIMILARITY) for funder in funders
        }
        candidates = [
            self._find_candidates(
                query, call, similar[funder_of_call(call)], rounds.identifiers(call)
            )
            for call in calls
        ]
        ranked = [
            self._rank(call, of_call, searcher)
            for call, of_call in zip(calls, candidates, strict=True)
        ]
        return self._read_and_quote(query, ranked)

    def most_similar(self, query: Query, top: int, least: float) -> list[tuple[Award, float]]:
        """Return the ``top`` awards nearest to ``query``, of a similarity of at least ``least``."""
        similarities = [
            pair
            for pair in map(meaning_of_hit, self._searcher.search(query, top=top))
            if pair[1] >= least
        ]
        awards = self._read([id_ for id_, _ in similarities])
        return [(awards[id_], value) for id_, value in similarities if id_ in awards]

    def _find_candidates(
        self,
        query: Query,
        call: Call,
        similar: Sequence[tuple[str, float]],
        earlier: Collection[str],
    ) -> list[_AwardCandidate]:
        """Return the awards paid by ``call`` or its rounds, and the nearest of ``similar``."""
        funder = funder_of_call(call)
        paid_by_call = self._ledger.awards_paid_by(funder, {call.native_id.upper()})
        paid = paid_by_call | self._ledger.awards_paid_by(funder, earlier)
        candidates = [
            _AwardCandidate(
                id_, similarity, AwardTie.CALL if id_ in paid_by_call else AwardTie.ROUND
            )
            for id_, similarity in self._similarity.similarities(
                query, funder, paid, MIN_SIMILARITY
            )
        ]
        others = [pair for pair in similar if pair[0] not in paid][:_MAX_CONSIDERED]
        return candidates + [
            _AwardCandidate(id_, similarity, AwardTie.FUNDER) for id_, similarity in others
        ]

    def _rank(
        self, call: Call, candidates: list[_AwardCandidate], searcher: Searcher
    ) -> list[_AwardCandidate]:
        """Return candidates by tie, then by similarity to the pilot times that to the call.

        A funder's projects that are like a pilot are the same for all its calls; each call shows
        those of them that are like the call too.
        """
        if not candidates:
            return []
        to_call = self._searcher.similarities(
            searcher.document_vector(call.id), [candidate.id for candidate in candidates]
        )
        weights = {
            candidate.id: candidate.similarity * likeness
            for candidate, likeness in zip(candidates, to_call, strict=True)
        }
        order = tuple(AwardTie)
        return sorted(
            candidates,
            key=lambda candidate: (
                order.index(candidate.why),
                -weights[candidate.id],
                candidate.id,
            ),
        )

    def _read_and_quote(
        self, query: Query, ranked: list[list[_AwardCandidate]]
    ) -> list[tuple[PastProject, ...]]:
        """Return the projects to show, each once, with quotes of the first ones."""
        ids_to_read = {
            candidate.id for candidates in ranked for candidate in candidates[: MAX_SHOWN + _SPARE]
        }
        awards = self._read(ids_to_read)
        chosen = [
            _distinct_projects(candidates[: MAX_SHOWN + _SPARE], awards) for candidates in ranked
        ]
        by_place = [
            candidates[place : place + 1] for place in range(MAX_SHOWN) for candidates in chosen
        ]
        ids_to_quote = list(
            dict.fromkeys(candidate.id for candidates in by_place for candidate in candidates)
        )[:MAX_QUOTED]
        quotes = dict(zip(ids_to_quote, self._searcher.quote(query, ids_to_quote), strict=True))
        return [
            tuple(
                PastProject(
                    award=PastAward.from_award(awards[candidate.id], query.language),
                    similarity=candidate.similarity,
                    why=candidate.why,
                    evidence=_verbatim_span(quotes.get(candidate.id), awards[candidate.id]),
                )
                for candidate in candidates
            )
            for candidates in chosen
        ]


def meaning_of_hit(hit: Hit) -> tuple[str, float]:
    """Return the document of a hit and how near in meaning it is, 0 to 1."""
    value = next(part.value for part in hit.parts if part.name == MeaningSignal.name)
    return hit.document, value


def _distinct_projects(
    candidates: Sequence[_AwardCandidate], awards: Mapping[str, Award]
) -> list[_AwardCandidate]:
    """Return the first `MAX_SHOWN` that are still stored, each project once."""
    by_title: dict[str, _AwardCandidate] = {}
    for candidate in candidates:
        award = awards.get(candidate.id)
        if award is not None:
            title = next(iter(award.titles.values()))
            by_title.setdefault(" ".join(title.casefold().split()), candidate)
    return list(by_title.values())[:MAX_SHOWN]


def _verbatim_span(quote: QuotedSentence | None, award: Award) -> AwardSpan | None:
    """Return the span of a quote; None without one or if the award has changed since indexing."""
    if quote is None:
        return None
    texts = award.titles if quote.field == "titles" else award.texts
    text = texts.get(quote.language, "")
    is_unchanged = text[quote.span.start : quote.span.end] == quote.text
    return AwardSpan.from_quote(quote) if is_unchanged else None
