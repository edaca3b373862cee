"""The documentation's examples of judgements."""

from __future__ import annotations

from datetime import UTC, datetime

from service.api.feedback.schemas import NewJudgement
from service.api.sample import PILOT, STORED, dump
from service.domain.matching.feedback import Judgement, Opinion
from service.use_cases.feedback import FeedbackList

_FIRST = Judgement(
    pilot=PILOT.id,
    call=STORED.id,
    verdict=Opinion.RELEVANT,
    by="Innovation team",
    at=datetime(2026, 9, 1, 9, 15, tzinfo=UTC),
)
_OTHER = Judgement(
    pilot=PILOT.id,
    call="example_fund:2026-19",
    verdict=Opinion.NOT_RELEVANT,
    by="Innovation team",
    at=datetime(2026, 9, 1, 9, 17, tzinfo=UTC),
)


NEW_JUDGEMENT = dump(NewJudgement(call=STORED.id, verdict=Opinion.RELEVANT, by="Innovation team"))
JUDGEMENT = dump(_FIRST)
FEEDBACK_LIST = dump(
    FeedbackList(pilot=PILOT.id, judgements=(_OTHER, _FIRST), history=(_FIRST, _OTHER))
)
