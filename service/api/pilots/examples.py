"""The documentation's examples of pilots."""

from __future__ import annotations

from service.api import sample
from service.api.pilots.schemas import (
    NewPilot,
    PilotCard,
    PilotContent,
    PilotExclusions,
    PilotPage,
    PilotPrivacy,
)
from service.api.sample import PILOT_TEXT, PROFILE, dump
from service.use_cases.access.pilot_rights import PilotDeletion

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
PILOT_PRIVACY = dump(PilotPrivacy(private=True))
PILOT_DELETION = dump(
    PilotDeletion(pilot=sample.PILOT.id, judgements=3, recipients=2, mails=9, clean=True)
)
PILOT = dump(sample.PILOT)
PILOT_PAGE = dump(
    PilotPage(pilots=(PilotCard.of(sample.PILOT),), page=1, page_size=50, pages=1, total=1)
)
PILOT_CONTENT = dump(PilotContent.of(sample.PILOT))
PILOT_PATCH = {"title": "Hjärtsvikt hemma och på väg", "profile": {"months": 18, "budget": None}}
ARCHIVED_PILOT = dump(sample.PILOT.model_copy(update={"archived_at": sample.NOW}))
