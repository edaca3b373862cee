"""Who may apply, in the protocol's kinds: from the record, and from what the text surely says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scrapers.call import Call, Eligibility
from service.api.common_grants.opportunity import ApplicantType, ApplicantTypeValue
from service.domain.eligibility.extract.applicants.kind_words import KINDS_BY_NAME
from service.domain.eligibility.facts import Applicants, Fact

_STANDARD = {value.value for value in ApplicantTypeValue} - {ApplicantTypeValue.CUSTOM.value}

_AMERICAN = {
    "state governments": ApplicantTypeValue.GOVERNMENT_STATE,
    "county governments": ApplicantTypeValue.GOVERNMENT_COUNTY,
    "city or township governments": ApplicantTypeValue.GOVERNMENT_MUNICIPAL,
    "special district governments": ApplicantTypeValue.GOVERNMENT_SPECIAL_DISTRICT,
    "native american tribal governments": ApplicantTypeValue.GOVERNMENT_TRIBAL,
    "native american tribal organizations": ApplicantTypeValue.ORGANIZATION_TRIBAL_OTHER,
    "independent school districts": ApplicantTypeValue.SCHOOL_DISTRICT_INDEPENDENT,
    "public and state controlled institutions of higher education": (
        ApplicantTypeValue.HIGHER_EDUCATION_PUBLIC
    ),
    "public institutions of higher education": ApplicantTypeValue.HIGHER_EDUCATION_PUBLIC,
    "private institutions of higher education": ApplicantTypeValue.HIGHER_EDUCATION_PRIVATE,
    "nonprofits having a 501(c)(3) status": ApplicantTypeValue.NONPROFIT_WITH_501C3,
    "nonprofits that do not have a 501(c)(3) status": ApplicantTypeValue.NONPROFIT,
    "for profit organizations other than small businesses": (
        ApplicantTypeValue.FOR_PROFIT_NOT_SMALL_BUSINESS
    ),
    "small businesses": ApplicantTypeValue.FOR_PROFIT_SMALL_BUSINESS,
    "individuals": ApplicantTypeValue.INDIVIDUAL,
    "unrestricted": ApplicantTypeValue.UNRESTRICTED,
}
"""The kinds that American federal announcements tick, by how their names begin."""


def map_applicants(call: Call, facts: Sequence[Fact]) -> list[ApplicantType]:
    """Return the kinds of applicants of a call, each once; what fits none is custom.

    Args:
        call: as stored; what its record names comes first.
        facts: what was read in its texts. Only what is sure counts, and no general rule.
    """
    found: dict[str, ApplicantType] = {}
    for entry in call.eligibility:
        if entry.kind == "applicant":
            for one in _of_record(entry):
                found.setdefault(one.custom_value or one.value, one)
    for fact in facts:
        if isinstance(fact.value, Applicants) and fact.is_sure and not fact.general:
            words = fact.quote.text if fact.quote else None
            for kind in fact.value.kinds:
                found.setdefault(kind.value, _make(kind.value, words))
    return list(found.values())


def _of_record(entry: Eligibility) -> Iterator[ApplicantType]:
    """Yield the kinds that an entry of the record names."""
    words = entry.quote or None
    if entry.value in KINDS_BY_NAME:
        yield from (_make(kind.value, words) for kind in KINDS_BY_NAME[entry.value])
        return
    written = entry.value.casefold()
    american = (value for start, value in _AMERICAN.items() if written.startswith(start))
    yield _make(next(american, entry.value), words)


def _make(kind: str, words: str | None) -> ApplicantType:
    if kind in _STANDARD:
        return ApplicantType(value=ApplicantTypeValue(kind), description=words)
    return ApplicantType(value=ApplicantTypeValue.CUSTOM, custom_value=kind, description=words)
