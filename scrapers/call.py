"""Call: the one record that every funder yields, whatever shape its own answer has.

Everything here is frozen and validated, so a record that exists is a record that can be stored.
Times are kept in the funder's zone with their offset; a reader compares instants, never strings.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    HttpUrl,
    ModelWrapValidatorHandler,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)


class Level(StrEnum):
    """How far a funder reaches, from the county to the world."""

    REGIONAL = "regional"
    NATIONAL = "national"
    NORDIC = "nordic"
    EUROPEAN = "european"
    INTERNATIONAL = "international"


class DeadlineKind(StrEnum):
    """What passing the deadline means for an applicant."""

    FIXED = "fixed"
    TWO_STAGE = "two-stage"
    CUT_OFF = "cut-off"
    ROLLING = "rolling"
    ANNOUNCED = "announced"


class Status(StrEnum):
    """Whether a new applicant can apply, as of some instant."""

    FORTHCOMING = "forthcoming"
    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


def _known_zone(name: str) -> str:
    """Return ``name`` if it is an IANA zone, else raise ``ValueError``."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is not an IANA time zone") from error
    return name


def _http_only(url: str) -> str:
    """Return ``url`` if it is an http(s) address: funders' pages are hostile input."""
    HttpUrl(url)
    return url


_MOST_DIGITS, _MOST_DECIMALS = 18, 30


def is_writable(number: Decimal) -> bool:
    """Return whether ``number`` is one that can be written out: 1e999999 has a million digits."""
    exponent = number.as_tuple().exponent
    return (
        isinstance(exponent, int)
        and exponent >= -_MOST_DECIMALS
        and number.adjusted() < _MOST_DIGITS
    )


def check_writable(number: Decimal | None) -> Decimal | None:
    """Return ``number``; raise ``ValueError`` when it is too long to be written out."""
    if number is not None and not is_writable(number):
        raise ValueError(
            f"give a number with at most {_MOST_DIGITS} digits before the decimal point and "
            f"{_MOST_DECIMALS} after it"
        )
    return number


