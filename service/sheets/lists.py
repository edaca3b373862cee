"""The columns of every list that can be had as a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from scrapers.call import Level
from service.domain.awards.actors import Actor
from service.domain.calls.sources import SourceStatus
from service.domain.consortium.shortlist import ShortlistedPilot
from service.domain.eligibility.verdict import Gate, Verdict
from service.domain.matching.feedback import Judgement
from service.domain.matching.fit import Fit, score_decimals
from service.domain.matching.match import Match
from service.domain.pilots.pilot import Pilot
from service.domain.scan.months import ScanMonth
from service.messages import facts
from service.messages.words import Words
from service.sheets.call_columns import CALL_COLUMNS, day_of, of_calls
from service.sheets.columns import Cell, Column, Sheet
from service.untrusted_text import web_url
from service.use_cases.feeds.pilots_calls import PilotCall
from service.use_cases.recipients import RecipientCard


@dataclass(frozen=True)
class RankedMatch:
    """A match with its place, from 1."""

    place: int
    match: Match


@dataclass(frozen=True)
class JudgedCall:
    """A judgement, with the title of its call in the reader's language where it is stored."""

    judgement: Judgement
    title: str


@dataclass(frozen=True)
class MonthOfLevel:
    """A month of a scan, as far as calls of one level fall into it."""

    month: ScanMonth
    level: Level


def month_rows(months: Iterable[ScanMonth], levels: Iterable[Level]) -> list[MonthOfLevel]:
    """Return each month with each of ``levels``, by default all."""
    wanted = tuple(levels) or tuple(Level)
    return [MonthOfLevel(month, level) for month in months for level in wanted]


def _score(value: float) -> float:
    return round(value, score_decimals(value))


def _gates(match: Match, verdict: Verdict, t: Words) -> str:
    """Return the conditions with a verdict, each with the reason."""
    gates = (gate for gate in match.gates if gate.verdict is verdict and not gate.is_silent)
    return "; ".join(_gate(gate, t) for gate in gates)


def _gate(gate: Gate, t: Words) -> str:
    return f"{t.known('gate', gate.name)}: {gate.reason_in(t.language)}"


def _reasons(match: Match, t: Words) -> str:
    return " ".join(reason.in_(t.language) for reason in match.reasons)


def _kinds(kinds: Iterable[str], t: Words) -> str:
    return "; ".join(t.known("kind", kind) for kind in kinds)


def _sums(actor: Actor) -> str:
    return "; ".join(f"{one.amount:f} {one.currency}" for one in actor.sums)


def _examples(actor: Actor) -> str:
    return "; ".join(one.title for one in actor.examples)


def _last_good(source: SourceStatus) -> Cell:
    return day_of(source.last_good.started_at) if source.last_good else None


CALLS = Sheet("calls", CALL_COLUMNS)

SCAN = Sheet("scan", CALL_COLUMNS)

SCAN_MONTHS: Sheet[MonthOfLevel] = Sheet(
    "scan-months",
    (
        Column("month", lambda row, _: f"{row.month.first_day:%Y-%m}", 10),
        Column("level", lambda row, t: t(f"level.{row.level}"), 14),
        Column("due", lambda row, _: row.month.deadlines.get(row.level, 0), 10),
        Column("opening", lambda row, _: row.month.openings.get(row.level, 0), 10),
    ),
)

MATCHES: Sheet[RankedMatch] = Sheet(
    "matches",
    (
        Column("place", lambda row, _: row.place, 8),
        Column("fit", lambda row, t: facts.fit(row.match.fit, t), 14),
        Column("score", lambda row, _: _score(row.match.score), 8),
        *of_calls(CALL_COLUMNS, lambda row: row.match.call),
        Column("met", lambda row, t: _gates(row.match, Verdict.PASS, t), 40),
        Column("unmet", lambda row, t: _gates(row.match, Verdict.FAIL, t), 40),
        Column("unclear", lambda row, t: _gates(row.match, Verdict.UNKNOWN, t), 40),
        Column("reasons", lambda row, t: _reasons(row.match, t), 80),
    ),
)

