"""A simulated year of weekly mails: which real calls 87 real pilots would have been sent.

    python bench/digest_year.py ../shared [--data DIR] [--weeks N] [--language sv]

Calls arrive and vanish on the days they were truly first and last listed in 2026. Every Monday the
digest of each pilot is composed after what it was sent before. Printed: mails, items, silence, and
what must be zero: items sent twice, calls sent after their deadline, calls that fitted, could be
applied for at some mail, and were never sent, and calls sent in a later mail than the first that
could have. Calls that opened and closed between two mails are counted separately. Evidence is left
out: it changes none of this, and the model would have to read every sentence of the calls.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from index.embedding.cache import CachedEncoder, VectorCache
from index.embedding.load import load_encoder
from index.embedding.model import BUNDLED, SHIPPED
from index.explain.evidence import Explanation
from index.explain.explaining_searcher import ExplainingSearcher
from index.search.hit import Hit
from index.search.query import Query
from index.store.build import build
from scrapers.call import Call, Deadline, DeadlineKind, Level, Provenance, Status
from service.domain.calls.documents import call_document
from service.domain.calls.freshness import Arrivals
from service.domain.calls.stored.call_changes import ChangeTimes
from service.domain.eligibility.condition_reader import ConditionReader
from service.domain.eligibility.gates import may_apply
from service.domain.eligibility.subject.any_subject_calls import AnySubjectCalls
from service.domain.notifications.digest import Digest
from service.domain.notifications.week import mail_due, next_mail_due, week_of
from service.domain.pilots.pilot import Pilot
from service.jobs.mail.digest_composer import Composer, DigestRecipient, DigestRules
from service.settings import Settings

BRUSSELS = ZoneInfo("Europe/Brussels")
FIRST = "2026-W12"
"""The Monday after the listing began: its mail has every call known by then."""


@dataclass
class Listing:
    """The calls as they were listed, seen on a moving day."""

    calls: dict[str, Call]
    seen: dict[str, tuple[datetime, datetime | None]]
    now: datetime

    def reader(self) -> Mapping[str, Call]:
        """Return the calls listed so far, by id."""
        return {id_: call for id_, call in self.calls.items() if self.seen[id_][0] <= self.now}

    def of_status(self, now: datetime, *statuses: Status) -> set[str]:
        """Return the calls that have one of some statuses at ``now``."""
        return {id_ for id_, call in self.reader().items() if call.status(now) in statuses}

    def versions_of(self, call_ids: Collection[str]) -> Mapping[str, list[tuple[datetime, Call]]]:
        """Return the one version that is known of each call."""
        return {id_: [(self.seen[id_][0], self.calls[id_])] for id_ in call_ids}

    def arrivals(self) -> Arrivals:
        """Return when calls were first listed."""
        return Arrivals({id_: first for id_, (first, _) in self.seen.items()})

    def not_seen_since(self) -> Mapping[str, datetime]:
        """Return the calls taken off the list by now."""
        gone = ((id_, left) for id_, (_, left) in self.seen.items())
        return {id_: left for id_, left in gone if left is not None and left <= self.now}

    def absences(self) -> Mapping[str, tuple[datetime, datetime]]:
        """Return nothing: what is taken off the list does not come back."""
        return {}

    def condition_reader(self) -> ConditionReader:
        """Return what reads the conditions in the calls' texts."""
        return ConditionReader()

    def change_times(self) -> ChangeTimes:
        """Return what tells when calls changed: it is known of none."""
        return ChangeTimes()

    def any_subject_calls(self) -> AnySubjectCalls:
        """Return no calls: none of these is open to any subject."""
        return AnySubjectCalls()

    def is_sent_before_it_opens(self, call_id: str, until: datetime) -> bool:
        """Whether a call that is listed now opens before the mail after this one, at ``until``."""
        first, left = self.seen[call_id]
        listed = first <= self.now and (left is None or left > self.now)
        call = self.calls[call_id]
        early = call.status(self.now).value == "forthcoming" and may_apply(call, None)
        return listed and early and call.opens is not None and call.opens <= until

    def is_between_mails(self, call_id: str, until: datetime) -> bool:
        """Whether a call is listed and takes applications only between this mail and the next."""
        first, left = self.seen[call_id]
        call = self.calls[call_id]
        due = call.next_deadline(self.now)
        ends = [at for at in (left, due.at if due else None) if at is not None]
        opens = max(first, call.opens or first)
        return bool(ends) and self.now < opens < min(ends) <= until and may_apply(call, None)

    def could_be_sent(self, call_id: str) -> bool:
        """Whether a mail now can show the call to a newcomer in time.

        A call that takes applications from named bodies only is sent to nobody.
        """
        first, left = self.seen[call_id]
        listed = first <= self.now and (left is None or left > self.now)
        call = self.calls[call_id]
        return listed and call.status(self.now).value == "open" and may_apply(call, None)


