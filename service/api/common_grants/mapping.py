"""A stored call as an opportunity of CommonGrants: pure functions, nothing is read or guessed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from scrapers.call import Call, Deadline, DeadlineKind, Funding, Money, Status
from service.api.common_grants.applicants import map_applicants
from service.api.common_grants.opportunity import (
    CustomField,
    CustomFieldType,
    OpportunityBase,
    OpportunityDetails,
    OpportunityEvent,
    OpportunityFunding,
    OpportunityMoney,
    OpportunityStatus,
    OpportunityStatusValue,
    OpportunityTimeline,
    OtherEvent,
    SingleDateEvent,
)
from service.domain.calls.copies import title_in
from service.domain.calls.ids import uid_of
from service.domain.matching.match import Match
from service.use_cases.sync.offers import FoundOffer

LIST_TEXT_LENGTH = 2000
"""Characters of a call's text in a list; the answer for one opportunity has all of it."""

STATUS_VALUES = {
    Status.FORTHCOMING: OpportunityStatusValue.FORECASTED,
    Status.OPEN: OpportunityStatusValue.OPEN,
    Status.CLOSED: OpportunityStatusValue.CLOSED,
    Status.UNKNOWN: OpportunityStatusValue.CUSTOM,
}
_LANGUAGE = "en"


def map_summary(offer: FoundOffer, now: datetime, language: str = _LANGUAGE) -> OpportunityBase:
    """Return an offer as it stands in a list.

    Args:
        offer: the call.
        now: the aware instant that its status is of.
        language: of the reasons, if the offer was found for a text (ISO 639).
    """
    whole = map_details(offer, now, language)
    text = whole.description
    if len(text) > LIST_TEXT_LENGTH:
        text = text[: LIST_TEXT_LENGTH - 1].rstrip() + "…"
    fields = {name: getattr(whole, name) for name in OpportunityBase.model_fields}
    return OpportunityBase(**fields | {"description": text})


def map_details(offer: FoundOffer, now: datetime, language: str = _LANGUAGE) -> OpportunityDetails:
    """Return an offer with all of its text; the arguments are those of `map_summary`."""
    call = offer.call
    return OpportunityDetails(
        id=uid_of(call.id),
        title=title_in(call, _LANGUAGE),
        status=map_status(call.status(now)),
        description=_text(call) or title_in(call, _LANGUAGE),
        funding=map_funding(call.funding),
        key_dates=map_dates(call, now),
        accepted_applicant_types=map_applicants(call, offer.facts) or None,
        source=call.url,
        custom_fields=dict(_custom_fields(offer, now, language)),
        created_at=offer.times.created,
        last_modified_at=offer.times.modified,
    )


def map_status(status: Status) -> OpportunityStatus:
    """Return a status; one that no date tells is ``custom``."""
    value = STATUS_VALUES[status]
    if status is Status.UNKNOWN:
        told = "The source gives no date that says whether it is open."
        return OpportunityStatus(value=value, custom_value=status.value, description=told)
    return OpportunityStatus(value=value)


def map_funding(funding: Funding | None) -> OpportunityFunding | None:
    """Return what the record gives as amounts, each in its own currency."""
    if funding is None:
        return None
    mapped = OpportunityFunding(
        details=funding.text or None,
        total_amount_available=map_money(funding.total),
        min_award_amount=map_money(funding.minimum),
        max_award_amount=map_money(funding.maximum),
        estimated_award_count=funding.expected_awards,
    )
    return mapped if mapped.dump() else None


def map_money(money: Money | None) -> OpportunityMoney | None:
    """Return an amount as a decimal number without exponent."""
    if money is None:
        return None
    return OpportunityMoney(amount=f"{money.amount:f}", currency=money.currency)


def map_dates(call: Call, now: datetime) -> OpportunityTimeline | None:
    """Return the dates of a call: its next deadline closes it, else the last one.

    Every other deadline, and the opening, is among the other dates.
    """
    closing = _closing(call, now)
    zone = call.deadlines[0].zone if call.deadlines else "UTC"
    others: dict[str, OpportunityEvent] = {}
    if call.opens is not None:
        others["opens"] = _event("Opens for applications", call.opens, zone)
    for number, deadline in enumerate(call.deadlines, 1):
        if deadline is not closing:
            others[f"deadline{number}"] = map_deadline(deadline)
    timeline = OpportunityTimeline(
        post_date=_event("Published", call.published, zone) if call.published else None,
        close_date=map_deadline(closing) if closing else None,
        other_dates=others or None,
    )
    return timeline if timeline.dump() else None


