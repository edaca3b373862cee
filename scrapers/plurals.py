"""A number with what it counts, as a person writes it: 1 call, 1,204 calls."""

from __future__ import annotations


def count_noun(number: int, one: str, several: str = "") -> str:
    """Return ``number`` and what it counts, which may end with its verb.

    Args:
        number: is written with a comma between thousands.
        one: what a single one is called, such as "call" or "call was".
        several: what any other number is called; by default ``one`` with an s.
    """
    return f"{number:,} {one if number == 1 else several or one + 's'}"
