"""Sections of a pilot's text: what each is, how much it counted, and what a reader may change."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from pydantic import Field

from index.search.query import Query
from index.search.sections.kind import KINDS, SectionKind
from service.domain.frozen_model import FrozenModel
from service.messages.message import ListStyle, Message, join_values, message


class Counted(StrEnum):
    """A kind of section that a reader wants to count in full, or `all` of them."""

    ALL = "all"
    ABOUT = "about"
    MAIL = "mail"
    NOTICE = "notice"
    GREETING = "greeting"
    SIGNATURE = "signature"
    DRAFT = "draft"
    CONTENTS = "contents"
    BUDGET = "budget"
    REFERENCES = "references"
    AGENDA = "agenda"
    FORM = "form"


class TextPart(FrozenModel):
    """A section of the text, by offsets in it."""

    start: int
    end: int
    kind: SectionKind = Field(description="What it is taken to be.")
    weight: float = Field(description="How much it counted, 0 to 1; below 0.25 not at all.")
    counts_little: bool = Field(description="Whether it was left out of what was compared.")


def counted_kinds(wanted: Iterable[Counted]) -> frozenset[SectionKind]:
    """Return the kinds of sections that count in full for a reader's wishes."""
    chosen = set(wanted)
    if Counted.ALL in chosen:
        return frozenset(KINDS)
    return frozenset(SectionKind(one.value) for one in chosen)


def text_parts(query: Query) -> tuple[TextPart, ...]:
    """Return the sections of a query's text, in order; none of a short one."""
    return tuple(
        TextPart(
            start=one.start,
            end=one.end,
            kind=one.kind,
            weight=one.weight,
            counts_little=one.counts_little,
        )
        for one in query.sections
    )


def kinds_around(parts: Iterable[TextPart]) -> tuple[SectionKind, ...]:
    """Return the kinds, other than the project, that a text has, in the order of `KINDS`."""
    found = {part.kind for part in parts if part.kind is not SectionKind.PROJECT}
    return tuple(kind for kind in KINDS if kind in found)


def little_note(parts: Iterable[TextPart]) -> Message | None:
    """Return the sentence that says which parts counted little; None when none did."""
    little = [part for part in parts if part.counts_little]
    if not little:
        return None
    kinds = [message(f"around.{kind}") for kind in kinds_around(little)]
    return message("note.counted_little", kinds=join_values(kinds, ListStyle.COMMAS))
