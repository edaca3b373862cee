"""Pilots that complement each other for a call: who of them meets its consortium rule together.

When nobody does, the combination that comes nearest is told, with what is still to be found.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from pydantic import Field

from index.search.hit import Hit
from service.domain.eligibility.compare import compare_consortium, welcome_kinds
from service.domain.eligibility.facts import ApplicantKind, Applicants, Consortium, Fact, Quote
from service.domain.eligibility.verdict import Verdict
from service.domain.frozen_model import FrozenModel
from service.domain.pilots.parties import COUNTED_PARTS, count_parties, party_countries
from service.domain.pilots.pilot import Pilot
from service.domain.pilots.profile import Party, Profile
from service.messages.message import Country, Message, Value, ValueList, join_values, message
from service.messages.sentence import Sentence

MAX_PILOTS = 12
"""Pilots that combinations are made of: the best fits of those that say who takes part."""

MAX_TEAMS = 3
"""Pilots in a combination at most, and combinations that are shown."""


class ConsortiumRule(FrozenModel):
    """The smallest consortium that the call asks for, and where it says so."""

    parties: int | None
    countries: int | None
    kinds: int | None
    sure: bool = Field(description="Whether every part is said as a rule, not as a wish.")
    general: bool = Field(
        default=False, description="Whether only a programme's general rules say so."
    )
    quotes: tuple[Quote, ...]


class Team(FrozenModel):
    """Pilots that complement each other for the call."""

    pilots: tuple[str, ...] = Field(description="Ids, the best fit first.")
    verdict: Verdict = Field(
        description="Whether they meet the rule together; fail: they come nearest to it."
    )
    score: float = Field(description="The mean of their scores.")
    reasons: tuple[Sentence, ...]


@dataclass(frozen=True)
class _TeamCandidate:
    """A combination of pilots, held against a rule."""

    pilots: tuple[Pilot, ...]
    verdict: Verdict
    missing: dict[str, int]
    score: float

    @property
    def sort_key(self) -> tuple[bool, int, int, float]:
        """Those who meet the rule first, then the nearest, the fewest, the best fits."""
        short = sum(self.missing.values()) if self.verdict is Verdict.FAIL else 0
        return self.verdict is not Verdict.PASS, short, len(self.pilots), -self.score


def strictest_rule(facts: Sequence[Fact]) -> ConsortiumRule | None:
    """Return the strictest of what the call asks for: sure sentences before wishes."""
    asked = [(f, f.value) for f in facts if isinstance(f.value, Consortium)]
    chosen = [(f, v) for f, v in asked if f.is_sure] or asked
    if not chosen:
        return None

    def most(name: str) -> int | None:
        return max((n for _, v in chosen if (n := getattr(v, name)) is not None), default=None)

    quotes = dict.fromkeys(fact.quote for fact, _ in chosen if fact.quote)
    return ConsortiumRule(
        parties=most("parties"),
        countries=most("countries"),
        kinds=most("kinds"),
        sure=all(fact.is_sure for fact, _ in chosen),
        general=all(fact.general for fact, _ in chosen),
        quotes=tuple(quotes),
    )


def find_teams(
    rule: ConsortiumRule, facts: Sequence[Fact], ranked: Sequence[tuple[Pilot, Hit]]
) -> tuple[Team, ...]:
    """Return the combinations that meet the rule, without anybody idle.

    When there are none, the one that comes nearest; nothing when nobody says who takes part.
    """
    asked = Consortium(parties=rule.parties, countries=rule.countries, kinds=rule.kinds)
    said = [(p, hit.score) for p, hit in ranked if p.profile and p.profile.parties]
    known = said[:MAX_PILOTS]
    every = [
        _try_team(asked, some)
        for size in range(1, MAX_TEAMS + 1)
        for some in combinations(known, size)
    ]
    meeting = [t for t in every if t.verdict is not Verdict.FAIL and not _has_idle_pilot(asked, t)]
    shown = sorted(meeting, key=lambda t: t.sort_key)[:MAX_TEAMS]
    nearest = [] if shown else sorted(every, key=lambda t: t.sort_key)[:1]
    return tuple(
        Team(
            pilots=tuple(pilot.id for pilot in team.pilots),
            verdict=team.verdict,
            score=team.score,
            reasons=tuple(map(Sentence.of, _team_reasons(rule, facts, team))),
        )
        for team in shown or nearest
    )


def applicant_facts(facts: Iterable[Fact]) -> list[Fact]:
    """Return the facts that name who may apply."""
    return [fact for fact in facts if isinstance(fact.value, Applicants)]


def _try_team(asked: Consortium, some: Sequence[tuple[Pilot, float]]) -> _TeamCandidate:
    pilots = tuple(pilot for pilot, _ in some)
    have = count_parties(_all_parties(pilots))
    lacking = {name: (getattr(asked, name) or 0) - have[name] for name in COUNTED_PARTS}
    return _TeamCandidate(
        pilots=pilots,
        verdict=compare_consortium(asked, _join_profiles(pilots)),
        missing={name: number for name, number in lacking.items() if number > 0},
        score=sum(score for _, score in some) / len(some),
    )


def _join_profiles(pilots: Sequence[Pilot]) -> Profile:
    """Return the profile of pilots as one project: everybody once, and nobody else."""
    return Profile.model_construct(organisations=_all_parties(pilots), partners=())


def _all_parties(pilots: Iterable[Pilot]) -> tuple[Party, ...]:
    """Return the parties of all; one that has a name is the same in several pilots.

    Parties without a name may be the same too: of each kind and country only as many count as the
    pilot that has most of them has.
    """
    named: dict[str, Party] = {}
    nameless: dict[tuple[object, object], list[Party]] = {}
    for pilot in pilots:
        own: dict[tuple[object, object], list[Party]] = {}
        for party in pilot.profile.parties if pilot.profile else ():
            if party.name.strip():
                named.setdefault(party.name.strip().casefold(), party)
            else:
                own.setdefault((party.kind, party.country), []).append(party)
        for place, several in own.items():
            if len(several) > len(nameless.get(place, [])):
                nameless[place] = several
    return (*named.values(), *(one for several in nameless.values() for one in several))


def _has_idle_pilot(asked: Consortium, team: _TeamCandidate) -> bool:
    """Whether the combination does as well without one of its pilots."""
    if len(team.pilots) == 1:
        return False
    fewer = combinations(team.pilots, len(team.pilots) - 1)
    return any(compare_consortium(asked, _join_profiles(less)) is team.verdict for less in fewer)


def _team_reasons(
    rule: ConsortiumRule, facts: Sequence[Fact], team: _TeamCandidate
) -> Iterable[Message]:
    """Say what the rule is, what they have together, and what each adds to those before it."""
    parties = _all_parties(team.pilots)
    yield _rule_sentence(rule)
    have = {
        name: number
        for name, number in count_parties(parties).items()
        if number and getattr(rule, name)
    }
    code = {Verdict.PASS: "meet", Verdict.UNKNOWN: "perhaps", Verdict.FAIL: "short"}[team.verdict]
    alone = ".alone" if len(team.pilots) == 1 else ""
    yield message(f"shortlist.{code}{alone}", have=_numbers(have), missing=_numbers(team.missing))
    for place, pilot in enumerate(team.pilots[1:], 1):
        yield _contribution_sentence(pilot, team.pilots[:place])
    kinds = tuple(dict.fromkeys(one.kind for one in parties if one.kind))
    named = welcome_kinds(applicant_facts(facts), kinds)
    if named:
        yield message("shortlist.welcome", kinds=kinds_said(named))


def kinds_said(kinds: Iterable[ApplicantKind]) -> ValueList:
    """Return kinds of organisations as a sentence lists them."""
    return join_values(message(f"kinds.{kind}") for kind in kinds)


def _rule_sentence(rule: ConsortiumRule) -> Message:
    asked = _numbers({n: number for n in COUNTED_PARTS if (number := getattr(rule, n))}, ".least")
    if rule.general and rule.quotes:
        action = " ".join(rule.quotes[0].text.split())
        return message("shortlist.asked.general", action=action, asked=asked)
    return message("shortlist.asked" if rule.sure else "shortlist.asked.wish", asked=asked)


def _contribution_sentence(pilot: Pilot, before: Sequence[Pilot]) -> Message:
    already = _all_parties(before)
    profile = pilot.profile or Profile()
    new = {one.kind for one in profile.parties} - {one.kind for one in already} - {None}
    lands = set(party_countries(profile.parties)) - set(party_countries(already))
    more = len(_all_parties((*before, pilot))) - len(already)
    adds: list[Value] = [_number("parties", more)] if more else []
    adds += [message(f"kind.one.{kind}") for kind in sorted(filter(None, new))]
    adds += map(Country, sorted(lands))
    return message("shortlist.adds", title=" ".join(pilot.title.split()), adds=join_values(adds))


def _numbers(parts: Mapping[str, int], bound: str = "") -> ValueList:
    return join_values(_number(name, number, bound) for name, number in parts.items())


def _number(part: str, number: int, bound: str = "") -> Message:
    return message(f"quantity.{part}{bound}", number=str(number), count=number)
