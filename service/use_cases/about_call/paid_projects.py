"""Who was paid by a call or by an earlier round of it."""

from __future__ import annotations

from decimal import Decimal

from pydantic import Field

from scrapers.award import Award
from service.context import Context
from service.domain.awards.similar_awards import PastAward
from service.domain.calls.funders import funder_of_call
from service.domain.calls.ids import native_id
from service.domain.frozen_model import FrozenModel
from service.domain.scan.money import CurrencySum
from service.errors import UnknownCallError

MOST_PROJECTS = 25
"""Projects that are listed; all are counted."""


class PaidProject(FrozenModel):
    """A project that was paid, and by which round."""

    award: PastAward
    round: str = Field(description="The identifier of the call or round that paid it.")
    by_this: bool = Field(description="Whether the call itself paid it, and no earlier round.")


class PaidProjects(FrozenModel):
    """The projects that a call and its earlier rounds paid, the latest first."""

    projects: tuple[PaidProject, ...] = Field(description="At most 25.")
    total: int
    sums: tuple[CurrencySum, ...] = Field(description="Their grants by currency; `calls`: grants.")


NO_PROJECTS = PaidProjects(projects=(), total=0, sums=())


def list_paid_projects(context: Context, call_id: str, language: str) -> PaidProjects:
    """Return the stored projects that a call and its earlier rounds paid.

    Args:
        context: the stores.
        call_id: the call.
        language: of the projects' titles, where they have one in it.

    Raises:
        UnknownCallError: there is no such call.
    """
    call = context.calls.get(call_id)
    if call is None:
        raise UnknownCallError(call_id)
    funder, own = funder_of_call(call), call.native_id.upper()
    rounds = context.prior_activity().rounds.rounds_of(call, context.now()).rounds
    identifiers = dict.fromkeys((own, *(native_id(one.id).upper() for one in rounds)))
    found: dict[str, tuple[Award, str]] = {}
    for identifier in identifiers:
        for award in context.awards.paid_by(funder, identifier):
            found.setdefault(award.id, (award, identifier))
    if not found:
        return NO_PROJECTS
    latest = sorted(
        found.values(),
        key=lambda pair: (-(pair[0].start.toordinal() if pair[0].start else 0), pair[0].id),
    )
    return PaidProjects(
        projects=tuple(
            PaidProject(
                award=PastAward.from_award(award, language),
                round=identifier,
                by_this=identifier == own,
            )
            for award, identifier in latest[:MOST_PROJECTS]
        ),
        total=len(latest),
        sums=_sum_grants([award for award, _ in latest]),
    )


def _sum_grants(awards: list[Award]) -> tuple[CurrencySum, ...]:
    amounts: dict[str, list[Decimal]] = {}
    for award in awards:
        if award.amount is not None:
            amounts.setdefault(award.amount.currency, []).append(award.amount.amount)
    return tuple(
        CurrencySum(amount=sum(parts, Decimal(0)), currency=currency, calls=len(parts))
        for currency, parts in sorted(amounts.items(), key=lambda item: (-len(item[1]), item[0]))
    )
