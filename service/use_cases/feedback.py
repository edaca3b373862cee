"""Judge calls for a pilot, and list the judgements."""

from __future__ import annotations

from datetime import UTC, datetime

from pydantic import Field, ValidationError

from service.context import Context
from service.domain.access.principal import acting
from service.domain.frozen_model import FrozenModel
from service.domain.matching.feedback import Judgement, Opinion, current_judgements
from service.errors import InputError, NotFoundError, UnknownCallError
from service.messages.message import message
from service.use_cases.pilots import get_pilot


class FeedbackList(FrozenModel):
    """What was said of calls for a pilot."""

    pilot: str
    judgements: tuple[Judgement, ...] = Field(description="Those that hold, newest first.")
    history: tuple[Judgement, ...] = Field(description="Every one ever given, oldest first.")


def list_feedback(context: Context, pilot_id: str) -> FeedbackList:
    """Return every judgement on a pilot's calls.

    Raises:
        UnknownPilotError: there is no such pilot.
    """
    pilot = get_pilot(context, pilot_id)
    history = context.feedback.history(pilot.id)
    return FeedbackList(
        pilot=pilot.id, judgements=tuple(current_judgements(history)), history=tuple(history)
    )


def judge_call(
    context: Context,
    pilot_id: str,
    call_id: str,
    verdict: Opinion,
    by: str,
    *,
    at: datetime | None = None,
) -> Judgement:
    """Keep what somebody thinks of a call for a pilot.

    Args:
        context: the stores.
        pilot_id: the pilot.
        call_id: the call.
        verdict: the opinion; `Opinion.NONE` takes back an earlier one on the call or its copies.
        by: who judges: a name, initials or a team. A person who has signed in judges by the name of
            the account, whatever is given here.
        at: the aware instant of the judgement; by default now.

    Raises:
        UnknownPilotError: there is no such pilot.
        UnknownCallError: there is no such call.
        NotFoundError: there is nothing to take back.
        InputError: nobody is named, or the name is too long.
    """
    get_pilot(context, pilot_id)
    if acting().is_person:
        by = acting().name
    try:
        judgement = Judgement(
            pilot=pilot_id, call=call_id, verdict=verdict, by=by, at=at or datetime.now(UTC)
        )
    except ValidationError as error:
        raise InputError("Say who judges, in at most 100 characters.") from error
    if verdict is Opinion.NONE:
        _take_back(context, judgement)
        return judgement
    if context.calls.get(call_id) is None:
        raise UnknownCallError(call_id)
    return context.feedback.add(judgement)


def _take_back(context: Context, judgement: Judgement) -> None:
    """Take back the opinion on the call, and on each of its copies."""
    opinions = context.feedback.opinions(judgement.pilot)
    copies = context.links.groups().group(judgement.call)
    judged = [call_id for call_id in copies if opinions.opinion_on(call_id)]
    if not judged:
        raise NotFoundError(
            message("problem.judgement", call=judgement.call, pilot=judgement.pilot)
        )
    for call_id in judged:
        context.feedback.add(judgement.model_copy(update={"call": call_id}))
