"""A store whose mails are sent week by week, backed up and restored in between."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from service.context import Context
from service.domain.notifications.address import Address
from service.jobs.backups.backup import make_backup
from service.jobs.backups.restore import RestoreReport, restore_backup
from service.mail.transport import DeliveryVerdict, Parcel, TransportReply
from tests.service.mail import mail_round


@dataclass
class Post:
    """Takes every mail, or refuses all for now, and remembers who got which."""

    refuses: bool = False
    taken: list[Parcel] = field(default_factory=list)

    def deliver(self, parcel: Parcel) -> TransportReply:
        if self.refuses:
            return TransportReply(DeliveryVerdict.LATER, "450 later")
        self.taken.append(parcel)
        return TransportReply(DeliveryVerdict.TAKEN)

    def close(self) -> None:
        pass

    @property
    def mails(self) -> Counter[str]:
        """How many mails each address got."""
        return Counter(str(parcel.recipient) for parcel in self.taken)


@contextmanager
def opened(data: Path, **others: str) -> Iterator[Context]:
    """Open the store and close it again."""
    context = mail_round.opened(data, **others)
    try:
        yield context
    finally:
        context.calls._engine.dispose()


def filled(data: Path) -> None:
    """Make a store with two pilots, two people who follow both, and the key of links."""
    context = mail_round.populated(data)
    context.recipients.hash_of(Address.parse(mail_round.PEOPLE[0]))
    context.settings.mail.secret_file.write_text("s" * 40, "utf-8")
    context.calls._engine.dispose()


def send(data: Path, post: Post, week: str = mail_round.WEEKS[0]) -> None:
    """Send the mails of a week."""
    with opened(data) as context:
        mail_round.run(context, post, week)


def backed_up(data: Path, path: Path) -> Path:
    """Write a backup of a store and return its file."""
    with opened(data) as context:
        return make_backup(context, path).path


def restored(data: Path, path: Path, *, ignore_present: bool = False) -> RestoreReport:
    """Put a backup in the place of a store."""
    return restore_backup(mail_round.settings(data), path, ignore_present=ignore_present)


def open_to_others(path: Path) -> bool:
    """Return whether somebody else than the owner can do anything with a file or folder."""
    return bool(path.stat().st_mode & 0o077)
