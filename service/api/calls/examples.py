"""The documentation's examples of calls; everybody in them is made up."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from index.hit import Hit
from scrapers.call import Deadline, DeadlineKind, Funding, Money
from service.api.sample import CALLS, GROUPS, MATCH, NOW, PILOT, RECURRING, STORED, dump
from service.domain.copies import copies, related
from service.domain.facts import Kind
from service.domain.gates import gates
from service.domain.history import history
from service.domain.match import CallCard, Match
from service.domain.meeting import pilots_for
from service.domain.pilot import Pilot
from service.domain.profile import Party, Profile
from service.use_cases.calls import CallDetail, CallHistory, CallPage

_CARD = CallCard.from_call(STORED, NOW, "en", copies(STORED, CALLS, GROUPS, NOW, "en"))

_FIRST_SEEN = datetime(2026, 8, 18, 4, 0, tzinfo=UTC)
_GOOD = datetime(2026, 8, 31, 4, 0, tzinfo=UTC)
_BEFORE = STORED.model_copy(
    update={
        "deadlines": (
            Deadline(
                kind=DeadlineKind.FIXED,
                zone="Europe/Stockholm",
                at=datetime(2026, 9, 29, 12, 0, tzinfo=UTC),
            ),
        ),
        "funding": Funding(
            total=Money(amount=Decimal(30_000_000), currency="SEK"),
            maximum=Money(amount=Decimal(5_000_000), currency="SEK"),
            share_percent=Decimal(50),
        ),
    }
)


_STRANGER = Pilot(
    id="scale-in-solna",
    title="A scale in every kitchen",
    text="Care at home with scales in two municipalities and a company in Finland.",
    profile=Profile(
        organisations=(
            Party(kind=Kind.MUNICIPALITY),
            Party(kind=Kind.SMALL_COMPANY, country="FI"),
        ),
        country="SE",
    ),
)


def _match(pilot: Pilot, hit: Hit) -> Match:
    return Match(
        call=MATCH.call,
        score=hit.score,
        parts=MATCH.parts,
        evidence=(),
        terms=MATCH.terms,
        gates=gates(STORED, NOW, pilot.profile),
    )


CALL = dump(
    CallDetail.at(
        STORED,
        NOW,
        call_links=related(STORED, CALLS, GROUPS, NOW, "en"),
        recurring=RECURRING,
    )
)
CALL_PAGE = dump(CallPage(calls=(_CARD,), page=1, page_size=50, pages=1, total=1, as_of=NOW))
CALL_HISTORY = dump(
    CallHistory(
        id=STORED.id,
        first_seen=_FIRST_SEEN,
        last_seen=_GOOD,
        not_seen_since=None,
        versions=history([(_FIRST_SEEN, _BEFORE), (_GOOD, STORED)]),
    )
)
PILOTS_FOR = dump(
    pilots_for(
        STORED,
        [
            (PILOT, Hit("example_fund:2026-17", 0.585, ())),
            (_STRANGER, Hit("example_fund:2026-17", 0.31, ())),
        ],
        _match,
        NOW,
        considered=6,
    )
)
