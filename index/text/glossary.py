"""Words in the other language, for queries of a few words: Swedish and English.

The model finds a page of Swedish among English calls well, and three words of it badly: a compound
such as *luftföroreningar* is cut into pieces that mean something else. So what a short query says
is also said in the other language, by a list of words that funders use (``glossary_sv_en.tsv``: a
word or phrase, and what it is called in English, the usual one first). A Swedish compound that is
not in it is read by its parts.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from pathlib import Path
from typing import Final

from index.text.tokens import stem, word_offsets

LANGUAGES: Final = ("sv", "en")
"""The two languages that words are put into each other's."""

_FILE = Path(__file__).with_name("glossary_sv_en.tsv")

_Stems = tuple[str, ...]

_LONGEST_COMPOUND = 60
"""Letters up to which an unknown word is tried as a compound."""

_SHORTEST_PART = 3
"""Letters of the shortest part of a compound."""

_LITTLE_WORDS: Final = {
    "sv": frozenset("hos bland inför kring".split()),
    "en": frozenset("among after before about around without".split()),
}
"""Words of a short query that say nothing alone, beside the stop words."""

_ENDINGS: Final = {
    "sv": ("", *"n en et er ar or na erna arna orna t s ns ens ets ernas arnas".split()),
    "en": ("", "s", "es", "ies"),
}
"""Endings of words, for those whose forms the stemmers cut differently: *byggnad*, *byggnader*."""

_REPAIRS: Final = {"sv": ("", "a", "e", "um"), "en": ("", "e", "y")}
"""What a word without its ending may have lost: *museer* is of *museum*, *cities* of *city*."""

_DECIDES: Final = 0.3
"""Share of known words that decides the language: a few stand in a sentence of any language."""

_LINKS = ("", "s", "a", "e", "o")
"""Letters between the parts of a compound."""


@dataclass(frozen=True)
class Translation:
    """A text word by word in another language; ``known`` is the share of its words, 0 to 1."""

    text: str
    known: float


def other_language(language: str) -> str:
    """Return the language that words of ``language`` are put into; an empty string for others."""
    return {"sv": "en", "en": "sv"}.get(language, "")


def translate_words(text: str, language: str) -> Translation:
    """Put the words of a short ``text`` into the other of the two languages.

    Stop words are left out, words that are in no list stay as they are. Of another language than
    the two nothing is known.
    """
    words = list(_content_words(text, language))
    table = _tables().get(language)
    if table is None or not words:
        return Translation(text, 0.0)
    said: list[str] = []
    known = place = 0
    while place < len(words):
        length, phrase = table.find(words, place)
        known += length if phrase else 0
        said.append(phrase or words[place][0])
        place += length
    return Translation(" ".join(said), known / len(words))


def guess_language(text: str) -> str:
    """Return the one of the two languages whose words ``text`` is in; empty when unsure."""
    known = {one: translate_words(text, one).known for one in LANGUAGES}
    best = max(LANGUAGES, key=known.__getitem__)
    others = max(value for one, value in known.items() if one != best)
    return best if known[best] > others and known[best] >= _DECIDES else ""


def _content_words(text: str, language: str) -> Iterator[tuple[str, str]]:
    """Yield the lower-case words of ``text`` that are no stop words, with their stems."""
    for word, _, _ in word_offsets(text):
        root = stem(word, language)
        if root and word not in _LITTLE_WORDS.get(language, ()):
            yield word, root


@dataclass(frozen=True)
class _Table:
    """What words of one language are called in the other, by their stems."""

    language: str
    phrases: Mapping[_Stems, str]
    words: Mapping[str, str]
    longest: int

    def find(self, words: list[tuple[str, str]], place: int) -> tuple[int, str]:
        """Return how many words from ``place`` on belong together, and what they are called."""
        for length in range(min(self.longest, len(words) - place), 1, -1):
            stems = tuple(root for _, root in words[place : place + length])
            if phrase := self.phrases.get(stems):
                return length, phrase
        word = words[place][0]
        found = self._word(word)
        return 1, found or (self._read_compound(word) if self.language == "sv" else "")

    def _word(self, word: str) -> str:
        """Return what a word is called, whichever form of it is listed."""
        forms = list(self._forms(word))
        listed = (self.words.get(form, "") for form in forms)
        by_stem = (self.phrases.get((stem(form, self.language),), "") for form in forms)
        return next(filter(None, listed), "") or next(filter(None, by_stem), "")

    def _forms(self, word: str) -> Iterator[str]:
        """Yield the words that ``word`` may be a form of, itself first."""
        for ending in _ENDINGS[self.language]:
            base = word.removesuffix(ending)
            if word.endswith(ending) and len(base) >= _SHORTEST_PART:
                yield from (base + lost for lost in _REPAIRS[self.language])

    def _read_compound(self, word: str, depth: int = 2) -> str:
        """Return what the parts of a compound are called, the longest last part first."""
        if depth == 0 or not 2 * _SHORTEST_PART <= len(word) <= _LONGEST_COMPOUND:
            return ""
        for cut in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
            last = self._word(word[cut:])
            first = self._read_first(word[:cut], depth) if last else ""
            if first:
                return f"{first} {last}"
        return ""

    def _read_first(self, word: str, depth: int) -> str:
        """Return what the first part of a compound is called, less the letter that links it."""
        for link in _LINKS:
            if not word.endswith(link):
                continue
            bare = word.removesuffix(link) if link else word
            for form in (bare, f"{bare}a", f"{bare}e"):
                if len(bare) >= _SHORTEST_PART and (found := self.phrases.get((stem(form, "sv"),))):
                    return found
        return self._read_compound(word.removesuffix("s"), depth - 1)


@cache
def _tables() -> Mapping[str, _Table]:
    with _FILE.open(encoding="utf-8", newline="") as file:
        rows = [(row["sv"], row["en"]) for row in csv.DictReader(file, delimiter="\t")]
    swedish: dict[str, str] = {}
    english: dict[str, str] = {}
    for sv, en in rows:
        swedish.setdefault(sv, en.partition(",")[0].strip())
    # what is called so in the first place comes before what is called so too
    named = [
        (place, name.strip(), sv) for sv, en in rows for place, name in enumerate(en.split(","))
    ]
    for _, name, sv in sorted(named, key=itemgetter(0)):
        english.setdefault(name, sv)
    return {"sv": _make_table("sv", swedish), "en": _make_table("en", english)}


def _make_table(language: str, names: Mapping[str, str]) -> _Table:
    phrases: dict[_Stems, str] = {}
    for name, other in names.items():
        phrases.setdefault(_stems(name, language), other)
    words = {name.lower(): other for name, other in names.items() if " " not in name}
    return _Table(language, phrases, words, max(map(len, phrases)))


def _stems(text: str, language: str) -> _Stems:
    return tuple(root for _, root in _content_words(text, language))
