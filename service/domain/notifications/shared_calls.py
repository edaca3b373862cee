"""One mail for several pilots: a call that is told for more than one of them is shown once.

Nothing is lost by it: each digest keeps its keys, and the call says which pilots it is for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from service.domain.matching.call_card import CallCard
from service.domain.matching.fit import Fit
from service.domain.notifications.digest import (
    AnySubjectItem,
    Digest,
    DigestItem,
    EndedItem,
)
from service.domain.notifications.events import Event

MailItem = DigestItem | AnySubjectItem | EndedItem
"""A call in a mail, in whichever list."""


@dataclass(frozen=True)
class SharedPilot:
    """Another pilot that a call is told for: ``fit`` is None where it is open to any subject."""

    pilot_id: str
    title: str
    fit: Fit | None
    events: tuple[Event, ...]


@dataclass(frozen=True)
class PilotDigest:
    """What a mail shows of a pilot's digest.

    ``shared`` has the other pilots that a call is told for, by the id of the call. ``elsewhere``
    has the title of the pilot under which each call of this one is shown that is not here.
    """

    digest: Digest
    shared: Mapping[str, tuple[SharedPilot, ...]] = field(default_factory=dict)
    elsewhere: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Place:
    """Where a call stands: in which digest, in which list, and how well it fits there."""

    digest: int
    rank: int
    score: float
    item: MailItem


def share_calls(digests: Sequence[Digest]) -> tuple[PilotDigest, ...]:
    """Return the digests of one mail, each call in one of them: in full where it can be.

    Copies of a call are the same call.

    Args:
        digests: of one reader, in the order of the mail.
    """
    homes: list[list[_Place]] = []
    places = sorted(_places(digests), key=lambda one: (one.rank, -one.score, one.digest))
    home_of: dict[str, int] = {}
    for place in places:
        ids = _ids_of(place.item)
        known = next((home_of[id_] for id_ in ids if id_ in home_of), None)
        if known is None:
            known = len(homes)
            homes.append([])
        homes[known].append(place)
        home_of |= {id_: known for id_ in ids if id_ not in home_of}
    moved = {
        (place.digest, place.item.call_id): digests[home[0].digest].pilot_title
        for home in homes
        for place in home[1:]
        if place.digest != home[0].digest
    }
    return tuple(
        PilotDigest(
            digest=_without(digest, {id_ for number_, id_ in moved if number_ == number}),
            shared={
                home[0].item.call_id: _others(home, digests)
                for home in homes
                if home[0].digest == number and _others(home, digests)
            },
            elsewhere=tuple(title for (number_, _), title in moved.items() if number_ == number),
        )
        for number, digest in enumerate(digests)
    )


def _places(digests: Sequence[Digest]) -> Iterator[_Place]:
    for number, digest in enumerate(digests):
        for item in digest.ended:
            yield _Place(number, 0, 0.0, item)
        for rank, items in ((1, digest.items), (3, digest.brief)):
            for one in items:
                yield _Place(number, rank, one.match.score, one)
        for other in digest.any_subject.items:
            yield _Place(number, 2, 0.0, other)


def _ids_of(item: MailItem) -> list[str]:
    card = item.match.call if isinstance(item, DigestItem) else _card_of(item)
    return [item.call_id, *(copy.id for copy in card.also)]


def _card_of(item: AnySubjectItem | EndedItem) -> CallCard:
    return item.call.call if isinstance(item, AnySubjectItem) else item.call


def _others(home: Sequence[_Place], digests: Sequence[Digest]) -> tuple[SharedPilot, ...]:
    first = home[0].digest
    others = {place.digest: place.item for place in home[1:] if place.digest != first}
    return tuple(
        SharedPilot(
            pilot_id=digests[number].pilot_id,
            title=digests[number].pilot_title,
            fit=item.match.fit if isinstance(item, DigestItem) else None,
            events=item.reasons,
        )
        for number, item in others.items()
    )


def _without(digest: Digest, call_ids: set[str]) -> Digest:
    """Return a digest without the calls that are shown elsewhere."""
    if not call_ids:
        return digest
    any_subject = digest.any_subject.model_copy(
        update={"items": _kept(digest.any_subject.items, call_ids)}
    )
    return digest.model_copy(
        update={
            "items": _kept(digest.items, call_ids),
            "brief": _kept(digest.brief, call_ids),
            "ended": _kept(digest.ended, call_ids),
            "any_subject": any_subject,
        }
    )


def _kept(items: Sequence[MailItem], call_ids: set[str]) -> tuple[MailItem, ...]:
    return tuple(item for item in items if item.call_id not in call_ids)
