"""The catalogues of texts: a gettext file a language, found by its name, read when first needed.

A key (``msgid``) such as ``gate.applicants.fail`` has a text (``msgstr``) whose ``{fields}`` are a
message's values. The head of a file has ``Plural-Forms``, and ``Language``, by which Babel knows
how to write dates and numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from gettext import c2py
from pathlib import Path

from babel import Locale
from babel.messages.pofile import read_po

FOLDER = Path(__file__).with_name("catalogues")
"""Where the files are: ``en.po`` for English."""

SOURCE = "en"
"""The language that texts are written in first, of logs and commands, and of last resort."""


@dataclass(frozen=True, eq=False)
class Catalogue:
    """One language's texts: one for each plural form of a key, or a single one."""

    language: str
    locale: Locale
    texts: Mapping[str, tuple[str, ...]]
    plural: Callable[[int], int]

    def text(self, key: str, count: int | None = None) -> str:
        """Return the text of ``key`` in the form that ``count`` needs.

        Raises:
            KeyError: there is no such text.
        """
        forms = self.texts[key]
        return forms[self.plural(count)] if len(forms) > 1 and count is not None else forms[-1]


@cache
def languages() -> tuple[str, ...]:
    """Return the ISO 639 codes of the languages that have a file, English first."""
    codes = sorted(path.stem for path in FOLDER.glob("*.po"))
    return tuple(sorted(codes, key=lambda code: code != SOURCE))


@cache
def catalogue(language: str) -> Catalogue:
    """Return the texts of a language, English ones for a language without a file."""
    code = language if language in languages() else SOURCE
    with (FOLDER / f"{code}.po").open("rb") as file:
        entries = read_po(file, abort_invalid=True)
    texts: dict[str, tuple[str, ...]] = {}
    for entry in entries:
        forms = (entry.string,) if isinstance(entry.string, str) else tuple(entry.string or ())
        texts[entry.id if isinstance(entry.id, str) else entry.id[0]] = forms
    texts.pop("", None)  # the head of the file
    return Catalogue(code, entries.locale or Locale.parse(code), texts, c2py(entries.plural_expr))


def language_name(code: str, language: str) -> str:
    """Return what a language is called in another, or in itself; its code when nobody knows."""
    try:
        name = Locale.parse(code).get_language_name(catalogue(language).locale.language)
    except (ValueError, LookupError):
        return code
    return name or code
