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

from index.explain import Quote
from index.fusion import MEANING
from index.hit import Hit
from index.query import Query
from index.search import Searcher
from scrapers.award import Award
from scrapers.call import Call
from service.domain.frozen_model import FrozenModel
from service.domain.funders import key_of_award, key_of_call
from service.domain.likeness import Likeness
from service.domain.organisations import shown
from service.domain.rounds import Paid, Rounds

SHOWN = 3
"""Past projects beside a call at most."""

ALIKE = 0.35
"""Meaning (0 to 1) below which a project is not like the pilot; `bench/past.py` has its figures."""

_CONSIDERED = 40
"""Awards of a funder, the most similar first, from which those nearest to the call are taken."""

QUOTED = 10
"""Awards of an answer that are quoted, the first beside each call before the second: more than a
reader opens."""

_SPARE = 3
"""Read so many more than are shown: registers hold some projects twice."""


class Why(StrEnum):
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
            coordinator=shown(award.coordinator.name if award.coordinator else None),
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
    def from_quote(cls, quote: Quote) -> AwardSpan:
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
    why: Why
    evidence: AwardSpan | None = Field(
        default=None,
        description="The award's sentence nearest to the text, verbatim; of ten in an answer.",
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """What is kept in memory of an award: who paid it, and the identifiers of what paid it."""

    funder: str
    calls: tuple[str, ...] = ()


class Ledger:
    """Every stored award by funder and by identifier of what paid it."""

    def __init__(self, awards: Iterable[Award]) -> None:
        self.entries: dict[str, Entry] = {}
        self.by_funder: dict[str, list[str]] = {}
        self.by_call: dict[tuple[str, str], list[str]] = {}
        for award in awards:
            funder = key_of_award(award)
            calls = tuple(identifier.upper() for identifier in award.calls)
            self.entries[award.id] = Entry(funder, calls)
            self.by_funder.setdefault(funder, []).append(award.id)
            for identifier in calls:
                self.by_call.setdefault((funder, identifier), []).append(award.id)

    def paid_identifiers(self) -> Paid:
        """Return the identifiers that awards name."""
        return Paid((entry.funder, entry.calls) for entry in self.entries.values())

    def awards_paid_by(self, funder: str, identifiers: Collection[str]) -> frozenset[str]:
        """Return the awards that name one of ``identifiers`` (in capitals) of ``funder``."""
        found = (self.by_call.get((funder, identifier), ()) for identifier in identifiers)
        return frozenset(award for several in found for award in several)


@dataclass(frozen=True)
class _Likely:
    """An award that may be shown beside a call."""

    id: str
    similarity: float
    why: Why


class Past:
    """Finds what was paid before. ``read`` returns awards as stored, by id."""

    def __init__(
        self,
        searcher: Searcher,
        ledger: Ledger,
        read: Callable[[Collection[str]], Mapping[str, Award]],
    ) -> None:
        self._searcher = searcher
        self._similarity = Likeness(searcher, ledger.by_funder)
        self._ledger = ledger
        self._read = read

    def for_calls(
        self,
        query: Query,
        calls: Sequence[Call],
        searcher: Searcher,
        rounds: Rounds,
    ) -> list[tuple[PastProject, ...]]:
        """Return for each of ``calls`` the projects to show beside it, the closest tie first.

        Args:
            query: a text that was read already; it is not encoded again.
            calls: the calls that are shown.
            searcher: the calls' own, which knows their vectors.
            rounds: knows the earlier rounds of the calls.
        """
        funders = {key_of_call(call) for call in calls}
        alike = {one: self._similarity.nearest(query, one, ALIKE) for one in funders}
        likely = [
            self._find_candidates(query, call, alike[key_of_call(call)], rounds.identifiers(call))
            for call in calls
        ]
        near = [
            self._rank(call, found, searcher) for call, found in zip(calls, likely, strict=True)
        ]
        return self._read_and_quote(query, near)

    def most_similar(self, query: Query, top: int, least: float) -> list[tuple[Award, float]]:
        """Return the ``top`` awards nearest to ``query`` from a likeness of ``least``, in order."""
        found = [
            one for one in map(meant, self._searcher.search(query, top=top)) if one[1] >= least
        ]
        awards = self._read([id_ for id_, _ in found])
        return [(awards[id_], value) for id_, value in found if id_ in awards]

    def _find_candidates(
        self,
        query: Query,
        call: Call,
        alike: Sequence[tuple[str, float]],
        earlier: Collection[str],
    ) -> list[_Likely]:
        """Return what may stand beside ``call``: what it or a round paid, and some of ``alike``."""
        funder = key_of_call(call)
        here = self._ledger.awards_paid_by(funder, {call.native_id.upper()})
        tied = here | self._ledger.awards_paid_by(funder, earlier)
        found = [
            _Likely(id_, similarity, Why.CALL if id_ in here else Why.ROUND)
            for id_, similarity in self._similarity.similarities(query, funder, tied, ALIKE)
        ]
        others = [one for one in alike if one[0] not in tied][:_CONSIDERED]
        return found + [_Likely(id_, similarity, Why.FUNDER) for id_, similarity in others]

    def _rank(self, call: Call, likely: list[_Likely], searcher: Searcher) -> list[_Likely]:
        """Order by tie, then by nearness to the pilot and to the call alike.

        A funder's projects that are like a pilot are the same for all its calls; beside each call
        stand those of them that are like the call too.
        """
        if not likely:
            return []
        near = self._searcher.similarities(searcher.document_vector(call.id), [one.id for one in likely])
        both = {
            one.id: one.similarity * nearness for one, nearness in zip(likely, near, strict=True)
        }
        order = tuple(Why)
        return sorted(likely, key=lambda one: (order.index(one.why), -both[one.id], one.id))

    def _read_and_quote(self, query: Query, near: list[list[_Likely]]) -> list[tuple[PastProject, ...]]:
        """Read the awards, leave out those that are one project told twice, and quote them."""
        wanted = {one.id for several in near for one in several[: SHOWN + _SPARE]}
        awards = self._read(wanted)
        chosen = [_distinct(several[: SHOWN + _SPARE], awards) for several in near]
        ranked = [several[place : place + 1] for place in range(SHOWN) for several in chosen]
        ids = list(dict.fromkeys(one.id for several in ranked for one in several))[:QUOTED]
        quotes = dict(zip(ids, self._searcher.quote(query, ids), strict=True))
        return [
            tuple(
                PastProject(
                    award=PastAward.from_award(awards[one.id], query.language),
                    similarity=one.similarity,
                    why=one.why,
                    evidence=_span(quotes.get(one.id), awards[one.id]),
                )
                for one in several
            )
            for several in chosen
        ]


def meant(hit: Hit) -> tuple[str, float]:
    """Return what was found and how near in meaning it is, 0 to 1."""
    value = next(part.value for part in hit.parts if part.name == MEANING)
    return hit.document, value


def _distinct(likely: Sequence[_Likely], awards: Mapping[str, Award]) -> list[_Likely]:
    """Return the first `SHOWN` that are still stored, each project once."""
    kept: dict[str, _Likely] = {}
    for one in likely:
        award = awards.get(one.id)
        if award is not None:
            title = next(iter(award.titles.values()))
            kept.setdefault(" ".join(title.casefold().split()), one)
    return list(kept.values())[:SHOWN]


def _span(quote: Quote | None, award: Award) -> AwardSpan | None:
    """Return the span, unless the award is not quoted or has changed since it was indexed."""
    if quote is None:
        return None
    texts = award.titles if quote.field == "titles" else award.texts
    held = texts.get(quote.language, "")
    verbatim = held[quote.span.start : quote.span.end] == quote.text
    return AwardSpan.from_quote(quote) if verbatim else None
