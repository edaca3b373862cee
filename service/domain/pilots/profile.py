"""Profile: facts about a pilot that a call's conditions are checked against."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)

from scrapers.call import Money
from service.domain.calls.applicant_kinds import ApplicantKind
from service.domain.calls.project_stages import ProjectStage
from service.domain.pilots.plain_decimal import PlainDecimal

CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}(-[A-Z]{1,3})?$")]
"""ISO 3166: a country such as SE, or a part of one such as SE-AB, Stockholm county."""


_ANY_CASE = {
    "anyOf": [{"type": "string", "pattern": "^[A-Za-z]{2}(-[A-Za-z]{1,3})?$"}, {"type": "null"}]
}


def _in_capitals(code: object) -> object:
    return code.upper() if isinstance(code, str) else code


class _ProfileModel(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class WantedGrant(Money):
    """The grant that is wanted: ``amount``, or anything from it up to ``up_to``."""

    amount: PlainDecimal
    up_to: PlainDecimal | None = Field(default=None, description="The most that is of use.")

    @model_validator(mode="after")
    def _not_reversed(self) -> Self:
        if self.up_to is not None and self.up_to < self.amount:
            raise ValueError("up_to is less than amount: give the smaller figure as amount")
        return self

    @property
    def maximum(self) -> Decimal:
        """The most that is of use."""
        return self.amount if self.up_to is None else self.up_to


class Party(_ProfileModel):
    """An organisation of the pilot, or a partner that it has or is sure to find."""

    name: str = Field(default="", max_length=300)
    kind: ApplicantKind | None = Field(
        default=None,
        description="A CommonGrants applicant type, research_organisation or health_care_provider.",
    )
    country: CountryCode | None = Field(
        default=None, description="ISO 3166, such as SE or SE-AB; the profile's when absent."
    )


class Profile(_ProfileModel):
    """Who applies, from where, for what and how long; everything may be left out."""

    organisations: tuple[Party, ...] = Field(
        default=(), max_length=100, description="Who is in the pilot, the applicant first."
    )
    country: Annotated[
        CountryCode | None, BeforeValidator(_in_capitals), WithJsonSchema(_ANY_CASE, "validation")
    ] = Field(default=None, description="Where the applicant is.")
    trl: int | None = Field(
        default=None, ge=1, le=9, description="Technology readiness level at the start."
    )
    stage: ProjectStage | None = Field(
        default=None, description="What the pilot is: from idea to use."
    )
    budget: WantedGrant | None = Field(default=None, description="The grant that is wanted.")
    share_percent: float | None = Field(
        default=None, gt=0, le=100, description="The share of the costs that the grant must pay."
    )
    start: date | None = Field(default=None, description="The day when work is to begin.")
    months: int | None = Field(default=None, ge=1, le=240, description="Length of the project.")
    partners: tuple[Party, ...] | None = Field(
        default=None,
        max_length=100,
        description="Partners beside the organisations; empty: none; absent: not said.",
    )

    any_subject: bool = Field(
        default=True,
        description="Whether calls that are open to any subject are shown, and in the mails.",
    )

    @property
    def is_empty(self) -> bool:
        """Whether no field is filled in, so that nothing can be checked."""
        return self == Profile(any_subject=self.any_subject)

    @property
    def kinds(self) -> tuple[ApplicantKind, ...]:
        """The kinds of the organisations, each once, in their order."""
        return tuple(dict.fromkeys(party.kind for party in self.organisations if party.kind))

    @property
    def countries(self) -> tuple[str, ...]:
        """Where the organisations are, each place once, the profile's country first."""
        own = (self.country, *(party.country for party in self.organisations))
        return tuple(dict.fromkeys(place for place in own if place))

    @property
    def parties(self) -> tuple[Party, ...]:
        """Organisations and partners; an organisation without a country has the profile's."""
        parties = (*self.organisations, *(self.partners or ()))
        home = self.country
        own = len(self.organisations)
        return tuple(
            party.model_copy(update={"country": party.country or home}) if place < own else party
            for place, party in enumerate(parties)
        )
