"""Candidates chosen by columns are those that the records give, and counted by the same reasons."""

from __future__ import annotations

import gc
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

import pytest

from index.search.searcher import Searcher
from scrapers.call import Call
from service.domain.calls.applicant_kinds import ApplicantKind
from service.domain.calls.copies import choose_leads
from service.domain.calls.duplicates.decisions import Relation
from service.domain.calls.duplicates.links import CallGroups, CallLink, DecidedBy, LinkState
from service.domain.matching.candidates import CandidateIndex, Candidates
from service.domain.matching.feedback import DISMISSED_REASON, CurrentOpinions, Judgement, Opinion
from service.domain.matching.filters import Filters, count_reasons
from service.domain.pilots.profile import Party, Profile
from tests.service.generated_calls import NOW, example_calls, generated_calls, moments
from tests.service.store.test_call_facts import FILTERS

PROFILES = (
    None,
    Profile(country="US", trl=2, organisations=(Party(kind=ApplicantKind.INDIVIDUAL),), months=60),
)


@dataclass(eq=False)
class Indexed:
    """Stands for a searcher: it knows which calls are in the index."""

    documents: frozenset[str] = field(default_factory=frozenset)


def searcher_of(calls: Sequence[Call]) -> Searcher:
    return cast("Searcher", Indexed(frozenset(call.id for call in calls)))


def linked(*pairs: tuple[str, str]) -> CallGroups:
    return CallGroups(
        CallLink(
            a=min(pair),
            b=max(pair),
            relation=Relation.SAME,
            state=LinkState.CONFIRMED,
            evidence=(),
            decided_by=DecidedBy.PERSON,
            decided_at=NOW,
        )
        for pair in pairs
    )


def by_records(
    calls: Mapping[str, Call],
    *,
    links: CallGroups,
    documents: frozenset[str],
    opinions: CurrentOpinions,
    filters: Filters,
    now: datetime,
    language: str,
    profile: Profile | None,
    dismissed: bool,
) -> Candidates:
    """Return the candidates as they were chosen when every record was read."""
    reasons = {id_: filters.exclusion_reason(call, now, profile) for id_, call in calls.items()}
    passing = frozenset(id_ for id_, reason in reasons.items() if reason is None)
    hidden = frozenset() if dismissed else passing & opinions.dismissed
    indexed = (passing - hidden) & documents
    left_out = count_reasons(reasons.values()) | ({DISMISSED_REASON: len(hidden)} if hidden else {})
    return Candidates(
        leads=frozenset(choose_leads(indexed, calls, links, now, language)),
        considered=len(indexed),
        waiting=len(passing - hidden) - len(indexed),
        left_out=left_out,
    )


@pytest.mark.slow
@pytest.mark.parametrize("source", ["generated", "examples"])
def test_candidates_are_those_of_the_records(source: str) -> None:
    every = generated_calls(200, seed=4) if source == "generated" else example_calls()
    calls = {call.id: call for call in every}
    ids = list(calls)
    links = linked((ids[0], ids[1]), (ids[1], ids[2]), (ids[5], ids[9]))
    opinions = CurrentOpinions(
        Judgement(pilot="p", call=id_, verdict=Opinion.NOT_RELEVANT, by="Ada", at=NOW)
        for id_ in (*ids[:12:4], "no:such")
    ).with_copies(links)
    searcher = searcher_of(every[:-7])
    index = CandidateIndex.from_calls(calls, links)
    for now in moments(every, 2)[:5]:
        for filters in (*FILTERS, Filters(gates="pass")):
            for profile in PROFILES:
                for dismissed in (False, True):
                    wanted = by_records(
                        calls,
                        links=links,
                        documents=searcher.documents,
                        opinions=opinions,
                        filters=filters,
                        now=now,
                        language="sv",
                        profile=profile,
                        dismissed=dismissed,
                    )
                    found = index.select(
                        searcher,
                        filters,
                        now,
                        "sv",
                        profile=profile,
                        opinions=opinions,
                        dismissed=dismissed,
                    )
                    assert found == wanted
                    assert list(found.left_out) == list(wanted.left_out), "the most frequent first"


def test_the_same_choice_gives_the_same_set_until_the_index_is_another() -> None:
    calls = {call.id: call for call in generated_calls(50)}
    index = CandidateIndex.from_calls(calls, CallGroups())
    searcher, other = searcher_of(list(calls.values())), searcher_of(list(calls.values())[:9])

    def leads(of: Searcher, filters: Filters) -> frozenset[str]:
        found = index.select(of, filters, NOW, "sv", profile=None, opinions=CurrentOpinions())
        return found.leads

    first = leads(searcher, Filters())
    assert leads(searcher, Filters()) is first
    assert leads(searcher, Filters(statuses=())) > first
    for number in range(20):  # so many that the first is forgotten
        leads(searcher, Filters(funders=(f"funder{number}",)))
    assert leads(searcher, Filters()) == first
    assert leads(other, Filters(statuses=())) == frozenset(list(calls)[:9])
    del searcher
    gc.collect()
    assert leads(other, Filters(statuses=())) == frozenset(list(calls)[:9])
