"""The made-up funder, call and pilot of the documentation's examples.

They are made up so that no reader applies to a call of an example. Examples are dumped from these
records, so that they always fit the schemas.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from index.explain.evidence import Explanation, SentencePair
from index.explain.shared_terms import SharedTerm
from index.search.fusion import SignalPart
from index.search.hit import Hit
from index.text.sentences import Span
from scrapers.call import (
    Call,
    Deadline,
    DeadlineKind,
    Eligibility,
    Funding,
    Level,
    Money,
    Provenance,
    join_sections,
)
from service.domain.awards.similar_awards import AwardSpan, AwardTie, PastAward, PastProject
from service.domain.calls.applicant_kinds import ApplicantKind
from service.domain.calls.duplicates.decisions import decide_all
from service.domain.calls.duplicates.links import CallGroups, CallLink, DecidedBy, LinkState
from service.domain.calls.freshness import Arrivals
from service.domain.calls.rounds import Round, RoundHistory, RoundSource, UsualMonths
from service.domain.calls.stored.call_changes import ChangeTimes
from service.domain.eligibility.condition_reader import ConditionReader
from service.domain.eligibility.facts import (
    Applicants,
    Fact,
    FundingShare,
    GrantAmount,
    Quote,
)
from service.domain.eligibility.verdict import Gate
from service.domain.matching.match import Match, make_match
from service.domain.matching.match_context import StoredCalls
from service.domain.matching.prior_activity import PriorActivity
from service.domain.matching.result_groups import ResultGroup
from service.domain.pilots.pilot import Pilot
from service.domain.pilots.profile import Party, Profile, WantedGrant

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)

_ASKED = "Applicants are hospitals and small companies together."
_QUOTED = "The call pays for trials of remote care in patients' own homes."
_TEXT, _SECTIONS = join_sections(
    [
        ("scope", f"{_QUOTED} Two regions must take part."),
        ("eligibility", _ASKED),
    ]
)
_PAID_QUOTE = (
    "Patients at home with heart failure weigh themselves, and a nurse sees it the same day."
)
_PAID_TEXT = f"Few beds are left in winter. {_PAID_QUOTE}"
PILOT_TEXT = "Hjärtsvikt hemma. Vi prövar vård på distans av patienter i deras eget hem."
_PILOT_QUOTE = "Vi prövar vård på distans av patienter i deras eget hem."

STORED = Call(
    id="example_fund:2026-17",
    funder="The Example Fund",
    level=Level.NATIONAL,
    titles={"en": "Care closer to home"},
    texts={"en": _TEXT},
    sections={"en": _SECTIONS},
    programme="Health at a distance",
    identifiers=("2026-17",),
    keywords=("telemedicine",),
    opens=datetime(2026, 8, 17, 7, 0, tzinfo=UTC),
    deadlines=(
        Deadline(
            kind=DeadlineKind.FIXED,
            zone="Europe/Stockholm",
            at=datetime(2026, 10, 13, 12, 0, tzinfo=UTC),
        ),
    ),
    funding=Funding(
        total=Money(amount=Decimal(40_000_000), currency="SEK"),
        maximum=Money(amount=Decimal(5_000_000), currency="SEK"),
        share_percent=Decimal(50),
    ),
    eligibility=(
        Eligibility(
            kind="applicant",
            value="hospital and company",
            quote=_ASKED,
        ),
    ),
    url="https://fund.example/calls/2026-17",
    provenance=Provenance(source="example_fund", url="https://fund.example/calls/2026-17"),
)

ABROAD = STORED.model_copy(
    update={
        "id": "example_portal:CARE-2026-17",
        "funder": "The Example Portal",
        "level": Level.INTERNATIONAL,
        "url": "https://portal.example/CARE-2026-17",
        "apply_url": STORED.url,
        "deadlines": (),
        "provenance": Provenance(source="example_portal"),
    }
)
"""The same call on another portal."""

_ASKED_AT = _TEXT.index(_ASKED)
FACTS = (
    Fact(
        name="applicants",
        value=Applicants(kinds=(ApplicantKind.SMALL_COMPANY, ApplicantKind.CARE), closed=True),
        confidence=0.95,
        quote=Quote(
            field="texts", lang="en", start=_ASKED_AT, end=_ASKED_AT + len(_ASKED), text=_ASKED
        ),
    ),
    Fact(
        name="amount", value=GrantAmount(maximum=Decimal(5_000_000), currency="SEK"), confidence=1
    ),
    Fact(name="share", value=FundingShare(percent=Decimal(50)), confidence=1),
)
"""What the call asks for, as a store keeps it: to read it anew takes a second at every start."""

CONDITIONS = ConditionReader(lambda calls: {call.id: FACTS for call in calls})
"""The conditions of the call under any of its ids."""

CALLS = {call.id: call for call in (STORED, ABROAD)}
GROUPS = CallGroups(
    CallLink(
        **decision.model_dump(),
        state=LinkState.PROPOSED,
        decided_by=DecidedBy.MACHINE,
        decided_at=NOW,
    )
    for decision in decide_all(CALLS).values()
)

PROFILE = Profile(
    organisations=(Party(kind=ApplicantKind.REGION), Party(kind=ApplicantKind.SMALL_COMPANY)),
    country="SE",
    budget=WantedGrant(amount=Decimal(6_000_000), currency="SEK"),
)
PILOT = Pilot(
    id="heart-at-home-5f3a9c",
    title="Hjärtsvikt hemma",
    text=PILOT_TEXT,
    language="sv",
    profile=PROFILE,
    created_at=NOW,
    modified_at=NOW,
)


def _span(text: str, quote: str) -> tuple[int, int]:
    start = text.index(quote)
    return start, start + len(quote)


ROUND_HISTORY = RoundHistory(
    rounds=(
        Round(
            id="example_fund:2024-09",
            title="Care closer to home 2024",
            year=2024,
            opens=datetime(2024, 8, 19, 7, 0, tzinfo=UTC),
            closes=datetime(2024, 10, 8, 12, 0, tzinfo=UTC),
            url="https://fund.example/calls/2024-09",
            why=RoundSource.TITLE,
            awards=7,
        ),
    ),
    usually=UsualMonths(what="opens", months=(8,), years=(2024, 2026)),
)


def _past() -> PastProject:
    start, end = _span(_PAID_TEXT, _PAID_QUOTE)
    return PastProject(
        award=PastAward(
            id="example_register:2024-00311",
            title="A scale that calls the ward",
            funder="The Example Fund",
            coordinator="Example University Hospital",
            year=2024,
            amount=Decimal(3_200_000),
            currency="SEK",
            url="https://fund.example/projects/2024-00311",
        ),
        similarity=0.71,
        why=AwardTie.ROUND,
        evidence=AwardSpan(field="texts", lang="en", start=start, end=end, text=_PAID_QUOTE),
    )


_SMALL = STORED.model_copy(
    update={
        "id": "example_fund:2026-18",
        "titles": {"en": "Care closer to home, small projects"},
        "url": "https://fund.example/calls/2026-18",
    }
)
_LONG_AGO = datetime(2024, 8, 19, 4, 0, tzinfo=UTC)
_FIRST_SEEN = datetime(2026, 8, 20, 4, 0, tzinfo=UTC)

STORED_CALLS = StoredCalls(
    calls=CALLS | {_SMALL.id: _SMALL},
    now=NOW,
    conditions=CONDITIONS,
    links=GROUPS,
    arrivals=Arrivals({"example_fund:2024-09": _LONG_AGO, STORED.id: _FIRST_SEEN}),
    modified=ChangeTimes(lambda ids: dict.fromkeys(ids, _FIRST_SEEN)),
)


def _make_match() -> Match:
    parts = (SignalPart("meaning", 0.55, 0.5502), SignalPart("words", 0.4, 0.0348))
    pair = SentencePair(
        query=Span(*_span(PILOT_TEXT, _PILOT_QUOTE)),
        query_text=_PILOT_QUOTE,
        query_read=_PILOT_QUOTE,
        field="texts",
        language="en",
        section="scope",
        span=Span(*_span(_TEXT, _QUOTED)),
        text=_QUOTED,
        similarity=0.89,
        worth=1.0,
        convincing=0.83,
    )
    match = make_match(
        STORED_CALLS,
        ResultGroup(Hit(STORED.id, 0.585, parts), [Hit(_SMALL.id, 0.5312, ())]),
        Explanation((pair,), (SharedTerm("patienter", "patients", 0.41),)),
        "sv",
        profile=PROFILE,
        prior=PriorActivity((_past(),), ROUND_HISTORY),
    )
    return match.model_copy(update={"gates": tuple(map(_with_nearest, match.gates))})


def _with_nearest(gate: Gate) -> Gate:
    """Return a gate that nothing was found about with the call's sentence nearest to it."""
    if not gate.is_silent:
        return gate
    start, end = _span(_TEXT, _QUOTED)
    near = Quote(field="texts", lang="en", start=start, end=end, text=_QUOTED)
    return gate.model_copy(update={"nearest": (near,)})


MATCH = _make_match()


def dump(model: BaseModel) -> dict[str, Any]:
    """Return a record as JSON has it."""
    dumped: dict[str, Any] = model.model_dump(mode="json", by_alias=True)
    return dumped
