"""Pilots for a call: which of ours fit it, what each brings, and which meet its rule together.

It is a short list for a meeting. Nothing is decided: who has not said who takes part is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from pydantic import Field

from index.hit import Hit
from scrapers.call import Call
from service.domain.facts import facts_of
from service.domain.fit import POSSIBLE
from service.domain.frozen_model import FrozenModel
from service.domain.gates import Gate, Verdict
from service.domain.gates.judges import welcome
from service.domain.match import CallCard, Match
from service.domain.parties import countries_of
from service.domain.pilot import Pilot
from service.domain.profile import Profile
from service.domain.quotes import Evidence
from service.domain.together import Rule, Together, kinds_said, lists, rule_of, together
from service.messages.formats import rounded
from service.messages.message import Country, Message, listed, message
from service.messages.sentence import Sentence

FITS = POSSIBLE
"""Score (0 to 1) from which a call is worth a pilot's time; the mail's own default."""

_BEYOND_FIT = frozenset({"status", "deadline", "profile", "consortium"})


class Brings(FrozenModel):
    """A pilot that fits the call, and what it brings."""

    id: str
    title: str
    score: float
    parties: int | None = Field(description="Organisations and partners; null: not said.")
    kinds: tuple[str, ...] = Field(description="Kinds of organisations.")
    countries: tuple[str, ...]
    fails: tuple[Gate, ...] = Field(description="Conditions, but for the consortium, that fail.")
    evidence: Evidence | None = Field(description="The pair of sentences that are nearest.")
    reasons: tuple[Sentence, ...]


class PilotsFor(FrozenModel):
    """The pilots that fit a call, best first, and those that do so together."""

    call: CallCard
    rule: Rule | None = Field(description="Null when the call does not ask for a consortium.")
    pilots: tuple[Brings, ...]
    together: tuple[Together, ...]
    considered: int = Field(description="Pilots that were compared with the call.")
    as_of: datetime
    notes: tuple[Sentence, ...] = ()


Explain = Callable[[Pilot, Hit], Match]
"""Returns the match of a pilot with the call."""


def pilots_for(
    call: Call,
    ranked: Sequence[tuple[Pilot, Hit]],
    explain: Explain,
    now: datetime,
    *,
    considered: int,
    language: str = "en",
    top: int = 10,
) -> PilotsFor:
    """Make the list for a meeting on ``call``.

    Args:
        call: the call.
        ranked: pilots with how the call fits each, best first; those below `FITS` left out.
        explain: makes a match; asked for the pilots that are shown only.
        now: the aware instant.
        considered: pilots that were compared.
        language: of the call's title.
        top: pilots at most.
    """
    facts = facts_of(call)
    rule = rule_of(facts)
    shown = ranked[:top]
    found = together(rule, facts, ranked) if rule else ()
    return PilotsFor(
        call=CallCard.from_call(call, now, language),
        rule=rule,
        pilots=tuple(_brings(call, p, explain(p, hit)) for p, hit in shown),
        together=found,
        considered=considered,
        as_of=now,
        notes=tuple(map(Sentence.of, _notes(rule, ranked, found))),
    )


def _brings(call: Call, pilot: Pilot, match: Match) -> Brings:
    profile = pilot.profile or Profile()
    parties = profile.parties
    kinds = tuple(dict.fromkeys(one.kind for one in parties if one.kind))
    named = welcome(lists(facts_of(call)), kinds)
    fails = tuple(
        one for one in match.gates if one.verdict is Verdict.FAIL and one.name not in _BEYOND_FIT
    )
    countries = countries_of(parties)
    reasons = [message("shortlist.fits", score=rounded(match.score, 2))]
    if profile.is_empty:
        reasons.append(message("shortlist.unknown"))
    if kinds:
        parties_said = listed(message(f"kind.one.{kind}") for kind in kinds)
        reasons.append(message("shortlist.brings", kinds=parties_said))
    if named:
        reasons.append(message("shortlist.welcome", kinds=kinds_said(named)))
    if countries:
        reasons.append(message("shortlist.from", places=listed(map(Country, countries))))
    reasons += [one.message for one in fails]
    return Brings(
        id=pilot.id,
        title=pilot.title,
        score=match.score,
        parties=len(parties) if parties else None,
        kinds=tuple(kind.value for kind in kinds),
        countries=countries,
        fails=fails,
        evidence=next(iter(match.evidence), None),
        reasons=tuple(map(Sentence.of, reasons)),
    )


def _notes(
    rule: Rule | None, ranked: Sequence[tuple[Pilot, Hit]], found: Sequence[Together]
) -> Iterable[Message]:
    if not ranked:
        yield message("shortlist.none")
    if rule is None:
        yield message("shortlist.no_rule")
    if any(one.verdict is Verdict.FAIL for one in found):
        yield message("shortlist.nobody")
    silent = sum(not (pilot.profile and pilot.profile.parties) for pilot, _ in ranked)
    if rule and silent:
        yield message("shortlist.silent", count=silent, pilots=str(silent))
