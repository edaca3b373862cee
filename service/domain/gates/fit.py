"""Gates of fit: each fact of a call beside what the pilot's profile says about it.

A gate fails only by facts that are sure; what is doubtful or contradictory is unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from service.domain.facts import Fact
from service.domain.facts.record import SURE
from service.domain.gates import judges, tokens
from service.domain.gates.gate import Gate, Verdict, gate
from service.domain.gates.sentences import Values
from service.domain.profile import Profile

Have = tuple[str, ...]


def fit(facts: Sequence[Fact], profile: Profile) -> Iterator[Gate]:
    """Yield a gate for each fact that the call states or the profile asks about.

    Who takes part is no question of its own: it matters when the call asks for a consortium.
    """
    by_name: dict[str, list[Fact]] = {}
    for fact in facts:
        by_name.setdefault(fact.name, []).append(fact)
    for name, make, have in (
        ("applicants", _applicants, tuple(f"kind:{kind}" for kind in profile.kinds)),
        ("country", _country, tuple(f"place:{place}" for place in profile.countries)),
        ("consortium", _consortium, tokens.company(profile)),
        ("amount", _amount, tokens.wanted(profile.budget)),
        ("share", _plain, tokens.percent(profile.share_percent)),
        ("duration", _plain, (f"months:{profile.months}",) if profile.months else ()),
        ("trl", _plain, (f"trl:{profile.trl}",) if profile.trl else ()),
        ("stage", _plain, (f"stage:{profile.stage}",) if profile.stage else ()),
    ):
        stated = by_name.get(name, [])
        if stated or (have and name != "consortium"):
            yield _gate(name, stated, have, make, profile)


_Maker = Callable[[str, list[Fact], Have, Profile], Gate]


def _gate(name: str, facts: list[Fact], have: Have, make: _Maker, profile: Profile) -> Gate:
    if not facts:
        return gate(name, Verdict.UNKNOWN, "silent")
    if not have:
        values: Values = {"asked": tokens.asked(facts)}
        return gate(name, Verdict.UNKNOWN, "ask", values, facts=facts)
    return make(name, facts, have, profile)


def _applicants(name: str, facts: list[Fact], have: Have, profile: Profile) -> Gate:
    values: Values = {"asked": tokens.asked(facts), "have": have}
    verdict, deciding = judges.applicants(facts, profile.kinds)
    if verdict is Verdict.PASS:
        welcome = tuple(f"kind:{k}" for k in judges.welcome(facts, profile.kinds))
        return gate(name, verdict, "pass", {"have": welcome}, facts=deciding)
    code = _code(verdict, barred=not tokens.asked(facts) or judges.bars(deciding))
    return gate(name, verdict, code, values, facts=deciding)


def _country(name: str, facts: list[Fact], have: Have, profile: Profile) -> Gate:
    values: Values = {"asked": tokens.asked(facts), "have": have}
    verdict, deciding = judges.countries(facts, profile.countries)
    code = _code(verdict, barred=judges.bars(deciding))
    return gate(name, verdict, code, values, facts=deciding)


def _code(verdict: Verdict, *, barred: bool) -> str:
    if verdict is Verdict.FAIL:
        return "barred" if barred else "fail"
    return "pass" if verdict is Verdict.PASS else "unsure"


def _consortium(name: str, facts: list[Fact], have: Have, profile: Profile) -> Gate:
    values: Values = {"asked": tokens.asked(facts), "have": have}
    verdicts = [judges.consortium(fact.value, profile) for fact in facts]
    worst = _strictest(verdicts)
    deciding = [f for f, v in zip(facts, verdicts, strict=True) if v is worst]
    if worst is Verdict.FAIL and not any(fact.is_sure for fact in deciding):
        worst = Verdict.UNKNOWN
    return gate(name, worst, _code(worst, barred=False), values, facts=deciding)


def _amount(name: str, facts: list[Fact], have: Have, profile: Profile) -> Gate:
    values: Values = {"asked": tokens.asked(facts), "have": have}
    if judges.contradictory(facts):
        return gate(name, Verdict.UNKNOWN, "contradictory", values, facts=facts)
    verdicts = [judges.amount(fact.value, profile) for fact in facts]
    if not any(verdicts):
        return gate(name, Verdict.UNKNOWN, "currency", values, facts=facts)
    known = [verdict for verdict in verdicts if verdict]
    worst = _strictest(known)
    deciding = [f for f, v in zip(facts, verdicts, strict=True) if v is worst]
    if worst is Verdict.FAIL and not any(fact.is_sure for fact in deciding):
        worst = Verdict.UNKNOWN
    return gate(name, worst, _code(worst, barred=False), values, facts=deciding)


def _plain(name: str, facts: list[Fact], have: Have, profile: Profile) -> Gate:
    """Judge facts that each stand alone; when they disagree, the call contradicts itself."""
    values: Values = {"asked": tokens.asked(facts), "have": have}
    verdicts = [judges.plain(fact.value, profile) for fact in facts]
    if len(set(verdicts)) > 1:
        return gate(name, Verdict.UNKNOWN, "contradictory", values, facts=facts)
    verdict = verdicts[0]
    if verdict is Verdict.FAIL and max(fact.confidence for fact in facts) < SURE:
        verdict = Verdict.UNKNOWN
    return gate(name, verdict, _code(verdict, barred=False), values, facts=facts)


def _strictest(verdicts: list[Verdict]) -> Verdict:
    for verdict in (Verdict.FAIL, Verdict.UNKNOWN):
        if verdict in verdicts:
            return verdict
    return Verdict.PASS
