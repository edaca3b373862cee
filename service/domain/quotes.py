"""What a match quotes: a sentence of the pilot beside one of the call, and words that met."""

from __future__ import annotations

from pydantic import Field

from index import explain
from scrapers.call import Call
from service.domain.frozen_model import FrozenModel


class PilotSpan(FrozenModel):
    """``pilot.text[start:end]``, in code points."""

    start: int
    end: int
    text: str


class CallSpan(FrozenModel):
    """``call[field][lang][start:end]``, in code points of the call as stored."""

    field: str = Field(description="titles or texts: a field of the call.")
    lang: str
    section: str
    start: int
    end: int
    text: str


class Evidence(FrozenModel):
    """A sentence of the pilot that the score needs, and the nearest of the call; both verbatim."""

    pilot: PilotSpan
    call: CallSpan
    similarity: float


class Term(FrozenModel):
    """A word of the pilot and the word of the call that it met."""

    pilot: str
    call: str
    weight: float


def quoted(call: Call, why: explain.Explanation) -> tuple[Evidence, ...]:
    """Return the evidence of ``why`` that ``call``, as stored, still has word for word.

    The index may be older than the stored call: what was changed since then is not quoted.
    """
    return tuple(_evidence(one) for one in why.evidence if _stands_in(call, one))


def _stands_in(call: Call, one: explain.Evidence) -> bool:
    held: str = getattr(call, one.field).get(one.language, "")
    return held[one.span.start : one.span.end] == one.text


def _evidence(one: explain.Evidence) -> Evidence:
    return Evidence(
        pilot=PilotSpan(start=one.query.start, end=one.query.end, text=one.query_text),
        call=CallSpan(
            field=one.field,
            lang=one.language,
            section=one.section,
            start=one.span.start,
            end=one.span.end,
            text=one.text,
        ),
        similarity=one.similarity,
    )