def map_deadline(deadline: Deadline) -> OpportunityEvent:
    """Return a deadline on the funder's calendar and clock; one without a day in words."""
    name = _deadline_name(deadline)
    if deadline.at is None:
        return OtherEvent(
            name=name, event_type="other", details=deadline.text or _details(deadline)
        )
    local = deadline.local()
    return SingleDateEvent(
        name=name,
        event_type="singleDate",
        date=local.date(),
        time=None if deadline.date_only else local.time().replace(microsecond=0),
        description=f"In the time zone {deadline.zone}.",
    )


def _text(call: Call) -> str:
    return call.texts.get(_LANGUAGE) or next(iter(call.texts.values()), "")


def _closing(call: Call, now: datetime) -> Deadline | None:
    """Return the deadline that closes a call: for newcomers the next, else the last."""
    upcoming = call.next_deadline(now)
    entries = [one for one in call.deadlines if one.admits_new_applicants]
    dated = [one for one in entries if one.at is not None]
    last = max(dated, key=lambda one: one.at or now, default=None)
    rolling = next((one for one in entries if one.at is None), None)
    return upcoming or rolling or last


def _deadline_name(deadline: Deadline) -> str:
    if deadline.kind is DeadlineKind.ROLLING:
        return "Applications at any time"
    if deadline.kind is DeadlineKind.ANNOUNCED:
        return "Announced deadline"
    if deadline.kind is DeadlineKind.CUT_OFF:
        return "Cut-off date"
    return f"Deadline of stage {deadline.stage}" if deadline.stage else "Deadline"


def _details(deadline: Deadline) -> str:
    rolling = deadline.kind is DeadlineKind.ROLLING
    return "Applications are taken until further notice." if rolling else "No date is given yet."


def _event(name: str, at: datetime, zone: str) -> SingleDateEvent:
    """Return an instant on the clock of ``zone``."""
    local = at.astimezone(ZoneInfo(zone))
    return SingleDateEvent(
        name=name,
        event_type="singleDate",
        date=local.date(),
        time=local.time().replace(microsecond=0),
        description=f"In the time zone {zone}.",
    )


def _custom_fields(
    offer: FoundOffer, now: datetime, language: str
) -> Iterator[tuple[str, CustomField]]:
    """Yield what the protocol has no field for, by its name."""
    call, deadline = offer.call, offer.call.next_deadline(now)
    yield "callId", _text_field("Call id", call.id, "What our own API calls it by.")
    yield "funder", _text_field("Funder", call.funder)
    yield "level", _text_field("Level of the funder", call.level.value)
    if call.programme:
        yield "programme", _text_field("Programme", call.programme)
    if call.apply_url:
        yield "applyUrl", _text_field("Where to apply", call.apply_url)
    if deadline is not None and deadline.at is not None:
        told = "The next deadline as an instant, with the offset of the funder's zone."
        yield "nextDeadline", _text_field("Next deadline", deadline.local().isoformat(), told)
    if call.funding is not None and call.funding.share_percent is not None:
        yield (
            "sharePercent",
            CustomField(
                name="Share of the costs",
                field_type=CustomFieldType.NUMBER,
                value=float(call.funding.share_percent),
                description="The most of a project's costs that is paid, in percent.",
            ),
        )
    if offer.times.missing_since is not None:
        told = "Since when the source does not list it any more."
        yield (
            "notListedSince",
            _text_field("Not listed since", offer.times.missing_since.isoformat(), told),
        )
    if offer.copies:
        yield (
            "copies",
            CustomField(
                name="Copies",
                field_type=CustomFieldType.ARRAY,
                value=list(offer.copies),
                description="Ids of the same call in other places.",
            ),
        )
    if offer.match is not None:
        yield from _match_fields(offer.match, language)


def _match_fields(match: Match, language: str) -> Iterator[tuple[str, CustomField]]:
    yield (
        "score",
        CustomField(
            name="Score",
            field_type=CustomFieldType.NUMBER,
            value=match.score,
            description="How likely the call is worth reading for the text, 0 to 1.",
        ),
    )
    yield "fit", _text_field("Fit", match.fit.value, "The score in a word: good, possible or weak.")
    yield (
        "reasons",
        CustomField(
            name="Reasons",
            field_type=CustomFieldType.ARRAY,
            value=[reason.in_(language) for reason in match.reasons],
            description="Why the call fits the text, in the language of the text.",
        ),
    )


def _text_field(name: str, value: str, description: str | None = None) -> CustomField:
    return CustomField(
        name=name, field_type=CustomFieldType.STRING, value=value, description=description
    )
