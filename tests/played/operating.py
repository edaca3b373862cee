"""Weeks of operating on a simulated clock: the units' own command lines, one after another.

A funder is played by a server on this machine, mails go to a folder, and readers press the links
in them. Nothing else is stood in for: the commands, the store, the index and the backups are real,
only the model is a light one. At the end `Operation.faults` says what was lost or sent twice.

Calls do what calls do: of nine that come one after another, one is withdrawn, one closes early, one
moves its deadline twice within three days, one is listed before it opens, and one is withdrawn and
comes back.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from email import message_from_bytes
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import urlsplit

import time_machine
from sqlalchemy import text as sql

from index.embedding.encoder import HashEncoder
from scrapers.call import Call, Deadline, DeadlineKind, Level
from scrapers.catalogue import catalogue
from scrapers.errors import FetchError
from scrapers.funder import Expectations, Funder, ItemGroup, PageFetcher, SourceItem
from scrapers.http.fetch import Fetcher
from scrapers.http.page import Failure, Page
from scrapers.reading.fields import Fields
from service import ecb_rates
from service.app import create_app
from service.cli.main import run
from service.context import Context
from service.domain.notifications.address import Address
from service.domain.notifications.week import mail_due, week_of
from service.domain.pilots.pilot import Pilot
from service.mail.mailer import Mailer
from service.mail.transport import FolderTransport, Parcel, TransportReply
from service.settings import Settings
from tests.played.site import PlayedSite
from tests.played.units import JOBS, QUARTERLY, ZONE, accepted, commands, in_folder, timer
from tests.scrapers.conftest import SiteReply, SiteRequest

OPEN_WEEKS = 8
"""Weeks that a played call takes applications."""

PILOT = Pilot(
    id="heart",
    title="Hjärtsvikt hemma",
    text="Hjärtsvikt hemma\nPersoner med hjärtsvikt mäter vikt och blodtryck i hemmet varje dag.",
    language="sv",
)
SECOND_PILOT = Pilot(
    id="stroke",
    title="Stroke och tal",
    text="Stroke och tal\nPersoner som har haft stroke tränar talet hemma med en app.",
    language="sv",
)
"""Some people follow this one too: they get one mail over both."""

WITHDRAWN, CLOSED, MOVED, FORTHCOMING, RETURNED = 4, 6, 2, 8, 5
"""What becomes of a call, by its number modulo nine."""

OUTBOX_TIMES = ("12:07",)
"""Of the outbox's quarters of an hour this one a day is played: nothing waits in between."""

_deliver = FolderTransport.deliver

_SUBJECTS = (
    "sensorer vågar telefoner läkemedel motion sömn kost trygghet utskrivning anhöriga larm video "
    "register rehabilitering screening forskning prevention primärvård logistik ventilation"
).split()


def played_call(number: int, listed: datetime, now: datetime | None = None) -> Call:
    """Return the call that is first listed at an instant, as it is at ``now``."""
    subject, other = _SUBJECTS[number % 20], _SUBJECTS[(number * 7 + 3) % 20]
    closes = (listed + timedelta(weeks=OPEN_WEEKS)).replace(hour=15, minute=number % 60)
    age, fate = (now or listed) - listed, number % 9
    opens = None
    if fate == CLOSED and age >= timedelta(days=25):
        closes = (listed + timedelta(days=24)).replace(hour=15, minute=number % 60)
    elif fate == MOVED:
        closes += timedelta(days=7 * (age >= timedelta(days=10)) + 7 * (age >= timedelta(days=12)))
    elif fate == FORTHCOMING:
        opens = listed + timedelta(days=16)
    return Call(
        id=f"played:{number}",
        funder="Spelfonden",
        level=Level.NATIONAL,
        titles={"sv": f"Utlysning {number}: {subject} och {other} vid hjärtsvikt"},
        texts={
            "sv": f"Utlysning {number} gäller {subject} för personer med hjärtsvikt i hemmet. "
            f"Stödet omfattar även {other}, omgång {number} av programmet."
        },
        opens=opens,
        deadlines=(Deadline(kind=DeadlineKind.FIXED, zone="Europe/Stockholm", at=closes),),
        url=f"https://played.example/{number}",
        provenance={"source": "played"},
    )


def is_withdrawn(number: int, age: timedelta) -> bool:
    """Whether a call of some age is off its list though it is open."""
    fate = number % 9
    return (fate == WITHDRAWN and age >= timedelta(days=20)) or (
        fate == RETURNED and timedelta(days=20) <= age < timedelta(days=32)
    )


