"""Runs of the weekly job that are killed at a seeded step, until one ends; and two at once.

Run by path: it imports everything once and forks a child for each run. Nothing in the product
knows of it: the steps are the database's statements and commits, the server's commands and
answers, and the composing, each counted as it passes.
"""

from __future__ import annotations

import gc
import json
import os
import random
import shutil
import signal
import smtplib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Engine, event

from service.context import Context
from service.errors import JobBusyError
from service.mail.smtp import SmtpTransport
from service.mail.transport import FolderTransport
from service.mail_settings import MailServer
from tests.service.mail import mail_round as rounds

WEEKS = rounds.WEEKS[:2]
MOST_KILLS = 2
BUSY, DONE = 3, 0


@dataclass
class Steps:
    """Counts what passes; at the step ``last`` the process kills itself and says where."""

    last: int
    log: Path
    seed: int
    passed: int = 0
    doubt: str = ""
    command: str = ""

    def tick(self, name: str) -> None:
        """Pass a step."""
        self.passed += 1
        if self.passed == self.last:
            line = json.dumps({"seed": self.seed, "step": name, "doubt": self.doubt})
            file = os.open(self.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            os.write(file, f"{line}\n".encode())
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, of: Any, name: str, label: str) -> None:
        """Pass a step before and after a method of a class or object."""
        inner: Callable[..., Any] = getattr(of, name)

        def outer(*args: Any, **kwargs: Any) -> Any:
            self.tick(f"before {label}")
            found = inner(*args, **kwargs)
            self.tick(f"after {label}")
            return found

        setattr(of, name, outer)

    def watch_database(self, engine: Engine) -> None:
        """Pass a step before and after every statement and every commit."""

        def before(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            self.tick(f"before {' '.join(statement.split()[:3])}")

        def after(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            self.tick(f"after {' '.join(statement.split()[:3])}")

        event.listen(engine, "before_cursor_execute", before)
        event.listen(engine, "after_cursor_execute", after)
        self.around(engine.dialect, "do_commit", "commit")

    def watch_mail(self) -> None:
        """Pass a step before and after everything that is sent to a server, and its answers.

        From the text of a mail to the note that it was sent, that mail is in doubt.
        """
        put, data = smtplib.SMTP.putcmd, smtplib.SMTP.data
        send, reply = smtplib.SMTP.send, smtplib.SMTP.getreply
        steps = self

        def putcmd(smtp: smtplib.SMTP, cmd: str, args: str = "") -> None:
            steps.command = cmd.upper()[:4]
            put(smtp, cmd, args)

        def text(smtp: smtplib.SMTP, msg: bytes) -> tuple[int, bytes]:
            steps.doubt = message_id(msg)
            return data(smtp, msg)

        def sending(smtp: smtplib.SMTP, s: bytes | str) -> None:
            what = "text" if len(s) > 500 else steps.command
            steps.tick(f"before sending {what}")
            send(smtp, s)
            steps.tick(f"after sending {what}")

        def getreply(smtp: smtplib.SMTP) -> tuple[int, bytes]:
            found = reply(smtp)
            steps.tick(f"after the answer {found[0]} to {steps.command}")
            return found

        for name, method in {
            "putcmd": putcmd,
            "data": text,
            "send": sending,
            "getreply": getreply,
        }.items():
            setattr(smtplib.SMTP, name, method)


def message_id(text: bytes) -> str:
    """Return the Message-ID in a mail's bytes."""
    return text.split(b"Message-ID: ", 1)[1].split(b"\r\n", 1)[0].decode()


@dataclass(frozen=True)
class JobRun:
    """One run of the job: over which data folder and database, to which server, as whom.

    Rounds have senders of their own, so that the server can tell their mails apart.
    """

    data: Path
    port: int
    number: int
    week: str = WEEKS[0]
    database: Path | None = None

    def settings(self) -> dict[str, str]:
        """Return what differs from the settings of all rounds."""
        base = self.database or self.data / "fundscout.sqlite"
        return {
            "FUNDSCOUT_MAIL_FROM": f"digest@round{self.number}.example.org",
            "FUNDSCOUT_DATABASE": f"sqlite:///{base}",
        }


def child(run: JobRun, steps: Steps | None = None) -> int:
    """Do one whole run of the job; return the exit status."""
    context = rounds.opened(run.data, **run.settings())
    if steps is not None:
        watch(context, steps)
    way = SmtpTransport(
        MailServer("smtp+plain", "127.0.0.1", run.port), name="mail.example.org", timeout=30
    )
    try:
        rounds.run(context, way, run.week)
    except JobBusyError:
        return BUSY
    finally:
        way.close()
    return DONE


def watch(context: Context, steps: Steps) -> None:
    """Count the steps of a run; the doubt on a mail ends when it is written down."""
    steps.watch_database(context.deliveries._engine)
    steps.watch_mail()
    steps.around(rounds.PlannedDigests, "digest", "composing")
    sent = context.deliveries.mark_sent

    def noted(*args: Any) -> bool:
        found = sent(*args)
        steps.doubt = ""
        steps.tick("after the note")
        return found

    setattr(context.deliveries, "mark_sent", noted)  # noqa: B010  a watcher of the test


def forked(work: Callable[[], int]) -> int:
    """Start ``work`` in a child; return its process id."""
    pid = os.fork()
    if pid == 0:
        status = 70
        try:
            status = work()
        finally:
            os._exit(status)
    return pid


def ended(pid: int) -> int:
    """Wait for a child; return its exit status, negative for the signal that killed it."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def killed_rounds(root: Path, port: int, first: int, count: int, steps: int) -> int:
    """Do ``count`` seeded rounds of two weeks, each killed up to twice, then mostly finished."""
    for seed in range(first, first + count):
        chance = random.Random(seed)  # noqa: S311  seeded on purpose
        data = root / f"data-{seed}"
        shutil.copytree(root / "fresh", data)
        for week in WEEKS:
            run = JobRun(data, port, seed, week)
            for _ in range(chance.randint(1, MOST_KILLS)):
                plan = Steps(chance.randint(1, steps), root / "kills.jsonl", seed)
                if ended(forked(partial(child, run, plan))) not in {DONE, -signal.SIGKILL}:
                    return 1
            if week == WEEKS[0] and rounds.breaks_off(seed):
                continue
            if ended(forked(partial(child, run))) != DONE:
                return 1
    return 0


def pairs(root: Path, port: int, first: int, count: int) -> int:
    """Do two runs at once, ``count`` times: over one data folder, or two with one database."""
    for number in range(first, first + count):
        data = root / f"pair-{number}"
        shutil.copytree(root / "fresh", data)
        other = data
        if number % 2:
            other = root / f"pair-{number}-other"
            other.mkdir()
            shutil.copy(data / "secret.key", other / "secret.key")
        base = data / "fundscout.sqlite"
        runs = [JobRun(folder, port, number, database=base) for folder in (data, other)]
        children = [forked(partial(child, run)) for run in runs]
        statuses = sorted(ended(pid) for pid in children)
        if statuses not in ([DONE, DONE], [DONE, BUSY]):
            return 1
    return 0


def warm() -> None:
    """Do a run here, so that children find everything imported, compiled and read."""
    with TemporaryDirectory() as folder:
        context = rounds.populated(Path(folder) / "data")
        rounds.run(context, FolderTransport(Path(folder) / "mails"))
        context.deliveries._engine.dispose()
    gc.collect()
    gc.freeze()  # a child that collects would copy every page it looks at


def main(arguments: list[str]) -> int:
    """Do what ``arguments`` say: kill, pair or count, folder, port, first, count, steps."""
    what, root, port, first, count, steps = arguments
    if what == "count":
        whole = Steps(-1, Path(root) / "none", 0)
        child(JobRun(Path(root), int(port), 0), whole)
        print(whole.passed)  # noqa: T201  the caller reads it
        return 0
    warm()
    if what == "kill":
        return killed_rounds(Path(root), int(port), int(first), int(count), int(steps))
    return pairs(Path(root), int(port), int(first), int(count))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