class UnexplainedSearcher(ExplainingSearcher):
    """A searcher that ranks and gives no evidence."""

    def explain(self, query: Query, hits: Sequence[Hit]) -> list[Explanation]:  # noqa: ARG002  none is looked for
        """Return an empty explanation of each hit."""
        return [Explanation((), ()) for _ in hits]


@dataclass
class PilotYear:
    """What one pilot was sent in the year."""

    sent_keys: set[str] = field(default_factory=set)
    calls: set[str] = field(default_factory=set)
    mails: list[int] = field(default_factory=list)
    since: datetime | None = None
    silent: int = 0
    repeated: int = 0
    late: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    first_sent: dict[str, int] = field(default_factory=dict)
    first_possible: dict[str, int] = field(default_factory=dict)
    between: set[str] = field(default_factory=set)

    @property
    def too_late(self) -> list[int]:
        """Mails from the first that could have a late call to the one that did, for each."""
        waits = (
            self.first_sent[call] - week
            for call, week in self.first_possible.items()
            if call in self.first_sent
        )
        return [wait for wait in waits if wait > 0]

    def add(self, digest: Digest, week: int) -> None:
        """Count a week's digest as sent."""
        if not digest.send:
            self.silent += 1
            return
        items = (*digest.items, *digest.brief)
        self.mails.append(len(items))
        self.repeated += len(digest.keys) - len(set(digest.keys) - self.sent_keys)
        self.reasons.update(news.reason.value for item in items for news in item.all_events)
        for item in items:
            due = item.match.call.next_deadline
            self.late += due is None or due.at is None or due.at < digest.as_of
        self.sent_keys |= set(digest.keys)
        self.calls |= {item.call_id for item in items}
        self.calls |= {other.id for item in items for other in item.match.similar}
        for call in self.calls:
            self.first_sent.setdefault(call, week)
        self.since = digest.as_of


def main() -> int:
    """Run the year, print it, and return 1 when a promise was broken."""
    arguments = _arguments()
    listing = _listing(arguments.shared / "eval/eu_calls_2026/corpus.jsonl")
    pilots = _pilots(arguments.shared / "eval/pilots/vinnova_medtech.jsonl", arguments.language)
    encoder = load_encoder(BUNDLED, arguments.data / "models", SHIPPED)
    cache = VectorCache(arguments.data / "vectors.sqlite")
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        documents = [call_document(call) for call in listing.calls.values()]
        build(documents, encoder, root, cache, _progress)
        searcher = UnexplainedSearcher.open(root, CachedEncoder(encoder, cache))
        minimum = arguments.minimum or Settings.from_env({}).digest_min_score
        tallies, missable = _simulate_year(searcher, listing, pilots, minimum, arguments.weeks)
    cache.close()
    missed = {id_: len(missable[id_] - tally.calls) for id_, tally in tallies.items()}
    _print(tallies, missable, arguments.weeks, minimum)
    late = [wait for tally in tallies.values() for wait in tally.too_late]
    between = sum(len(tally.between - tally.calls) for tally in tallies.values())
    print(f"calls that opened and closed between two mails, so in no mail: {between}")
    if late:
        print(f"mails that a late call waited: {_format_spread(late)}")
    broken = {
        "items sent twice": sum(tally.repeated for tally in tallies.values()),
        "items sent after the deadline": sum(tally.late for tally in tallies.values()),
        "calls that fitted, were open at a mail and were never sent": sum(missed.values()),
        "calls sent in a later mail than the first that could have them": len(late),
    }
    for promise, count in broken.items():
        print(f"{promise}: {count}")
    return 1 if any(broken.values()) else 0


def _simulate_year(
    searcher: ExplainingSearcher, listing: Listing, pilots: list[Pilot], minimum: float, weeks: int
) -> tuple[dict[str, PilotYear], dict[str, set[str]]]:
    """Step through the weeks; also return the calls that each pilot had to be sent.

    These come from a search of all calls for each pilot, not from the digests.
    """
    tallies = {pilot.id: PilotYear() for pilot in pilots}
    fitting = {pilot.id: _relevant_calls(searcher, pilot, minimum) for pilot in pilots}
    missable: dict[str, set[str]] = {pilot.id: set() for pilot in pilots}
    for week in range(weeks):
        # by the clock of the mails: Mondays at the same hour, also in summer
        listing.now = mail_due(week_of(mail_due(FIRST) + timedelta(days=7 * week, hours=3)))
        composer = Composer(searcher, listing, listing.now, DigestRules(minimum))
        asked = [
            DigestRecipient(p, frozenset(tallies[p.id].sent_keys), tallies[p.id].since)
            for p in pilots
        ]
        for digest in composer.digests(asked):
            tallies[digest.pilot_id].add(digest, week)
        for id_, calls in fitting.items():
            missable[id_] |= {call for call in calls if listing.could_be_sent(call)}
            _record_first_mails(tallies[id_], calls, listing, week)
    return tallies, missable


