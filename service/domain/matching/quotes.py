"""What a match quotes: a sentence of the pilot beside one of the call, and words that met."""

from __future__ import annotations

from pydantic import Field

from index.explain import evidence
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


class MatchedTerm(FrozenModel):
    """A word of the pilot and the word of the call that it met."""

    pilot: str
    call: str
    weight: float


def quote_evidence(call: Call, why: evidence.Explanation) -> tuple[Evidence, ...]:
    """Return the evidence of ``why`` that ``call``, as stored, still has word for word.

    The index may be older than the stored call: what was changed since then is not quoted.
    """
    return tuple(_make_evidence(one) for one in why.evidence if _is_verbatim(call, one))


def _is_verbatim(call: Call, one: evidence.SentencePair) -> bool:
    held: str = getattr(call, one.field).get(one.language, "")
    return held[one.span.start : one.span.end] == one.text


def _make_evidence(one: evidence.SentencePair) -> Evidence:
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
