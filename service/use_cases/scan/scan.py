"""Scan a subject: what can be applied for, how much there is, when, and who is in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.explain.explaining_searcher import ExplainingSearcher
from index.search.query import Query
from scrapers.call import Level, Status
from service.context import Context
from service.domain.access.principal import acting
from service.domain.access.rights import Right
from service.domain.awards.actors import Actor, ActorKind, ActorList
from service.domain.awards.focus_areas import AreaKey
from service.domain.calls.stored.call_reader import read_ahead
from service.domain.consortium.shortlist import FITTING_SCORE
from service.domain.matching.call_card import CallCard, make_card
from service.domain.matching.feedback import CurrentOpinions
from service.domain.matching.filters import DEFAULT_STATUSES, Filters
from service.domain.matching.fit import Fit
from service.domain.pilots.pilot import Pilot
from service.domain.pilots.reading.read_text import read_text
from service.domain.scan.money import add_up_money
from service.domain.scan.months import count_months
from service.domain.scan.pilots import ScanPilot, similarity_to_pilot
from service.domain.scan.rows import ScanRow
from service.domain.scan.scan import RatesOfDay, SubjectScan, describe_levels
from service.domain.scan.subject import MOST_CALLS, find_calls
from service.messages.message import Message, message, verbatim
from service.messages.sentence import Sentence
from service.use_cases.actors import find_actors
from service.use_cases.match import check_text
from service.use_cases.scan.focus_areas import get_area
from service.use_cases.sources import gap_notes

MIN_PILOT_SIMILARITY = 0.48
"""Meaning (0 to 1) from which a pilot is on a subject; pilots are nearer to any than calls are."""

_MOST_ACTORS, _ACTORS_SHOWN = 200, 8
_MOST_PILOTS = 20


@dataclass(frozen=True)
class ScanSubject:
    """What is scanned: the words ``text``, or a focus ``area`` in their place."""

    text: str = ""
    area: AreaKey | None = None


def scan_subject(
    context: Context,
    subject: ScanSubject,
    *,
    levels: Sequence[Level] = (),
    statuses: Sequence[Status] = DEFAULT_STATUSES,
    most: int = 100,
    language: str = "en",
) -> SubjectScan:
    """Return the scan of a subject; no more records are read than calls and actors are shown.

    Args:
        context: the stores and the index.
        subject: a focus area or any words.
        levels: only calls and actors of these levels; empty: any.
        statuses: only calls of these statuses.
        most: calls at most that are listed; all are counted.
        language: of the calls' titles, where they have one in it.

    Raises:
        NotFoundError: there is no such area.
        InputError: the subject has no letters or is too long.
        SnapshotError: there is no sound index.
    """
    area = get_area(context, subject.area) if subject.area else None
    text = area.words if area else subject.text.strip()
    check_text(text)
    searcher = context.searcher()
    query = searcher.query(read_text(text, None).edited)
    filters = Filters(statuses=tuple(statuses), levels=tuple(levels))
    candidates = context.candidates().select(
        searcher, filters, context.now(), query.language, profile=None, opinions=CurrentOpinions()
    )
    hits = find_calls(searcher, query, candidates.leads)
    rows = context.scan_rows.read([hit.document for hit in hits], context.now())
    rates, currency = context.rates(), context.settings.currency
    actors = find_actors(context, text=text, levels=levels, top=_MOST_ACTORS)
    return SubjectScan(
        name=area.name if area else Sentence.of(verbatim(text)),
        area=area.key if area else None,
        words=text,
        levels=tuple(levels),
        statuses=tuple(statuses),
        total=len(rows),
        is_cut=len(hits) >= MOST_CALLS,
        by_level=describe_levels(rows, levels, rates, currency),
        money=add_up_money(rows, rates, currency),
        currency=currency,
        rates=RatesOfDay(source=rates.source, day=rates.day) if rates else None,
        months=count_months(rows, context.now()),
        undated=sum(row.first_date is None for row in rows),
        calls=_make_cards(context, rows[:most], language),
        funders=_first_actors(actors, ActorKind.FUNDER),
        organisations=_first_actors(actors, ActorKind.ORGANISATION),
        projects=actors.projects,
        pilots=_find_pilots(context, searcher, query, [row.id for row in rows]),
        language=query.language,
        as_of=context.now(),
        notes=(
            *(*query.notes, *searcher.notes, *candidates.notes),
            *_missing(context, actors, currency, has_rates=bool(rates)),
            *gap_notes(context, filters),
        ),
    )


def _missing(
    context: Context, actors: ActorList, currency: str, *, has_rates: bool
) -> Iterator[Message]:
    """Yield what a scan does without: rates of the day, and projects that were paid."""
    if not has_rates:
        yield message("scan.rates.none", currency=currency)
    if not (actors.projects or context.has_awards()):
        yield message("note.awards.none")


def _make_cards(context: Context, rows: Sequence[ScanRow], language: str) -> tuple[CallCard, ...]:
    stored = context.stored_calls()
    ids = [row.id for row in rows]
    read_ahead(stored.calls, {copy for id_ in ids for copy in stored.links.group(id_)})
    stored.modified.fetch(ids)
    return tuple(
        make_card(stored, stored.calls[id_], language) for id_ in ids if id_ in stored.calls
    )


def _first_actors(actors: ActorList, kind: ActorKind) -> tuple[Actor, ...]:
    return tuple(one for one in actors.actors if one.kind is kind)[:_ACTORS_SHOWN]


def _find_pilots(
    context: Context, searcher: ExplainingSearcher, subject: Query, call_ids: Sequence[str]
) -> tuple[ScanPilot, ...] | None:
    """Return the pilots on a subject, nearest first; None for somebody who may see no pilot."""
    if not acting().may(Right.READ):
        return None
    pilots = context.pilots.all()
    near: list[tuple[float, Pilot, Query]] = []
    for pilot, query in zip(pilots, context.pilot_queries(pilots), strict=True):
        similarity = similarity_to_pilot(subject, query, searcher.unrelated)
        if similarity >= MIN_PILOT_SIMILARITY:
            near.append((similarity, pilot, query))
    near.sort(key=lambda one: (-one[0], one[1].id))
    allowed = frozenset(call_ids)
    return tuple(
        _describe_pilot(searcher, pilot, query, similarity, allowed)
        for similarity, pilot, query in near[:_MOST_PILOTS]
    )


def _describe_pilot(
    searcher: ExplainingSearcher,
    pilot: Pilot,
    query: Query,
    similarity: float,
    allowed: frozenset[str],
) -> ScanPilot:
    hits = searcher.search(query, top=MOST_CALLS, allowed=allowed)
    scores = [hit.score for hit in hits if hit.score >= FITTING_SCORE]
    return ScanPilot(
        id=pilot.id,
        title=pilot.title,
        language=pilot.language,
        similarity=similarity,
        calls=len(scores),
        best=Fit.from_score(max(scores)) if scores else None,
    )
