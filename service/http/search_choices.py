"""The choices of a search in an address, and what is left of them when some cannot be used."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, Self, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
)
from werkzeug.datastructures import MultiDict

from scrapers.call import Currency, check_writable
from service.domain.calls.applicant_kinds import ApplicantKind
from service.domain.matching.facets.order import MatchOrder
from service.domain.matching.filters import MOST_CHOICES, Unstated
from service.domain.matching.match import MatchOptions
from service.domain.pilots.profile import CountryCode, Party, Profile, WantedGrant
from service.domain.pilots.reading.text_sections import Counted
from service.domain.pilots.wishes import MOST_PHRASES, ExcludedPhrases, Wishes
from service.http.queries import ANY, FilterQuery, MatchQuery
from service.http.reading import gather

ViewForm = TypeVar("ViewForm", bound=FilterQuery)


def _to_upper(value: object) -> object:
    return value.strip().upper() if isinstance(value, str) else value


def split_phrases(*fields: str) -> tuple[str, ...]:
    """Return the phrases in some fields, which commas and lines part, each once."""
    parts = (part.strip() for field in fields for part in re.split(r"[,;\n]", field))
    return tuple(dict.fromkeys(part for part in parts if part))


def _read_phrases(value: object) -> object:
    fields = (value,) if isinstance(value, str) else value
    if not isinstance(fields, tuple | list):
        return value
    return split_phrases(*map(str, fields))


ExcludedTerms = Annotated[ExcludedPhrases, BeforeValidator(_read_phrases)]


class SearchChoices(MatchQuery):
    """What a reader chose for a search, as it stands in an address."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    sort: MatchOrder = MatchOrder.FIT
    unstated: Unstated | None = "keep"
    top: int = Field(default=10, ge=1, le=100)
    group: bool = True
    dismissed: bool = False
    exclude: ExcludedTerms = ()
    show_excluded: bool = False
    as_written: tuple[str, ...] = Field(default=(), max_length=MOST_PHRASES)
    count: tuple[Counted, ...] = Field(default=(), max_length=MOST_CHOICES)
    kind: ApplicantKind | None = None
    country: Annotated[CountryCode, BeforeValidator(_to_upper)] | None = None
    trl: int | None = Field(default=None, ge=1, le=9)
    budget: Decimal | None = Field(default=None, gt=0, allow_inf_nan=False)
    currency: Currency = "SEK"

    _budget_is_writable = field_validator("budget")(check_writable)

    @classmethod
    def of_query(cls, query: Mapping[str, Sequence[str]]) -> Self:
        """Return the choices in the parameters of an address.

        Raises:
            ValidationError: one of them cannot be used.
        """
        return cls.model_validate(_gather(cls, query))

    @classmethod
    def of_kept(cls, query: Mapping[str, Sequence[str]]) -> tuple[Self, tuple[str, ...]]:
        """Return the choices that were kept with a search, and the names of those left out."""
        sent = MultiDict([(name, one) for name, own in query.items() for one in own])
        choices, dropped = read_view(cls, sent)
        return choices, tuple(name for name, _ in dropped)

    def wishes(self) -> Wishes:
        """Return what the reader excludes, and what is read as it stands."""
        return Wishes(
            exclude=self.exclude, show_excluded=self.show_excluded, as_written=self.as_written
        )

    @property
    def has_profile(self) -> bool:
        """Whether the reader filled in who applies or for what."""
        return any(value is not None for value in (self.kind, self.country, self.trl, self.budget))

    def profile(self, stored: Profile | None) -> Profile | None:
        """Return the ``stored`` profile with the form's values; None when both are empty."""
        values: dict[str, Any] = {"country": self.country, "trl": self.trl}
        if self.kind is not None:
            values["organisations"] = (Party(kind=self.kind),)
        if self.budget is not None:
            values["budget"] = WantedGrant(amount=self.budget, currency=self.currency)
        update = {name: value for name, value in values.items() if value is not None}
        return (stored or Profile()).model_copy(update=update) if update else stored

    def options(
        self,
        *,
        profile: Profile | None = None,
        language: str | None = None,
        exclude: tuple[str, ...] = (),
    ) -> MatchOptions:
        """Return what a match is made with.

        Args:
            profile: of a stored pilot; what was chosen goes before it.
            language: ISO 639 code of the text, if that is known.
            exclude: what a stored pilot excludes.
        """
        wishes = self.wishes()
        both = tuple(dict.fromkeys((*exclude, *wishes.exclude)))
        return MatchOptions(
            filters=self.filters(),
            top=self.top,
            language=language,
            profile=self.profile(profile),
            group=self.group,
            dismissed=self.dismissed,
            wishes=wishes.model_copy(update={"exclude": both}),
            counted=self.count,
            order=self.sort,
        )


def _gather(model: type[BaseModel], query: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    return gather(model, MultiDict([(name, one) for name, own in query.items() for one in own]))


def read_view(
    model: type[ViewForm], sent: MultiDict[str, str]
) -> tuple[ViewForm, tuple[tuple[str, str], ...]]:
    """Return the choices in an address, and those that cannot be used, as names with values.

    A saved search may be older than what can be chosen today: what is left is shown all the same.
    """
    values = gather(model, sent)
    if sent.get("boxes") and "status" not in values:
        values["status"] = (ANY,)
    dropped: list[tuple[str, str]] = []
    while True:
        try:
            return model.model_validate(values), tuple(dropped)
        except ValidationError as error:
            wrong = sorted(_wrong_fields(model, error) & values.keys())
            if not wrong:
                raise
            dropped += [(name, _as_text(values.pop(name))) for name in wrong]


def _wrong_fields(model: type[BaseModel], error: ValidationError) -> set[str]:
    """Return the fields that are wrong; those of the window when only together they are."""
    named = {str(one["loc"][0]) for one in error.errors() if one["loc"]}
    return named & set(model.model_fields) or {"deadline_from", "deadline_to"}


def _as_text(value: object) -> str:
    parts = value if isinstance(value, tuple) else (value,)
    return ", ".join(map(str, parts))[:100]