class PlayedFunder(Funder):
    """Reads the list of the played site."""

    key = "played"
    title = "Spelfonden"
    home = "https://played.example"
    level = Level.NATIONAL
    zone = "Europe/Stockholm"
    interface = "open API, JSON"
    verified = "not yet"
    address = "https://played.example"
    expects = Expectations(minimum=1, fill=())

    def pages(self, fetch: PageFetcher) -> Iterator[Page | Failure]:
        """Yield the one answer."""
        try:
            yield fetch.get(f"{self.base}/calls")
        except FetchError as error:
            yield Failure(self.key, str(error), fatal=True)

    def items(self, page: Page) -> Iterator[SourceItem]:
        """Yield a record for each call."""
        for row in json.loads(page.body):
            fields = Fields(row, f"{self.key} {row['id']}")
            yield SourceItem("call", row["id"], fields, self.provenance(page))

    def call(self, group: ItemGroup) -> Call:
        """Return the call of a record."""
        made = Call.model_validate_json(group[0].fields.text("record"))
        return made.model_copy(update={"provenance": group[0].provenance})


@dataclass(frozen=True)
class PlayedMail:
    """A mail that left: to whom, in which week, and the path of its link that stops mails."""

    to: str
    sent: datetime
    stop: str

    @property
    def week(self) -> str:
        return week_of(self.sent)


