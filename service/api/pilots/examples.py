"""The documentation's examples of pilots."""

from __future__ import annotations

from service.api import sample
from service.api.pilots.schemas import (
    NewPilot,
    PilotCard,
    PilotContent,
    PilotExclusions,
    PilotPage,
)
from service.api.sample import PILOT_TEXT, PROFILE, dump

NEW_PILOT = dump(
    NewPilot(
        id=sample.PILOT.id,
        title=sample.PILOT.title,
        text=PILOT_TEXT,
        language="sv",
        profile=PROFILE,
    )
)
PILOT_EXCLUSIONS = dump(PilotExclusions(exclude=("cancer", "läkemedel")))
PILOT = dump(sample.PILOT)
PILOT_PAGE = dump(
    PilotPage(pilots=(PilotCard.of(sample.PILOT),), page=1, page_size=50, pages=1, total=1)
)
PILOT_CONTENT = dump(PilotContent.of(sample.PILOT))
PILOT_PATCH = {"title": "Hjärtsvikt hemma och på väg", "profile": {"months": 18, "budget": None}}
ARCHIVED_PILOT = dump(sample.PILOT.model_copy(update={"archived_at": sample.NOW}))
