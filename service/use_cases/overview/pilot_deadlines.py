"""The deadlines of the calls that a pilot may apply for, as a list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from scrapers.call import Deadline
from service.context import Context
from service.domain.matching.call_card import CallCard, make_card
from service.domain.matching.feedback import Opinion
from service.domain.matching.fit import Fit
from service.use_cases.overview.fitting_calls import list_fitting_calls
from service.use_cases.pilots import get_pilot


@dataclass(frozen=True)
class PilotDeadline:
    """A deadline of a call; ``deadline`` is None for a call that states none.

    ``fit`` is None for a call that is open to any subject. ``judged`` is what the team said.
    """

    call: CallCard
    deadline: Deadline | None
    fit: Fit | None
    judged: Opinion | None = None

    @property
    def at(self) -> datetime | None:
        """When it is, if that is known."""
        return self.deadline.at if self.deadline else None


@dataclass(frozen=True)
class PilotDeadlines:
    """The deadlines that have a day, the soonest first, and the calls without one."""

    dated: tuple[PilotDeadline, ...]
    undated: tuple[PilotDeadline, ...]


def list_pilot_deadlines(context: Context, pilot_id: str, language: str) -> PilotDeadlines:
    """Return every coming deadline of the calls that fit a pilot or that its team follows.

    Args:
        context: the stores and the index.
        pilot_id: the pilot.
        language: of titles.

    Raises:
        UnknownPilotError: there is no such pilot.
        SnapshotError: there is no sound index.
    """
    pilot = get_pilot(context, pilot_id)
    fits = {
        one.call_id: None if one.any_subject else Fit.from_score(one.score)
        for one in list_fitting_calls(context, [pilot])[pilot.id]
    }
    stored, opinions = context.stored_calls(), context.feedback.opinions(pilot_id)
    followed = opinions.relevant | opinions.applied
    dated: list[PilotDeadline] = []
    undated: list[PilotDeadline] = []
    for id_ in dict.fromkeys((*fits, *sorted(followed))):
        call = stored.calls.get(id_)
        if call is None:
            continue
        card, judged = make_card(stored, call, language), opinions.opinion_on(id_)
        coming = [one for one in call.deadlines if one.at is not None and one.at >= stored.now]
        dated += [PilotDeadline(card, one, fits.get(id_), judged) for one in coming]
        if not any(one.at is not None for one in call.deadlines):
            undated.append(PilotDeadline(card, None, fits.get(id_), judged))
    dated.sort(key=lambda one: (one.at or stored.now, one.call.id))
    return PilotDeadlines(tuple(dated), tuple(undated))
