"""Words: the texts of one reader's language, as templates and mails use them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from service.messages import formats
from service.messages.catalogue import Catalogue, catalogue, language_name
from service.messages.message import Message, Value, message
from service.messages.render import render


@dataclass(frozen=True, eq=False)
class Words:
    """The texts of one language: ``t("days.left", count=3)``."""

    catalogue: Catalogue

    @property
    def language(self) -> str:
        """ISO 639 code."""
        return self.catalogue.language

    def __call__(self, key: str, /, **values: Value) -> str:
        """Return the text ``key`` with ``values``.

        Raises:
            KeyError: there is no such text.
        """
        return self.say(message(key, **values))

    def say(self, text: Message) -> str:
        """Return the message ``text`` in this language."""
        return render(text, self.language)

    def has(self, key: str) -> bool:
        """Return whether there is a text ``key``."""
        return key in self.catalogue.texts

    def known(self, prefix: str, key: str) -> str:
        """Return the text ``prefix.key``, or ``key`` itself when it is a funder's own word."""
        plain = key.lower().replace("_", " ").replace("-", " ") if prefix == "section" else key
        full = f"{prefix}.{plain}"
        return self(full) if self.has(full) else key

    def number(self, value: int) -> str:
        """Group the digits of ``value`` as the language does."""
        return formats.number(value, self.catalogue.locale)

    def decimal(self, value: float, digits: int = 2) -> str:
        """Write ``value`` with a fixed number of decimals."""
        return formats.number(formats.rounded(value, digits), self.catalogue.locale)

    def country(self, code: str) -> str:
        """Return the name of a country."""
        return formats.country(code, self.catalogue)

    def language_name(self, code: str, language: str = "") -> str:
        """Return what a language is called, in this language unless another is given."""
        return language_name(code, language or self.language)


@cache
def words(language: str) -> Words:
    """Return the words of ``language``, English ones for a language without a catalogue."""
    return Words(catalogue(language))
