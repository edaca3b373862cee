"""What the tools answer: typed, bounded, and with the words of others marked as theirs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Self

from pydantic import Field

from scrapers.call import Deadline, Level, Money, Status
from service.assistants.quotations import (
    FunderWords,
    PilotWords,
    from_funder,
    from_pilot,
    visible,
)
from service.domain.eligibility.verdict import Gate, Verdict
from service.domain.frozen_model import FrozenModel
from service.domain.matching.call_card import CallCard
from service.domain.matching.call_explanation import CallExplanation
from service.domain.matching.fit import Fit
from service.domain.matching.match import Match, MatchList
from service.domain.matching.reasons import ReasonTopic
from service.domain.notifications.digest import Digest
from service.domain.notifications.events import Event
from service.domain.pilots.pilot import Pilot
from service.messages.render import render
from service.untrusted_text import web_url
from service.use_cases.calls import CallDetail, CallPage

MOST_TEXT = 20_000
"""Characters of a call's text that one answer has."""

_MOST_QUOTES, _MOST_DEADLINES, _MOST_CONDITIONS = 3, 20, 30
_LONGEST_SENTENCE = 600


class CallBrief(FrozenModel):
    """A call in a few facts; the funder's own page decides."""

    id: str
    title: FunderWords
    funder: str
    programme: FunderWords | None
    level: Level
    status: Status
    next_deadline: datetime | None = Field(description="With the offset of the funder's clock.")
    deadline_kind: str = ""
    maximum: str = Field(default="", description="What a project may get at most, as stated.")
    url: str = Field(description="The funder's own page.")

    @classmethod
    def of(cls, card: CallCard) -> Self:
        """Return the brief of ``card``."""
        deadline = card.next_deadline
        return cls(
            id=card.id,
            title=from_funder(card.title),
            funder=visible(card.funder, 200),
            programme=from_funder(card.programme, 200) if card.programme else None,
            level=card.level,
            status=card.status,
            next_deadline=deadline.local() if deadline and deadline.at else None,
            deadline_kind=str(deadline.kind) if deadline else "",
            maximum=_amount(card.funding.maximum if card.funding else None),
            url=web_url(card.url),
        )


class QuotedPair(FrozenModel):
    """A sentence of the pilot that the score rests on, and the call's sentence that it met."""

    pilot: PilotWords
    call: FunderWords


class ConditionVerdict(FrozenModel):
    """A condition of the call, and whether the applicant meets it as far as is known."""

    name: str
    verdict: Verdict
    why: str
    words: FunderWords | None = Field(description="Where the call says so; null where it does not.")

    @classmethod
    def of(cls, gate: Gate, language: str) -> Self:
        """Return ``gate`` in a language."""
        return cls(
            name=gate.name,
            verdict=gate.verdict,
            why=visible(gate.reason_in(language), _LONGEST_SENTENCE),
            words=from_funder(gate.quote) if gate.quote else None,
        )


class MatchedCall(FrozenModel):
    """A call that may fit, and why."""

    call: CallBrief
    score: float = Field(description="How likely the call is worth reading, 0 to 1.")
    fit: Fit
    reasons: tuple[str, ...]
    quotes: tuple[QuotedPair, ...]
    conditions: tuple[ConditionVerdict, ...]

    @classmethod
    def of(cls, match: Match, language: str) -> Self:
        """Return ``match`` in a language."""
        return cls(
            call=CallBrief.of(match.call),
            score=round(match.score, 4),
            fit=match.fit,
            reasons=tuple(
                visible(reason.in_(language), _LONGEST_SENTENCE)
                for reason in match.reasons
                if reason.about is not ReasonTopic.QUOTE
            ),
            quotes=tuple(
                QuotedPair(pilot=from_pilot(one.pilot.text), call=from_funder(one.call.text))
                for one in match.evidence[:_MOST_QUOTES]
            ),
            conditions=tuple(
                ConditionVerdict.of(gate, language)
                for gate in match.gates[:_MOST_CONDITIONS]
                if not gate.is_silent
            ),
        )


class MatchedCalls(FrozenModel):
    """The calls that fit a text, best first."""

    matches: tuple[MatchedCall, ...]
    considered: int = Field(description="Calls that the filters let through.")
    nothing_fits: bool = Field(description="No match may fit: those shown are only the nearest.")
    notes: tuple[str, ...]
    as_of: datetime

    @classmethod
    def of(cls, found: MatchList, language: str) -> Self:
        """Return ``found`` in a language."""
        return cls(
            matches=tuple(MatchedCall.of(match, language) for match in found.matches),
            considered=found.considered,
            nothing_fits=found.nothing_fits,
            notes=tuple(visible(render(n, language), _LONGEST_SENTENCE) for n in found.notes),
            as_of=found.as_of,
        )


