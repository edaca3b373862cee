"""Teams: pilots that meet the consortium rule of a call together.

When none do, the team that comes nearest is returned, with what it still lacks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from pydantic import Field

from index.search.hit import Hit
from service.domain.calls.applicant_kinds import ApplicantKind
from service.domain.eligibility.compare import compare_consortium, welcome_kinds
from service.domain.eligibility.facts import Applicants, Consortium, Fact, Quote
from service.domain.eligibility.verdict import Verdict
from service.domain.frozen_model import FrozenModel
from service.domain.pilots.parties import COUNTED_PARTS, count_parties, party_countries
from service.domain.pilots.pilot import Pilot
from service.domain.pilots.profile import Party, Profile
from service.messages.message import Country, Message, Value, ValueList, join_values, message
from service.messages.sentence import Sentence

MAX_PILOTS = 12
"""Pilots that teams are made of: the best fits of those that say who takes part."""

MAX_TEAM_SIZE = 3
"""Pilots in a team, at most."""

MAX_TEAMS = 3
"""Teams that are shown, at most."""


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
    """A combination of pilots, compared with a rule; ``missing`` counts what it lacks by part."""

    pilots: tuple[Pilot, ...]
    verdict: Verdict
    missing: dict[str, int]
    score: float

    @property
    def sort_key(self) -> tuple[bool, int, int, float]:
        """Order: who meets the rule, then who lacks least, is smallest, and fits best."""
        lacking = sum(self.missing.values()) if self.verdict is Verdict.FAIL else 0
        return self.verdict is not Verdict.PASS, lacking, len(self.pilots), -self.score


def strictest_rule(facts: Sequence[Fact]) -> ConsortiumRule | None:
    """Return the strictest consortium that the call asks for; wishes count if there is no rule."""
    stated = [(f, f.value) for f in facts if isinstance(f.value, Consortium)]
    binding = [(f, v) for f, v in stated if f.is_sure] or stated
    if not binding:
        return None

    def largest(part: str) -> int | None:
        return max((n for _, v in binding if (n := getattr(v, part)) is not None), default=None)

    quotes = dict.fromkeys(fact.quote for fact, _ in binding if fact.quote)
    return ConsortiumRule(
        parties=largest("parties"),
        countries=largest("countries"),
        kinds=largest("kinds"),
        sure=all(fact.is_sure for fact, _ in binding),
        general=all(fact.general for fact, _ in binding),
        quotes=tuple(quotes),
    )


def find_teams(
    rule: ConsortiumRule, facts: Sequence[Fact], ranked: Sequence[tuple[Pilot, Hit]]
) -> tuple[Team, ...]:
    """Return the teams that meet the rule, none with a pilot that it could do without.

    When there are none, the one that comes nearest; nothing when no pilot says who takes part.

    Args:
        rule: what the call asks for.
        facts: the conditions of the call.
        ranked: pilots with the call's hit for each, best first.
    """
    required = Consortium(parties=rule.parties, countries=rule.countries, kinds=rule.kinds)
    with_parties = [(p, hit.score) for p, hit in ranked if p.profile and p.profile.parties]
    teams = [
        _try_team(required, members)
        for size in range(1, MAX_TEAM_SIZE + 1)
        for members in combinations(with_parties[:MAX_PILOTS], size)
    ]
    meeting = [
        team
        for team in teams
        if team.verdict is not Verdict.FAIL and not _has_idle_pilot(required, team)
    ]
    shown = sorted(meeting, key=lambda team: team.sort_key)[:MAX_TEAMS]
    nearest = [] if shown else sorted(teams, key=lambda team: team.sort_key)[:1]
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


def _try_team(required: Consortium, members: Sequence[tuple[Pilot, float]]) -> _TeamCandidate:
    pilots = tuple(pilot for pilot, _ in members)
    have = count_parties(_all_parties(pilots))
    lacking = {part: (getattr(required, part) or 0) - have[part] for part in COUNTED_PARTS}
    return _TeamCandidate(
        pilots=pilots,
        verdict=compare_consortium(required, _join_profiles(pilots)),
        missing={part: number for part, number in lacking.items() if number > 0},
        score=sum(score for _, score in members) / len(members),
    )


def _join_profiles(pilots: Sequence[Pilot]) -> Profile:
    """Return the profile of pilots as one project: each party once, and no partners."""
    return Profile.model_construct(organisations=_all_parties(pilots), partners=())


def _all_parties(pilots: Iterable[Pilot]) -> tuple[Party, ...]:
    """Return the parties of all pilots; one with a name is counted once, whoever has it.

    Parties without a name may be the same too: of each kind and country, only as many count as one
    pilot has at most.
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
        for key, parties in own.items():
            if len(parties) > len(nameless.get(key, [])):
                nameless[key] = parties
    return (*named.values(), *(party for parties in nameless.values() for party in parties))


