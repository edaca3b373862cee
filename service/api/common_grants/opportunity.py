"""An opportunity of CommonGrants, and what it is made of."""

from __future__ import annotations

from datetime import date, datetime, time
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, PlainSerializer, StringConstraints, WithJsonSchema

from service.api.common_grants.base import CommonGrantsModel

DecimalString = Annotated[str, StringConstraints(pattern=r"^-?[0-9]+\.?[0-9]*$")]
Uri = Annotated[str, Field(json_schema_extra={"format": "uri"})]
Day = date
Clock = Annotated[time, WithJsonSchema({"type": "string", "pattern": "^[0-9]{2}(:[0-9]{2}){2}$"})]
"""A time of day without a zone: the format `time` of JSON Schema would want one."""


def _in_utc(at: datetime) -> str:
    return at.isoformat(timespec="microseconds").replace("+00:00", "Z")


UtcInstant = Annotated[
    datetime,
    PlainSerializer(_in_utc, return_type=str, when_used="json"),
    Field(json_schema_extra={"format": "date-time"}),
]


class OpportunityStatusValue(StrEnum):
    """Whether an opportunity can be applied for."""

    FORECASTED = "forecasted"
    OPEN = "open"
    CLOSED = "closed"
    CUSTOM = "custom"


class OpportunityStatus(CommonGrantsModel):
    """The status of an opportunity as of now, computed from its dates."""

    value: OpportunityStatusValue
    custom_value: str | None = Field(
        default=None, description="`unknown`: the source gives no date that says."
    )
    description: str | None = None


class OpportunityMoney(CommonGrantsModel):
    """An amount in the currency of the source."""

    amount: DecimalString = Field(description="A decimal number.")
    currency: str = Field(description="ISO 4217 code.")


class OpportunityFunding(CommonGrantsModel):
    """What is paid, as far as the source gives it as an amount."""

    details: str | None = Field(default=None, description="What the source says of the money.")
    total_amount_available: OpportunityMoney | None = None
    min_award_amount: OpportunityMoney | None = None
    max_award_amount: OpportunityMoney | None = None
    estimated_award_count: int | None = None


class SingleDateEvent(CommonGrantsModel):
    """Something that happens on one day, on the funder's calendar."""

    name: str
    event_type: Literal["singleDate"]
    date: Day
    time: Clock | None = Field(
        default=None, description="On the funder's clock; absent where no time is given."
    )
    description: str | None = None


class OtherEvent(CommonGrantsModel):
    """Something without a day, such as applications until further notice."""

    name: str
    event_type: Literal["other"]
    details: str | None = None
    description: str | None = None


OpportunityEvent = SingleDateEvent | OtherEvent


class OpportunityTimeline(CommonGrantsModel):
    """The dates of an opportunity; those beside the next deadline are in `otherDates`."""

    post_date: OpportunityEvent | None = None
    close_date: OpportunityEvent | None = Field(
        default=None, description="The next deadline for newcomers, else the last one."
    )
    other_dates: dict[str, OpportunityEvent] | None = None


class ApplicantTypeValue(StrEnum):
    """The kinds of applicants that the protocol has."""

    INDIVIDUAL = "individual"
    ORGANIZATION = "organization"
    GOVERNMENT_STATE = "government_state"
    GOVERNMENT_COUNTY = "government_county"
    GOVERNMENT_MUNICIPAL = "government_municipal"
    GOVERNMENT_SPECIAL_DISTRICT = "government_special_district"
    GOVERNMENT_TRIBAL = "government_tribal"
    ORGANIZATION_TRIBAL_OTHER = "organization_tribal_other"
    SCHOOL_DISTRICT_INDEPENDENT = "school_district_independent"
    HIGHER_EDUCATION_PUBLIC = "higher_education_public"
    HIGHER_EDUCATION_PRIVATE = "higher_education_private"
    NONPROFIT_WITH_501C3 = "non_profit_with_501c3"
    NONPROFIT = "nonprofit_without_501c3"
    FOR_PROFIT_SMALL_BUSINESS = "for_profit_small_business"
    FOR_PROFIT_NOT_SMALL_BUSINESS = "for_profit_not_small_business"
    UNRESTRICTED = "unrestricted"
    CUSTOM = "custom"


class ApplicantType(CommonGrantsModel):
    """A kind of applicant that the call names."""

    value: ApplicantTypeValue
    custom_value: str | None = Field(default=None, description="The kind, where none fits.")
    description: str | None = Field(default=None, description="The call's own words.")


class CustomFieldType(StrEnum):
    """What a value of a custom field is in JSON."""

    STRING = "string"
    NUMBER = "number"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    OBJECT = "object"
    ARRAY = "array"


class CustomField(CommonGrantsModel):
    """A fact that the protocol has no field for."""

    name: str
    field_type: CustomFieldType
    value: Any
    description: str | None = None


class OpportunityBase(CommonGrantsModel):
    """A call as an opportunity of CommonGrants."""

    id: UUID = Field(description="Made from the call's id; it never changes.")
    title: str = Field(description="The English title, else the first there is.")
    status: OpportunityStatus
    description: str = Field(description="The call's text; in lists at most its beginning.")
    funding: OpportunityFunding | None = None
    key_dates: OpportunityTimeline | None = None
    accepted_applicant_types: list[ApplicantType] | None = None
    source: Uri | None = Field(default=None, description="The call at its funder.")
    custom_fields: dict[str, CustomField] | None = None
    created_at: UtcInstant = Field(description="When the call was first collected.")
    last_modified_at: UtcInstant = Field(description="When the call last changed.")


class OpportunityDetails(OpportunityBase):
    """A call as an opportunity, with all of its text."""
