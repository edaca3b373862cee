"""A whole round of mail in a folder of its own: pilots, recipients, calls of a few weeks.

Items are decided by the real `select` and `compose` from made-up ranks: no model is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from index.embedding.encoder import HashEncoder
from scrapers.call import Call
from service.context import Context
from service.domain.notifications.address import Address
from service.domain.notifications.digest import Digest, compose_digest
from service.domain.notifications.events import SentLog
from service.domain.notifications.selection import DigestCandidate, DigestMoment, select_calls
from service.domain.notifications.week import mail_due, next_mail_due
from service.domain.pilots.pilot import Pilot
from service.jobs.mail.digest_composer import DigestRecipient
from service.jobs.mail.outbox import SendingPace
from service.jobs.mail.send_mails import MailRunReport, send_digests
from service.mail.mailer import Mailer
from service.mail.transport import Transport
from service.settings import Settings
from tests.service.mail.sample_digests import a_call, a_match, due
from tests.service.new_store import open_new

WEEKS = ("2026-W10", "2026-W11", "2026-W12")
PILOTS = ("heart", "fall")
PEOPLE = ("anna@example.org", "bo@example.com")
FAST = SendingPace(pause=0, sleep=lambda _: None)


def breaks_off(seed: int) -> bool:
    """Whether a killed round has no run to the end in its first week."""
    return seed % 4 == 3


def calls_of(week: str) -> list[Call]:
    """Return the calls that are known in a week: those of the weeks before, and two more."""
    number = WEEKS.index(week)
    return [
        a_call(f"vinnova:{n}-{letter}", deadlines=(due(timedelta(days=90)),))
        for n in range(number + 1)
        for letter in "ab"
    ]


@dataclass
class PlannedDigests:
    """Composes the digests of a week, as of its Monday or of ``clock``.

    The first call of the first week closes on its Wednesday if ``clock`` is given.
    """

    week: str
    clock: Callable[[], datetime] | None = None
    asked: list[DigestRecipient] = field(default_factory=list)

    def __call__(self, readers: Iterable[DigestRecipient]) -> Iterator[Digest]:
        for reader in readers:
            self.asked.append(reader)
            yield self.digest(reader)

    def digest(self, reader: DigestRecipient) -> Digest:
        now = self.clock() if self.clock else mail_due(self.week)
        moment = DigestMoment(now, next_mail_due(now), reader.since)
        calls = calls_of(self.week)
        if self.clock:
            calls[0] = a_call(calls[0].id, deadlines=(due(timedelta(days=2)),))
        seen = now - timedelta(days=3)
        ranked = [DigestCandidate(((seen, call),), 0.7) for call in calls]
        chosen = select_calls(
            ranked, SentLog(reader.sent_keys), moment, minimum=0.5, marks=reader.marks
        )
        matches = {call.id: a_match(call, now) for call in calls}
        return compose_digest(
            reader.pilot, self.week, chosen, matches, moment, language="sv", considered=len(calls)
        )


def settings(data: Path, **others: str) -> Settings:
    """Return settings with mail on, over the data folder."""
    values = {
        "FUNDSCOUT_DATA": str(data),
        "FUNDSCOUT_CLOCK": mail_due(WEEKS[0]).isoformat(),
        "FUNDSCOUT_MAIL_FROM": "digest@mail.example.org",
        "FUNDSCOUT_PUBLIC_URL": "https://fundscout.example.org",
        "FUNDSCOUT_MAIL_PAUSE": "0",
    }
    return Settings.from_env(values | others)


def opened(data: Path, **others: str) -> Context:
    """Open the store of a data folder."""
    return Context.open(settings(data, **others), HashEncoder)


def populated(data: Path, people: Iterable[str] = PEOPLE, **others: str) -> Context:
    """Return a store with two pilots and confirmed recipients of each."""
    context = open_new(settings(data, **others))
    now = datetime(2026, 3, 1, tzinfo=UTC)
    for id_ in PILOTS:
        text = "Personer med hjärtsvikt mäter vikt hemma."
        context.pilots.add(Pilot(id=id_, title=f"Pilot {id_}", text=text, language="sv"))
        for person in people:
            found = context.recipients.add_pending(id_, Address.parse(person), "sv", now)
            context.recipients.confirm(found.id, now)
    return context


def run(
    context: Context,
    transport: Transport,
    week: str = WEEKS[0],
    *,
    pace: SendingPace = FAST,
    pilot_id: str | None = None,
    wait: float = 0,
    clock: Callable[[], datetime] | None = None,
) -> MailRunReport:
    """Run the job of a week to its end."""
    post = Mailer.open(context.settings.mail)
    return send_digests(
        context,
        PlannedDigests(week, clock),
        post,
        transport,
        week=week,
        pilot_id=pilot_id,
        pace=pace,
        wait=wait,
        clock=clock,
    )
