"""The form of a pilot: shown as it was typed, and read with a sentence for each wrong field.

What a person typed stays as typed: it is shown again when something is wrong, whatever it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError
from werkzeug.datastructures import MultiDict

from scrapers.award import Award, Organisation
from scrapers.call import Currency
from service.domain.calls.applicant_kinds import ApplicantKind
from service.domain.calls.project_stages import ProjectStage
from service.domain.pilots.pilot import MAX_TEXT_LENGTH, FocusAreaKeys, Pilot
from service.domain.pilots.profile import CountryCode, Party, Profile, WantedGrant
from service.domain.pilots.wishes import ExcludedPhrases
from service.http.search_choices import split_phrases
from service.messages.message import Message, message

SPARE_ROWS: Final = 2
"""Empty rows for organisations, and for partners, below those that are filled in."""

LONGEST_TITLE: Final = 500
_MOST_ROWS = 100
_SINGLE = (
    *("title", "text", "exclude", "language", "country", "trl", "stage", "budget", "budget_up_to"),
    *("currency", "share", "start", "months", "any_subject", "partners", "private"),
)
_ROWS = ("organisation", "partner")
_COLUMNS = ("name", "kind", "country")
_MILLIONS = re.compile(
    r"\s*(?:mkr|msek|meur|mn|m|milj(?:on(?:er)?|\.)?|millions?)\s*$", re.IGNORECASE
)
_THOUSANDS = re.compile(r"\s*(?:tkr|ksek|keur|k|tusen|thousand)\s*$", re.IGNORECASE)
_UNIT = re.compile(r"\s*(?:kr|kronor|sek|eur|euro|€|:-|%|procent|percent)\s*$", re.IGNORECASE)
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:[.,]\d{3})+")


@dataclass(frozen=True)
class TypedParty:
    """An organisation or partner as it stands in its row."""

    name: str = ""
    kind: str = ""
    country: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in the row."""
        return not (self.name.strip() or self.kind or self.country.strip())


@dataclass(frozen=True)
class TypedPilot:
    """What stands in the form, field by field, as text."""

    values: Mapping[str, str]
    areas: tuple[str, ...] = ()
    organisation: tuple[TypedParty, ...] = ()
    partner: tuple[TypedParty, ...] = ()

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    def rows(self, kind: str) -> tuple[TypedParty, ...]:
        """Return the rows of organisations or partners, with some empty ones to fill in."""
        filled: tuple[TypedParty, ...] = getattr(self, kind)
        return (*filled, *(TypedParty() for _ in range(SPARE_ROWS)))

    def with_text(self, title: str, text: str) -> TypedPilot:
        """Return the form with the text of a file; a title that was typed stays."""
        kept = self["title"].strip() or title
        return TypedPilot(
            {**self.values, "title": kept, "text": text},
            self.areas,
            self.organisation,
            self.partner,
        )

    @property
    def has_profile(self) -> bool:
        """Whether anything of the profile is filled in."""
        names = ("country", "trl", "stage", "budget", "budget_up_to", "share", "start", "months")
        return bool(
            any(self[name].strip() for name in names) or self.organisation or self["partners"]
        )


def of_form(sent: MultiDict[str, str]) -> TypedPilot:
    """Return what a form sends, as it was typed."""
    values = {name: sent.get(name, "").replace("\r\n", "\n") for name in _SINGLE}
    rows = {kind: _rows_of(sent, kind) for kind in _ROWS}
    return TypedPilot(values, tuple(sent.getlist("areas")), **rows)


def of_pilot(pilot: Pilot) -> TypedPilot:
    """Return a stored pilot as the form shows it."""
    profile = pilot.profile or Profile()
    budget = profile.budget
    partners = profile.partners
    values = {
        "title": pilot.title,
        "text": pilot.text,
        "exclude": ", ".join(pilot.exclude),
        "language": pilot.language or "",
        "country": profile.country or "",
        "trl": _written(profile.trl),
        "stage": profile.stage or "",
        "budget": _grouped(budget.amount) if budget else "",
        "budget_up_to": _grouped(budget.up_to) if budget and budget.up_to is not None else "",
        "currency": budget.currency if budget else "",
        "share": f"{profile.share_percent:g}" if profile.share_percent is not None else "",
        "start": _written(profile.start),
        "months": _written(profile.months),
        "any_subject": "true" if profile.any_subject else "",
        "partners": "" if partners is None else "some" if partners else "none",
        "private": "true" if pilot.private else "",
    }
    return TypedPilot(
        values,
        pilot.areas,
        tuple(map(_typed_party, profile.organisations)),
        tuple(map(_typed_party, partners or ())),
    )