class ExplainedCall(FrozenModel):
    """One call explained for a pilot or a text, whether it is recommended or not."""

    match: MatchedCall
    rank: int | None = Field(description="Its place among the calls; null when it has none.")
    considered: int
    recommended: bool = Field(description="Whether a list shows it among the first ten.")
    why_not: tuple[str, ...]
    what_would_help: tuple[str, ...]

    @classmethod
    def of(cls, found: CallExplanation, language: str) -> Self:
        """Return ``found`` in a language."""

        def say(sentences: Sequence[str]) -> tuple[str, ...]:
            return tuple(visible(one, _LONGEST_SENTENCE) for one in sentences)

        return cls(
            match=MatchedCall.of(found.match, language),
            rank=found.rank,
            considered=found.considered,
            recommended=found.recommended,
            why_not=say([one.sentence.in_(language) for one in found.why_not]),
            what_would_help=say([one.sentence.in_(language) for one in found.openings]),
        )


class CallSearch(FrozenModel):
    """A page of calls, those to apply to next first."""

    calls: tuple[CallBrief, ...]
    page: int
    pages: int
    total: int
    as_of: datetime

    @classmethod
    def of(cls, found: CallPage) -> Self:
        """Return ``found``."""
        return cls(
            calls=tuple(map(CallBrief.of, found.calls)),
            page=found.page,
            pages=found.pages,
            total=found.total,
            as_of=found.as_of,
        )


class StatedDay(FrozenModel):
    """A deadline as the call has it."""

    kind: str
    at: datetime | None = Field(description="With the offset of the funder's clock.")
    date_only: bool = Field(description="Only the day is stated; the time is its end.")
    words: FunderWords | None

    @classmethod
    def of(cls, deadline: Deadline) -> Self:
        """Return ``deadline``."""
        return cls(
            kind=str(deadline.kind),
            at=deadline.local() if deadline.at else None,
            date_only=deadline.date_only,
            words=from_funder(deadline.text) if deadline.text else None,
        )


class QuotedCondition(FrozenModel):
    """A condition that was read in the call."""

    name: str
    words: FunderWords


class OneCall(FrozenModel):
    """The whole of one call."""

    call: CallBrief
    opens: datetime | None
    deadlines: tuple[StatedDay, ...]
    conditions: tuple[QuotedCondition, ...]
    language: str = Field(description="Of the text; empty where there is none.")
    languages: tuple[str, ...] = Field(description="The languages that the call has a text in.")
    text: FunderWords
    text_is_cut: bool

    @classmethod
    def of(cls, card: CallCard, call: CallDetail, language: str) -> Self:
        """Return ``call`` with its text in ``language``, or in its first one."""
        known = language if language in call.texts else next(iter(call.texts), "")
        text = call.texts.get(known, "")
        return cls(
            call=CallBrief.of(card),
            opens=call.opens,
            deadlines=tuple(map(StatedDay.of, call.deadlines[:_MOST_DEADLINES])),
            conditions=tuple(
                QuotedCondition(name=one.name, words=from_funder(one.quote))
                for one in call.conditions[:_MOST_CONDITIONS]
                if one.quote
            ),
            language=known,
            languages=tuple(call.texts),
            text=from_funder(text, MOST_TEXT),
            text_is_cut=len(text) > MOST_TEXT,
        )


class PilotBrief(FrozenModel):
    """A stored pilot, without its text."""

    id: str
    title: PilotWords
    language: str | None
    beginning: PilotWords

    @classmethod
    def of(cls, pilot: Pilot) -> Self:
        """Return the brief of ``pilot``."""
        return cls(
            id=pilot.id,
            title=from_pilot(pilot.title),
            language=pilot.language,
            beginning=from_pilot(pilot.text, 300),
        )


class StoredPilots(FrozenModel):
    """A page of the stored pilots."""

    pilots: tuple[PilotBrief, ...]
    page: int
    pages: int
    total: int


class DigestCall(FrozenModel):
    """A call of a mail, and why now."""

    match: MatchedCall
    why_now: tuple[str, ...]


class DigestPreview(FrozenModel):
    """What the week's mail about a pilot would tell. Nothing is sent."""

    pilot: str
    week: str
    sends: bool = Field(description="Whether there is anything to send.")
    calls: tuple[DigestCall, ...]
    more: int = Field(description="Calls that wait for the next mail.")
    next_mail: datetime

    @classmethod
    def of(cls, digest: Digest, language: str) -> Self:
        """Return ``digest`` in a language."""
        return cls(
            pilot=digest.pilot_id,
            week=str(digest.week),
            sends=digest.send,
            calls=tuple(
                DigestCall(
                    match=MatchedCall.of(item.match, language),
                    why_now=tuple(_why_now(item.reasons, language)),
                )
                for item in digest.items
            ),
            more=digest.more,
            next_mail=digest.next_mail,
        )


def _why_now(events: Sequence[Event], language: str) -> Iterator[str]:
    """Yield why a call is told now: in a word, and what changed about it in sentences."""
    for event in events:
        yield str(event.reason)
        for change in event.changes:
            yield visible(change.sentence.in_(language), _LONGEST_SENTENCE)


def _amount(money: Money | None) -> str:
    return f"{money.amount:f} {money.currency}" if money else ""
