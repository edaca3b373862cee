"""How the promise of docs/mail.md holds: runs killed at seeded steps, and two runs at once.

    python bench/mail_kills.py --rounds 200 --pairs 50

Each round does two weeks against a real mail server on the loopback. Its runs kill themselves
(SIGKILL) at a step drawn from the seed, and one more run then goes to its end, but in a quarter of
the rounds not in the first week. The last lines must have no item lost, none told twice that no
kill in doubt explains, and no repeated mail that none explains.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.service.mail.counting import MailFigures, at_once, killed

_TELLS = {
    "rounds": "rounds of two weeks, or pairs of runs",
    "broken_off": "of them without a run to the end in the first week",
    "kills": "runs killed",
    "places": "different steps they were killed at",
    "in_doubt": "kills between the text of a mail and the note that it was sent",
    "mails": "mails that the server took",
    "repeats": "of them copies of a mail it had (the named case)",
    "unexplained": "copies that no kill in doubt explains",
    "too_many": "mails beyond one for a recipient and week",
    "lost": "items lost",
    "told_again": "items told again, for their mail was in doubt and nothing ran in its week",
    "items_twice": "items in two different mails to a recipient otherwise",
    "told_wrong": "items marked told that were not, or the reverse",
    "unfinished": "weeks without a sent mail",
    "seconds": "seconds",
}
_MUST_BE_NONE = ("unexplained", "too_many", "lost", "items_twice", "told_wrong", "unfinished")


def main() -> int:
    """Print the figures; return 1 when the promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--pairs", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0, help="the first seed")
    asked = parser.parse_args()
    broken = 0
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "kills").mkdir()
        (Path(folder) / "pairs").mkdir()
        broken += show("Killed", killed(Path(folder) / "kills", asked.rounds, asked.seed))
        broken += show("Two at once", at_once(Path(folder) / "pairs", asked.pairs))
    return 1 if broken else 0


def show(title: str, found: MailFigures) -> int:
    """Print figures; return how many must be none and are not."""
    print(title)
    for name, value in asdict(found).items():
        print(f"  {value:8.0f}  {_TELLS[name]}")
    return sum(getattr(found, name) > 0 for name in _MUST_BE_NONE)


if __name__ == "__main__":
    sys.exit(main())
