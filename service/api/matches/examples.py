"""The documentation's examples of matches, and of a call explained."""

from __future__ import annotations

from scrapers.call import Level
from service.api.matches.schemas import MatchRequest
from service.api.sample import MATCH, NOW, PILOT, PILOT_TEXT, PROFILE, STORED, dump
from service.domain.eligibility.counterfactuals import find_counterfactuals
from service.domain.matching.call_explanation import (
    CallExplanation,
    SentenceEffect,
    rank_change_sentence,
)
from service.domain.matching.filters import Filters
from service.domain.matching.match import MatchList
from service.domain.matching.why_not import make_reason
from service.messages.message import message
from service.messages.sentence import Sentence

MATCH_REQUEST = dump(
    MatchRequest(text=PILOT_TEXT, top=5, filters=Filters(levels=(Level.NATIONAL,)), profile=PROFILE)
)
MATCH_LIST = dump(
    MatchList(
        matches=(MATCH,),
        language="sv",
        as_of=NOW,
        considered=12,
        left_out={"status closed": 48, "another level": 20},
    )
)
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
        openings=find_counterfactuals(STORED, NOW, PILOT.profile),
        language="sv",
        as_of=NOW,
        notes=(),
    )
)
