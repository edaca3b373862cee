"""The kinds of organisations that may apply for a call."""

from __future__ import annotations

from enum import StrEnum


class ApplicantKind(StrEnum):
    """Kinds of organisations: CommonGrants' applicant types, and two that it calls custom."""

    INDIVIDUAL = "individual"
    ORGANISATION = "organization"
    STATE = "government_state"
    REGION = "government_county"
    MUNICIPALITY = "government_municipal"
    PUBLIC_UNIVERSITY = "higher_education_public"
    PRIVATE_UNIVERSITY = "higher_education_private"
    CIVIL_SOCIETY = "nonprofit_without_501c3"
    SMALL_COMPANY = "for_profit_small_business"
    LARGE_COMPANY = "for_profit_not_small_business"
    UNRESTRICTED = "unrestricted"
    RESEARCH = "research_organisation"
    CARE = "health_care_provider"


CUSTOM_KINDS = frozenset({ApplicantKind.RESEARCH, ApplicantKind.CARE})
"""Kinds that CommonGrants can only name as ``custom`` with a value of its own."""
