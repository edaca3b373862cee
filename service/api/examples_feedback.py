"""The documentation's examples of judgements, made from the records themselves."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel

from service.api.examples import STORED
from service.api.schemas_feedback import FeedbackList, NewJudgement
from service.domain.feedback import Judgement, Opinion

_PILOT = "heart-at-home-5f3a9c"
_FIRST = Judgement(
    pilot=_PILOT,
    call=STORED.id,
    verdict=Opinion.RELEVANT,
    by="Innovation team",
    at=datetime(2026, 9, 1, 9, 15, tzinfo=UTC),
)
_OTHER = Judgement(
    pilot=_PILOT,
    call="example_fund:2026-19",
    verdict=Opinion.NOT_RELEVANT,
    by="Innovation team",
    at=datetime(2026, 9, 1, 9, 17, tzinfo=UTC),
)


def _dump(model: BaseModel) -> dict[str, Any]:
    dumped: dict[str, Any] = model.model_dump(mode="json")
    return dumped


NEW_JUDGEMENT = _dump(NewJudgement(call=STORED.id, verdict=Opinion.RELEVANT, by="Innovation team"))
JUDGEMENT = _dump(_FIRST)
FEEDBACK_LIST = _dump(
    FeedbackList(pilot=_PILOT, judgements=(_OTHER, _FIRST), history=(_FIRST, _OTHER))
)
