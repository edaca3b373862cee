"""The sentences of a call that are nearest to a condition on which no rule found a sentence.

They are shown beside "we found no sentence", so that a reader sees at once what the rules may have
missed. They carry no verdict: that a sentence is near does not mean that it states anything.

A sentence is as near to a question as to the phrasings of it that are nearest
(`questions.txt`), less how near it is to the other questions. A heading lends what it has to the
sentences below it. Sentences with a word of the answer, such as a sum, come first.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.embedding.encoder import Vectors
from index.explain.stored_sentences import SentenceKey
from index.store.document import TITLE_FIELD
from index.text.limits import LONGEST_FIELD
from index.text.sentences import split_sentences
from scrapers.call import Call
from scrapers.reading.patterns import load
from service.domain.calls.documents import TEXT_FIELD
from service.domain.eligibility.extract.applicants.kind_words import find_kind_mentions
from service.domain.eligibility.facts import Quote

MAX_NEAREST = 3
"""Sentences shown for a condition at most."""

_PHRASINGS_COMPARED = 3
_SHARE_OF_OTHERS = 0.7
_MAX_SENTENCES = 3000
_MAX_ENCODED = 40
"""Sentences of a call at most that the model reads because the index has no vector of them."""

_TEXTS_KEPT = 5000
_MAX_HEADING = 80
_SHORT_HEADING = 60
_FEWEST_WORDS = 3
_ANSWERED_FREELY = frozenset({"applicants", "country", "stage", "invited"})
"""Conditions that a sentence can state without a word that is known here."""

_WHO = "applicants"
_LIST_MARKS = "•-–*"

_PATTERNS = load("nearest_sentences.toml", package=__package__)

Encode = Callable[[Sequence[str]], Vectors]
EncodeQuestions = Callable[[], Vectors]
FindDirections = Callable[[str], dict[SentenceKey, Vectors]]
"""Returns the directions of the sentences of a document, by its id."""


@cache
def _cues() -> dict[str, re.Pattern[str]]:
    return _PATTERNS.group("cues")


@cache
def _title_cues() -> dict[str, re.Pattern[str]]:
    return _PATTERNS.group("title_cues")


@cache
def phrasings() -> tuple[tuple[str, str], ...]:
    """Return the name of a condition with each phrasing of its question, in the file's order."""
    lines = Path(__file__).with_name("questions.txt").read_text("utf-8").splitlines()
    rows = (line.partition("\t") for line in lines if line and not line.startswith("#"))
    return tuple((name, phrasing) for name, _, phrasing in rows)


@dataclass(frozen=True)
class _Line:
    """A sentence of a field; ``heading`` is the place of the heading above it, -1 without one."""

    field: str
    language: str
    start: int
    end: int
    text: str
    is_heading: bool = False
    heading: int = -1

    @property
    def is_sentence(self) -> bool:
        """Whether it has three words, or a figure with a word: less is a number or was cut off."""
        if len(self.text.split(maxsplit=_FEWEST_WORDS)) >= _FEWEST_WORDS:
            return True
        has_figure = any(character.isdigit() for character in self.text)
        return has_figure and any(character.isalpha() for character in self.text)

    @property
    def key(self) -> SentenceKey:
        return SentenceKey(self.language, self.text)

    def quote(self) -> Quote:
        return Quote(
            field=self.field, lang=self.language, start=self.start, end=self.end, text=self.text
        )


class NearestSentences:
    """Finds the nearest sentences of calls. Safe to share by threads."""

    def __init__(self, questions: EncodeQuestions, encode: Encode, find: FindDirections) -> None:
        """Take what sentences are compared by.

        Args:
            questions: returns the vectors of `phrasings` as queries: (phrasings, dimension). It
                is asked each time, and should keep them.
            encode: encodes sentences that ``find`` lacks, as passages.
            find: returns what the index has of a call.
        """
        self._questions = questions
        self._encode = encode
        self._find = find
        self._encoded: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, call: Call, names: Iterable[str]) -> dict[str, tuple[Quote, ...]]:
        """Return up to three sentences of ``call`` for each condition of ``names``.

        The nearest come first. There is none where no sentence can be an answer.
        """
        lines = _lines(call)
        wanted = list(names)
        if not lines or not wanted:
            return {}
        lines, vectors = self._vectors(call.id, lines)
        if not lines:
            return {}
        scores = _scores(lines, vectors @ self._questions().T)
        chosen = {name: _choose(name, lines, scores[name]) for name in wanted if name in scores}
        return {name: quotes for name, quotes in chosen.items() if quotes}

    def _vectors(self, call_id: str, lines: list[_Line]) -> tuple[list[_Line], Vectors]:
        """Return the lines that there are vectors of, and these: (lines, dimension)."""
        known = self._find(call_id)
        missing = dict.fromkeys(line.text for line in lines if line.key not in known)
        encoded = self._encode_texts(_most_telling(missing))
        vectors = [known.get(line.key, encoded.get(line.text)) for line in lines]
        kept = [place for place, vector in enumerate(vectors) if vector is not None]
        moved = {old: new for new, old in enumerate(kept)}
        left = [
            replace(lines[place], heading=moved.get(lines[place].heading, -1)) for place in kept
        ]
        stacked = np.array([vector for vector in vectors if vector is not None], np.float32)
        return left, stacked

    def _encode_texts(self, texts: Sequence[str]) -> dict[str, Vectors]:
        """Return the vectors of sentences; those read lately are not read again."""
        with self._lock:
            found = {text: self._encoded[text] for text in texts if text in self._encoded}
        missing = [text for text in texts if text not in found]
        if missing:
            found |= dict(zip(missing, self._encode(missing), strict=True))
            with self._lock:
                self._encoded |= {text: found[text] for text in missing}
                while len(self._encoded) > _TEXTS_KEPT:
                    self._encoded.popitem(last=False)
        return found


