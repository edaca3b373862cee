"""How a text was understood where it was not read as it stands, in sentences."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import Field

from service.domain.frozen_model import FrozenModel
from service.domain.pilots.reading.read_text import UnderstoodAs, UnderstoodStretch
from service.messages.message import Shortened, message, quote
from service.messages.sentence import Sentence

_LONGEST = 80


class UnderstoodText(FrozenModel):
    """``text[start:end]`` was read as something else; ``as_written`` takes that back."""

    text: str = Field(description="The words of the text; given as `as_written` they stand.")
    start: int
    end: int
    kind: UnderstoodAs = Field(
        description="acronym: read as its long form. unwanted: it does not count as a wish."
    )
    meaning: str = Field(description="The long form, or what is not wanted.")
    sentence: Sentence


def list_understood(stretches: Iterable[UnderstoodStretch]) -> tuple[UnderstoodText, ...]:
    """Return what was understood, as readers are told it."""
    return tuple(
        UnderstoodText(
            text=one.text,
            start=one.span.start,
            end=one.span.end,
            kind=one.kind,
            meaning=one.meaning,
            sentence=_sentence(one),
        )
        for one in stretches
    )


def _sentence(one: UnderstoodStretch) -> Sentence:
    text = Shortened(one.text, _LONGEST)
    if one.kind is UnderstoodAs.ACRONYM:
        return Sentence.of(message("understood.acronym", text=text, meaning=one.meaning))
    return Sentence.of(message("understood.unwanted", text=quote(text)))
