"""Texts, lines and titles in capitals: read as if they were written as others are.

A tokenizer cuts a word in capitals into other pieces, so that it means something else to a model.
Acronyms stay: those that the rest of the text writes so or in brackets, those that are everybody's,
and what is no word for want of a vowel. Names are written as others write them
(`index/text/reading/written_forms.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from babel import Locale

from index.text.reading.edited_text import Edit, EditedText
from index.text.reading.written_forms import written_form
from index.text.tokens import is_stop_word

_TOKEN = re.compile(r"\S+")
_LINE = re.compile(r"[^\n]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_ADDRESS = re.compile(r"://|@|www\.", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]{0,3}$")
_CODE_DIVIDERS = re.compile(r"[-_/.]")
_VOWELS = frozenset("AEIOUYÅÄÖÆØÜÉ")

_LONG_WORD = 6
"""Letters from which a word in capitals is no acronym."""

_IN_BRACKETS = re.compile(r"\(([A-ZÅÄÖ]{2,6})\)")
"""A word alone in brackets: what stands before it in full, as an acronym."""

_SHARE = 0.7
"""Share of the letters of a text or a line in capitals from which all of it is."""

_MIN_RUN = 4
"""Words in capitals in a row, within a line of others, that are read as shouted."""

_MIN_LONG_WORDS = 2

_LABEL_WORDS = 5
"""Words of a label before a colon at most."""

_ACRONYMS = frozenset(
    # of funding and states
    "EU FN UN USA UK EC ERC EIC EIT MSCA SME NGO NATO OECD UNESCO UNICEF EURATOM "
    # of health and technique
    "AI IKT ICT IOT KOL HIV AIDS AMR ICU COPD COVID DNA RNA ADHD IVF EKG ECG EEG MRI API USB "
    "IVA BVC MVC LSS GDPR ICF ICD EHR RCT".split()
)
"""Acronyms with a vowel that texts in capitals have as often as others."""

_LANGUAGES = ("sv", "en")


@dataclass(frozen=True)
class _Token:
    """What stands between blanks: ``capitals`` and ``small`` count letters of its words."""

    start: int
    text: str
    words: tuple[tuple[int, str], ...]

    @property
    def is_capital(self) -> bool:
        """Whether it has two letters or more, all of them capitals."""
        return sum(len(word) for _, word in self.words) > 1 and all(
            word.isupper() for _, word in self.words
        )

    @property
    def is_neutral(self) -> bool:
        """Whether it says nothing of how the text is written: numbers, one letter, codes."""
        return sum(len(word) for _, word in self.words) < 2  # noqa: PLR2004  one letter

    @property
    def letters(self) -> int:
        return sum(len(word) for _, word in self.words)


def written_acronyms(texts: Iterable[str]) -> frozenset[str]:
    """Return the words in capitals of those parts of ``texts`` that are not in capitals."""
    found: set[str] = set()
    for text in texts:
        for line in _LINE.finditer(text):
            tokens = list(_tokens(line.group(), 0))
            if _capital_share(tokens) < _SHARE:
                found.update(
                    word
                    for token in tokens
                    for _, word in token.words
                    if word.isupper() and 1 < len(word) <= _LONG_WORD
                )
    return frozenset(found)


def without_capitals(text: EditedText, acronyms: frozenset[str] = frozenset()) -> EditedText:
    """Return ``text`` with small letters where it is in capitals.

    Args:
        text: any text.
        acronyms: words that stay in capitals, beside those that ``text`` itself writes so.
    """
    if not any(character.isupper() for character in text.text):
        return text
    lines = [list(_tokens(line.group(), line.start())) for line in _LINE.finditer(text.text)]
    tokens = [token for line in lines for token in line]
    if not any(token.is_capital for token in tokens):
        return text
    whole = _capital_share(tokens) >= _SHARE and _is_shouted(tokens)
    kept = _ACRONYMS | acronyms | frozenset(_IN_BRACKETS.findall(text.text))
    kept |= frozenset() if whole else written_acronyms([text.text])
    edits: list[Edit] = []
    for line in lines:
        runs = [line] if whole else _shouted_runs(line)
        begins = True
        for run in runs:
            begins = run[0] is line[0] or bool(_ends_before(run[0], line))
            edits += _small_letters(run, kept, begins=begins)
    return text.edit(edits)


def _ends_before(token: _Token, line: Sequence[_Token]) -> bool:
    place = next(n for n, one in enumerate(line) if one is token)
    return place > 0 and bool(_SENTENCE_END.search(line[place - 1].text))


def _tokens(line: str, offset: int) -> Iterator[_Token]:
    for match in _TOKEN.finditer(line):
        text = match.group()
        words = () if _is_code(text) else tuple(_words(text))
        yield _Token(offset + match.start(), text, words)


def _is_code(token: str) -> bool:
    """Return whether ``token`` is an address, or a code such as HORIZON-HLTH-2027-01."""
    if _ADDRESS.search(token):
        return True
    dividers = len(_CODE_DIVIDERS.findall(token.strip(".")))
    return dividers > 1 and any(character.isdigit() for character in token)


def _words(token: str) -> Iterator[tuple[int, str]]:
    """Yield the stretches of letters of ``token`` that no digit touches, and where they are."""
    for match in _LETTERS.finditer(token):
        start, end = match.span()
        if not (token[start - 1 : start].isdigit() or token[end : end + 1].isdigit()):
            yield start, match.group()


def _capital_share(tokens: Sequence[_Token]) -> float:
    """Return the share of letters, 0 to 1, that are in words in capitals."""
    counted = [token for token in tokens if not token.is_neutral]
    letters = sum(token.letters for token in counted)
    return sum(token.letters for token in counted if token.is_capital) / max(letters, 1)


def _is_shouted(tokens: Sequence[_Token]) -> bool:
    """Return whether capitals are no row of acronyms: a long word among them, or a common one."""
    words = [word for token in tokens if token.is_capital for _, word in token.words]
    return any(len(word) >= _LONG_WORD or _is_common(word) for word in words)


def _is_common(word: str) -> bool:
    return len(word) > 1 and any(is_stop_word(word.lower(), one) for one in _LANGUAGES)


def _shouted_runs(line: Sequence[_Token]) -> list[Sequence[_Token]]:
    """Return the stretches of a line that are in capitals: all of it, or several words in a row."""
    if _capital_share(line) >= _SHARE and _is_shouted(line):
        return [line]
    runs: list[Sequence[_Token]] = []
    first = 0
    for place, token in enumerate([*line, _Token(0, "", ((0, "end"),))]):
        if token.is_capital or token.is_neutral:
            continue
        run = line[first:place]
        if _is_shouted_run(run):
            runs.append(run)
        first = place + 1
    return runs


def _is_shouted_run(run: Sequence[_Token]) -> bool:
    capital = [token for token in run if token.is_capital]
    words = [word for token in capital for _, word in token.words]
    # names of projects in a row are long too, and have no "and" or "of" between them
    return (
        len(capital) >= _MIN_RUN
        and sum(len(word) >= _LONG_WORD for word in words) >= _MIN_LONG_WORDS
        and any(_is_common(word) for word in words)
    )


def _small_letters(run: Sequence[_Token], kept: frozenset[str], *, begins: bool) -> Iterator[Edit]:
    """Yield the words of ``run`` in small letters, a capital where a sentence or a name begins."""
    label = 0
    for token in run:
        begins = begins and not token.text[:1].isdigit()
        for number, (place, word) in enumerate(token.words):
            if word.isupper() and not _is_acronym(word, kept):
                small = written_form(word.lower())
                named = (begins and number == 0) or small in _names()
                shown = small[:1].upper() + small[1:] if named else small
                if shown != word:
                    start = token.start + place
                    yield Edit(start, start + len(word), shown)
        begins = begins and not any(character.isalnum() for character in token.text)
        label += 1
        # "Purpose and goal: The project": what a label heads is a sentence
        if _SENTENCE_END.search(token.text):
            begins, label = True, 0
        elif token.text.endswith(":") and label <= _LABEL_WORDS:
            begins = True


_WORLD = "001"


@cache
def _names() -> frozenset[str]:
    """Return the names of countries, and of languages in English, in small letters."""
    swedish, english = Locale("sv"), Locale("en")
    names = [
        name
        for one in (swedish, english)
        for code, name in one.territories.items()
        if code != _WORLD
    ]
    names += english.languages.values()
    return frozenset(name.lower() for name in names if name.isalpha() and not name.isupper())


def _is_acronym(word: str, kept: frozenset[str]) -> bool:
    return word in kept or (len(word) > 1 and not _VOWELS.intersection(word))
