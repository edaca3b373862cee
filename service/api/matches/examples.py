"""The documentation's examples of matches, and of a call explained."""

from __future__ import annotations

from scrapers.call import Level
from service.api.matches.schemas import MatchRequest
from service.api.sample import FACTS, MATCH, NOW, PILOT, PILOT_TEXT, PROFILE, STORED, dump
from service.domain.eligibility.condition_reader import ConditionReader
from service.domain.eligibility.counterfactuals import find_counterfactuals
from service.domain.eligibility.facts import Quote
from service.domain.eligibility.subject.any_subject import AnySubject
from service.domain.eligibility.subject.any_subject_calls import AnySubjectCalls
from service.domain.matching.call_explanation import (
    CallExplanation,
    SentenceEffect,
    rank_change_sentence,
)
from service.domain.matching.filters import Filters
from service.domain.matching.match import MatchList
from service.domain.matching.match_context import StoredCalls
from service.domain.matching.other_calls.any_subject import (
    AnySubjectCall,
    AnySubjectList,
    make_any_subject,
)
from service.domain.matching.other_calls.hidden_calls import HiddenCalls
from service.domain.matching.why_not import make_reason
from service.messages.message import message
from service.messages.sentence import Sentence

MATCH_REQUEST = dump(
    MatchRequest(text=PILOT_TEXT, top=5, filters=Filters(levels=(Level.NATIONAL,)), profile=PROFILE)
)


def _any_subject_call() -> AnySubjectCall:
    """Return a call of the sample's fund that is open to any subject."""
    text = "Grants for young companies. Companies in any industry can apply."
    title = "Innovation cheques"
    call = STORED.model_copy(
        update={
            "id": "example_fund:2026-30",
            "titles": {"en": title},
            "texts": {"en": text},
            "sections": {},
            "programme": "",
            "funding": None,
            "eligibility": (),
            "url": "https://fund.example/calls/2026-30",
            "apply_url": None,
        }
    )
    says = AnySubject(
        quote=Quote(field="titles", lang="en", start=0, end=len(title), text=title), by_name=True
    )
    stored = AnySubjectCalls([(call.id, "{}", says.model_dump_json())])
    nothing_asked = ConditionReader(lambda _: {call.id: ()})
    calls = StoredCalls(calls={call.id: call}, now=NOW, conditions=nothing_asked)
    return make_any_subject(calls, stored, call, None, "en")


MATCHES = MatchList(
    matches=(MATCH,),
    language="sv",
    as_of=NOW,
    considered=12,
    left_out={"status closed": 48, "another level": 20},
    hidden=HiddenCalls(count=2, reasons={"status closed": 2}),
    any_subject=AnySubjectList(calls=(_any_subject_call(),), more=3),
)
MATCH_LIST = dump(MATCHES)
CALL_EXPLANATION = dump(
    CallExplanation(
        pilot=PILOT.id,
        match=MATCH,
        rank=2,
        considered=12,
        recommended=False,
        why_not=(make_reason("filter", what=message("why_not.filter.another level")),),
        without=tuple(
            SentenceEffect(
                pilot=one.pilot,
                rank=2,
                score=MATCH.score,
                new_rank=17,
                new_score=0.031,
                sentence=Sentence.of(rank_change_sentence(2, 17)),
            )
            for one in MATCH.evidence
        ),
        openings=find_counterfactuals(STORED, NOW, PILOT.profile, facts=FACTS),
        language="sv",
        as_of=NOW,
        notes=(),
    )
)
