"""Actors: who funds a subject and who was funded for it, found by meaning in calls and awards.

Only organisations are actors; a name that may be a person's is counted and never shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from pydantic import Field

from index.search.query import Query
from index.search.searcher import Searcher
from scrapers.award import Award, Organisation
from scrapers.call import Call, Level, Money, Status
from service.domain.awards.focus_areas import AreaKey
from service.domain.awards.organisation_names import common_spelling, organisation_key
from service.domain.awards.similar_awards import SimilarAwards, meaning_of_hit
from service.domain.calls.funders import FunderDescription, funder_of_award, funder_of_call
from service.domain.calls.name_folding import fold_name
from service.domain.calls.stored.call_reader import read_ahead
from service.domain.frozen_model import FrozenModel
from service.messages.message import Message, message
from service.messages.notes import Note

MIN_SIMILARITY = 0.30
"""Meaning (0 to 1) from which calls and projects are on the subject; see docs/figures/actors.md."""

MAX_CALLS, MAX_AWARDS = 150, 400
"""The most calls and projects that are counted, the nearest to the subject."""

_EXAMPLES_SHOWN, _EXAMPLES_CONSIDERED = 3, 10
"""How many calls and projects of an actor are shown: the latest of so many nearest ones."""

_NORDIC = frozenset({"NO", "DK", "FI", "IS", "FO", "GL", "AX"})
_EUROPEAN = frozenset(
    "AD AL AT BA BE BG CH CY CZ DE EE ES FR GB GE GR HR HU IE IT LI LT LU LV MC MD ME MK MT NL PL "
    "PT RO RS SI SK SM TR UA VA XK".split()
)
_REGIONAL_NAME_PARTS = ("region ", "regionen", "kommun", "landsting", " stad", "city of", "county")


class ActorKind(StrEnum):
    """What an actor is: it pays, or it was paid."""

    FUNDER = "funder"
    ORGANISATION = "organisation"


class FundingTotal(FrozenModel):
    """What projects were paid in one currency; never converted."""

    amount: Decimal
    currency: str
    projects: int


class ActorExample(FrozenModel):
    """A call that a funder has, or a project that was paid."""

    kind: Literal["call", "project"]
    id: str
    title: str
    year: int | None
    funder: str
    status: Status | None = Field(description="Of a call.")
    similarity: float = Field(description="How near in meaning to the subject, 0 to 1.")
    url: str | None


class Actor(FrozenModel):
    """A funder or an organisation, with what it funds or was funded for on a subject."""

    kind: ActorKind
    key: str = Field(description="The funder's key, or the organisation's name in plain letters.")
    name: str
    level: Level | None = Field(description="How far it reaches, seen from Sweden; null: unknown.")
    country: str | None = Field(description="ISO 3166 country of an organisation, if known.")
    weight: float = Field(description="The sum of the similarities of its calls and projects.")
    calls: int = Field(description="Its calls on the subject.")
    open_calls: int
    projects: int = Field(description="Projects on the subject that it paid for or took part in.")
    coordinated: int = Field(description="Of these, those that it coordinates.")
    sums: tuple[FundingTotal, ...] = Field(
        description="Grants of a funder's projects, or of those that an organisation coordinates."
    )
    examples: tuple[ActorExample, ...] = Field(
        description="The latest of its nearest calls and projects."
    )


@dataclass
class _ActorTally:
    """The calls and projects of one actor, as they are counted."""

    names: list[str] = field(default_factory=list)
    countries: Counter[str] = field(default_factory=Counter)
    level: Level | None = None
    calls: list[ActorExample] = field(default_factory=list)
    projects: list[ActorExample] = field(default_factory=list)
    coordinated: int = 0
    grants: list[Money] = field(default_factory=list)

    @property
    def weight(self) -> float:
        return sum(example.similarity for example in (*self.calls, *self.projects))

    @property
    def country(self) -> str | None:
        return self.countries.most_common(1)[0][0] if self.countries else None


Similarities = Sequence[tuple[str, float]]
"""Ids with their similarity to a subject, 0 to 1, the nearest first."""


def find_calls_on_subject(
    searcher: Searcher, query: Query, call_ids: Collection[str]
) -> Similarities:
    """Return the calls in ``call_ids`` that are on the subject of ``query``."""
    hits = searcher.search(query, top=MAX_CALLS, allowed=call_ids)
    return [pair for pair in map(meaning_of_hit, hits) if pair[1] >= MIN_SIMILARITY]


def find_awards_on_subject(past: SimilarAwards | None, query: Query) -> list[tuple[Award, float]]:
    """Return the projects that are on the subject of ``query``, each once."""
    if past is None:
        return []
    by_title: dict[str, tuple[Award, float]] = {}
    for award, similarity in past.most_similar(query, MAX_AWARDS, MIN_SIMILARITY):
        by_title.setdefault(fold_name(next(iter(award.titles.values()))), (award, similarity))
    return list(by_title.values())


def rank_actors(
    calls: Mapping[str, Call],
    calls_on_subject: Similarities,
    awards_on_subject: Iterable[tuple[Award, float]],
    *,
    funders: Mapping[str, FunderDescription],
    now: datetime,
    language: str,
) -> tuple[Actor, ...]:
    """Return who funds a subject and who was funded for it, those with most on it first.

    Args:
        calls: stored calls by id.
        calls_on_subject: the ids of calls on the subject, and how near they are.
        awards_on_subject: projects on the subject, and how near they are.
        funders: funders whose calls are collected, by key.
        now: the aware instant by which calls are open.
        language: the title to show where there are several.
    """
    paying: dict[str, _ActorTally] = {}
    paid: dict[str, _ActorTally] = {}
    for id_, similarity in calls_on_subject:
        _count_call(paying, calls[id_], similarity, now, language)
    for award, similarity in awards_on_subject:
        _count_award(paying, paid, award, similarity, language)
    actors = [_make_funder(key, tally, funders.get(key)) for key, tally in paying.items()]
    actors += [_make_organisation(key, tally) for key, tally in paid.items()]
    return tuple(sorted(actors, key=lambda actor: (-actor.weight, actor.kind, actor.key)))


def _count_call(
    paying: dict[str, _ActorTally], call: Call, similarity: float, now: datetime, language: str
) -> None:
    tally = paying.setdefault(funder_of_call(call), _ActorTally())
    tally.names.append(call.funder)
    tally.level = call.level
    next_deadline = call.next_deadline(now)
    last_date = max((d.at for d in call.deadlines if d.at), default=call.opens or call.published)
    moment = (next_deadline.at if next_deadline else None) or last_date
    tally.calls.append(
        ActorExample(
            kind="call",
            id=call.id,
            title=call.titles.get(language) or next(iter(call.titles.values())),
            year=moment.year if moment else None,
            funder=call.funder,
            status=call.status(now),
            similarity=similarity,
            url=call.url,
        )
    )


def _count_award(
    paying: dict[str, _ActorTally],
    paid: dict[str, _ActorTally],
    award: Award,
    similarity: float,
    language: str,
) -> None:
    example = ActorExample(
        kind="project",
        id=award.id,
        title=award.titles.get(language) or next(iter(award.titles.values())),
        year=award.start.year if award.start else None,
        funder=" ".join(award.funder.split()),
        status=None,
        similarity=similarity,
        url=award.url,
    )
    funder = paying.setdefault(funder_of_award(award), _ActorTally())
    _add_example(funder, example, example.funder, award.amount)
    if award.coordinator:
        coordinator_tally = _tally_of(paid, award.coordinator)
        if coordinator_tally:
            coordinator_tally.coordinated += 1
            _add_example(coordinator_tally, example, award.coordinator.name, award.amount)
    counted = {organisation_key(award.coordinator.name) if award.coordinator else None}
    for partner in award.partners:
        if organisation_key(partner.name) not in counted:
            counted.add(organisation_key(partner.name))
            partner_tally = _tally_of(paid, partner)
            if partner_tally:
                _add_example(partner_tally, example, partner.name, None)


def _tally_of(paid: dict[str, _ActorTally], organisation: Organisation) -> _ActorTally | None:
    """Return an organisation's tally; None for a name that may be a person's."""
    key = organisation_key(organisation.name)
    if key is None:
        return None
    tally = paid.setdefault(key, _ActorTally())
    if organisation.country:
        tally.countries[organisation.country] += 1
    return tally


def _add_example(tally: _ActorTally, example: ActorExample, name: str, grant: Money | None) -> None:
    tally.names.append(name)
    tally.projects.append(example)
    if grant is not None:
        tally.grants.append(grant)


def _make_funder(key: str, tally: _ActorTally, funder: FunderDescription | None) -> Actor:
    level = tally.level or (funder.level if funder else None)
    return _make_actor(ActorKind.FUNDER, key, _funder_name(tally, funder), level, tally)


def _make_organisation(key: str, tally: _ActorTally) -> Actor:
    name = common_spelling(tally.names)
    level = _organisation_level(name, tally.country)
    return _make_actor(ActorKind.ORGANISATION, key, name, level, tally)


def _make_actor(
    kind: ActorKind, key: str, name: str, level: Level | None, tally: _ActorTally
) -> Actor:
    return Actor(
        kind=kind,
        key=key,
        name=name,
        level=level,
        country=tally.country,
        weight=tally.weight,
        calls=len(tally.calls),
        open_calls=sum(call.status is Status.OPEN for call in tally.calls),
        projects=len(tally.projects),
        coordinated=tally.coordinated,
        sums=_sum_grants(tally.grants),
        examples=(*latest_examples(tally.calls), *latest_examples(tally.projects)),
    )


def latest_examples(examples: list[ActorExample]) -> list[ActorExample]:
    """Return the latest of the examples nearest to the subject: open calls first, then by year."""
    nearest = sorted(examples, key=lambda one: (-one.similarity, one.id))[:_EXAMPLES_CONSIDERED]
    nearest.sort(key=lambda one: (one.status is not Status.OPEN, -(one.year or 0)))
    return nearest[:_EXAMPLES_SHOWN]


def _sum_grants(grants: Iterable[Money]) -> tuple[FundingTotal, ...]:
    amounts_by_currency: dict[str, list[Decimal]] = {}
    for grant in grants:
        amounts_by_currency.setdefault(grant.currency, []).append(grant.amount)
    return tuple(
        FundingTotal(amount=sum(amounts, Decimal(0)), currency=currency, projects=len(amounts))
        for currency, amounts in sorted(
            amounts_by_currency.items(), key=lambda item: (-len(item[1]), item[0])
        )
    )


def _funder_name(tally: _ActorTally, funder: FunderDescription | None) -> str:
    """Return the name that a funder's calls give: registers name Swedish funders in English."""
    if tally.calls:
        return common_spelling([call.funder for call in tally.calls])
    if funder and funder.level is Level.NATIONAL:
        return funder.title
    return common_spelling(tally.names)


