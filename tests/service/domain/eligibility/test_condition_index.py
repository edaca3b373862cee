"""Conditions that are kept as texts are judged as the calls themselves are."""

from __future__ import annotations

from decimal import Decimal

import pytest

from scrapers.call import Call
from service.domain.calls.applicant_kinds import ApplicantKind
from service.domain.calls.project_stages import ProjectStage
from service.domain.eligibility.condition_index import (
    ConditionIndex,
    read_condition,
    read_facts,
    reading_method,
    write_conditions,
    write_facts,
)
from service.domain.eligibility.extract import extract_facts
from service.domain.eligibility.gates import may_apply
from service.domain.pilots.profile import Party, Profile, WantedGrant
from tests.service.generated_calls import example_calls, generated_calls

PROFILES = (
    Profile(country="SE", organisations=(Party(kind=ApplicantKind.SMALL_COMPANY),), trl=6),
    Profile(country="BR", organisations=(Party(kind=ApplicantKind.INDIVIDUAL),), partners=()),
    Profile(country="SE-AB", months=120, share_percent=100, stage=ProjectStage.RESEARCH),
    Profile(budget=WantedGrant(amount=Decimal(10**9), currency="EUR"), months=1),
    Profile(
        budget=WantedGrant(amount=Decimal(1), currency="SEK"),
        trl=9,
        partners=(Party(country="DE"),),
    ),
)


def some_calls(real_calls: list[Call]) -> list[Call]:
    invited = example_calls()[3].model_copy(update={"id": "vinnova:asked", "invited_only": True})
    return [*example_calls(), *generated_calls(60), *real_calls[::12], invited]


@pytest.mark.slow
def test_verdicts_are_those_of_the_calls(real_calls: list[Call]) -> None:
    calls = some_calls(real_calls)
    index = ConditionIndex((call.id, write_conditions(call)) for call in calls)
    ids = [call.id for call in calls]
    for profile in (None, Profile(), *PROFILES):
        wanted = {call.id for call in calls if not may_apply(call, profile)}
        assert index.failing(ids, profile) == wanted
        assert index.failing(ids[:9], profile) == wanted & set(ids[:9])
    assert len(index.failing(ids, PROFILES[1])) > len(index.failing(ids, None)) > 0


@pytest.mark.parametrize("call", example_calls()[:30], ids=lambda call: call.id)
def test_facts_are_read_as_they_were_written(call: Call) -> None:
    index = ConditionIndex([(call.id, write_conditions(call))])
    found = [fact for stated in index._stated[call.id] for fact in read_condition(stated)]
    wanted = [fact.replaced(quote=None, general=False) for fact in extract_facts(call)]
    assert sorted(found, key=repr) == sorted(wanted, key=repr)
    assert read_facts(write_facts(call)) == extract_facts(call)


def test_many_profiles_are_judged_and_the_last_are_kept() -> None:
    calls = example_calls()
    index = ConditionIndex((call.id, write_conditions(call)) for call in calls)
    ids = [call.id for call in calls]
    for trl in range(1, 10):
        for months in (1, 24, 200):
            profile = Profile(trl=trl, months=months)
            assert index.failing(ids, profile) == {c.id for c in calls if not may_apply(c, profile)}
    assert len(index._failing) <= 16


def test_a_call_that_nobody_read_states_nothing() -> None:
    assert ConditionIndex().failing(["vinnova:1"], PROFILES[0]) == set()
    assert len(reading_method()) == 64