def empty_form() -> TypedPilot:
    """Return the form of a pilot that nobody has written anything of."""
    return TypedPilot({"any_subject": "true"})


def of_award(award: Award, language: str) -> TypedPilot:
    """Return the form with what a paid project said of itself, for somebody to go on from."""
    title = award.titles.get(language) or next(iter(award.titles.values()))
    text = award.texts.get(language) or next(iter(award.texts.values()), title)
    amount = award.amount
    return TypedPilot(
        {
            "title": title,
            "text": text,
            "any_subject": "true",
            "country": (award.coordinator.country or "") if award.coordinator else "",
            "budget": _grouped(amount.amount) if amount else "",
            "currency": amount.currency if amount else "",
            "partners": "some" if award.partners else "",
        },
        organisation=(_organisation(award.coordinator),) if award.coordinator else (),
        partner=tuple(map(_organisation, award.partners[: _MOST_ROWS // 2])),
    )


@dataclass
class FormReading:
    """What a form says: ``content`` holds a pilot's fields, ``problems`` a sentence a field."""

    content: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, Message] = field(default_factory=dict)


def read_pilot_form(typed: TypedPilot) -> FormReading:
    """Return the fields of the pilot that a form describes, and what is wrong with it."""
    reading = FormReading()
    title, text = " ".join(typed["title"].split()), typed["text"]
    if not title:
        reading.problems["title"] = message("pilot.wrong.title")
    elif len(title) > LONGEST_TITLE:
        reading.problems["title"] = message("pilot.wrong.title.long", count=len(title))
    if not any(character.isalpha() for character in text):
        reading.problems["text"] = message("pilot.wrong.text")
    elif len(text) > MAX_TEXT_LENGTH:
        reading.problems["text"] = message("pilot.wrong.text.long", count=len(text))
    phrases = split_phrases(typed["exclude"])
    if not _is_valid(ExcludedPhrases, phrases):
        reading.problems["exclude"] = message("problem.exclude")
    areas = tuple(dict.fromkeys(typed.areas))
    if not _is_valid(FocusAreaKeys, areas):
        reading.problems["areas"] = message("pilot.wrong.areas")
    language = typed["language"] or None
    if language is not None and not re.fullmatch(r"[a-z]{2,3}", language):
        reading.problems["language"] = message("pilot.wrong.choice")
    profile = _ProfileReader(typed, reading.problems).read()
    reading.content = {
        "title": title,
        "text": text,
        "language": language,
        "profile": profile,
        "exclude": phrases,
        "areas": areas,
    }
    return reading


class _ProfileReader:
    """Reads the part of the form that says who applies and for what."""

    def __init__(self, typed: TypedPilot, problems: dict[str, Message]) -> None:
        self._typed = typed
        self._problems = problems

    def read(self) -> Profile | None:
        """Return the profile, None where nothing is said; what is wrong is left out and named."""
        typed = self._typed
        profile = Profile(
            organisations=self._parties("organisation"),
            country=self._country("country", typed["country"]),
            trl=self._whole("trl", 1, 9),
            stage=self._stage(),
            budget=self._budget(),
            share_percent=self._share(),
            start=self._start(),
            months=self._whole("months", 1, 240),
            partners=self._partners(),
            any_subject=typed["any_subject"] == "true",
        )
        return None if profile == Profile() else profile

    def _parties(self, kind: str) -> tuple[Party, ...]:
        parties = []
        rows: Sequence[TypedParty] = getattr(self._typed, kind)
        if len(rows) > _MOST_ROWS:
            self._problems[kind] = message("pilot.wrong.rows", count=_MOST_ROWS)
            return ()
        for number, row in enumerate(rows):
            name = " ".join(row.name.split())
            if len(name) > 300:  # noqa: PLR2004  Party.name
                self._problems[f"{kind}_name_{number}"] = message("pilot.wrong.name")
                name = ""
            if row.kind and row.kind not in set(ApplicantKind):
                self._problems[f"{kind}_kind_{number}"] = message("pilot.wrong.choice")
                continue
            country = self._country(f"{kind}_country_{number}", row.country)
            chosen = ApplicantKind(row.kind) if row.kind else None
            parties.append(Party(name=name, kind=chosen, country=country))
        return tuple(parties)

    def _partners(self) -> tuple[Party, ...] | None:
        state, parties = self._typed["partners"], self._parties("partner")
        if parties:
            if state == "none":
                self._problems["partners"] = message("pilot.wrong.partners")
            return parties
        return () if state == "none" else None

    def _country(self, name: str, typed: str) -> str | None:
        code = typed.strip().upper()
        if not code:
            return None
        if _is_valid(CountryCode, code):
            return code
        self._problems[name] = message("pilot.wrong.country")
        return None

    def _stage(self) -> ProjectStage | None:
        typed = self._typed["stage"]
        if typed and typed not in set(ProjectStage):
            self._problems["stage"] = message("pilot.wrong.choice")
            return None
        return ProjectStage(typed) if typed else None

    def _whole(self, name: str, least: int, most: int) -> int | None:
        typed = self._typed[name].strip()
        if not typed:
            return None
        if re.fullmatch(r"[0-9]{1,4}", typed) and least <= int(typed) <= most:
            return int(typed)
        self._problems[name] = message("pilot.wrong.whole", least=least, most=most)
        return None

    def _amount(self, name: str) -> Decimal | None:
        typed = self._typed[name]
        if not typed.strip():
            return None
        amount = read_amount(typed)
        if amount is None or amount <= 0:
            self._problems[name] = message("pilot.wrong.amount")
            return None
        return amount

    def _budget(self) -> WantedGrant | None:
        amount, up_to = self._amount("budget"), self._amount("budget_up_to")
        if amount is None:
            if up_to is not None and "budget" not in self._problems:
                self._problems["budget"] = message("pilot.wrong.budget.least")
            return None
        currency = self._typed["currency"] or "SEK"
        if not _is_valid(Currency, currency):
            self._problems["currency"] = message("pilot.wrong.choice")
            return None
        if up_to is not None and up_to < amount:
            self._problems["budget_up_to"] = message("pilot.wrong.budget.most")
            up_to = None
        try:
            return WantedGrant(amount=amount, currency=currency, up_to=up_to)
        except ValidationError:  # more digits than can be written out
            self._problems["budget"] = message("pilot.wrong.amount")
            return None

    def _share(self) -> float | None:
        if not self._typed["share"].strip():
            return None
        share = read_amount(self._typed["share"], grouped=False)
        if share is None or not 0 < share <= 100:  # noqa: PLR2004  per cent
            self._problems["share"] = message("pilot.wrong.share")
            return None
        return float(share)

    def _start(self) -> date | None:
        typed = self._typed["start"].strip()
        if not typed:
            return None
        try:
            return date.fromisoformat(typed)
        except ValueError:
            self._problems["start"] = message("pilot.wrong.day")
            return None


def read_amount(typed: str, *, grouped: bool = True) -> Decimal | None:
    """Return a number as people type it: "3 000 000", "3,5 miljoner", "2.5 MSEK"; or None.

    Args:
        typed: what stands in the field.
        grouped: a point or comma before three digits groups them, as in "500.000".
    """
    text = "".join(typed.split()).replace("'", "").replace("\u2019", "")
    factor = 1
    for pattern, times in ((_MILLIONS, 1_000_000), (_THOUSANDS, 1_000), (_UNIT, 1)):
        shorter = pattern.sub("", text)
        if shorter != text:
            text, factor = shorter, times
            break
    if grouped and factor == 1 and _GROUPED.fullmatch(text):
        text = text.replace(".", "").replace(",", "")
    text = text.replace(",", ".")
    if not re.fullmatch(r"[0-9]{1,18}(?:\.[0-9]{1,6})?", text):
        return None
    try:
        amount = Decimal(text) * factor
    except InvalidOperation:
        return None
    whole = amount.to_integral_value()
    return whole if amount == whole else amount.normalize()


def _rows_of(sent: MultiDict[str, str], kind: str) -> tuple[TypedParty, ...]:
    columns = [sent.getlist(f"{kind}_{column}") for column in _COLUMNS]
    length = max(map(len, columns), default=0)
    padded: Iterable[list[str]] = ([*column, *[""] * (length - len(column))] for column in columns)
    rows = (TypedParty(*row) for row in zip(*padded, strict=True))
    return tuple(row for row in rows if not row.is_empty)


def _typed_party(party: Party) -> TypedParty:
    return TypedParty(party.name, party.kind or "", party.country or "")


def _organisation(one: Organisation) -> TypedParty:
    return TypedParty(one.name, "", one.country or "")


def _grouped(amount: Decimal) -> str:
    """Write an amount as Swedish and English readers both do: 3 000 000."""
    return f"{amount:,f}".replace(",", " ")


def _written(value: object) -> str:
    return "" if value is None else str(value)


def _is_valid(kind: Any, value: object) -> bool:
    try:
        TypeAdapter(kind).validate_python(value)
    except ValidationError:
        return False
    return True
