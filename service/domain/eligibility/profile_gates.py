"""Gates of the profile: each kind of fact in a call, compared with the pilot's profile.

A gate fails only by facts that are sure; with doubtful or contradictory ones it is unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from service.domain.eligibility import compare, message_values
from service.domain.eligibility.facts import SURE_CONFIDENCE, Fact
from service.domain.eligibility.gate_messages import Values
from service.domain.eligibility.verdict import Gate, Verdict, make_gate
from service.domain.pilots.profile import Profile

ProfileValues = tuple[str, ...]
"""What the profile has for a gate, as tokens."""


def evaluate_profile(facts: Sequence[Fact], profile: Profile) -> Iterator[Gate]:
    """Yield a gate for each kind of fact that the call or the profile has.

    The parties of a profile alone make no gate: they matter when the call requires a consortium.
    """
    by_name: dict[str, list[Fact]] = {}
    for fact in facts:
        by_name.setdefault(fact.name, []).append(fact)
    for name, make, have in (
        ("applicants", _applicants_gate, tuple(f"kind:{kind}" for kind in profile.kinds)),
        ("country", _country_gate, tuple(f"place:{place}" for place in profile.countries)),
        ("consortium", _consortium_gate, message_values.party_tokens(profile)),
        ("amount", _amount_gate, message_values.budget_tokens(profile.budget)),
        ("share", _simple_gate, message_values.percent_tokens(profile.share_percent)),
        ("duration", _simple_gate, (f"months:{profile.months}",) if profile.months else ()),
        ("trl", _simple_gate, (f"trl:{profile.trl}",) if profile.trl else ()),
        ("stage", _simple_gate, (f"stage:{profile.stage}",) if profile.stage else ()),
    ):
        stated = by_name.get(name, [])
        if stated or (have and name != "consortium"):
            yield _make_named_gate(name, stated, have, make, profile)


_GateMaker = Callable[[str, list[Fact], ProfileValues, Profile], Gate]


def _make_named_gate(
    name: str, facts: list[Fact], have: ProfileValues, make: _GateMaker, profile: Profile
) -> Gate:
    if not facts:
        return make_gate(name, Verdict.UNKNOWN, "silent")
    if not have:
        values: Values = {"asked": message_values.fact_tokens(facts)}
        return make_gate(name, Verdict.UNKNOWN, "ask", values, facts=facts)
    return make(name, facts, have, profile)


def _applicants_gate(name: str, facts: list[Fact], have: ProfileValues, profile: Profile) -> Gate:
    values: Values = {"asked": message_values.fact_tokens(facts), "have": have}
    verdict, deciding = compare.compare_applicants(facts, profile.kinds)
    if verdict is Verdict.PASS:
        welcome = tuple(f"kind:{k}" for k in compare.welcome_kinds(facts, profile.kinds))
        return make_gate(name, verdict, "pass", {"have": welcome}, facts=deciding)
    code = _reason_code(
        verdict, excluded=not message_values.fact_tokens(facts) or compare.only_exclude(deciding)
    )
    return make_gate(name, verdict, code, values, facts=deciding)


def _country_gate(name: str, facts: list[Fact], have: ProfileValues, profile: Profile) -> Gate:
    values: Values = {"asked": message_values.fact_tokens(facts), "have": have}
    verdict, deciding = compare.compare_countries(facts, profile.countries)
    code = _reason_code(verdict, excluded=compare.only_exclude(deciding))
    return make_gate(name, verdict, code, values, facts=deciding)


def _reason_code(verdict: Verdict, *, excluded: bool) -> str:
    if verdict is Verdict.FAIL:
        return "barred" if excluded else "fail"
    return "pass" if verdict is Verdict.PASS else "unsure"


def _consortium_gate(name: str, facts: list[Fact], have: ProfileValues, profile: Profile) -> Gate:
    values: Values = {"asked": message_values.fact_tokens(facts), "have": have}
    verdicts = [compare.compare_consortium(fact.value, profile) for fact in facts]
    strictest = _strictest_verdict(verdicts)
    deciding = [f for f, v in zip(facts, verdicts, strict=True) if v is strictest]
    if strictest is Verdict.FAIL and not any(fact.is_sure for fact in deciding):
        strictest = Verdict.UNKNOWN
    return make_gate(
        name, strictest, _reason_code(strictest, excluded=False), values, facts=deciding
    )


def _amount_gate(name: str, facts: list[Fact], have: ProfileValues, profile: Profile) -> Gate:
    values: Values = {"asked": message_values.fact_tokens(facts), "have": have}
    if compare.are_contradictory(facts):
        return make_gate(name, Verdict.UNKNOWN, "contradictory", values, facts=facts)
    verdicts = [compare.compare_amount(fact.value, profile) for fact in facts]
    if not any(verdicts):
        return make_gate(name, Verdict.UNKNOWN, "currency", values, facts=facts)
    comparable = [verdict for verdict in verdicts if verdict]
    strictest = _strictest_verdict(comparable)
    deciding = [f for f, v in zip(facts, verdicts, strict=True) if v is strictest]
    if strictest is Verdict.FAIL and not any(fact.is_sure for fact in deciding):
        strictest = Verdict.UNKNOWN
    return make_gate(
        name, strictest, _reason_code(strictest, excluded=False), values, facts=deciding
    )


def _simple_gate(name: str, facts: list[Fact], have: ProfileValues, profile: Profile) -> Gate:
    """Return a gate of facts that are judged one by one; verdicts that differ contradict."""
    values: Values = {"asked": message_values.fact_tokens(facts), "have": have}
    verdicts = [compare.compare_value(fact.value, profile) for fact in facts]
    if len(set(verdicts)) > 1:
        return make_gate(name, Verdict.UNKNOWN, "contradictory", values, facts=facts)
    verdict = verdicts[0]
    if verdict is Verdict.FAIL and max(fact.confidence for fact in facts) < SURE_CONFIDENCE:
        verdict = Verdict.UNKNOWN
    return make_gate(name, verdict, _reason_code(verdict, excluded=False), values, facts=facts)


def _strictest_verdict(verdicts: list[Verdict]) -> Verdict:
    for verdict in (Verdict.FAIL, Verdict.UNKNOWN):
        if verdict in verdicts:
            return verdict
    return Verdict.PASS
