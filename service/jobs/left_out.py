"""What a job left out of many, and why, in a line each: the others are done all the same."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

from scrapers.plurals import count_noun

_MAX_NAMED = 5
"""How many are named in a sentence."""

_MAX_LENGTH = 300
"""Characters of a line: the text of an error may hold the text of a record."""


def describe_error(error: Exception) -> str:
    """Return the kind of an error and what it says, in a line."""
    said = " ".join(str(error).split())
    kind = type(error).__name__
    return f"{kind}: {said}"[:_MAX_LENGTH] if said else kind


def name_left_out(left_out: Mapping[str, str], what: str) -> str:
    """Return how many there are and the first of them, such as ``1 call: vinnova:1 (…)``.

    Args:
        left_out: reasons by id.
        what: names one of them.
    """
    named = [f"{id_} ({reason})" for id_, reason in islice(left_out.items(), _MAX_NAMED)]
    more = len(left_out) - len(named)
    rest = f" and {more} more" if more else ""
    return f"{count_noun(len(left_out), what)}: {', '.join(named)}{rest}"
