"""The documentation's example of a pair explained; everybody in it is made up."""

from __future__ import annotations

from typing import Any

from service.api.examples import MATCH_LIST, NOW, PILOT, STORED
from service.domain.gates.openings import openings
from service.domain.match import Match
from service.domain.pair import Pair, Without, moved
from service.domain.pilot import Pilot
from service.domain.why_not import because
from service.messages.message import message
from service.messages.sentence import Sentence

_PILOT = Pilot.model_validate(PILOT)
_MATCH = Match.model_validate(MATCH_LIST["matches"][0])

PAIR: dict[str, Any] = Pair(
    pilot=_PILOT.id,
    match=_MATCH,
    rank=2,
    considered=12,
    recommended=False,
    why_not=(because("filter", what=message("why_not.filter.another level")),),
    without=tuple(
        Without(
            pilot=one.pilot,
            rank=2,
            score=_MATCH.score,
            new_rank=17,
            new_score=0.031,
            sentence=Sentence.of(moved(2, 17)),
        )
        for one in _MATCH.evidence
    ),
    openings=openings(STORED, NOW, _PILOT.profile),
    language="sv",
    as_of=NOW,
    notes=(),
).model_dump(mode="json")
