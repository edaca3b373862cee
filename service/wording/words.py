"""The words of pages and mails in Swedish and English."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from service.domain.names import NAMES

LANGUAGES = ("en", "sv")

_CATALOGUES = ("service.web", "service.mail")
"""Packages with words of their own, beside the names of the domain; no two have the same key."""


@dataclass(frozen=True)
class Words:
    """One language's catalogue."""

    language: str
    texts: dict[str, str]
    sentences: tuple[tuple[re.Pattern[str], str], ...] = ()
    fragments: tuple[tuple[re.Pattern[str], str], ...] = ()

    def __call__(self, key: str, **values: object) -> str:
        """Return the text named ``key`` with ``values`` filled in; a missing key is an error."""
        return self.texts[key].format(**values)

    def has(self, key: str) -> bool:
        """Return whether there is a text named ``key``."""
        return key in self.texts

    def known(self, prefix: str, key: str) -> str:
        """Return the text ``prefix.key``, or ``key`` itself, which then is a funder's own word."""
        plain = key.lower().replace("_", " ").replace("-", " ") if prefix == "section" else key
        return self.texts.get(f"{prefix}.{plain}", key)

    def count(self, key: str, number: int, **values: object) -> str:
        """Return ``key`` in the form that ``number`` needs, with ``{count}`` filled in."""
        form = "one" if number == 1 else "other"
        return self(f"{key}.{form}", count=self.number(number), **values)

    def number(self, number: int) -> str:
        """Group the digits of ``number`` as the language does."""
        grouped = f"{number:,}"
        return grouped if self.language == "en" else grouped.replace(",", "\N{NO-BREAK SPACE}")

    def decimal(self, value: float, digits: int = 2) -> str:
        """Write ``value`` with a fixed number of decimals."""
        written = f"{value:.{digits}f}"
        return written if self.language == "en" else written.replace(".", ",")

    def say(self, sentence: str) -> str:
        """Say one of the domain's English sentences in this language; unknown ones stay."""
        for pattern, template in self.sentences:
            found = pattern.fullmatch(sentence)
            if found:
                said = template.format(**found.groupdict())
                for fragment, replacement in self.fragments:
                    said = fragment.sub(replacement, said)
                return said
        return sentence


@cache
def words(language: str) -> Words:
    """Return the catalogue of ``language``, one of `LANGUAGES`."""
    texts: dict[str, str] = dict(NAMES[language])
    for package in _CATALOGUES:
        found = files(package) / "catalogue" / f"{language}.json"
        texts |= json.loads(found.read_text("utf-8"))
    if language == "en":
        return Words(language, texts)
    sentences = files("service.web") / "catalogue" / f"{language}.sentences.json"
    spoken = json.loads(sentences.read_text("utf-8"))
    return Words(
        language,
        texts,
        tuple((re.compile(pattern), said) for pattern, said in spoken["sentences"]),
        tuple((re.compile(pattern), said) for pattern, said in spoken["fragments"]),
    )
