"""A number and its noun as a person writes them: 1 call, 1,204 calls."""

from __future__ import annotations


def count_noun(number: int, one: str, several: str = "") -> str:
    """Return ``number`` with the noun that fits it; the noun may carry its verb.

    Args:
        number: written with a comma between thousands.
        one: the singular, such as "call" or "call was".
        several: the plural; by default ``one`` with an s.
    """
    return f"{number:,} {one if number == 1 else several or one + 's'}"
