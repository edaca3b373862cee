"""Facts: the conditions that a call states, how sure they are, and the words that state them."""

from __future__ import annotations

from decimal import Decimal
from typing import Self

from pydantic import Field

from service.domain.calls.applicant_kinds import ApplicantKind
from service.domain.calls.project_stages import ProjectStage
from service.domain.frozen_model import FrozenModel

SURE_CONFIDENCE = 0.9
"""The least confidence of a fact that may make a gate fail."""

RECORD_CONFIDENCE = 1.0
"""The confidence of a fact that the source gives in a field of its record."""

LIKELY_CONFIDENCE = 0.7
"""The confidence of a fact that the call does not state as a rule."""

GENERAL_RULE_CONFIDENCE = 0.8
"""The confidence of a programme's general rule, which a call may set aside."""


class _FactModel(FrozenModel):
    def terms(self) -> frozenset[str]:
        """Return the value as short terms, one for each condition in it."""
        raise NotImplementedError


class Quote(FrozenModel):
    """``call[field][lang][start:end]``, in code points of the call as stored.

    ``field`` may also be keywords or identifiers: then the offsets are those in the entry that is
    quoted, which is ``text``.
    """

    field: str = Field(description="titles, texts, keywords or identifiers: a field of the call.")
    lang: str
    start: int
    end: int
    text: str


class Applicants(_FactModel):
    """Who may apply. ``closed``: the list is meant to be complete."""

    kinds: tuple[ApplicantKind, ...] = ()
    excluded: tuple[ApplicantKind, ...] = ()
    closed: bool = False

    def terms(self) -> frozenset[str]:
        """Return kinds as they are, and excluded ones with ``not:`` before them."""
        return frozenset(self.kinds) | {f"not:{kind}" for kind in self.excluded}


class Places(_FactModel):
    """Where applicants must be: ISO 3166 codes, EU, AC, NORDIC, or SE- with a county's letter."""

    allowed: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()

    def terms(self) -> frozenset[str]:
        """Return places as they are, and excluded ones with ``not:`` before them."""
        return frozenset(self.allowed) | {f"not:{place}" for place in self.excluded}


class Consortium(_FactModel):
    """The smallest consortium: parties in all, from how many countries and of how many kinds."""

    parties: int | None = None
    countries: int | None = None
    kinds: int | None = None

    def terms(self) -> frozenset[str]:
        """Return terms such as ``parties:3``."""
        return frozenset(f"{k}:{v}" for k, v in self.model_dump().items() if v is not None)


class GrantAmount(_FactModel):
    """What one project may get, in ``currency``; with ``yearly``, in a year."""

    minimum: Decimal | None = None
    maximum: Decimal | None = None
    currency: str
    yearly: bool = False

    def terms(self) -> frozenset[str]:
        """Return terms such as ``max:2000000 SEK``."""
        unit = f"{self.currency}/year" if self.yearly else self.currency
        bounds = {"min": self.minimum, "max": self.maximum}
        return frozenset(
            f"{k}:{v.normalize():f} {unit}" for k, v in bounds.items() if v is not None
        )


class FundingShare(_FactModel):
    """The most of a project's costs that the call pays, in percent."""

    percent: Decimal

    def terms(self) -> frozenset[str]:
        """Return a term such as ``50``."""
        return frozenset({f"{self.percent.normalize():f}"})


class Duration(_FactModel):
    """How many months a project may last."""

    minimum: int | None = None
    maximum: int | None = None

    def terms(self) -> frozenset[str]:
        """Return terms such as ``max:24``."""
        bounds = {"min": self.minimum, "max": self.maximum}
        return frozenset(f"{k}:{v}" for k, v in bounds.items() if v is not None)


class Readiness(_FactModel):
    """Technology readiness levels, 1 to 9: where projects start and where they end."""

    start: tuple[int, int] | None = None
    end: tuple[int, int] | None = None

    def terms(self) -> frozenset[str]:
        """Return terms such as ``end:6-8``."""
        bounds = {"start": self.start, "end": self.end}
        return frozenset(f"{k}:{v[0]}-{v[1]}" for k, v in bounds.items() if v is not None)


class Stages(_FactModel):
    """The stages of work that a call names as what it pays for."""

    stages: tuple[ProjectStage, ...]

    def terms(self) -> frozenset[str]:
        """Return the stages."""
        return frozenset(self.stages)


class InvitationOnly(_FactModel):
    """Only invited applicants may apply."""

    only: bool = True

    def terms(self) -> frozenset[str]:
        """Return ``only``."""
        return frozenset({"only"}) if self.only else frozenset()


FactValue = (
    Applicants
    | Places
    | Consortium
    | GrantAmount
    | FundingShare
    | Duration
    | Readiness
    | Stages
    | InvitationOnly
)


class Fact(FrozenModel):
    """One condition of a call; ``quote`` is absent when only a field of the record says it."""

    name: str
    value: FactValue
    confidence: float = Field(ge=0, le=1)
    quote: Quote | None = None
    general: bool = Field(
        default=False, description="Whether only a programme's general rules say so."
    )

    @property
    def is_sure(self) -> bool:
        """Whether this fact may make a gate fail."""
        return self.confidence >= SURE_CONFIDENCE

    def replaced(self, **changes: object) -> Self:
        """Return the fact with some fields changed."""
        return self.model_copy(update=changes)
