"""The documentation's example of what needs attention."""

from __future__ import annotations

from datetime import timedelta

from scrapers.call import Deadline, DeadlineKind
from service.api.sample import NOW, PILOT, dump
from service.domain.calls.sources import SourceState
from service.use_cases.overview.attention import (
    Attention,
    ClosingCall,
    LostMail,
    NewMatches,
    OpenQuestion,
    PilotName,
    SourceGap,
)

_PILOT = PilotName.of(PILOT)
_ID = "4b0f2c6d8e1a4f5b9c7d3e2a1b0c9d8e"

ATTENTION = dump(
    Attention(
        as_of=NOW,
        closing=(
            ClosingCall(
                call="example:2026-remote-care",
                title="Remote care in the home",
                titles={"en": "Remote care in the home"},
                funder="Example Agency",
                deadline=Deadline(
                    kind=DeadlineKind.FIXED,
                    zone="Europe/Stockholm",
                    at=NOW + timedelta(days=9, hours=4),
                ),
                wanted=True,
                pilots=(_PILOT,),
            ),
        ),
        new=(NewMatches(pilot=_PILOT, count=2, since=NOW - timedelta(days=7)),),
        sources=(
            SourceGap(
                key="example",
                name="Example Agency",
                state=SourceState.FAILING,
                last_good=NOW - timedelta(days=3),
            ),
        ),
        without_recipients=(),
        lost_mails=(
            LostMail(
                pilot=_PILOT,
                recipient=_ID,
                address="a…@example.org",
                why="hard",
                at=NOW - timedelta(days=1),
            ),
        ),
        unanswered=(
            OpenQuestion(
                pilot=_PILOT,
                recipient=_ID,
                address="b…@example.org",
                asked_at=NOW - timedelta(days=6),
            ),
        ),
    )
)
