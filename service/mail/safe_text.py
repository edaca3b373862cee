"""Texts and links of others, made safe for a mail.

A `SafeText` is one line without control, direction or hidden characters. Only this module makes
one, so a type checker refuses any other string where a mail shows text.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NewType

import regex

from index.text.limits import normalize
from service.messages.words import Words
from service.untrusted_text import web_url

SafeText = NewType("SafeText", str)
"""One line that a mail may show. Markup in it is still text: a template escapes it."""

SafeLink = NewType("SafeLink", str)
"""An http(s) address without spaces and hidden characters, or nothing."""

_JOINERS = "\u200c\u200d"
_SPACES = regex.compile(r"[^\S\u00a0]+")
"""Every space but the hard one, which keeps a number with its currency."""

_MAX_MARKS = 8
"""Code points of one letter as a reader sees it; a real one has no more."""

_FIRST_MARK = "\u0300"
"""The first character that joins the one before it."""

_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})


@dataclass(frozen=True)
class SafeWords:
    """A reader's language, filled with safe values alone: ``t("mail.because", pilot=title)``."""

    words: Words

    def __call__(self, key: str, /, **values: SafeText | int | date) -> SafeText:
        """Return the text ``key`` of the catalogue with ``values``."""
        return SafeText(self.words(key, **values))

    @property
    def language(self) -> str:
        """ISO 639 code."""
        return self.words.language


def one_line(text: str, most: int = 0) -> SafeText:
    """Return ``text`` on one line without control, direction and hidden characters.

    Args:
        text: of anyone.
        most: letters as a reader counts them (grapheme clusters) after which it is cut, with an
            ellipsis; 0 for no cut.
    """
    composed = normalize("NFC", text)
    if not composed.isprintable():
        composed = "".join(c for c in composed if c.isspace() or _is_visible(c))
    plain = regex.sub(_SPACES, " ", composed).strip()
    if max(plain, default="") < _FIRST_MARK:
        letters: Sequence[str] = plain  # every character is a letter of its own
    else:
        letters = [cluster[:_MAX_MARKS] for cluster in regex.findall(r"\X", plain)]
    if not most or len(letters) <= most:
        return SafeText("".join(letters))
    kept = "".join(letters[: most - 1])
    head, space, _ = kept.rpartition(" ")
    # a cut at a word reads best, unless the word is most of the text
    cut = head if space and len(head) > len(kept) // 2 else kept
    return SafeText(f"{cut} …".replace("  ", " "))


def join(separator: str, texts: Iterable[SafeText]) -> SafeText:
    """Put ``texts`` on one line, with a ``separator`` of ours between them."""
    return SafeText(separator.join(texts))


def fill(pattern: str, *texts: SafeText) -> SafeText:
    """Put ``texts`` into a pattern of ours: ``fill("{} ({})", title, day)``."""
    return SafeText(pattern.format(*texts))


def isolate_direction(text: SafeText) -> SafeText:
    """Return a line that cannot turn the text around it, where no markup isolates it."""
    if any(unicodedata.bidirectional(c) in _RIGHT_TO_LEFT for c in text):
        return SafeText(f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}")
    return text


def safe_link(url: str | None) -> SafeLink:
    """Return ``url`` if a reader may follow it and it fits on a line, else nothing."""
    link = web_url(url)
    return SafeLink(link if link.isprintable() and " " not in link else "")


def _is_visible(character: str) -> bool:
    category = unicodedata.category(character)
    return character in _JOINERS or category not in ("Cc", "Cf", "Cs", "Co", "Cn")