def _lines(call: Call) -> list[_Line]:
    """Return the sentences of the longest text of ``call``, and of its title in that language.

    Texts in other languages say the same again.
    """
    texts = call.texts or call.titles
    language = max(texts, key=lambda code: len(texts[code]))
    title = call.titles.get(language, "")[:LONGEST_FIELD]
    lines = [
        _Line(TITLE_FIELD, language, span.start, span.end, title[span.start : span.end])
        for span in split_sentences(title)[:_MAX_SENTENCES]
    ]
    return lines + _text_lines(call, language, len(lines))


def _text_lines(call: Call, language: str, before: int) -> list[_Line]:
    """Return the sentences of a text, which come after ``before`` others."""
    text = call.texts.get(language, "")[:LONGEST_FIELD]
    bounds = {section.start for section in call.sections.get(language, ())}
    lines: list[_Line] = []
    heading, passed = -1, 0
    for span in split_sentences(text)[:_MAX_SENTENCES]:
        if any(passed < bound <= span.start for bound in bounds):
            heading = -1
        passed = span.start
        words = text[span.start : span.end]
        is_heading = _looks_like_heading(words)
        above = -1 if is_heading else heading
        heading = before + len(lines) if is_heading else heading
        lines.append(_Line(TEXT_FIELD, language, span.start, span.end, words, is_heading, above))
    return lines


def _looks_like_heading(words: str) -> bool:
    """Whether a sentence is a question or a short line without a figure and a full stop."""
    if len(words) > _MAX_HEADING or any(character.isdigit() for character in words):
        return False
    if words[0].islower() or words[0] in _LIST_MARKS or words.endswith((".", "!", ")", "]")):
        return False
    return len(words) <= _SHORT_HEADING or words.endswith(("?", ":"))


def _most_telling(texts: Iterable[str]) -> list[str]:
    """Return the few of some sentences that are worth reading: those with a word of an answer."""
    ordered = sorted(texts, key=lambda text: not any(cue.search(text) for cue in _cues().values()))
    return ordered[:_MAX_ENCODED]


def _scores(lines: Sequence[_Line], cosines: Vectors) -> dict[str, NDArray[np.float32]]:
    """Return how near each line is to each question, from its cosines with the phrasings."""
    named = np.array([name for name, _ in phrasings()])
    names = list(dict.fromkeys(named.tolist()))
    nearest = np.stack(
        [
            np.sort(cosines[:, named == name])[:, -_PHRASINGS_COMPARED:].mean(axis=1)
            for name in names
        ]
    )
    others = (nearest.sum(axis=0) - nearest) / (len(names) - 1)
    own = nearest - _SHARE_OF_OTHERS * others
    above = own - np.median(own, axis=1, keepdims=True)
    headings = np.array([line.heading for line in lines])
    lent = np.where(headings >= 0, np.maximum(above[:, headings], 0), 0)
    return dict(zip(names, (own + lent).astype(np.float32), strict=True))


def _choose(name: str, lines: Sequence[_Line], scores: NDArray[np.float32]) -> tuple[Quote, ...]:
    """Return the nearest lines, those with a cue first.

    Without a figure or another cue a line cannot be the answer to most questions; for those it is
    taken only where it may be.
    """
    ranked = [lines[place] for place in np.argsort(-scores, kind="stable").tolist()]
    cue = _cues().get(name)
    ranked.sort(key=lambda line: _place_by_words(name, line, cue))
    telling: dict[str, _Line] = {}
    others: dict[str, _Line] = {}
    for line in ranked:
        if line.is_heading or not line.is_sentence:
            continue
        kind = telling if _is_telling(name, line, cue) else others
        if len(kind) < MAX_NEAREST:
            kind.setdefault(line.text, line)
        if len(telling) == MAX_NEAREST:
            break
    left = MAX_NEAREST - len(telling) if name in _ANSWERED_FREELY else 0
    chosen = [*telling.values(), *list(others.values())[:left]]
    return tuple(line.quote() for line in chosen)


def _is_telling(name: str, line: _Line, cue: re.Pattern[str] | None) -> bool:
    """Whether a line has a word of the answer."""
    return _title_answers(name, line) or bool(cue and cue.search(line.text))


def _title_answers(name: str, line: _Line) -> bool:
    own = _title_cues().get(name) if line.field == TITLE_FIELD else None
    return bool(own and own.search(line.text))


def _place_by_words(name: str, line: _Line, cue: re.Pattern[str] | None) -> int:
    """Return the rank of a line by its words: titles that answer, then whom it names as well.

    Who may apply is best said by a sentence that names a kind of organisation beside its cue.
    """
    if _title_answers(name, line):
        return 0
    if name == _WHO and cue and cue.search(line.text) and find_kind_mentions(line.text):
        return 1
    return 2
