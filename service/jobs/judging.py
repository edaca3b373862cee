"""Judging calls for a pilot: the one way for command, API and page."""

from __future__ import annotations

from typing import Protocol

from scrapers.call import Call
from service.domain.feedback import Judged, Judgement, Opinion
from service.domain.pilot import Pilot
from service.domain.same import Groups
from service.errors import NotFoundError
from service.messages.message import message


class _Calls(Protocol):
    def get(self, call_id: str, /) -> Call | None:
        """Return the call with this id, if there is one."""


class _Pilots(Protocol):
    def get(self, pilot_id: str, /) -> Pilot | None:
        """Return the pilot with this id, if there is one."""


class _Feedback(Protocol):
    def add(self, judgement: Judgement, /) -> Judgement:
        """Keep a judgement."""
        ...

    def history(self, pilot_id: str, /) -> list[Judgement]:
        """Return every judgement on the pilot's calls, oldest first."""
        ...

    def judged(self, pilot_id: str, /) -> Judged:
        """Return the opinions that hold."""
        ...


class _Links(Protocol):
    def groups(self) -> Groups:
        """Return which calls are one."""
        ...


class Store(Protocol):
    """What is needed of a context."""

    @property
    def calls(self) -> _Calls:
        """The stored calls."""
        ...

    @property
    def pilots(self) -> _Pilots:
        """The stored pilots."""
        ...

    @property
    def links(self) -> _Links:
        """What calls are to each other."""
        ...

    @property
    def feedback(self) -> _Feedback:
        """What was said of calls."""
        ...


def judge(store: Store, judgement: Judgement) -> Judgement:
    """Keep ``judgement``; `Opinion.NONE` takes back what was said of the call, or of its copies.

    Raises:
        NotFoundError: there is no such pilot or call, or nothing to take back.
    """
    history(store, judgement.pilot)
    if judgement.verdict is Opinion.NONE:
        known = store.feedback.judged(judgement.pilot)
        one = [id_ for id_ in store.links.groups().group(judgement.call) if known.on(id_)]
        for id_ in one:
            store.feedback.add(judgement.model_copy(update={"call": id_}))
        if not one:
            raise NotFoundError(
                message("problem.judgement", call=judgement.call, pilot=judgement.pilot)
            )
        return judgement
    if store.calls.get(judgement.call) is None:
        raise NotFoundError(message("problem.call.listed", id=judgement.call))
    return store.feedback.add(judgement)


def history(store: Store, pilot_id: str) -> list[Judgement]:
    """Return every judgement on a pilot's calls, oldest first.

    Raises:
        NotFoundError: there is no such pilot.
    """
    if store.pilots.get(pilot_id) is None:
        raise NotFoundError(f"There is no pilot {pilot_id}: see `fundscout pilots`.")
    return store.feedback.history(pilot_id)
