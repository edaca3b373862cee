"""The documentation's examples of calls; everybody in them is made up."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from index.search.hit import Hit
from scrapers.call import Deadline, DeadlineKind, Funding, Money
from service.api.sample import CALLS, GROUPS, MATCH, NOW, PILOT, RECURRING, STORED, dump
from service.domain.calls.copies import list_copies, list_related_calls
from service.domain.calls.history import list_versions
from service.domain.consortium.shortlist import make_shortlist
from service.domain.eligibility.facts import ApplicantKind
from service.domain.eligibility.gates import evaluate_gates
from service.domain.matching.match import CallCard, Match
from service.domain.pilots.pilot import Pilot
from service.domain.pilots.profile import Party, Profile
from service.use_cases.calls import CallDetail, CallHistory, CallPage

_CARD = CallCard.from_call(STORED, NOW, "en", list_copies(STORED, CALLS, GROUPS, NOW, "en"))

_FIRST_SEEN = datetime(2026, 8, 18, 4, 0, tzinfo=UTC)
_LAST_SEEN = datetime(2026, 8, 31, 4, 0, tzinfo=UTC)
_EARLIER = STORED.model_copy(
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


_OTHER_PILOT = Pilot(
    id="scale-in-solna",
    title="A scale in every kitchen",
    text="Care at home with scales in two municipalities and a company in Finland.",
    profile=Profile(
        organisations=(
            Party(kind=ApplicantKind.MUNICIPALITY),
            Party(kind=ApplicantKind.SMALL_COMPANY, country="FI"),
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
        gates=evaluate_gates(STORED, NOW, pilot.profile),
    )


CALL = dump(
    CallDetail.at(
        STORED,
        NOW,
        call_links=list_related_calls(STORED, CALLS, GROUPS, NOW, "en"),
        recurring=RECURRING,
    )
)
CALL_PAGE = dump(CallPage(calls=(_CARD,), page=1, page_size=50, pages=1, total=1, as_of=NOW))
CALL_HISTORY = dump(
    CallHistory(
        id=STORED.id,
        first_seen=_FIRST_SEEN,
        last_seen=_LAST_SEEN,
        not_seen_since=None,
        versions=list_versions([(_FIRST_SEEN, _EARLIER), (_LAST_SEEN, STORED)]),
    )
)
SHORTLIST = dump(
    make_shortlist(
        STORED,
        [
            (PILOT, Hit("example_fund:2026-17", 0.585, ())),
            (_OTHER_PILOT, Hit("example_fund:2026-17", 0.31, ())),
        ],
        _match,
        NOW,
        considered=6,
    )
)
