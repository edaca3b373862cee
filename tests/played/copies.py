"""Many different records out of a few examples: a site has more calls than a test has files."""

from __future__ import annotations

import json
import re
from itertools import cycle, islice
from pathlib import Path
from typing import Any

EXAMPLES = Path(__file__).parents[1] / "examples"

_MONTH = (
    "januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december|"
    "January|February|March|April|May|June|July|August|October|November|December"
)
_DAYS = re.compile(
    rf"(?P<iso>\b\d{{4}}-\d{{2}}-)\d{{2}}(?!\d)|(?P<us>\b\d{{2}}/)\d{{2}}(?=/\d{{4}}\b)"
    rf"|\b\d{{1,2}}(?=\.\d{{2}}\.\d{{4}}\b)|\b\d{{1,2}}(?= (?:{_MONTH})\b)"
)


def with_own_days(text: str, number: int) -> str:
    """Return ``text`` with the day of every date in it replaced by one of copy ``number``."""

    def other(found: re.Match[str]) -> str:
        before = found["iso"] or found["us"] or ""
        return f"{before}{1 + number % 28:02}"

    return _DAYS.sub(other, text)


def record(name: str) -> Any:
    """Return the JSON of an example, named as "vinnova/round_with_parents.json"."""
    return json.loads((EXAMPLES / name).read_text("utf-8"))


def page(name: str) -> str:
    """Return the HTML of an example."""
    return (EXAMPLES / name).read_text("utf-8")


def make_copies(rows: list[Any], count: int) -> list[Any]:
    """Return ``count`` copies of ``rows`` in turn, each with days of its own."""
    turns = enumerate(islice(cycle(rows), count))
    return [json.loads(with_own_days(json.dumps(row), number)) for number, row in turns]
