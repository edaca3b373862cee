"""The opened stores, model and index that use cases and jobs work with."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from index.embedding.cache import CachedEncoder, VectorCache
from index.embedding.encoder import Encoder, Vectors
from index.embedding.load import load_encoder
from index.errors import CacheError, SnapshotError
from index.explain.explaining_searcher import ExplainingSearcher
from index.search.query import Query, read_query
from index.store import snapshot
from service import ecb_rates
from service.activity import Activity
from service.caches.award_cache import AwardCache
from service.caches.award_progress import AwardProgress
from service.caches.feed_cache import FeedCache
from service.caches.fitting_cache import FittingCache
from service.clock import ServiceClock, make_clock
from service.data_folder import in_use
from service.data_folder.private_files import make_private_folder
from service.domain.awards.similar_awards import SimilarAwards
from service.domain.calls.duplicates.links import CallGroups
from service.domain.calls.exchange_rates import ExchangeRates
from service.domain.calls.rounds import RoundIndex
from service.domain.calls.sources import SourceRuns
from service.domain.eligibility.nearest_sentences import NearestSentences, phrasings
from service.domain.matching.candidates import CandidateIndex
from service.domain.matching.feedback import CurrentOpinions
from service.domain.matching.match_context import MatchContext, StoredCalls
from service.domain.matching.pricing import Pricing
from service.domain.matching.prior_activity import PriorActivityIndex
from service.domain.pilots.pilot import Pilot
from service.domain.pilots.reading.read_text import read_text
from service.errors import InputError
from service.messages.message import Message
from service.settings import Settings
from service.store.access.keys import KeyStore
from service.store.access.owners import OwnerReader
from service.store.access.pilot_visits import PilotVisitStore
from service.store.access.users import UserStore, WebSessionStore
from service.store.areas.focus_areas import FocusAreaStore
from service.store.awards import AwardStore
from service.store.call_facts.scan_rows import ScanRowReader
from service.store.calls import CallStore
from service.store.database import connect
from service.store.deliveries import DeliveryStore
from service.store.feedback import FeedbackStore
from service.store.feeds.feed_links import FeedLinkStore
from service.store.feeds.webhooks import WebhookStore
from service.store.links import LinkStore
from service.store.personal_data import PersonStore
from service.store.pilots import PilotStore
from service.store.recipients import RecipientStore
from service.store.runs import RESTORE_JOB, RunStore
from service.store.searches.search_store import SearchStore
from service.store.sent_items import SentItemStore
from service.store.sync.call_changes import CallChangeStore
from service.store.sync.idempotency import IdempotencyStore

if TYPE_CHECKING:
    from service.throttle import Throttles

_QUERY_CACHE_SIZE = 2000
"""Pilots whose queries are kept in memory: some 30 MB."""

EXAMPLES_SOURCE = "examples"
"""Source of the example calls and pilots."""


class Context:
    """Everything opened once and shared by threads; the model loads when it is first needed."""

    def __init__(
        self, settings: Settings, engine: Engine, load: Callable[[], Encoder] | None = None
    ) -> None:
        self.settings = settings
        self.calls = CallStore(engine)
        self.links = LinkStore(engine)
        self.call_changes = CallChangeStore(engine)
        self.idempotency = IdempotencyStore(engine)
        self.pilots = PilotStore(engine)
        self.runs = RunStore(engine)
        self.awards = AwardStore(engine)
        self.award_cache = AwardCache(
            self.awards, settings.award_snapshots, AwardProgress(settings.data)
        )
        self.feedback = FeedbackStore(engine)
        self.recipients = RecipientStore(engine)
        self.deliveries = DeliveryStore(engine)
        self.sent_items = SentItemStore(engine)
        self.persons = PersonStore(engine, self.recipients)
        self.feed_links = FeedLinkStore(engine)
        self.webhooks = WebhookStore(engine)
        self.searches = SearchStore(engine)
        self.focus_areas = FocusAreaStore(engine)
        self.scan_rows = ScanRowReader(engine)
        self.feed_cache = FeedCache()
        self.fitting_cache = FittingCache()
        self.keys = KeyStore(engine)
        self.users = UserStore(engine)
        self.web_sessions = WebSessionStore(engine)
        self.pilot_visits = PilotVisitStore(engine)
        self.activity = Activity()
        self._load = load or self._load_model
        self._encoder: Encoder | None = None
        self._searcher: ExplainingSearcher | None = None
        self._clock: tuple[str, ServiceClock] | None = None
        self._rates: tuple[int, ExchangeRates | None] | None = None
        self._candidates: CandidateIndex | None = None
        self._queries: dict[tuple[str, str | None, str], Query] = {}
        self._rounds: tuple[tuple[str, str, CallGroups], RoundIndex] | None = None
        self._questions: Vectors | None = None
        self._nearest: tuple[ExplainingSearcher, NearestSentences] | None = None
        self._source_runs: tuple[tuple[int, int], SourceRuns] | None = None
        self._lock = threading.Lock()

    @classmethod
    def open(cls, settings: Settings, load: Callable[[], Encoder] | None = None) -> Context:
        """Open the store that ``settings`` name, and make it if there is none.

        Args:
            settings: where everything is.
            load: returns the encoder; by default the model of the settings.

        Raises:
            ServiceError: the data folder or the database cannot be used.
            JobBusyError: a backup is being restored into the data folder.
        """
        try:
            make_private_folder(settings.data)
        except OSError as error:
            raise InputError(
                f"The data folder {settings.data} cannot be made: {error.strerror}. "
                "Set FUNDSCOUT_DATA to a folder that can be written."
            ) from error
        in_use.share(settings.data)
        try:
            context = cls(settings, connect(settings.database), load)
        except BaseException:
            in_use.release(settings.data)
            raise
        # the folder is in use for as long as anybody holds the context
        weakref.finalize(context, in_use.release, settings.data)
        return context

    def owners(self) -> OwnerReader:
        """Return what says who made links to feeds and webhooks, for one request or one run."""
        return OwnerReader(self.keys, self.users, datetime.now(UTC))

    @property
    def snapshots(self) -> Path:
        """Folder of the index snapshots."""
        return self.settings.snapshots

    @property
    def clock_note(self) -> Message | None:
        """A note for readers, when the clock stands still."""
        return self._make_clock().note

    @cached_property
    def throttles(self) -> Throttles:
        """What clients may do how often."""
        from service.throttle import Throttles  # noqa: PLC0415  commands count nobody

        return Throttles()

    def now(self) -> datetime:
        """Return the aware instant that open and closed are computed by."""
        return self._make_clock().now()

    def encoder(self) -> Encoder:
        """Return the model, loaded once.

        Raises:
            ModelError: it cannot be loaded, and why.
        """
        with self._lock:
            if self._encoder is None:
                self._encoder = self._load()
            return self._encoder

    def searcher(self) -> ExplainingSearcher:
        """Return the current snapshot's searcher, opened anew when another became current.

        Raises:
            SnapshotError: there is no sound snapshot, and what to run.
        """
        encoder = self.encoder()
        with self._lock:
            name = snapshot.current_snapshot(self.snapshots)
            if self._searcher is None or name != self._searcher.name:
                self._searcher = ExplainingSearcher.open(self.snapshots, encoder)
            return self._searcher

    def stored_calls(self) -> StoredCalls:
        """Return the calls as they are now, with their links and the rates; needs no index."""
        return StoredCalls(
            calls=self.calls.reader(),
            now=self.now(),
            conditions=self.calls.condition_reader(),
            links=self.links.groups(),
            pricing=self.pricing(),
            modified=self.calls.change_times(),
        )

    def match_context(self, pilot_id: str = "") -> MatchContext:
        """Return what texts are matched in: the calls, their index and all that matches show.

        Args:
            pilot_id: the stored pilot whose judgements count, if any.

        Raises:
            SnapshotError: there is no sound index.
        """
        awards, note = self.similar_awards()
        candidates = self.candidates()
        return MatchContext(
            searcher=self.searcher(),
            candidates=candidates,
            names=self.calls.names,
            nearest=self.nearest_sentences(),
            conditions=self.calls.condition_reader(),
            calls=self.calls.reader(),
            now=self.now(),
            links=candidates.links,
            prior_activity=replace(self.prior_activity(), similar_awards=awards),
            opinions=self.feedback.opinions(pilot_id) if pilot_id else CurrentOpinions(),
            arrivals=candidates.columns.arrivals,
            pricing=self.pricing(),
            notes=(note,) if note else (),
            any_subject=self.calls.any_subject_calls,
            modified=self.calls.change_times(),
        )

    def nearest_sentences(self) -> NearestSentences:
        """Return what finds sentences near to a condition, of calls in the current index.

        Raises:
            SnapshotError: there is no sound index.
        """
        encoder, searcher = self.encoder(), self.searcher()
        if self._nearest is None or self._nearest[0] is not searcher:
            found = NearestSentences(
                self._encode_questions, encoder.passages, searcher.sentence_directions
            )
            self._nearest = searcher, found
        return self._nearest[1]

    def _encode_questions(self) -> Vectors:
        """Return the vectors of what conditions are asked by; read once, and kept on disk."""
        encoder = self.encoder()
        if self._questions is None:
            texts = [phrasing for _, phrasing in phrasings()]
            try:
                cache = VectorCache(self.settings.vectors)
            except CacheError:  # no room for them: they are encoded by every process
                self._questions = encoder.queries(texts)
                return self._questions
            try:
                self._questions = CachedEncoder(encoder, cache).queries(texts)
            finally:
                cache.close()
        return self._questions

    def candidates(self) -> CandidateIndex:
        """Return what calls are chosen by; the same object until a call or a link changes."""
        columns, groups = self.calls.columns(), self.links.groups()
        with self._lock:
            known = self._candidates
            if known is None or known.columns is not columns or known.links is not groups:
                known = CandidateIndex(columns, groups, self.calls.conditions)
                self._candidates = known
            return known

    def similar_awards(self) -> tuple[SimilarAwards | None, Message | None]:
        """Return the index of awards, None without one, and a note when it cannot be read."""
        return self.award_cache.open_awards(self.encoder())

    def pilot_queries(self, pilots: Sequence[Pilot]) -> list[Query]:
        """Return each pilot as a query; queries and vectors are kept, so the next time is fast."""
        encoder = self.encoder()
        wanted = [(encoder.fingerprint, pilot.language, pilot.text) for pilot in pilots]
        missing = [key for key in dict.fromkeys(wanted) if key not in self._queries]
        if missing:
            cache = VectorCache(self.settings.vectors)
            try:
                cached = CachedEncoder(encoder, cache)
                queries = {
                    key: read_query(read_text(key[2], key[1]).edited, cached, key[1])
                    for key in missing
                }
            finally:
                cache.close()
            kept = self._queries if len(self._queries) < _QUERY_CACHE_SIZE else {}
            self._queries = kept | queries
        return [self._queries[key] for key in wanted]

    def prior_activity(self) -> PriorActivityIndex:
        """Return the rounds of calls, without similar awards; read again when the stores change."""
        groups = self.links.groups()
        stamp = (self.calls.stamp(), self.award_cache.stamp(), groups)
        if self._rounds is None or self._rounds[0] != stamp:
            paid = self.award_cache.paid_identifiers()
            rounds = RoundIndex.over(self.calls, paid, groups)
            self._rounds = (stamp, rounds)
        return PriorActivityIndex(self._rounds[1])

    def pricing(self) -> Pricing:
        """Return how amounts are converted: by the kept rates, if they are recent."""
        return Pricing(self.rates(), self.settings.currency)

    def rates(self) -> ExchangeRates | None:
        """Return the kept exchange rates, None when there are no recent ones.

        A file that cannot be read counts as none: `fundscout doctor` says what is wrong with it.
        """
        try:
            changed = self.settings.rates.stat().st_mtime_ns
        except OSError:
            return None
        if self._rates is None or self._rates[0] != changed:
            try:
                self._rates = (changed, ecb_rates.read_rates(self.settings.rates))
            except InputError:
                self._rates = (changed, None)
        kept = self._rates[1]
        return kept if kept is not None and kept.is_current(self.now()) else None

    def source_runs(self) -> SourceRuns:
        """Return the latest runs of every source; read again when a run began or ended."""
        stamp = self.runs.stamp()
        if self._source_runs is None or self._source_runs[0] != stamp:
            self._source_runs = stamp, SourceRuns(self.runs)
        return self._source_runs[1]

    def has_awards(self) -> bool:
        """Return whether awards are stored."""
        return bool(self.awards.count())

    def has_only_awards(self) -> bool:
        """Return whether awards are stored and no calls."""
        return self.calls.is_empty() and self.has_awards()

    def needs_reindex(self) -> bool:
        """Return whether there are calls, and they have changed since they were indexed."""
        return not self.calls.is_empty() and not self.index_is_current()

    def has_index(self) -> bool:
        """Return whether there is an index at all, of these calls or of earlier ones."""
        return snapshot.current_snapshot(self.snapshots) is not None

    def index_name(self) -> str:
        """Return the name of the index of calls in use; another one has another name."""
        return snapshot.current_snapshot(self.snapshots) or ""

    def index_is_current(self) -> bool:
        """Return whether the current snapshot was built from the calls as they are."""
        name = snapshot.current_snapshot(self.snapshots)
        if name is None:
            return False
        try:
            snapshot.read_manifest(self.snapshots / name)
        except SnapshotError:
            return False
        done = self.runs.last_good("reindex", "")
        if done is None or done.report.get("stamp") != self.calls.stamp():
            return False
        # the index on disk is of the store that a backup replaced, whatever its runs say
        restored = self.runs.last_good(RESTORE_JOB, "")
        return restored is None or restored.id < done.id

    def _load_model(self) -> Encoder:
        settings = self.settings
        return load_encoder(settings.model, settings.models, settings.adapter, settings.threads)

    def _make_clock(self) -> ServiceClock:
        stamp = self.calls.stamp()
        if self._clock is None or self._clock[0] != stamp:
            sources = set(self.calls.count_by_source())
            clock = make_clock(self.settings, only_examples=sources == {EXAMPLES_SOURCE})
            self._clock = (stamp, clock)
        return self._clock[1]
