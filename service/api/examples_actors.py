"""The documentation's examples of actors and of a meeting; everybody in them is made up."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from index.hit import Hit
from scrapers.call import Level, Status
from service.api.examples import MATCH_LIST, NOW, PILOT, STORED
from service.domain.actors import Actor, ActorKind, Example, Sum
from service.domain.facts import Kind
from service.domain.gates import gates
from service.domain.landscape import ActorList
from service.domain.match import Match
from service.domain.meeting import pilots_for
from service.domain.pilot import Pilot
from service.domain.profile import Party, Profile

_CALL = Example(
    kind="call",
    id="example_fund:2026-17",
    title="Care closer to home",
    year=2026,
    funder="The Example Fund",
    status=Status.OPEN,
    similarity=0.62,
    url="https://fund.example/calls/2026-17",
)
_PROJECT = Example(
    kind="project",
    id="example_register:2024-00311",
    title="A scale that calls the ward",
    year=2024,
    funder="The Example Fund",
    status=None,
    similarity=0.58,
    url="https://fund.example/projects/2024-00311",
)
_GRANT = Sum(amount=Decimal(3_200_000), currency="SEK", projects=1)

ACTOR_LIST: dict[str, Any] = ActorList(
    actors=(
        Actor(
            kind=ActorKind.FUNDER,
            key="example_fund",
            name="The Example Fund",
            level=Level.NATIONAL,
            country=None,
            weight=1.2,
            calls=1,
            open_calls=1,
            projects=1,
            coordinated=0,
            sums=(_GRANT,),
            examples=(_CALL, _PROJECT),
        ),
        Actor(
            kind=ActorKind.ORGANISATION,
            key="example university hospital",
            name="Example University Hospital",
            level=Level.NATIONAL,
            country="SE",
            weight=0.58,
            calls=0,
            open_calls=0,
            projects=1,
            coordinated=1,
            sums=(_GRANT,),
            examples=(_PROJECT,),
        ),
    ),
    total=2,
    calls=1,
    projects=1,
    language="en",
    as_of=NOW,
).model_dump(mode="json")

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
    known = Match.model_validate(MATCH_LIST["matches"][0])
    fits = gates(STORED, NOW, pilot.profile)
    return known.model_copy(update={"score": hit.score, "gates": fits, "evidence": ()})


PILOTS_FOR: dict[str, Any] = pilots_for(
    STORED,
    [
        (Pilot.model_validate(PILOT), Hit("example_fund:2026-17", 0.585, ())),
        (_STRANGER, Hit("example_fund:2026-17", 0.31, ())),
    ],
    _match,
    NOW,
    considered=6,
).model_dump(mode="json")
