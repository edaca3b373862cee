"""A small world for the tests of the API and the pages: calls, pilots, and a real search."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from index.build import build
from index.cache import VectorCache
from index.document import Document, Field
from index.encoder import HashEncoder
from index.errors import SnapshotError
from index.note import note
from index.query import Query
from index.search import Searcher
from scrapers.call import Call
from service.domain.before import Before
from service.domain.filters import Filters
from service.domain.freshness import Arrivals
from service.domain.match import MatchList, match
from service.domain.past import Past
from service.domain.pilot import Pilot
from service.domain.pricing import Pricing
from service.domain.profile import Profile
from service.domain.rounds import Rounds
from service.domain.scene import Scene
from service.errors import ConflictError, InputError
from service.messages.message import Message
from service.store.calls import Seen
from service.store.runs import Run
from tests.service.api.opinions import Opinions
from tests.service.api.world_calls import HOSTILE, some_calls
from tests.service.links_world import Ties

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
FIRST = datetime(2026, 2, 1, 4, 0, tzinfo=UTC)


def some_pilots() -> list[Pilot]:
    return [
        Pilot(
            id="heart",
            title="Hjärtsvikt hemma",
            text="Hjärtsvikt i hemmet\n\nPatienter mäter vikt och blodtryck dagligen i hemmet.",
            language="sv",
            created_at=NOW,
        ),
        Pilot(id="hostile", title=HOSTILE, text=f"Heart failure at home {HOSTILE}"),
    ]


@dataclass
class Shelf:
    """Calls in memory."""

    held: dict[str, Call]
    error: Exception | None = None
    past: dict[str, list[tuple[datetime, Call]]] = field(default_factory=dict)
    missing: dict[str, datetime] = field(default_factory=dict)

    def get(self, call_id: str) -> Call | None:
        return self.held.get(call_id)

    def all(self) -> dict[str, Call]:
        return dict(self.held)

    def count(self) -> int:
        if self.error:
            raise self.error
        return len(self.held)

    def seen(self, call_id: str) -> Seen | None:
        return Seen(FIRST, NOW, self.missing.get(call_id)) if call_id in self.held else None

    def versions(self, call_id: str) -> list[tuple[datetime, Call]]:
        older = self.past.get(call_id, [])
        return [*older, (NOW if older else FIRST, self.held[call_id])]

    def pasts(self, call_ids: Collection[str]) -> dict[str, list[tuple[datetime, Call]]]:
        return {id_: self.versions(id_) for id_ in call_ids}

    def first_seen(self) -> dict[str, datetime]:
        return dict.fromkeys(self.held, FIRST)

    def not_seen_since(self) -> dict[str, datetime]:
        return self.missing

    def absences(self) -> dict[str, tuple[datetime, datetime]]:
        return {}


@dataclass
class Roster:
    """Pilots in memory."""

    held: dict[str, Pilot]

    def get(self, pilot_id: str) -> Pilot | None:
        return self.held.get(pilot_id)

    def all(self) -> list[Pilot]:
        return list(self.held.values())

    def add(self, pilot: Pilot) -> Pilot:
        if pilot.id in self.held:
            raise ConflictError(f"There is a pilot {pilot.id} already: choose another id.")
        stored = pilot.model_copy(update={"created_at": NOW})
        self.held[pilot.id] = stored
        return stored


@dataclass
class Log:
    """Runs in memory, oldest first."""

    held: list[Run] = field(default_factory=list)

    def newest(self, job: str, *, state: str | None = None) -> dict[str, Run]:
        wanted = [run for run in self.held if run.job == job and state in (None, run.state)]
        return {run.subject: run for run in wanted}


@dataclass(frozen=True)
class Places:
    """The settings that the API looks at."""

    snapshots: Path
    digest_min_score: float = 0.0
    digest_quiet: str = "silent"


@dataclass
class World:
    """What the application answers from, as `Context` is, but in memory."""

    calls: Shelf
    pilots: Roster
    settings: Places
    index: Searcher | None
    clock_note: Message | None = None
    runs: Log = field(default_factory=Log)
    links: Ties = field(default_factory=Ties)
    feedback: Opinions = field(default_factory=Opinions)
    asked: list[tuple[int, str | None]] = field(default_factory=list)

    def pricing(self) -> Pricing:
        return Pricing()

    def now(self) -> datetime:
        return NOW

    def searcher(self) -> Searcher:
        if self.index is None:
            raise SnapshotError("There is no index yet: run `fundscout reindex`.", note("missing"))
        return self.index

    def before(self) -> Before:
        return Before(Rounds(self.calls.all().values(), self.calls.versions))

    def queries(self, pilots: Sequence[Pilot]) -> list[Query]:
        return [self.searcher().query(pilot.text, pilot.language) for pilot in pilots]

    def paid(self) -> tuple[Past | None, Message | None]:
        return None, None

    def scene(self, pilot_id: str = "") -> tuple[Scene, Message | None]:
        return Scene(
            self.searcher(),
            self.calls.all(),
            NOW,
            self.links.groups(),
            self.before(),
            self.feedback.judged(pilot_id),
            Arrivals(self.calls.first_seen()),
        ), None

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
        self.asked.append((top, language))
        if not any(letter.isalpha() for letter in text):
            raise InputError("The text has no words: describe the pilot in a sentence or more.")
        return match(
            self.scene(pilot_id)[0],
            text,
            filters=filters,
            top=top,
            language=language,
            profile=profile,
            group=group,
            dismissed=dismissed,
        )


def document(call: Call) -> Document:
    titles = [Field("titles", language, text) for language, text in call.titles.items()]
    texts = [
        Field(
            "texts",
            language,
            text,
            tuple((s.name, s.start, s.end) for s in call.sections.get(language, ())),
        )
        for language, text in call.texts.items()
    ]
    return Document(call.id, (*titles, *texts), " ".join(call.keywords))


def make(folder: Path, *, indexed: bool = True) -> World:
    calls = some_calls()
    root = folder / "snapshots"
    searcher = None
    if indexed:
        cache = VectorCache(folder / "vectors.sqlite")
        build([document(call) for call in calls], HashEncoder(), root, cache)
        cache.close()
        searcher = Searcher.open(root, HashEncoder())
    return World(
        Shelf({call.id: call for call in calls}),
        Roster({pilot.id: pilot for pilot in some_pilots()}),
        Places(root),
        searcher,
    )
