"""Pilots for a call: which of ours fit it, what each brings, and which meet its rule together.

It is a short list for a meeting. Nothing is decided: who has not said who takes part is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import combinations

from pydantic import BaseModel, ConfigDict, Field

from index.search import Hit
from scrapers.call import Call
from service.domain.change import Sentence
from service.domain.facts import Applicants, Consortium, Fact, Quote, facts_of
from service.domain.gates import Gate, Verdict
from service.domain.gates.judges import consortium, welcome
from service.domain.gates.sentences import Values, fill
from service.domain.match import CallCard, Evidence, Match
from service.domain.meeting_words import ENGLISH, SWEDISH
from service.domain.pilot import Pilot
from service.domain.profile import Party, Profile

CONSIDERED = 12
"""Pilots that combinations are made of, the best fits first."""

TOGETHER = 3
"""Pilots in a combination at most, and combinations that are shown."""

FITS = 0.25
"""Score (0 to 1) from which a call is worth a pilot's time; the mail's own default."""

_BEYOND_FIT = frozenset({"status", "deadline", "profile", "consortium"})


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Rule(_Frozen):
    """The smallest consortium that the call asks for, and where it says so."""

    parties: int | None
    countries: int | None
    kinds: int | None
    sure: bool = Field(description="Whether every part is said as a rule, not as a wish.")
    quotes: tuple[Quote, ...]


class Brings(_Frozen):
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


class Together(_Frozen):
    """Pilots that complement each other for the call."""

    pilots: tuple[str, ...] = Field(description="Ids, the best fit first.")
    verdict: Verdict = Field(description="Whether they meet the rule together.")
    score: float = Field(description="The mean of their scores.")
    reasons: tuple[Sentence, ...]


class PilotsFor(_Frozen):
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
    rule = _rule(facts)
    shown = ranked[:top]
    return PilotsFor(
        call=CallCard.of(call, now, language),
        rule=rule,
        pilots=tuple(_brings(call, p, explain(p, hit)) for p, hit in shown),
        together=_together(rule, facts, ranked[:CONSIDERED]) if rule else (),
        considered=considered,
        as_of=now,
        notes=tuple(_notes(rule, ranked)),
    )


def _rule(facts: Sequence[Fact]) -> Rule | None:
    """Return the strictest of what the call asks for: sure sentences before wishes."""
    asked = [(f, f.value) for f in facts if isinstance(f.value, Consortium)]
    chosen = [(f, v) for f, v in asked if f.sure] or asked
    if not chosen:
        return None

    def most(name: str) -> int | None:
        return max((n for _, v in chosen if (n := getattr(v, name)) is not None), default=None)

    quotes = dict.fromkeys(fact.quote for fact, _ in chosen if fact.quote)
    return Rule(
        parties=most("parties"),
        countries=most("countries"),
        kinds=most("kinds"),
        sure=all(fact.sure for fact, _ in chosen),
        quotes=tuple(quotes),
    )


def _brings(call: Call, pilot: Pilot, match: Match) -> Brings:
    profile = pilot.profile or Profile()
    parties = profile.parties
    kinds = tuple(dict.fromkeys(one.kind for one in parties if one.kind))
    named = welcome(_lists(facts_of(call)), kinds)
    fails = tuple(
        one for one in match.gates if one.verdict is Verdict.FAIL and one.name not in _BEYOND_FIT
    )
    countries = _countries(parties)
    reasons = [_say("fits", {"score": (f"{match.score:.2f}",)})]
    if profile.empty:
        reasons.append(_say("unknown", {}))
    if kinds:
        reasons.append(_say("brings", {"kinds": _tokens("part", kinds)}))
    if named:
        reasons.append(_say("welcome", {"kinds": _tokens("part", named)}))
    if countries:
        reasons.append(_say("from", {"places": _tokens("place", countries)}))
    reasons += [Sentence(en=one.said("en"), sv=one.said("sv")) for one in fails]
    return Brings(
        id=pilot.id,
        title=pilot.title,
        score=match.score,
        parties=len(parties) if parties else None,
        kinds=tuple(kind.value for kind in kinds),
        countries=countries,
        fails=fails,
        evidence=next(iter(match.evidence), None),
        reasons=tuple(reasons),
    )


def _together(
    rule: Rule, facts: Sequence[Fact], ranked: Sequence[tuple[Pilot, Hit]]
) -> tuple[Together, ...]:
    """Return the combinations that meet the rule, or come nearest, without anybody idle."""
    asked = Consortium(parties=rule.parties, countries=rule.countries, kinds=rule.kinds)
    known = [(p, hit.score) for p, hit in ranked if p.profile and p.profile.parties]
    found: list[tuple[Verdict, int, float, tuple[Pilot, ...]]] = []
    for size in range(1, TOGETHER + 1):
        for some in combinations(known, size):
            pilots = tuple(pilot for pilot, _ in some)
            verdict = consortium(asked, _joined(pilots))
            if verdict is Verdict.FAIL or _idle(asked, pilots):
                continue
            found.append((verdict, size, sum(s for _, s in some) / size, pilots))
    found.sort(key=lambda one: (one[0] is not Verdict.PASS, one[1], -one[2]))
    return tuple(
        Together(
            pilots=tuple(pilot.id for pilot in pilots),
            verdict=verdict,
            score=score,
            reasons=tuple(_why(rule, facts, pilots, verdict)),
        )
        for verdict, _, score, pilots in found[:TOGETHER]
    )


def _joined(pilots: Sequence[Pilot]) -> Profile:
    """Return the profile of pilots as one project: everybody once, and nobody else."""
    return Profile.model_construct(organisations=_everybody(pilots), partners=())


def _everybody(pilots: Iterable[Pilot]) -> tuple[Party, ...]:
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


def _idle(asked: Consortium, pilots: Sequence[Pilot]) -> bool:
    """Whether the combination does as well without one of its pilots."""
    if len(pilots) == 1:
        return False
    whole = consortium(asked, _joined(pilots))
    return any(
        consortium(asked, _joined(less)) is whole for less in combinations(pilots, len(pilots) - 1)
    )


def _why(
    rule: Rule, facts: Sequence[Fact], pilots: Sequence[Pilot], verdict: Verdict
) -> Iterable[Sentence]:
    """Say what the rule is, what they have together, and what each adds to those before it."""
    parties = _everybody(pilots)
    kinds = tuple(dict.fromkeys(one.kind for one in parties if one.kind))
    countries = _countries(parties)
    asked = {"parties": rule.parties, "countries": rule.countries, "kinds": rule.kinds}
    tokens = tuple(f"{name}:{number}-" for name, number in asked.items() if number)
    have = (f"parties:{len(parties)}", f"countries:{len(countries)}", f"kinds:{len(kinds)}")
    yield _say("asked", {"asked": tokens})
    yield _say("meet" if verdict is Verdict.PASS else "perhaps", {"have": have})
    for place, pilot in enumerate(pilots[1:], 1):
        before = _everybody(pilots[:place])
        profile = pilot.profile or Profile()
        new = {one.kind for one in profile.parties} - {one.kind for one in before} - {None}
        lands = set(_countries(profile.parties)) - set(_countries(before))
        more = len(_everybody(pilots[: place + 1])) - len(before)
        adds = _tokens("parties", [str(more)] if more else [])
        adds += _tokens("part", sorted(filter(None, new))) + _tokens("place", sorted(lands))
        # a title may look like a token: it is put in when everything else has been said
        said = _say("adds", {"title": ("{title}",), "adds": adds})
        title = " ".join(pilot.title.split())
        yield Sentence(en=said.en.replace("{title}", title), sv=said.sv.replace("{title}", title))
    if not rule.sure:
        yield _say("wish", {})
    named = welcome(_lists(facts), kinds)
    if named:
        yield _say("welcome", {"kinds": _tokens("part", named)})


def _notes(rule: Rule | None, ranked: Sequence[tuple[Pilot, Hit]]) -> Iterable[Sentence]:
    if not ranked:
        yield _say("none", {})
    if rule is None:
        yield _say("no_rule", {})
    silent = sum(not (pilot.profile and pilot.profile.parties) for pilot, _ in ranked[:CONSIDERED])
    if rule and silent:
        yield _say("silent", {"count": (str(silent),)})


def _lists(facts: Iterable[Fact]) -> list[Fact]:
    """Return the facts that name who may apply."""
    return [fact for fact in facts if isinstance(fact.value, Applicants)]


def _countries(parties: Iterable[Party]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.country[:2] for one in parties if one.country))


def _tokens(tag: str, values: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{tag}:{value}" for value in values)


def _say(code: str, values: Values) -> Sentence:
    return Sentence(en=fill(ENGLISH[code], values, "en"), sv=fill(SWEDISH[code], values, "sv"))
