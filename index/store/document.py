"""Documents: what the index holds, as fields of text in languages."""

from __future__ import annotations

from dataclasses import dataclass

TITLE_FIELD = "titles"
"""Name of the field that has a document's title."""


@dataclass(frozen=True)
class Field:
    """A text of a document in one language. ``sections`` are (name, start, end) in code points."""

    name: str
    language: str
    text: str
    sections: tuple[tuple[str, int, int], ...] = ()


@dataclass(frozen=True)
class Document:
    """What is searched: an id, fields, and keywords that are in no field.

    The field named ``titles`` heads every passage of its language.
    """

    id: str
    fields: tuple[Field, ...]
    keywords: str = ""

    def title(self, language: str) -> str:
        """Return the title in ``language``, or else in any language; empty when there is none."""
        titles = {f.language: f.text for f in self.fields if f.name == TITLE_FIELD}
        return titles.get(language) or next(iter(titles.values()), "")

    def text(self, name: str, language: str) -> str:
        """Return the text of a field; raise `StopIteration` when there is none."""
        return next(f.text for f in self.fields if (f.name, f.language) == (name, language))

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the fields, in order, once each."""
        return tuple(dict.fromkeys(f.language for f in self.fields))
