"""The documentation's example of actors; everybody in it is made up."""

from __future__ import annotations

from decimal import Decimal

from scrapers.call import Level, Status
from service.api.sample import NOW, dump
from service.domain.awards.actors import Actor, ActorExample, ActorKind, ActorList, FundingTotal

_CALL = ActorExample(
    kind="call",
    id="example_fund:2026-17",
    title="Care closer to home",
    year=2026,
    funder="The Example Fund",
    status=Status.OPEN,
    similarity=0.62,
    url="https://fund.example/calls/2026-17",
)
_PROJECT = ActorExample(
    kind="project",
    id="example_register:2024-00311",
    title="A scale that calls the ward",
    year=2024,
    funder="The Example Fund",
    status=None,
    similarity=0.58,
    url="https://fund.example/projects/2024-00311",
)
_GRANT = FundingTotal(amount=Decimal(3_200_000), currency="SEK", projects=1)

ACTOR_LIST = dump(
    ActorList(
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
    )
)
