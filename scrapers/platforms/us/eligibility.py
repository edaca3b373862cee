"""Who may apply for an American announcement, by the fields of its record."""

from __future__ import annotations

from collections.abc import Iterable

from scrapers.call import Eligibility

_LONGEST_QUOTE = 2000


def agency_eligibility(
    kinds: Iterable[str], further: str, cost_sharing: bool | None
) -> tuple[Eligibility, ...]:
    """Return the conditions of a record.

    Args:
        kinds: of applicants, in the source's words.
        further: what the agency adds in its own words; "" for nothing.
        cost_sharing: whether applicants pay a part; None where the record does not say.
    """
    conditions = [Eligibility(kind="applicant", value=kind, quote=kind) for kind in kinds if kind]
    if further:
        value = "see the agency's own words"
        quote = further[:_LONGEST_QUOTE]
        conditions.append(Eligibility(kind="condition", value=value, quote=quote))
    if cost_sharing is not None:
        value = "required" if cost_sharing else "not required"
        conditions.append(Eligibility(kind="co-funding", value=value))
    return tuple(conditions)
