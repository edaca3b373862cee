"""Names and titles in plain letters, so that spellings of one name compare as equal."""

from __future__ import annotations

import re
import unicodedata

from index.text.limits import normalize

_BRACKETS = re.compile(r" ?[(\[][^)\]]{0,80}[)\]]")
_WORD = re.compile(r"[^\W_]+")


def drop_brackets(name: str) -> str:
    """Return a name without what it has in brackets, such as a short form; blanks are single."""
    return _BRACKETS.sub(" ", " ".join(name.split()))


def fold_name(name: str) -> str:
    """Return a name in lower case without accents, brackets and signs; ``oe`` is ``o``."""
    flat = normalize("NFKD", drop_brackets(name).replace("ø", "o"))
    plain = "".join(c for c in flat if not unicodedata.combining(c)).casefold()
    return " ".join(_WORD.findall(plain)).replace("oe", "o")