Zone = Annotated[str, AfterValidator(_known_zone)]
Url = Annotated[str, StringConstraints(max_length=4000), AfterValidator(_http_only)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
NonBlank = Annotated[str, StringConstraints(min_length=1, pattern=r"\S")]


class Record(BaseModel):
    """Base of all records: immutable, and strict about unknown names."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Deadline(Record):
    """One moment by which something must be handed in.

    ``at`` is the instant with its offset; ``date_only`` says that the source gave no time of day
    and ``at`` is the last second of that day in ``zone``. Rolling deadlines have no ``at``;
    announced ones may carry ``text`` such as "2027 mars" instead. ``stage`` counts from 1.
    """

    kind: DeadlineKind
    zone: Zone
    at: AwareDatetime | None = None
    date_only: bool = False
    stage: int | None = Field(default=None, ge=1, le=9)
    text: str = Field(default="", max_length=500)

    @model_validator(mode="after")
    def _has_what_its_kind_needs(self) -> Self:
        dated = {DeadlineKind.FIXED, DeadlineKind.TWO_STAGE, DeadlineKind.CUT_OFF}
        if self.kind in dated and self.at is None:
            raise ValueError(f"a {self.kind} deadline needs a date")
        if self.kind is DeadlineKind.ROLLING and self.at is not None:
            raise ValueError("a rolling deadline has no date; use cut-off")
        if self.kind is DeadlineKind.TWO_STAGE and self.stage is None:
            raise ValueError("a two-stage deadline must say its stage")
        return self

    def local(self) -> datetime:
        """Return ``at`` on the clock of ``zone``; only for a deadline that has a date.

        At the ends of the calendar, where the zone's clock is beyond it, ``at`` stays as it is.
        """
        if self.at is None:
            raise ValueError(f"a {self.kind} deadline without a date has no time of day")
        try:
            return self.at.astimezone(ZoneInfo(self.zone))
        except OverflowError:
            return self.at

    @property
    def admits_new_applicants(self) -> bool:
        """Whether someone who has not applied before can still apply at this deadline."""
        return self.is_entry and self.kind is not DeadlineKind.ANNOUNCED

    @property
    def is_entry(self) -> bool:
        """Whether it is for those who have not applied before, announced or not."""
        return self.stage in (None, 1)


class Money(Record):
    """An amount as the source states it; never converted here."""

    amount: Decimal = Field(ge=0, allow_inf_nan=False)
    currency: Currency

    _is_writable = field_validator("amount")(check_writable)


class PaidRecord(Record):
    """A record with amounts; one too long to be written out is left out, for nobody pays it."""

    @model_validator(mode="wrap")
    @classmethod
    def _drop_unwritable(cls, fields: object, validate: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return validate(fields)
        except ValidationError:
            kept = _without_unwritable(fields)
            if kept == fields:
                raise
            return validate(kept)


class Funding(PaidRecord):
    """What a call pays: the pot, what one project may get, and how many projects."""

    total: Money | None = None
    minimum: Money | None = None
    maximum: Money | None = None
    expected_awards: int | None = Field(default=None, ge=0)
    share_percent: Decimal | None = Field(default=None, ge=0, le=100)
    text: str = Field(default="", max_length=2000)


class Eligibility(Record):
    """One condition on applicants, with the sentence of the call that says so.

    ``kind`` is "applicant", "consortium", "country", "region", or "excluded" for those who may not
    apply: "not " and their kind, or the sentence where it names no kind.
    """

    kind: NonBlank
    value: NonBlank
    quote: str = ""


class Section(Record):
    """A named stretch of a text: ``text[start:end]`` in code points.

    ``url`` is the document that it stands in, when that is an attachment of the call.
    """

    name: NonBlank
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    url: Url | None = None


class Link(Record):
    """An address that belongs to a call: the form to apply with, a document, a guide."""

    url: Url
    label: str = Field(default="", max_length=500)
    language: Language | None = None


POSSIBLE_YEARS = range(1970, 2100)
"""Dates outside these years are placeholders such as 1900-01-01 and 9999-12-31."""

_DATE_FIELDS = ("opens", "published", "closed_by")

STALE_AFTER = timedelta(days=180)
"""How long a check of a curated call against its source counts."""


class Provenance(Record):
    """Where a call was read: enough to fetch or re-parse it.

    ``curated`` calls are kept by hand; ``checked_on`` is the day when somebody last read them
    beside their source, None when nobody has.
    """

    source: NonBlank
    url: Url | None = None
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None
    fetched_at: AwareDatetime | None = None
    checked_on: date | None = None
    curated: bool = False


class Call(Record):
    """A funding call that is open, was open or soon will be.

    ``id`` is ``funder:native-id``. ``titles`` and ``texts`` are keyed by language (ISO 639);
    ``sections`` names stretches of each text. There is no stored status: see ``status``.
    ``closed_by`` is for a call whose source no longer names its deadline: an instant by which it
    was closed, such as that of the decision on what was handed in, or, for one that is only
    announced or takes applications without a day, that of its archiving. It is no deadline.
    """

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+:\S+$", max_length=300)]
    funder: NonBlank
    level: Level
    titles: dict[Language, NonBlank] = Field(min_length=1)
    texts: dict[Language, NonBlank] = Field(default_factory=dict)
    sections: dict[Language, tuple[Section, ...]] = Field(default_factory=dict)
    programme: str = ""
    identifiers: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    opens: AwareDatetime | None = None
    published: AwareDatetime | None = None
    deadlines: tuple[Deadline, ...] = ()
    closed_by: AwareDatetime | None = None
    funding: Funding | None = None
    eligibility: tuple[Eligibility, ...] = ()
    invited_only: bool = False
    url: Url | None = None
    apply_url: Url | None = None
    links: tuple[Link, ...] = ()
    provenance: Provenance

    @model_validator(mode="after")
    def _sections_lie_within_their_texts(self) -> Self:
        for language, sections in self.sections.items():
            length = len(self.texts.get(language, ""))
            for section in sections:
                if not section.start <= section.end <= length:
                    raise ValueError(f"section {section.name!r} lies outside the {language} text")
        return self

    @property
    def native_id(self) -> str:
        """The funder's own identifier: what follows the first colon of ``id``."""
        return self.id.split(":", 1)[1]

    @property
    def over_by(self) -> datetime | None:
        """When it is over though no deadline for newcomers says so.

        That is ``closed_by``, or the last day of a call that is announced and whose days have all
        been named: an estimate that has passed announces nothing any more.
        """
        announced = [d.at for d in self.deadlines if d.kind is DeadlineKind.ANNOUNCED]
        days = [at for at in announced if at is not None]
        if self.closed_by is not None or len(days) < len(self.deadlines):
            return self.closed_by
        return max(days, default=None)

    def status(self, now: datetime) -> Status:
        """Say whether a new applicant can apply at ``now`` (aware), from dates alone.

        After the first stage of a two-stage call a newcomer is too late, so it counts as closed.
        Without any deadline the answer is ``unknown``, unless ``closed_by`` has passed: a status
        that a source gives without a date is not trusted. Once ``over_by`` has passed, only a day
        that is still ahead keeps a call open.
        """
        decided = self.over_by is not None and self.over_by <= now
        entries = [d for d in self.deadlines if d.admits_new_applicants]
        upcoming = [d for d in entries if (d.at >= now if d.at else not decided)]
        if self.opens is not None and self.opens > now and (upcoming or not entries):
            return Status.FORTHCOMING
        if upcoming:
            return Status.OPEN
        if not decided and any(
            d.kind is DeadlineKind.ANNOUNCED and d.is_entry for d in self.deadlines
        ):
            return Status.FORTHCOMING
        return Status.CLOSED if self.deadlines or decided else Status.UNKNOWN

    def next_deadline(self, now: datetime) -> Deadline | None:
        """Return the first dated deadline at or after ``now`` open to newcomers, if any."""
        dated = [d for d in self.deadlines if d.admits_new_applicants and d.at and d.at >= now]
        return min(dated, key=lambda d: d.at or now, default=None)

    def stale(self, now: datetime) -> bool:
        """Whether this is a curated call whose check is too old at ``now`` (aware) or missing."""
        checked = self.provenance.checked_on
        late = checked is None or now.date() - checked > STALE_AFTER
        return self.provenance.curated and late

    def content_hash(self) -> str:
        """SHA-256 (hex) of everything but provenance: equal when nothing a reader sees changed."""
        content = self.model_dump(mode="json", exclude={"provenance"})
        if self.closed_by is None:
            del content["closed_by"]  # so that calls stored before this field keep their hash
        for section in (one for sections in content["sections"].values() for one in sections):
            if section["url"] is None:
                del section["url"]  # the same
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def impossible_dates(call: Call) -> tuple[str, ...]:
    """Return a sentence for each date of ``call`` in a year in which no call has one.

    Such a date is a placeholder or a slip, and at the ends of the calendar no clock can show it.
    """
    dates = [(f"deadlines.{number}.at", d.at) for number, d in enumerate(call.deadlines)]
    dates += [(name, getattr(call, name)) for name in _DATE_FIELDS]
    return tuple(
        f"{name}: no call has a date in the year {at.year}"
        for name, at in dates
        if at is not None and not _is_possible(at)
    )


def without_impossible_dates(call: Call) -> Call:
    """Return ``call`` without the dates that `impossible_dates` names."""
    if not impossible_dates(call):
        return call
    names = [name for name in _DATE_FIELDS if not _is_possible(getattr(call, name))]
    changes: dict[str, object] = dict.fromkeys(names)
    changes["deadlines"] = tuple(d for d in call.deadlines if _is_possible(d.at))
    return call.model_copy(update=changes)


def _is_possible(at: datetime | None) -> bool:
    return at is None or at.year in POSSIBLE_YEARS


def deadline_before_opening(call: Call) -> str:
    """Return how the deadlines of ``call`` contradict its opening, "" when they do not.

    They do when all that have a date are before it.
    """
    dated = [deadline for deadline in call.deadlines if deadline.at is not None]
    if call.opens is None or not dated or any(d.at >= call.opens for d in dated if d.at):
        return ""
    shown = ", ".join(f"{deadline.local():%Y-%m-%d %H:%M}" for deadline in dated)
    return f"the deadline {shown} is before the opening {call.opens:%Y-%m-%d}"


def _without_unwritable(fields: object) -> object:
    """Return the fields of a record without the amounts and figures that are too long."""
    if not isinstance(fields, Mapping):
        return fields
    return {
        name: value
        for name, value in fields.items()
        if not _is_unwritable(value.get("amount") if isinstance(value, Mapping) else value)
    }


def _is_unwritable(value: object) -> bool:
    """Return whether ``value`` is a finite number, or the text of one, that is too long."""
    if not isinstance(value, int | float | str | Decimal):
        return False
    try:
        number = Decimal(value)
    except ArithmeticError:
        return False
    return number.is_finite() and not is_writable(number)


def end_of_day(day: date, zone: str) -> datetime:
    """Return the last second of ``day`` in ``zone``: what a date without a time means."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=ZoneInfo(zone))


def join_sections(parts: Iterable[tuple[str, str]]) -> tuple[str, tuple[Section, ...]]:
    """Join (name, text) parts into one text and the spans of its sections.

    Blank parts are left out. Parts are separated by one blank line.
    """
    pieces: list[str] = []
    sections: list[Section] = []
    position = 0
    for name, text in parts:
        stripped = text.strip()
        if not stripped:
            continue
        sections.append(Section(name=name, start=position, end=position + len(stripped)))
        pieces.append(stripped)
        position += len(stripped) + 2
    return "\n\n".join(pieces), tuple(sections)
