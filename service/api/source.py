"""What the API and the pages need of the application: a small protocol, met by `Context`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol, cast

from flask import current_app

from index.query import Query
from index.search import Searcher
from scrapers.call import Call
from service.domain.before import Before
from service.domain.feedback import Judged, Judgement
from service.domain.filters import Filters
from service.domain.match import MatchList
from service.domain.news import Past
from service.domain.past import Past as PastProjects
from service.domain.pilot import Pilot
from service.domain.pricing import Pricing
from service.domain.profile import Profile
from service.domain.same import Groups
from service.domain.scene import Scene
from service.domain.sources import Runs
from service.messages.message import Message
from service.store.calls import Seen

EXTENSION = "fundscout"
"""Where the Flask application keeps its `Source`."""


class Calls(Protocol):
    """The stored calls."""

    def get(self, call_id: str, /) -> Call | None:
        """Return the call with this id, if there is one."""
        ...

    def all(self) -> dict[str, Call]:
        """Return every call by id."""
        ...

    def count(self) -> int:
        """Return how many calls there are; raise when the store cannot be read."""
        ...

    def seen(self, call_id: str, /) -> Seen | None:
        """Return when the call with this id was listed, if there is one."""
        ...

    def versions(self, call_id: str, /) -> list[tuple[datetime, Call]]:
        """Return what the call has been, oldest first, with the instant each was first seen."""
        ...

    def pasts(self, call_ids: Collection[str], /) -> Mapping[str, Past]:
        """Return what calls have been, as `versions` does, by id."""
        ...

    def first_seen(self) -> Mapping[str, datetime]:
        """Return when each call was first seen."""
        ...

    def not_seen_since(self) -> Mapping[str, datetime]:
        """Return the calls that their source lists no more, with the instant that was found."""
        ...

    def absences(self) -> Mapping[str, tuple[datetime, datetime]]:
        """Return from when to when calls that came back were last off their source's list."""
        ...


class Pilots(Protocol):
    """The stored pilots."""

    def get(self, pilot_id: str, /) -> Pilot | None:
        """Return the pilot with this id, if there is one."""
        ...

    def all(self) -> list[Pilot]:
        """Return every pilot."""
        ...

    def add(self, pilot: Pilot, /) -> Pilot:
        """Store a pilot, with its instant of creation; raise `ConflictError` on a taken id."""
        ...


class Links(Protocol):
    """What calls are to each other."""

    def groups(self) -> Groups:
        """Return which calls are one, and every other link between two."""
        ...


class Feedback(Protocol):
    """What was said of calls for pilots."""

    def add(self, judgement: Judgement, /) -> Judgement:
        """Keep a judgement."""
        ...

    def history(self, pilot_id: str, /) -> list[Judgement]:
        """Return every judgement on the pilot's calls, oldest first."""
        ...

    def judged(self, pilot_id: str, /) -> Judged:
        """Return the opinions that hold on the pilot's calls."""
        ...


class Folders(Protocol):
    """The settings that matter here."""

    @property
    def snapshots(self) -> Path:
        """The folder of the index's snapshots."""
        ...

    @property
    def digest_min_score(self) -> float:
        """The score from which a new call is told."""
        ...

    @property
    def digest_quiet(self) -> str:
        """What a week without a call that fits brings."""
        ...


class Source(Protocol):
    """Calls, pilots, a clock, and the one way to match them."""

    @property
    def calls(self) -> Calls:
        """The stored calls."""
        ...

    @property
    def links(self) -> Links:
        """What calls are to each other."""
        ...

    @property
    def pilots(self) -> Pilots:
        """The stored pilots."""
        ...

    @property
    def feedback(self) -> Feedback:
        """What was said of calls for pilots."""
        ...

    @property
    def runs(self) -> Runs:
        """The history of jobs."""
        ...

    @property
    def settings(self) -> Folders:
        """Where things are kept."""
        ...

    @property
    def clock_note(self) -> Message | None:
        """What is to be said when the clock stands still."""
        ...

    def now(self) -> datetime:
        """Return the aware instant that open and closed are computed by."""
        ...

    def pricing(self) -> Pricing:
        """Return what amounts are converted by."""
        ...

    def searcher(self) -> Searcher:
        """Return the current index; raise `SnapshotError` with what to run when there is none."""
        ...

    def before(self) -> Before:
        """Return what is known of earlier rounds and of projects that were paid."""
        ...

    def scene(self, pilot_id: str = "") -> tuple[Scene, Message | None]:
        """Return the calls with all that is known of them, and a sentence when something is lost.

        ``pilot_id`` names the pilot whose judgements count. Raise `SnapshotError` as `searcher`.
        """
        ...

    def queries(self, pilots: Sequence[Pilot]) -> list[Query]:
        """Return pilots read as queries."""
        ...

    def paid(self) -> tuple[PastProjects | None, Message | None]:
        """Return the projects that were paid, if there are any, and what is wrong if not."""
        ...

    def match(
        self,
        text: str,
        *,
        filters: Filters | None,
        top: int,
        language: str | None,
        profile: Profile | None = None,
        group: bool = True,
        pilot_id: str = "",
        dismissed: bool = False,
    ) -> MatchList:
        """Rank the calls for ``text``; raise `InputError` with words fit to show.

        ``pilot_id`` names the pilot whose judgements count; ``dismissed`` shows what they reject.
        """
        ...


def source() -> Source:
    """Return what the running application answers from."""
    return cast("Source", current_app.extensions[EXTENSION])
