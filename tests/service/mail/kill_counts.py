"""What killed runs and pairs of runs came to: mails for each recipient and week, items, kills."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from service.context import Context
from service.domain.notifications.recipient import Delivery, MailKind
from service.mail.mailer import Mailer
from tests.service.mail import mail_round as rounds
from tests.service.mail.smtp_server import Office, Received, Running

ROOT = Path(__file__).parents[3]
_ITEM = re.compile(r"Utlysning (vinnova:\S+)")


@dataclass
class MailFigures:
    """Counts over all rounds. ``repeats`` are copies of a mail beyond the first.

    ``broken_off`` are the rounds in which nothing ran again in the first week, ``told_again`` the
    items of a mail in doubt there that the next week's mail told once more.
    """

    rounds: int = 0
    broken_off: int = 0
    kills: int = 0
    places: int = 0
    in_doubt: int = 0
    mails: int = 0
    repeats: int = 0
    unexplained: int = 0
    too_many: int = 0
    lost: int = 0
    told_wrong: int = 0
    told_again: int = 0
    items_twice: int = 0
    unfinished: int = 0
    seconds: float = 0.0


def steps_of_a_run(root: Path) -> int:
    """Return how many steps a whole run has; the children's are spread over as many."""
    rounds.populated(root / "counted")
    with Running() as office:
        return int(_program("count", root / "counted", office.port, 0, 1, 0))


def killed(root: Path, count: int, first: int = 0) -> MailFigures:
    """Return what ``count`` rounds of killed runs came to."""
    steps = steps_of_a_run(root)
    started = time.perf_counter()
    office = _children(root, "kill", first, count, steps)
    found = MailFigures(rounds=count, seconds=time.perf_counter() - started)
    log = (root / "kills.jsonl").read_text("utf-8").splitlines()
    kills = [json.loads(line) for line in log]
    found.kills = len(kills)
    found.places = len({kill["step"] for kill in kills})
    doubted = Counter((kill["seed"], kill["doubt"]) for kill in kills if kill["doubt"])
    found.in_doubt = sum(doubted.values())
    allowed = Counter({mark: number for (_, mark), number in doubted.items()})
    taken = _taken(office)
    for seed in range(first, first + count):
        store, broken_off = rounds.opened(root / f"data-{seed}"), rounds.breaks_off(seed)
        found.broken_off += broken_off
        weeks = {week: not (n == 0 and broken_off) for n, week in enumerate(rounds.WEEKS[:2])}
        _check(store, taken, weeks, allowed, found)
    return found


def at_once(root: Path, count: int) -> MailFigures:
    """Return what ``count`` pairs of runs at once came to."""
    started = time.perf_counter()
    office = _children(root, "pair", 0, count, 0)
    found = MailFigures(rounds=count, seconds=time.perf_counter() - started)
    taken = _taken(office)
    for number in range(count):
        context = rounds.opened(root / f"pair-{number}")
        _check(context, taken, {rounds.WEEKS[0]: True}, Counter(), found)
    return found


def _children(root: Path, what: str, first: int, count: int, steps: int) -> Office:
    """Let the rounds run in processes of their own against a server in this one."""
    post = Mailer.open(rounds.populated(root / "fresh").settings.mail)
    assert post.keys.key
    half = count // 2
    parts = [(first, half), (first + half, count - half)]
    with Running() as office, ThreadPoolExecutor(len(parts)) as workers:
        done = [
            workers.submit(_program, what, root, office.port, start, number, steps)
            for start, number in parts
        ]
        for one in done:
            one.result()
    return office


def _program(what: str, root: Path, *numbers: int) -> str:
    """Run the killing program; return what it prints."""
    program = Path(__file__).with_name("killed_runs.py")
    arguments = [what, str(root), *map(str, numbers)]
    ours = {name: value for name, value in os.environ.items() if not name.startswith("FUNDSCOUT_")}
    done = subprocess.run(
        [sys.executable, str(program), *arguments],
        cwd=ROOT,
        env=ours | {"PYTHONPATH": str(ROOT)},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout


def _check(
    context: Context,
    taken: dict[str, list[Received]],
    weeks: dict[str, bool],
    allowed: Counter[str],
    found: MailFigures,
) -> None:
    """Compare what a store says with what the server took, by its Message-ID.

    ``weeks`` says of each whether a run came to its end in it.
    """
    for recipient in context.recipients.all():
        told: Counter[str] = Counter()
        doubtful: Counter[str] = Counter()
        mails = [m for m in context.sent_items.mails_of(recipient.id) if m.kind is MailKind.DIGEST]
        for week, finished in weeks.items():
            here = [m for m in mails if m.occasion == week]
            found.too_many += max(0, len(here) - 1)
            unsent = any(m.state != "sent" for m in here) or not here
            found.unfinished += finished and unsent
            for one in here:
                # of a mail over several pilots one row has the message
                message_id = _message_id(context, one)
                copies = taken.get(message_id, [])
                if one.sent_with is None:
                    _count_copies(len(copies), one, allowed[message_id], found)
                told.update(_items(copies))
                if one.state != "sent" and len(copies) <= allowed[message_id]:
                    doubtful.update(_items(copies))
        wanted = {call.id for call in rounds.calls_of(list(weeks)[-1])}
        found.lost += len(wanted - set(told))
        again = Counter({item: number - 1 for item, number in told.items()})
        found.told_again += (again & doubtful).total()
        found.items_twice += (again - doubtful).total()
        keys = context.sent_items.sent_keys([recipient.id])[recipient.id]
        found.told_wrong += len({key.split("|")[1] for key in keys} ^ set(told))


def _message_id(context: Context, mail: Delivery) -> str:
    whole = context.sent_items.get(mail.sent_with) if mail.sent_with else mail
    return whole.message_id if whole else mail.message_id


def _count_copies(copies: int, mail: Delivery, allowed: int, found: MailFigures) -> None:
    """Count what the server took of one mail; each kill in doubt explains one copy of it."""
    # of a mail that counts as sent the last copy is the one that was noted
    most = allowed + (mail.state == "sent")
    found.mails += copies
    found.repeats += max(0, copies - 1)
    found.unexplained += max(0, copies - most)
    found.lost += len(mail.keys) if mail.state == "sent" and not copies else 0


def _taken(office: Office) -> dict[str, list[Received]]:
    """Group what the server took; each mail is parsed once, not once for each round."""
    found: dict[str, list[Received]] = defaultdict(list)
    for mail in office.mails:
        found[mail.message_id].append(mail)
    return found


def _items(copies: list[Received]) -> set[str]:
    """Return the items of a mail, which its copies share."""
    found = {frozenset(_ITEM.findall(mail.part("plain"))) for mail in copies}
    assert len(found) <= 1
    return set(next(iter(found), frozenset()))
