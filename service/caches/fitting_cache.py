"""The calls that fit each pilot, as they were chosen last: several pages ask again and again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class FittingCall:
    """A call that fits a pilot, and how well (0 to 1); ``first_seen`` when it was first collected.

    ``is_wanted`` says that the pilot's team found it relevant; ``any_subject`` that it is open to
    projects on any subject, and so has no score.
    """

    call_id: str
    score: float
    first_seen: datetime | None = None
    is_wanted: bool = False
    any_subject: bool = False


FittingCalls = tuple[FittingCall, ...]
"""The calls of one pilot, best first."""

_MOST = 5_000


class FittingCache:
    """The calls of each pilot, kept until what they were chosen by changes. Threads share it."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[Hashable, FittingCalls]] = {}
        self._lock = threading.Lock()

    def get(
        self,
        states: Mapping[str, Hashable],
        choose: Callable[[Sequence[str]], Mapping[str, FittingCalls]],
    ) -> dict[str, FittingCalls]:
        """Return the calls of each pilot.

        Args:
            states: by pilot, what its calls are chosen by; what was kept for another is chosen
                again.
            choose: returns the calls of some pilots; one that it leaves out has none.
        """
        with self._lock:
            known = {
                id_: self._kept[id_][1]
                for id_, state in states.items()
                if id_ in self._kept and self._kept[id_][0] == state
            }
        missing = [id_ for id_ in states if id_ not in known]
        if not missing:
            return known
        chosen = choose(missing)
        with self._lock:
            if len(self._kept) > _MOST:
                self._kept.clear()
            for id_ in missing:
                self._kept[id_] = states[id_], chosen.get(id_, ())
        return known | {id_: chosen.get(id_, ()) for id_ in missing}