def _organisation_level(name: str, country: str | None) -> Level | None:
    """Return how far an organisation reaches, seen from Sweden: by its name, then its country."""
    folded = f"{fold_name(name)} "
    if country in (None, "SE") and any(word in f" {folded}" for word in _REGIONAL_NAME_PARTS):
        return Level.REGIONAL
    if country is None:
        return None
    if country == "SE":
        return Level.NATIONAL
    if country in _NORDIC:
        return Level.NORDIC
    return Level.EUROPEAN if country in _EUROPEAN else Level.INTERNATIONAL


class ActorList(FrozenModel):
    """Who funds a subject and who was funded for it, those with most on it first."""

    actors: tuple[Actor, ...]
    total: int = Field(description="Actors of the kind and levels asked for; some may be cut off.")
    calls: int = Field(description="Calls on the subject.")
    projects: int = Field(description="Paid projects on the subject.")
    language: str = Field(description="The language the subject was read in.")
    area: AreaKey | None = Field(default=None, description="The focus area that was asked for.")
    as_of: datetime = Field(description="The clock that open calls were counted by.")
    notes: tuple[Note, ...] = Field(default=(), description="Plain words about limits met.")


def survey_actors(
    searcher: Searcher,
    past: SimilarAwards | None,
    calls: Mapping[str, Call],
    text: str,
    now: datetime,
    *,
    funders: Mapping[str, FunderDescription],
    language: str | None = None,
    area: AreaKey | None = None,
    kind: ActorKind | None = None,
    levels: Collection[Level] = (),
    top: int = 20,
    notes: Sequence[Message] = (),
) -> ActorList:
    """Return the actors of the subject that ``text`` describes.

    Args:
        searcher: the calls' index.
        past: the awards' index, if there is one.
        calls: every stored call by id; those on the subject are read.
        text: a few words, or a pilot's text.
        now: the aware instant by which calls are open.
        funders: funders whose calls are collected, by key.
        language: ISO 639 code of ``text``; recognised when absent.
        area: the focus area that the text stands for, if it does.
        kind: only funders, or only organisations.
        levels: only actors of these levels, none of an unknown one; empty: any.
        top: how many actors at most.
        notes: messages about data that could not be read.
    """
    query = searcher.query(text, language)
    on_calls = find_calls_on_subject(searcher, query, searcher.documents.intersection(calls))
    read_ahead(calls, [id_ for id_, _ in on_calls])
    on_awards = find_awards_on_subject(past, query)
    actors = rank_actors(
        calls, on_calls, on_awards, funders=funders, now=now, language=query.language
    )
    chosen = [
        actor
        for actor in actors
        if kind in (None, actor.kind) and (not levels or actor.level in levels)
    ]
    return ActorList(
        actors=tuple(chosen[:top]),
        total=len(chosen),
        calls=len(on_calls),
        projects=len(on_awards),
        language=query.language,
        area=area,
        as_of=now,
        notes=(
            *query.notes,
            *searcher.notes,
            *(() if past else (message("note.awards.none"),)),
            *notes,
        ),
    )
