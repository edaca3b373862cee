"""What a match quotes: pairs of sentences from pilot and call, and words that both have."""

from __future__ import annotations

from pydantic import Field

from index.explain import evidence
from index.text.reading.clean import visible_text
from scrapers.call import Call
from service.domain.frozen_model import FrozenModel


class PilotSpan(FrozenModel):
    """``pilot.text[start:end]``, in code points of the text as given."""

    start: int
    end: int
    text: str

    @property
    def readable(self) -> str:
        """The words as people are shown them: without markup and hidden characters."""
        return visible_text(self.text)


class CallSpan(FrozenModel):
    """``call[field][lang][start:end]``, in code points of the call as stored."""

    field: str = Field(description="titles or texts: a field of the call.")
    lang: str
    section: str
    start: int
    end: int
    text: str


class Evidence(FrozenModel):
    """A sentence of the pilot that the score needs, and one of the call for it; both verbatim."""

    pilot: PilotSpan
    call: CallSpan
    similarity: float
    convincing: float | None = Field(
        default=None,
        description="How likely the pair convinces a reader that the call fits, 0 to 1.",
    )


class MatchedTerm(FrozenModel):
    """A word of the pilot and the word of the call that it met."""

    pilot: str
    call: str
    weight: float


def quote_evidence(call: Call, explanation: evidence.Explanation) -> tuple[Evidence, ...]:
    """Return the evidence that ``call``, as stored, still has word for word.

    The index may be older than the stored call: what was changed since then is not quoted.
    """
    return tuple(_make_evidence(pair) for pair in explanation.evidence if _is_verbatim(call, pair))


def _is_verbatim(call: Call, pair: evidence.SentencePair) -> bool:
    text: str = getattr(call, pair.field).get(pair.language, "")
    return text[pair.span.start : pair.span.end] == pair.text


def _make_evidence(pair: evidence.SentencePair) -> Evidence:
    return Evidence(
        pilot=PilotSpan(start=pair.query.start, end=pair.query.end, text=pair.query_text),
        call=CallSpan(
            field=pair.field,
            lang=pair.language,
            section=pair.section,
            start=pair.span.start,
            end=pair.span.end,
            text=pair.text,
        ),
        similarity=pair.similarity,
        convincing=pair.convincing,
    )