@dataclass
class Operation:
    """An installation in a folder of its own, operated from its first day on.

    ``broken_days`` are days, counted from the first, on which the funder's list is gone. ``stops``
    says who presses the link that stops mails, on which day. ``restores`` are days at whose noon
    the backup of three nights before is put in the place of the store. ``second`` follow the second
    pilot too. ``pauses`` say who lets mails rest from which day on, for how many weeks. ``ends``
    and ``returns`` are the instants at which the list first showed that a call ended before its
    time, and that it is there again.
    """

    root: Path
    first: date
    people: tuple[str, ...]
    broken_days: frozenset[int] = frozenset()
    stops: dict[int, str] = field(default_factory=dict)
    restores: frozenset[int] = frozenset()
    second: tuple[str, ...] = ()
    pauses: dict[int, tuple[str, int]] = field(default_factory=dict)
    paused: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)
    ends: dict[str, datetime] = field(default_factory=dict)
    returns: dict[str, datetime] = field(default_factory=dict)
    listed: dict[str, tuple[datetime, Call]] = field(default_factory=dict)
    stopped: dict[str, datetime] = field(default_factory=dict)
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    unexpected: list[str] = field(default_factory=list)
    restored: int = 0
    day: int = 0
    early_ends: int = 0
    _posted: list[PlayedMail] = field(default_factory=list)

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def backups(self) -> Path:
        return self.root / "backups"

    @property
    def outside(self) -> Path:
        """The folder that mails go to: what recipients have got, whatever the store says."""
        return self.root / "mails"

    def run(self, days: int, each_day: Callable[[Operation], None] = lambda _: None) -> None:
        """Operate for so many days, and call ``each_day`` at the end of each."""
        with ExitStack() as stack:
            for patch in self._patches(stack):
                stack.enter_context(patch)
            clock = stack.enter_context(
                time_machine.travel(datetime.combine(self.first, datetime.min.time(), ZONE))
            )
            self._set_up()
            for self.day in range(days):
                for at, act in sorted(self._plan(), key=lambda one: one[0]):
                    clock.move_to(at)
                    act()
                each_day(self)

    def mails(self) -> list[PlayedMail]:
        """Return every mail that left, oldest first, also one that left twice."""
        return list(self._posted)

    def _deliver(self, transport: FolderTransport, parcel: Parcel) -> TransportReply:
        """Let a mail leave, and note it: in the folder a copy would take the first one's place."""
        link = str(message_from_bytes(parcel.message)["List-Unsubscribe"]).strip("<>")
        sent = PlayedMail(str(parcel.recipient), datetime.now(ZONE), urlsplit(link).path)
        self._posted.append(sent)
        return _deliver(transport, parcel)

    def faults(self) -> dict[str, list[str]]:
        """Return what must not be: each promise, and where it was broken."""
        mails = self.mails()
        per_week = Counter((mail.to, mail.week) for mail in mails)
        with self._environment(), self._opened() as context:
            stored = context.calls.all()
            told = self._told(context)
            # who stopped long ago was deleted with the records, as the settings say
            context_weeks = self._told_weeks(context)
            remembered = {row[0] for row in self._rows(context, "SELECT address FROM recipients")}
            known = self._rows(
                context,
                "SELECT count(*) FROM deliveries WHERE state = 'sent' AND sent_with IS NULL",
            )
        missed = {
            f"{person}: {call_id}"
            for person in self.people
            if person in remembered or person not in self.stopped
            for pilot in (PILOT, *((SECOND_PILOT,) if person in self.second else ()))
            for call_id in self._due_to(person)
            if told.get(f"{person} {pilot.id}", Counter())[f"new {call_id}"] == 0
        }
        return {
            "calls lost": sorted(set(self.listed) - set(stored)),
            "mailed twice in a week": [
                f"{to} {week}" for (to, week), n in per_week.items() if n > 1
            ],
            "items sent twice": [
                f"{person}: {key}"
                for person, keys in told.items()
                for key, n in keys.items()
                if n > 1
            ],
            "mailed in a pause": [
                f"{mail.to} at {mail.sent}"
                for mail in mails
                if mail.to in self.paused
                and self.paused[mail.to][0] < mail.sent < self.paused[mail.to][1]
            ],
            **self._faults_of_ends(context_weeks),
            "mailed after a stop": [
                f"{mail.to} at {mail.sent}"
                for mail in mails
                if mail.to in self.stopped and mail.sent > self.stopped[mail.to]
            ],
            "calls that were never told": sorted(missed),
            "sent mails that the store does not know": (
                []
                if known[0][0] >= len([m for m in mails if m.to not in self.stopped])
                else ["some"]
            ),
            "commands that failed": self.unexpected,
        }

    def _faults_of_ends(
        self, told: dict[tuple[str, str], dict[str, list[str]]]
    ) -> dict[str, list[str]]:
        """Return which early ends of calls that were told were never told, late or twice."""
        never, late, twice = [], [], []
        self.early_ends = 0
        for (person, pilot), weeks_of in told.items():
            for call_id, ended in self.ends.items():
                first = min(weeks_of.get(f"new {call_id}", ["9"]))
                monday = self._first_mail_after(person, ended)
                returned = self.returns.get(call_id)
                if monday is None or first >= week_of(monday):
                    continue
                if returned is not None and returned < monday:
                    continue
                self.early_ends += 1
                weeks = weeks_of.get(f"end {call_id}", [])
                case = f"{person} {pilot}: {call_id} ended {ended:%Y-%m-%d}"
                never += [case] if not weeks else []
                late += (
                    [f"{case}, told {weeks[0]}"] if weeks and weeks[0] != week_of(monday) else []
                )
                twice += [case] if len(weeks) > 1 else []
        return {
            "early ends that were never told": never,
            "early ends that were told late": late,
            "early ends that were told twice": twice,
        }

    def _first_mail_after(self, person: str, instant: datetime) -> datetime | None:
        """Return the first Monday after an instant whose mail a person gets, if there is one."""
        end = datetime.combine(self.first + timedelta(days=self.day), datetime.max.time(), ZONE)
        monday = mail_due(week_of(instant))
        while monday <= end:
            stopped = self.stopped.get(person)
            begins, resumes = self.paused.get(person, (end, end))
            if stopped is not None and stopped < monday:
                return None
            if instant < monday and not begins < monday < resumes:
                return monday
            monday = mail_due(week_of(monday + timedelta(days=7, hours=3)))
        return None

    def _told_weeks(self, context: Context) -> dict[tuple[str, str], dict[str, list[str]]]:
        """Return in which weeks each person was told of each call and its end, pilot by pilot."""
        rows = self._rows(
            context,
            "SELECT r.address, r.pilot_id, d.occasion, item.value FROM deliveries d "
            "JOIN recipients r ON r.id = d.recipient_id, json_each(d.keys) item "
            "WHERE d.state = 'sent' ORDER BY d.occasion",
        )
        told: dict[tuple[str, str], dict[str, list[str]]] = {}
        for address, pilot, week, key in rows:
            reason, _, rest = key.partition("|")
            call_id = rest.rpartition("|")[0]
            what = {"new": "new", "closed": "end", "withdrawn": "end"}.get(reason)
            if what:
                weeks = told.setdefault((address, pilot), {}).setdefault(f"{what} {call_id}", [])
                weeks.append(week)
        return told

    def _due_to(self, person: str) -> set[str]:
        """Return the calls that could be told to a person on some Monday."""
        end = self.first + timedelta(days=self.day)
        until = self.stopped.get(person)
        due: set[str] = set()
        week = self.first
        while week <= end:
            monday = mail_due(week_of(datetime.combine(week, datetime.min.time(), ZONE)))
            if datetime.combine(end, datetime.max.time(), ZONE) < monday:
                break
            begins, resumes = self.paused.get(person, (monday, monday))
            if begins < monday < resumes:
                week += timedelta(days=7)
                continue
            if (until is None or monday < until) and monday.date() > self.first:
                due |= {
                    id_
                    for id_, (seen, call) in self.listed.items()
                    if seen < monday
                    and call.status(monday).value == "open"
                    and not seen < self.ends.get(id_, monday) < monday
                }
            week += timedelta(days=7)
        return due

    def _told(self, context: Context) -> dict[str, Counter[str]]:
        """Return how often each person was sent each item, by the records of sent mails."""
        rows = self._rows(
            context,
            "SELECT r.address || ' ' || r.pilot_id, item.value FROM deliveries d JOIN recipients r "
            "ON r.id = d.recipient_id, json_each(d.keys) item WHERE d.state = 'sent'",
        )
        told: dict[str, Counter[str]] = {}
        for address, key in rows:
            reason, _, rest = key.partition("|")
            call_id, _, mark = rest.rpartition("|")
            counted = told.setdefault(address, Counter())
            counted[key] += 1
            if reason == "new":
                counted[f"new {call_id}"] = max(counted[f"new {call_id}"], 1)
            del mark
        return told

    def _plan(self) -> Iterator[tuple[datetime, Callable[[], None]]]:
        """Yield what happens on the present day, and when."""
        today = self.first + timedelta(days=self.day)
        for job in JOBS:
            if job in QUARTERLY:
                for hour in OUTBOX_TIMES:
                    at = datetime.combine(today, datetime.strptime(hour, "%H:%M").time(), ZONE)  # noqa: DTZ007  an hour
                    yield at, partial(self.start, job)
            elif (at_ := timer(job).on(today)) is not None:
                yield at_, partial(self.start, job)
        if self.day in self.stops:
            nine = datetime.combine(today, datetime.min.time().replace(hour=9), ZONE)
            yield nine, partial(self._stop, self.stops[self.day])
        if self.day in self.pauses:
            ten = datetime.combine(today, datetime.min.time().replace(hour=10), ZONE)
            yield ten, partial(self._pause, *self.pauses[self.day])
        if self.day in self.restores:
            noon = datetime.combine(today, datetime.min.time().replace(hour=13), ZONE)
            yield noon, self._restore

    def start(self, job: str) -> None:
        """Run the command lines of a unit in their order, as systemd would."""
        places = {"/var/lib/fundscout": self.data, "/var/backups/fundscout": self.backups}
        for arguments in commands(job):
            self.command(job, in_folder(arguments, places))

    def command(self, job: str, arguments: list[str]) -> str:
        """Run a command and return what it printed."""
        out, errors = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
            status = run(arguments)
        self.statuses[" ".join(arguments[:2]), status] += 1
        expected = accepted(job) if job else {0}
        if status not in expected:
            told = f"{out.getvalue()}{errors.getvalue()}".strip()
            self.unexpected.append(f"day {self.day}: {' '.join(arguments)} ended {status}: {told}")
        return out.getvalue()

    def _set_up(self) -> None:
        self.backups.mkdir(parents=True)
        with self._opened() as context:
            context.pilots.add(PILOT)
            context.pilots.add(SECOND_PILOT)
            now = context.now()
            follows = [(PILOT, one) for one in self.people]
            for pilot, person in (*follows, *((SECOND_PILOT, one) for one in self.second)):
                address = Address.parse(person)
                assert not context.recipients.suppression_reason(address)
                asked = context.recipients.add_pending(pilot.id, address, "sv", now)
                context.recipients.confirm(asked.id, now)

    def _stop(self, person: str) -> None:
        """Let a person press the link in the last mail that they got."""
        link = [mail for mail in self.mails() if mail.to == person][-1].stop
        with self._opened() as context:
            client = create_app(context).test_client()
            answer = client.post(link, data={"List-Unsubscribe": "One-Click"})
            assert answer.status_code == 200, answer.text
            self.stopped[person] = context.now()

    def _pause(self, person: str, weeks: int) -> None:
        """Let a person press the link that lets mails rest."""
        with self._opened() as context:
            known = context.recipients.with_address(Address.parse(person))
            link = urlsplit(Mailer.open(context.settings.mail).pause(known[0])).path
            answer = create_app(context).test_client().post(link, data={"weeks": str(weeks)})
            assert answer.status_code == 200, answer.text
            until = context.recipients.with_address(Address.parse(person))[0].paused_until
            assert until is not None
            self.paused[person] = (context.now(), until)

    def _restore(self) -> None:
        """Put the backup of three nights before in the place of the store."""
        older = sorted(self.backups.glob("*.backup"))[-3]
        self.command("", ["restore", str(older)])
        self.command("reindex", ["reindex"])
        self.restored += 1

    @contextmanager
    def _opened(self) -> Iterator[Context]:
        context = Context.open(Settings.from_env(), HashEncoder)
        try:
            yield context
        finally:
            context.calls._engine.dispose()

    @staticmethod
    def _rows(context: Context, statement: str) -> list[Any]:
        with context.calls._engine.connect() as connection:
            return [tuple(row) for row in connection.execute(sql(statement))]

    def _environment(self) -> Any:
        values = {
            "FUNDSCOUT_DATA": str(self.data),
            "FUNDSCOUT_CONTACT": "https://example.org/who",
            "FUNDSCOUT_CLOCK": "system",
            "FUNDSCOUT_DIGEST_MIN_SCORE": "0",
            "FUNDSCOUT_SMTP_URL": f"folder:{self.outside}",
            "FUNDSCOUT_MAIL_FROM": "digest@mail.example.org",
            "FUNDSCOUT_MAIL_PAUSE": "0",
            "FUNDSCOUT_PUBLIC_URL": "https://fundscout.example.org",
        }
        return mock.patch.dict(os.environ, values)

    def _patches(self, stack: ExitStack) -> Iterator[Any]:
        site = PlayedSite({"/calls": self._list_calls, "/rates": _rates}, lambda: 0.0)
        stack.callback(site.close)
        played = type("PlayedHere", (PlayedFunder,), {"address": site.url})
        quick = partial(Fetcher, pause=0.0)
        yield self._environment()
        yield mock.patch.object(catalogue(), "funders", {"played": played})
        yield mock.patch("service.jobs.collect.Fetcher", quick)
        yield mock.patch("service.cli.rates.Fetcher", quick)
        yield mock.patch.object(ecb_rates, "RATES_URL", f"{site.url}/rates")
        yield mock.patch("service.cli.awards.choose_registers", return_value=([], []))

        def deliver(transport: FolderTransport, parcel: Parcel) -> TransportReply:
            return self._deliver(transport, parcel)

        yield mock.patch.object(FolderTransport, "deliver", deliver)
        yield mock.patch.object(Context, "_load_model", return_value=HashEncoder())

    def _list_calls(self, _: SiteRequest) -> SiteReply:
        """Answer with the open calls: two more come each week, on Wednesday and Saturday."""
        if self.day in self.broken_days:
            return SiteReply(b"moved away", 404)
        now = datetime.now(ZONE)
        weeks, weekday = divmod(self.day, 7)
        for number in range(2 * weeks + (weekday >= 2) + (weekday >= 5) + 1):
            self.listed.setdefault(f"played:{number}", (now, played_call(number, now)))
        rows = []
        for id_, (listed, _was) in list(self.listed.items()):
            number = int(id_.partition(":")[2])
            planned, call = played_call(number, listed), played_call(number, listed, now)
            self.listed[id_] = (listed, call)
            is_off = is_withdrawn(number, now - listed)
            ends_early = call.deadlines[0].local() < planned.deadlines[0].local()
            if (is_off or ends_early) and planned.status(now).value == "open":
                self.ends.setdefault(id_, now)
            elif id_ in self.ends and not ends_early:
                self.returns.setdefault(id_, now)
            if not is_off and (call.status(now).value != "closed" or ends_early):
                rows.append({"id": str(number), "record": call.model_dump_json()})
        return SiteReply(json.dumps(rows).encode(), 200, {"Content-Type": "application/json"})


def _rates(_: SiteRequest) -> SiteReply:
    rows = "".join(
        f'<Cube currency="{code}" rate="{number + 1}.5"/>'
        for number, code in enumerate(("SEK", "USD", "GBP", "NOK", "DKK"))
    )
    body = f'<Envelope><Cube><Cube time="{datetime.now(ZONE):%F}">{rows}</Cube></Cube></Envelope>'
    return SiteReply(body.encode(), 200, {"Content-Type": "text/xml"})
