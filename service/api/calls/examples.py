"""The documentation's examples of calls; everybody in them is made up."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from index.explain.evidence import Explanation
from index.explain.shared_terms import SharedTerm
from index.search.hit import Hit
from scrapers.call import Deadline, DeadlineKind, Funding, Money
from service.api.sample import (
    CALLS,
    CONDITIONS,
    FACTS,
    GROUPS,
    MATCH,
    NOW,
    PILOT,
    ROUND_HISTORY,
    STORED,
    STORED_CALLS,
    dump,
)
from service.domain.calls.applicant_kinds import ApplicantKind
from service.domain.calls.copies import list_related_calls
from service.domain.calls.history import list_versions
from service.domain.calls.stored.call_changes import LogPosition, write_cursor
from service.domain.consortium.shortlist import make_shortlist
from service.domain.eligibility.stated_conditions import list_conditions
from service.domain.matching.call_card import make_card
from service.domain.matching.match import Match, make_match
from service.domain.matching.match_context import StoredCalls
from service.domain.matching.result_groups import ResultGroup
from service.domain.pilots.pilot import Pilot
from service.domain.pilots.profile import Party, Profile
from service.use_cases.calls import CallDetail, CallHistory, CallPage

_CARD = make_card(STORED_CALLS, STORED, "en")

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
    terms = tuple(SharedTerm(term.pilot, term.call, term.weight) for term in MATCH.terms)
    explanation = Explanation((), terms)
    group = ResultGroup(hit)
    return make_match(STORED_CALLS, group, explanation, "en", profile=pilot.profile)


CALL = dump(
    CallDetail.from_call(
        STORED,
        NOW,
        call_links=list_related_calls(STORED, CALLS, GROUPS, NOW, "en"),
        round_history=ROUND_HISTORY,
        conditions=list_conditions(FACTS),
        modified_at=_FIRST_SEEN,
    )
)
CALL_PAGE = dump(
    CallPage(
        calls=(_CARD,),
        page=1,
        page_size=50,
        pages=1,
        total=1,
        as_of=NOW,
        cursor=write_cursor(LogPosition(4711, "8c2f61d0")),
    )
)
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
        StoredCalls(calls={STORED.id: STORED}, now=NOW, conditions=CONDITIONS),
        STORED,
        [
            (PILOT, Hit("example_fund:2026-17", 0.585, ())),
            (_OTHER_PILOT, Hit("example_fund:2026-17", 0.31, ())),
        ],
        _match,
        considered=6,
    )
)
