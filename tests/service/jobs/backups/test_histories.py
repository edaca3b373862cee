"""Drawn histories of mails, stops, backups and restores keep the promises of the mails."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.domain.notifications.address import Address
from tests.service.jobs.backups.weeks import Post, backed_up, filled, opened, restored, send
from tests.service.mail.mail_round import PEOPLE, PILOTS, WEEKS

pytestmark = pytest.mark.whole


@dataclass
class History:
    """A store, what its people said, and what was posted; every step is drawn by a seed."""

    data: Path
    draw: random.Random
    post: Post = field(default_factory=Post)
    stopped: set[str] = field(default_factory=set)
    erased: set[str] = field(default_factory=set)
    backups: list[Path] = field(default_factory=list)
    weeks: list[str] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    _until: dict[str, int] = field(default_factory=dict)

    def run(self) -> None:
        """Go through the weeks, with some steps before and after each mail."""
        self.back_up()
        for week in WEEKS:
            self.step()
            self.steps.append(week)
            send(self.data, self.post, week)
            self.weeks.append(week)
            self.check()
            self.step()
            send(self.data, self.post, week)  # run again, it sends what was left
            self.check()

    def step(self) -> None:
        """Do up to three of the things that happen between two mails."""
        doable = (self.back_up, self.restore, self.stop, self.never, self.erase, self.come_back)
        for act in self.draw.choices(doable, k=self.draw.randint(0, 3)):
            self.steps.append(act.__name__)
            act()

    def check(self) -> None:
        """Check what was posted so far."""
        twice = [id_ for id_, n in self._posted().items() if n > 1]
        assert not twice, self.steps
        allowed = len(self.weeks)
        assert all(count <= allowed for count in self.post.mails.values()), self.steps
        assert self._late == [], self.steps

    @property
    def _late(self) -> list[str]:
        """Who was mailed after the stop."""
        return [to for to in self.stopped if self.post.mails[to] > self._until.get(to, 0)]

    def _posted(self) -> Counter[str]:
        return Counter(parcel.message_id for parcel in self.post.taken)

    def _say_stop(self, person: str) -> None:
        self.stopped.add(person)
        self._until[person] = self.post.mails[person]

    def back_up(self) -> None:
        path = self.data.parent / f"{len(self.backups)}.backup"
        self.backups.append(backed_up(self.data, path))

    def restore(self) -> None:
        restored(self.data, self.draw.choice(self.backups))

    def stop(self) -> None:
        person = self.draw.choice(PEOPLE)
        with opened(self.data) as context:
            for one in context.recipients.with_address(Address.parse(person)):
                context.recipients.unsubscribe(one.id, "stopped by link", datetime.now(UTC))
        self._say_stop(person)

    def never(self) -> None:
        person = self.draw.choice(PEOPLE)
        with opened(self.data) as context:
            context.recipients.suppress(Address.parse(person), "said never", datetime.now(UTC))
        self._say_stop(person)

    def erase(self) -> None:
        person = self.draw.choice(PEOPLE)
        with opened(self.data) as context:
            context.persons.erase(Address.parse(person), datetime.now(UTC))
        self.erased.add(person)
        self._say_stop(person)

    def come_back(self) -> None:
        """Let a person say yes again, who may: one who is never mailed is not asked."""
        person = self.draw.choice(PEOPLE)
        address, now = Address.parse(person), datetime.now(UTC)
        with opened(self.data) as context:
            if context.recipients.suppression_reason(address):
                return
            for pilot in PILOTS:
                asked = context.recipients.add_pending(pilot, address, "sv", now)
                context.recipients.confirm(asked.id, now)
        self.stopped.discard(person)


@pytest.mark.parametrize("seed", range(8))
def test_a_drawn_history_keeps_the_promises(seed: int, tmp_path: Path) -> None:
    filled(tmp_path / "data")
    history = History(tmp_path / "data", random.Random(seed))  # noqa: S311  a drawn history
    history.run()
    with opened(tmp_path / "data") as context:
        for person in history.erased & history.stopped:
            assert context.recipients.with_address(Address.parse(person)) == [], history.steps
