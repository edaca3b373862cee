"""Pick: a call chosen for a digest, with those that are told beside it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from scrapers.call import Call
from service.domain.notifications.events import CLOSING_REASONS, Event, EventReason


@dataclass(frozen=True)
class SelectedCall:
    """A call chosen for a digest, and why; ``others`` are the same or nearly so, told beside it.

    ``hurries`` says that it closes before the next mail could tell it in good time.
    """

    call_id: str
    score: float
    events: tuple[Event, ...]
    others: tuple[SelectedCall, ...] = ()
    closes_before_next_mail: bool = False

    @property
    def is_new(self) -> bool:
        """Whether it was never told before."""
        return any(news.reason is EventReason.NEW for news in self.events)


def merge_copies(
    picks: Sequence[SelectedCall], same: Callable[[str], Collection[str]]
) -> list[SelectedCall]:
    """Return ``picks`` with copies of one call beside the one that leads, the best first.

    The copy that hurries leads, then the best. What became different about another copy is said
    of the leading one too, or nobody would read it.

    Args:
        picks: in any order.
        same: the ids of a call's copies, its own among them.
    """
    leads: dict[str, SelectedCall] = {}
    place: dict[str, str] = {}
    for pick in sorted(
        picks, key=lambda pick: (not pick.closes_before_next_mail, -pick.score, pick.call_id)
    ):
        lead = next((place[one] for one in same(pick.call_id) if one in place), pick.call_id)
        place[pick.call_id] = lead
        leads[lead] = pick if lead == pick.call_id else _add_copy(leads[lead], pick)
    return sorted(leads.values(), key=lambda pick: (-pick.score, pick.call_id))


def merge_near_duplicates(
    picks: Sequence[SelectedCall],
    calls: Mapping[str, Call],
    alike: Callable[[Call, Call], bool],
    most: int,
) -> tuple[list[SelectedCall], list[SelectedCall]]:
    """Return the first ``most`` calls, new ones nearly the same beside the best, and the rest."""
    leads: list[SelectedCall] = []
    rest: list[SelectedCall] = []
    for pick in picks:
        place = next(
            (
                n
                for n, lead in enumerate(leads)
                if pick.is_new and lead.is_new and alike(calls[lead.call_id], calls[pick.call_id])
            ),
            None,
        )
        if place is not None:
            others = (*leads[place].others, replace(pick, others=()), *pick.others)
            leads[place] = replace(leads[place], others=others)
        elif len(leads) < most:
            leads.append(pick)
        else:
            rest.append(pick)
    return leads, rest


def _add_copy(lead: SelectedCall, copy: SelectedCall) -> SelectedCall:
    """Return ``lead`` with ``copy`` beside it, and with the changes that only the copy has."""
    known = {change.sentence.en for news in lead.events for change in news.changes}
    reasons = {news.reason for news in lead.events}
    added = tuple(
        news
        for news in copy.events
        if news.reason not in CLOSING_REASONS | reasons
        or any(change.sentence.en not in known for change in news.changes)
    )
    left = tuple(news for news in copy.events if news not in added)
    return replace(
        lead, events=(*lead.events, *added), others=(*lead.others, replace(copy, events=left))
    )