PILOTS_CALLS: Sheet[PilotCall] = Sheet(
    "pilots-calls",
    (
        Column("pilot_id", lambda row, _: row.pilot.id, 28),
        Column("pilot", lambda row, _: row.pilot.title, 40),
        Column("fit", lambda row, t: facts.fit(Fit.from_score(row.score), t), 14),
        Column("score", lambda row, _: _score(row.score), 8),
        *of_calls(CALL_COLUMNS, lambda row: row.call),
    ),
)

SHORTLIST: Sheet[ShortlistedPilot] = Sheet(
    "shortlist",
    (
        Column("id", lambda one, _: one.id, 28),
        Column("title", lambda one, _: one.title, 40),
        Column("fit", lambda one, t: facts.fit(one.fit, t), 14),
        Column("score", lambda one, _: _score(one.score), 8),
        Column("parties", lambda one, _: one.parties, 10),
        Column("kinds", lambda one, t: _kinds(one.kinds, t), 30),
        Column("countries", lambda one, t: "; ".join(map(t.country, one.countries)), 20),
        Column("unmet", lambda one, t: "; ".join(_gate(gate, t) for gate in one.fails), 40),
        Column("reasons", lambda one, t: " ".join(r.in_(t.language) for r in one.reasons), 80),
    ),
)

ACTORS: Sheet[Actor] = Sheet(
    "actors",
    (
        Column("name", lambda actor, _: actor.name, 40),
        Column("kind", lambda actor, t: t(f"actors.kind.{actor.kind}"), 14),
        Column("level", lambda actor, t: t(f"level.{actor.level}") if actor.level else "", 14),
        Column("country", lambda actor, t: t.country(actor.country) if actor.country else "", 14),
        Column("calls", lambda actor, _: actor.calls, 10),
        Column("open_calls", lambda actor, _: actor.open_calls, 10),
        Column("projects", lambda actor, _: actor.projects, 10),
        Column("coordinated", lambda actor, _: actor.coordinated, 12),
        Column("sums", lambda actor, _: _sums(actor), 30),
        Column("examples", lambda actor, _: _examples(actor), 80),
    ),
)

JUDGEMENTS: Sheet[JudgedCall] = Sheet(
    "feedback",
    (
        Column("id", lambda row, _: row.judgement.call, 28),
        Column("title", lambda row, _: row.title, 60),
        Column("verdict", lambda row, t: t(f"verdict.is.{row.judgement.verdict}"), 16),
        Column("by", lambda row, _: row.judgement.by, 20),
        Column("at", lambda row, _: day_of(row.judgement.at), 12),
    ),
)

RECIPIENTS: Sheet[RecipientCard] = Sheet(
    "recipients",
    (
        Column("address", lambda one, _: one.address, 30),
        Column("language", lambda one, _: one.language, 10),
        Column("state", lambda one, t: t(f"recipients.state.{one.state}"), 20),
        Column("asked", lambda one, _: day_of(one.asked_at), 12),
        Column("confirmed", lambda one, _: day_of(one.confirmed_at), 12),
        Column("ended", lambda one, _: day_of(one.ended_at), 12),
    ),
)

PILOTS: Sheet[Pilot] = Sheet(
    "pilots",
    (
        Column("id", lambda pilot, _: pilot.id, 28),
        Column("title", lambda pilot, _: pilot.title, 60),
        Column("language", lambda pilot, _: pilot.language, 10),
        Column("created", lambda pilot, _: day_of(pilot.created_at), 12),
        Column("characters", lambda pilot, _: len(pilot.text), 12),
    ),
)

SOURCES: Sheet[SourceStatus] = Sheet(
    "sources",
    (
        Column("key", lambda one, _: one.key, 20),
        Column("name", lambda one, _: one.name, 40),
        Column("level", lambda one, t: t(f"level.{one.level}"), 14),
        Column("interface", lambda one, _: one.interface, 24),
        Column("verified", lambda one, _: one.verified, 16),
        Column("calls", lambda one, _: one.calls, 10),
        Column("state", lambda one, _: one.state.value, 16),
        Column("last_good", lambda one, _: _last_good(one), 12),
        Column("url", lambda one, _: web_url(one.home), 40),
    ),
)