def _has_idle_pilot(required: Consortium, team: _TeamCandidate) -> bool:
    """Whether the team does as well without one of its pilots."""
    if len(team.pilots) == 1:
        return False
    fewer = combinations(team.pilots, len(team.pilots) - 1)
    return any(compare_consortium(required, _join_profiles(rest)) is team.verdict for rest in fewer)


def _team_reasons(
    rule: ConsortiumRule, facts: Sequence[Fact], team: _TeamCandidate
) -> Iterable[Message]:
    """Yield what the rule is, what the team has, and what each pilot adds to those before it."""
    parties = _all_parties(team.pilots)
    yield _rule_sentence(rule)
    have = {
        part: number
        for part, number in count_parties(parties).items()
        if number and getattr(rule, part)
    }
    code = {Verdict.PASS: "meet", Verdict.UNKNOWN: "perhaps", Verdict.FAIL: "short"}[team.verdict]
    alone = ".alone" if len(team.pilots) == 1 else ""
    yield message(
        f"shortlist.{code}{alone}",
        have=_list_quantities(have),
        missing=_list_quantities(team.missing),
    )
    for place, pilot in enumerate(team.pilots[1:], 1):
        yield _contribution_sentence(pilot, team.pilots[:place])
    kinds = tuple(dict.fromkeys(party.kind for party in parties if party.kind))
    welcome = welcome_kinds(applicant_facts(facts), kinds)
    if welcome:
        yield message("shortlist.welcome", kinds=list_kinds(welcome))


def list_kinds(kinds: Iterable[ApplicantKind]) -> ValueList:
    """Return kinds of organisations as a sentence lists them."""
    return join_values(message(f"kinds.{kind}") for kind in kinds)


def _rule_sentence(rule: ConsortiumRule) -> Message:
    parts = {part: number for part in COUNTED_PARTS if (number := getattr(rule, part))}
    asked = _list_quantities(parts, ".least")
    if rule.general and rule.quotes:
        action = " ".join(rule.quotes[0].text.split())
        return message("shortlist.asked.general", action=action, asked=asked)
    return message("shortlist.asked" if rule.sure else "shortlist.asked.wish", asked=asked)


def _contribution_sentence(pilot: Pilot, before: Sequence[Pilot]) -> Message:
    already = _all_parties(before)
    profile = pilot.profile or Profile()
    kinds = {party.kind for party in profile.parties} - {party.kind for party in already} - {None}
    countries = set(party_countries(profile.parties)) - set(party_countries(already))
    count = len(_all_parties((*before, pilot))) - len(already)
    adds: list[Value] = [_quantity("parties", count)] if count else []
    adds += [message(f"kind.one.{kind}") for kind in sorted(filter(None, kinds))]
    adds += map(Country, sorted(countries))
    return message("shortlist.adds", title=" ".join(pilot.title.split()), adds=join_values(adds))


def _list_quantities(parts: Mapping[str, int], bound: str = "") -> ValueList:
    return join_values(_quantity(part, number, bound) for part, number in parts.items())


def _quantity(part: str, number: int, bound: str = "") -> Message:
    return message(f"quantity.{part}{bound}", number=str(number), count=number)
