"""Every count that the product prints agrees with its noun and verb, also when it is one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from scrapers.plurals import count_noun

ROOT = Path(__file__).parents[1]
ROOMS = ("scrapers", "index", "service")

COUNTED = (
    "addresses answers awards blocks calls characters columns days deadlines documents files "
    "funders hits hours ids judgements lines links mails messages minutes months organisations "
    "pages pairs parties passages people pieces pilots problems projects queries questions "
    "recipients records registers results rows runs seconds sources steps texts things times "
    "topics versions weeks words years were are have do name wait"
).split()
"""What is counted anywhere, and verbs that follow a count."""

_SEVERAL = re.compile(rf"\s(?:(?!of )[a-z]*[a-rt-z] )?(?:{'|'.join(COUNTED)})\b(?!/)")
"""One of them right after a value, or an adjective before it: "calls", "stored calls", "were"."""

ALLOWED = {
    ("service/domain/notifications/webhook.py", "GIVE_UP_AFTER.days"),
    ("service/use_cases/feeds/links.py", "MOST_LINKS"),
    ("service/use_cases/feeds/webhooks.py", "LONGEST_URL"),
    ("service/use_cases/sync/offers.py", "MAX_TEXT_LENGTH"),
    ("service/use_cases/sync/offers.py", "len(text)"),  # of texts that are too long
    ("scrapers/awards/swecris.py", "self.key"),  # no number
    ("scrapers/http/fetch.py", "MAX_REDIRECTS"),
    ("service/cli/feedback.py", "_LONGEST_NAME"),
    ("service/cli/rates.py", "MAX_AGE_DAYS"),
    ("service/cli/recipients.py", "use_cases.QUESTIONS_A_DAY"),
    ("service/domain/access/user.py", "MAX_NAME_LENGTH"),
    ("service/domain/access/user.py", "MAX_PASSWORD_LENGTH"),
    ("service/domain/notifications/address.py", "MAX_LENGTH"),
    ("service/jobs/mail/bounces.py", "MAX_SOFT_BOUNCES"),
    ("service/jobs/mail/outbox.py", "MAX_DOUBTS"),
    ("service/use_cases/match.py", "len(text)"),  # of texts of more than MAX_TEXT_LENGTH
    ("service/use_cases/match.py", "MAX_TEXT_LENGTH"),
}
"""Values that are never the number one."""


ALLOWED_MESSAGES = {
    "file.read.docx",  # a word has more than one letter
    "file.read.markdown",
    "file.read.text",
    "index.older",  # a day, no number
    "index.too_long",  # of texts of more than 20,000 characters
    "letter.answered.unsubscribed",  # an address, no number
    "letter.judge.several",  # of two pilots and more
    "letter.taken.several",  # the same
    "letter.voted.several",  # the same
    "mail.several.because",  # the same
    "mail.several.nothing",  # the same
    "pilot.wrong.rows",  # limits of ten and more
    "problem.area.name.long",  # a limit of many characters
    "problem.area.words.long",  # the same
    "problem.name",  # the same
    "problem.password.length",  # the same
    "problem.search.name",  # the same
    "scan.rates.none",  # a currency, no number
    "text.too.long",  # of texts of more than 100,000 characters
    "who.parties",  # of two parties and more
}
"""Keys of messages whose value is never the number one."""


def loose(tree: ast.AST) -> Iterator[str]:
    """Yield every value of an f-string that a plural follows, whatever the value is."""
    for text in (node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)):
        for value, after in zip(text.values, text.values[1:], strict=False):
            if not isinstance(value, ast.FormattedValue) or not isinstance(after, ast.Constant):
                continue
            written, then = ast.unparse(value.value), str(ast.literal_eval(after))
            if _SEVERAL.match(then) and not written.startswith("count_noun("):
                yield f"{written} →{then}"


def sources() -> list[Path]:
    return [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]


@pytest.mark.slow
def test_no_count_is_followed_by_a_plural_as_it_stands() -> None:
    plurals = [
        (name, line)
        for path in sources()
        for name in [str(path.relative_to(ROOT))]
        for line in loose(ast.parse(path.read_text("utf-8")))
        if (name, line.partition(" →")[0]) not in ALLOWED
    ]
    assert not plurals, "\n".join(map(str, plurals))


ENGLISH = ROOT / "service" / "messages" / "catalogues" / "en.po"


def test_no_message_puts_a_plural_after_a_count_without_a_singular() -> None:
    with ENGLISH.open("rb") as file:
        messages = [message for message in read_po(file) if isinstance(message.string, str)]
    assert len(messages) > 100
    counts = [
        (message.id, text)
        for message in messages
        for text in str(message.string).split("}")[1:]
        if _SEVERAL.match(text) and message.id not in ALLOWED_MESSAGES
    ]
    assert counts == []


@pytest.mark.parametrize("written", ['f"{n} calls"', 'f"{n:,} stored calls."', 'f"{a}: {b} were"'])
def test_such_a_count_is_seen(written: str) -> None:
    assert list(loose(ast.parse(written)))


def test_a_number_agrees_with_what_it_counts() -> None:
    assert count_noun(1, "call was", "calls were") == "1 call was"
    assert count_noun(0, "call") == "0 calls"
    assert count_noun(1204, "query", "queries") == "1,204 queries"