def _record_first_mails(tally: PilotYear, calls: set[str], listing: Listing, week: int) -> None:
    """Record the first mail that can have each call, and the calls that none can."""
    until = next_mail_due(listing.now)
    for call in calls:
        if listing.could_be_sent(call) or listing.is_sent_before_it_opens(call, until):
            tally.first_possible.setdefault(call, week)
        if listing.is_between_mails(call, until):
            tally.between.add(call)


def _relevant_calls(searcher: ExplainingSearcher, pilot: Pilot, minimum: float) -> set[str]:
    every = searcher.search(searcher.query(pilot.text, pilot.language), top=len(searcher.documents))
    return {hit.document for hit in every if hit.score >= minimum}


def _print(
    tallies: dict[str, PilotYear], missable: dict[str, set[str]], weeks: int, minimum: float
) -> None:
    mails = [len(tally.mails) for tally in tallies.values()]
    items = [count for tally in tallies.values() for count in tally.mails]
    fits = [len(calls) for calls in missable.values()]
    reasons = sum((tally.reasons for tally in tallies.values()), Counter[str]())
    print(f"{len(tallies)} pilots, {weeks} weeks from {FIRST}, score from {minimum}")
    print(f"calls that fitted and were open at a mail, a pilot: {_format_spread(fits)}")
    print(f"mails a pilot: {_format_spread(mails)}; {sum(mails)} in all")
    print(f"items a mail: {_format_spread(items)}; {sum(items)} in all")
    print(f"weeks of silence a pilot: {_format_spread([t.silent for t in tallies.values()])}")
    print("reasons: " + ", ".join(f"{name} {count}" for name, count in reasons.most_common()))


def _format_spread(values: list[int]) -> str:
    if not values:
        return "none"
    return (
        f"median {statistics.median(values):g}, mean {statistics.mean(values):.1f}, "
        f"{min(values)} to {max(values)}"
    )


def _listing(path: Path) -> Listing:
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    end = max(row["last_seen"] for row in rows)
    calls, seen = {}, {}
    for row in rows:
        call = _call(row)
        calls[call.id] = call
        left = None if row["last_seen"] == end else _midnight(row["last_seen"]) + timedelta(days=1)
        seen[call.id] = (_midnight(row["first_seen"]), left)
    return Listing(calls, seen, mail_due(FIRST))


def _call(row: dict[str, Any]) -> Call:
    """Make a call of a row; a day is closed at 17:00 in Brussels, as the portal has it."""
    due = row["deadline"] and datetime.combine(
        date.fromisoformat(row["deadline"]), time(17), BRUSSELS
    )
    deadlines = (Deadline(kind=DeadlineKind.FIXED, zone="Europe/Brussels", at=due),) if due else ()
    return Call(
        id=f"eu_portal:{row['id'].replace(' ', '_')}",
        funder="European Commission",
        level=Level.EUROPEAN,
        titles={"en": row["title"]},
        texts={"en": row["text"]} if row["text"].strip() else {},
        programme=row["programme"] or "",
        opens=datetime.combine(date.fromisoformat(row["open_date"]), time(), BRUSSELS),
        deadlines=deadlines,
        url=row["url"] or None,
        provenance=Provenance(source="eu_portal"),
    )


def _midnight(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(), UTC)


def _pilots(path: Path, language: str) -> list[Pilot]:
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return [
        Pilot(
            id=f"{number}-{row['id'].lower().replace('_', '-')}",
            title=row[f"title_{language}"] or row["id"],
            text=f"{row[f'title_{language}']}\n{row[f'text_{language}']}",
            language=language,
        )
        for number, row in enumerate(rows)
    ]


def _progress(done: int, of: int) -> None:
    print(f"encoded {done} of {of} passages", file=sys.stderr)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("shared", type=Path, help="folder that holds eval/")
    parser.add_argument("--data", type=Path, default=Path("data"))
    parser.add_argument("--weeks", type=int, default=52)
    parser.add_argument("--language", choices=("sv", "en"), default="sv")
    parser.add_argument("--minimum", type=float, help="else the setting's default")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
