"""The short list for a meeting on a call: pilots that fit it, and teams that meet its rule.

It decides nothing: a note asks the pilots that have not said who takes part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from pydantic import Field

from index.search.hit import Hit
from scrapers.call import Call
from service.domain.consortium.teams import (
    ConsortiumRule,
    Team,
    applicant_facts,
    find_teams,
    list_kinds,
    strictest_rule,
)
from service.domain.eligibility.compare import welcome_kinds
from service.domain.eligibility.facts import Fact
from service.domain.eligibility.verdict import Gate, Verdict
from service.domain.frozen_model import FrozenModel
from service.domain.matching.call_card import CallCard, make_card
from service.domain.matching.fit import POSSIBLE_SCORE, Fit
from service.domain.matching.match import Match
from service.domain.matching.match_context import StoredCalls
from service.domain.matching.quotes import Evidence
from service.domain.pilots.parties import party_countries
from service.domain.pilots.pilot import Pilot
from service.domain.pilots.profile import Profile
from service.messages.message import Country, Message, join_values, message
from service.messages.sentence import Sentence

FITTING_SCORE = POSSIBLE_SCORE
"""Score (0 to 1) from which a call is worth a pilot's time; the default of the mails, too."""

_GATES_BEYOND_FIT = frozenset({"status", "deadline", "profile", "consortium"})


class ShortlistedPilot(FrozenModel):
    """A pilot that fits the call, and what it brings."""

    id: str
    title: str
    score: float
    fit: Fit = Field(description="The score in a word, the same as in the pilot's own list.")
    parties: int | None = Field(description="Organisations and partners; null: not said.")
    kinds: tuple[str, ...] = Field(description="Kinds of organisations.")
    countries: tuple[str, ...]
    fails: tuple[Gate, ...] = Field(description="Conditions, but for the consortium, that fail.")
    evidence: Evidence | None = Field(description="The pair of sentences that are nearest.")
    reasons: tuple[Sentence, ...]


class Shortlist(FrozenModel):
    """The pilots that fit a call, best first, and those that do so together."""

    call: CallCard
    rule: ConsortiumRule | None = Field(
        description="Null when the call does not ask for a consortium."
    )
    pilots: tuple[ShortlistedPilot, ...]
    together: tuple[Team, ...]
    considered: int = Field(description="Pilots that were compared with the call.")
    as_of: datetime
    notes: tuple[Sentence, ...] = ()


ExplainPilot = Callable[[Pilot, Hit], Match]
"""Returns the match of a pilot with the call."""


def make_shortlist(
    stored: StoredCalls,
    call: Call,
    ranked: Sequence[tuple[Pilot, Hit]],
    explain: ExplainPilot,
    *,
    considered: int,
    language: str = "en",
    top: int = 10,
) -> Shortlist:
    """Make the list for a meeting on ``call``.

    Args:
        stored: what the card of the call is made from; its clock is the list's.
        call: the call.
        ranked: pilots with the call's hit for each, best first, from `FITTING_SCORE` on.
        explain: makes a match; called for the pilots that are shown only.
        considered: pilots that were compared.
        language: of the call's title.
        top: pilots at most.
    """
    facts = stored.conditions.facts(call)
    rule = strictest_rule(facts)
    shown = ranked[:top]
    teams = find_teams(rule, facts, ranked) if rule else ()
    return Shortlist(
        call=make_card(stored, call, language),
        rule=rule,
        pilots=tuple(_shortlist_pilot(facts, p, explain(p, hit)) for p, hit in shown),
        together=teams,
        considered=considered,
        as_of=stored.now,
        notes=tuple(map(Sentence.of, _list_notes(rule, ranked, teams))),
    )


def _shortlist_pilot(facts: Sequence[Fact], pilot: Pilot, match: Match) -> ShortlistedPilot:
    profile = pilot.profile or Profile()
    parties = profile.parties
    kinds = tuple(dict.fromkeys(party.kind for party in parties if party.kind))
    welcome = welcome_kinds(applicant_facts(facts), kinds)
    fails = tuple(
        gate
        for gate in match.gates
        if gate.verdict is Verdict.FAIL and gate.name not in _GATES_BEYOND_FIT
    )
    countries = party_countries(parties)
    reasons = [message(f"shortlist.fits.{match.fit}")]
    if profile.is_empty:
        reasons.append(message("shortlist.unknown"))
    if kinds:
        names = join_values(message(f"kind.one.{kind}") for kind in kinds)
        reasons.append(message("shortlist.brings", kinds=names))
    if welcome:
        reasons.append(message("shortlist.welcome", kinds=list_kinds(welcome)))
    if countries:
        reasons.append(message("shortlist.from", places=join_values(map(Country, countries))))
    reasons += [gate.message for gate in fails]
    return ShortlistedPilot(
        id=pilot.id,
        title=pilot.title,
        score=match.score,
        fit=match.fit,
        parties=len(parties) if parties else None,
        kinds=tuple(kind.value for kind in kinds),
        countries=countries,
        fails=fails,
        evidence=next(iter(match.evidence), None),
        reasons=tuple(map(Sentence.of, reasons)),
    )


def _list_notes(
    rule: ConsortiumRule | None, ranked: Sequence[tuple[Pilot, Hit]], teams: Sequence[Team]
) -> Iterable[Message]:
    if not ranked:
        yield message("shortlist.none")
    if rule is None:
        yield message("shortlist.no_rule")
    if any(team.verdict is Verdict.FAIL for team in teams):
        yield message("shortlist.nobody")
    silent = sum(not (pilot.profile and pilot.profile.parties) for pilot, _ in ranked)
    if rule and silent:
        yield message("shortlist.silent", count=silent, pilots=str(silent))
