"""Funders' and pilots' words made safe for a mail: one line, no hidden letters, cut at a letter."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import regex

_JOINERS = "\u200c\u200d"
_SPACES = regex.compile(r"[^\S\u00a0]+")
"""Every space but the hard one, which keeps a number with its currency."""

_MAX_MARKS = 8
"""Code points of one letter as a reader sees it; a real one has no more."""

_FIRST_MARK = "\u0300"
"""The first character that joins the one before it."""

_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})


def one_line(text: str, most: int = 0) -> str:
    """Return ``text`` on one line without control, direction and hidden characters.

    Args:
        text: of anyone.
        most: letters as a reader counts them (grapheme clusters) after which it is cut, with an
            ellipsis; 0 for no cut.
    """
    composed = unicodedata.normalize("NFC", text)
    if not composed.isprintable():
        composed = "".join(c for c in composed if c.isspace() or _is_visible(c))
    plain = regex.sub(_SPACES, " ", composed).strip()
    if max(plain, default="") < _FIRST_MARK:
        letters: Sequence[str] = plain  # every character is a letter of its own
    else:
        letters = [cluster[:_MAX_MARKS] for cluster in regex.findall(r"\X", plain)]
    if not most or len(letters) <= most:
        return "".join(letters)
    kept = "".join(letters[: most - 1])
    head, space, _ = kept.rpartition(" ")
    # a cut at a word reads best, unless the word is most of the text
    return f"{head if space and len(head) > len(kept) // 2 else kept} …".replace("  ", " ")


def isolate_direction(text: str) -> str:
    """Return a safe line that cannot turn what stands around it, where no markup isolates it."""
    if any(unicodedata.bidirectional(c) in _RIGHT_TO_LEFT for c in text):
        return f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}"
    return text


def _is_visible(character: str) -> bool:
    category = unicodedata.category(character)
    return character in _JOINERS or category not in ("Cc", "Cf", "Cs", "Co", "Cn")
