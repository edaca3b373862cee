"""The tables of a curated funder's file, and what is wrong with one.

The form of the file is described in ``scrapers.platforms.curated``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import ConfigDict, Field, StringConstraints

from scrapers.call import (
    Currency,
    Deadline,
    DeadlineKind,
    Funding,
    Language,
    Link,
    Money,
    NonBlank,
    Record,
    Section,
    Url,
    Zone,
    end_of_day,
    join_sections,
)
from scrapers.reading.parse import Moment, start_of_day

SectionName = Literal["what", "who", "amount", "conditions", "how to apply"]
"""The parts of a text; "who" is also where the applicants are read from."""

LevelName = Literal["regional", "national", "nordic", "european", "international"]

_SOURCE = re.compile(r"https?://\S+(?: .+)?", re.DOTALL)
_SOURCED_FIELDS = ("opens", "invited_only", "deadlines", "funding")


class _StrictTable(Record):
    """A table of the file: every value of its own type, no unknown name."""

    model_config = ConfigDict(strict=True)


class _Deadline(_StrictTable):
    kind: Literal["fixed", "two-stage", "cut-off", "rolling", "announced"]
    at: date | datetime | None = None
    stage: int | None = None
    text: str = ""

    def read(self, zone: str) -> Deadline:
        """Return it on the clock of ``zone``; raise ``ValueError`` for what its kind lacks."""
        if self.kind == "announced" and not self.text.strip():
            raise ValueError("an announced deadline needs a text, such as the months it falls in")
        whole_day = self.at is not None and not isinstance(self.at, datetime)
        return Deadline(
            kind=DeadlineKind(self.kind),
            zone=zone,
            at=_to_instant(self.at, zone),
            date_only=whole_day,
            stage=self.stage,
            text=" ".join(self.text.split()),
        )


class _Funding(_StrictTable):
    currency: Currency | None = None
    minimum: int | None = None
    maximum: int | None = None
    total: int | None = None
    share_percent: int | None = None
    expected_awards: int | None = None
    text: str = ""

    def read(self) -> Funding:
        """Return it; raise ``ValueError`` for sums without currency or the wrong way round."""
        low, high = self.minimum, self.maximum
        if low is not None and high is not None and low > high:
            raise ValueError("the minimum is larger than the maximum")
        share = None if self.share_percent is None else Decimal(self.share_percent)
        return Funding(
            minimum=self._money(low),
            maximum=self._money(high),
            total=self._money(self.total),
            share_percent=share,
            expected_awards=self.expected_awards,
            text=" ".join(self.text.split()),
        )

    def _money(self, amount: int | None) -> Money | None:
        if amount is None:
            return None
        if self.currency is None:
            raise ValueError("a sum needs its currency")
        return Money(amount=Decimal(amount), currency=self.currency)


class Head(_StrictTable):
    """The ``[funder]`` of the file."""

    title: NonBlank
    home: Url
    level: LevelName
    zone: Zone
    verified: Literal["real answer", "page text", "not yet"]
    about: NonBlank


class CuratedCall(_StrictTable):
    """One ``[[call]]`` of the file."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,80}$")]
    url: Url
    apply_url: Url | None = None
    programme: str = ""
    level: LevelName | None = None
    keywords: list[NonBlank] = Field(default_factory=list)
    invited_only: bool = False
    checked: date | None = None
    opens: date | datetime | None = None
    titles: Annotated[dict[Language, NonBlank], Field(min_length=1)]
    texts: Annotated[dict[Language, dict[SectionName, NonBlank]], Field(min_length=1)]
    deadlines: list[_Deadline] = Field(default_factory=list)
    funding: _Funding | None = None
    sources: dict[str, str]

    def facts(self) -> set[str]:
        """Return the names of the facts, each of which needs a source."""
        parts = {part for text in self.texts.values() for part in text}
        return parts | {name for name in _SOURCED_FIELDS if getattr(self, name)}

    def faults(self) -> Iterator[str]:
        """Yield a sentence for each fault of the sources and of the day of checking."""
        facts, sources = self.facts(), set(self.sources)
        if missing := sorted(facts - sources):
            yield f"no source for {', '.join(missing)}"
        if needless := sorted(sources - facts):
            yield f"sources for {', '.join(needless)}, which is not given"
        for name, source in sorted(self.sources.items()):
            if not _SOURCE.fullmatch(source):
                yield f"the source of {name} does not begin with an address"
        tomorrow = (datetime.now(UTC) + timedelta(days=1)).date()
        if self.checked is not None and self.checked > tomorrow:
            yield f"checked {self.checked}, which is yet to come"

    def links(self) -> tuple[Link, ...]:
        """Return the sources' addresses, each labelled with the facts that were read there."""
        facts_by_address: dict[str, list[str]] = {}
        for name, source in self.sources.items():
            facts_by_address.setdefault(source.split(maxsplit=1)[0], []).append(name)
        return tuple(
            Link(url=url, label=f"Source of: {', '.join(names)}")
            for url, names in facts_by_address.items()
        )

    def opening_time(self, zone: str) -> datetime | None:
        """Return when it opens: a day as it begins on the clock of ``zone``."""
        at = _to_instant(self.opens, zone)
        whole_day = not isinstance(self.opens, datetime)
        return None if at is None else start_of_day(Moment(at, date_only=whole_day), zone)

    def joined_texts(self) -> dict[str, tuple[str, tuple[Section, ...]]]:
        """Return the text of each language with its sections, without the file's line breaks."""
        return {code: join_sections(_paragraphs(parts)) for code, parts in self.texts.items()}

    def applicants_text(self) -> str:
        """Return who may apply, in Swedish where there is Swedish, on one line."""
        parts = self.texts.get("sv", next(iter(self.texts.values())))
        return " ".join(parts.get("who", "").split())


def _to_instant(at: date | None, zone: str) -> datetime | None:
    """Return the end of a day or a time on the clock of ``zone``, unless it names its own."""
    if isinstance(at, datetime):
        return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))
    return None if at is None else end_of_day(at, zone)


def _paragraphs(parts: dict[SectionName, NonBlank]) -> Iterator[tuple[str, str]]:
    for name, text in parts.items():
        pieces = (" ".join(piece.split()) for piece in text.split("\n\n"))
        yield name, "\n\n".join(piece for piece in pieces if piece)


def error_text(detail: Any) -> str:
    """Return one of pydantic's findings as "place: what"."""
    place = ".".join(str(step) for step in detail["loc"])
    return f"{place}: {detail['msg']}" if place else str(detail["msg"])
