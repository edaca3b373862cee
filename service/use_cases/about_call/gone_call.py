"""A call that is not stored: what is still known of it."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from service.context import Context
from service.domain.awards.similar_awards import PastAward
from service.domain.calls.ids import native_id, source_of
from service.domain.frozen_model import FrozenModel
from service.domain.matching.feedback import Judgement
from service.domain.pilots.pilot import Pilot
from service.use_cases.about_call.pilots_of_call import find_judgements
from service.use_cases.calls import list_funders

_MOST_PROJECTS = 10


class GoneCall(FrozenModel):
    """What is known of a call that is not stored."""

    id: str
    native_id: str = Field(description="What its funder calls it.")
    source: str = Field(description="The key of its funder; empty where it has none.")
    funder: str = Field(description="The funder's name; empty where none of its calls is stored.")
    last_changed: datetime | None = Field(
        description="When it was taken out; null when no call of this id was ever stored here."
    )
    judged: tuple[tuple[Pilot, Judgement], ...] = Field(
        description="What was said of it for the pilots that whoever asks may see."
    )
    paid: tuple[PastAward, ...] = Field(description="Projects that it paid.")


def find_gone_call(context: Context, call_id: str, language: str = "en") -> GoneCall:
    """Return what is known of a call that is not stored: nothing but its id, if nothing is."""
    source = source_of(call_id) if ":" in call_id else ""
    pilots = {pilot.id: pilot for pilot in context.pilots.all()}
    judged = find_judgements(context, call_id, pilots)
    number = native_id(call_id) if source else call_id
    awards = context.awards.paid_by(source, number)[:_MOST_PROJECTS] if source else []
    return GoneCall(
        id=call_id,
        native_id=number,
        source=source,
        funder=list_funders(context).get(source, ""),
        last_changed=context.call_changes.changed_at([call_id]).get(call_id),
        judged=tuple((pilots[id_], one) for id_, one in judged.items()),
        paid=tuple(PastAward.from_award(award, language) for award in awards),
    )
