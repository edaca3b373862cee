"""Two texts beside each other, with what differs marked sentence by sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

MOST_PARTS: Final = 2_000
"""Sentences of both texts that are compared; longer texts stand beside each other unmarked."""

_SENTENCE = re.compile(r"[^.!?\n]*(?:[.!?\n]+\s*|$)")


@dataclass(frozen=True)
class TextChange:
    """A stretch of two texts: the same in both, or what each has in its place."""

    theirs: str
    mine: str

    @property
    def is_same(self) -> bool:
        """Whether both have the same here."""
        return self.theirs == self.mine


def compare_texts(theirs: str, mine: str) -> tuple[TextChange, ...]:
    """Return the stretches of two texts in their order; together they are the whole of both."""
    one, other = _sentences(theirs), _sentences(mine)
    if len(one) + len(other) > MOST_PARTS:
        return (TextChange(theirs, mine),)
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return tuple(
        TextChange("".join(one[a:b]), "".join(other[c:d]))
        for _, a, b, c, d in matcher.get_opcodes()
    )


def _sentences(text: str) -> list[str]:
    return [part for part in _SENTENCE.findall(text) if part]
