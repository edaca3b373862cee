"""Find the calls that a text names by a code, a number, a part of one, or a programme's acronym.

A name counts when it is written as one: `2026-01234` and `horizon ju ihi 2026 12` do, a number that
counts patients does not. What has the form of a stored name and is none is found as unknown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from index.text.codes import CodeToken, Joint, code_tokens, is_code, is_diary_number, tight_runs
from index.text.sentences import Span
from index.text.tokens import is_stop_word
from service.domain.calls.names.call_names import HEAD_WORDS, NameKind, StoredName
from service.domain.calls.names.cue_words import COUNTED, COUNTED_NOUNS, CUES

MOST_CALLS = 10
"""Calls that one name lists at most."""

MOST_NAMES = 50
"""Names of one text that are looked at."""

_MIN_PART = 3
_MIN_LOOSE_DIGITS = 4
_MIN_ALONE_NUMBER = 4
_MIN_NUMBER = 5
_MIN_WORD_CODE = 5
_MIN_SOURCED = 4
_MIN_COMPOUND = 4
_ROUND = 100
_LANGUAGES = ("sv", "en")


class NameIndex(Protocol):
    """The names of the stored calls."""

    def by_heads(self, heads: Collection[str], /) -> list[StoredName]:
        """Return the names that are found by one of ``heads``."""
        ...

    def programmes(self, acronyms: Collection[str], /) -> dict[str, int]:
        """Return how many calls the programmes among some acronyms have."""
        ...

    def of_programme(self, acronym: str, /) -> list[str]:
        """Return the calls of a programme."""
        ...

    def is_beginning(self, word: str, /) -> bool:
        """Return whether a name of several words begins with ``word``."""
        ...


class FoundKind(StrEnum):
    """What a name in a text is: of a call, of what several share, of a programme, or unknown."""

    CALL = "call"
    PART = "part"
    PROGRAMME = "programme"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class FoundName:
    """A name in a text at ``span``, with the ids of all calls that have it, in order."""

    span: Span
    kind: FoundKind
    calls: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Hit:
    """The tokens from ``first`` on, ``length`` of them, are a name, or a part, of some calls."""

    first: int
    length: int
    is_whole: bool
    calls: tuple[str, ...]

    @property
    def places(self) -> range:
        return range(self.first, self.first + self.length)


def find_names(text: str, index: NameIndex) -> tuple[FoundName, ...]:
    """Return what ``text`` names, in its order; no two lie over each other."""
    reader = _TextNames(text, code_tokens(text))
    found = [*reader.stored(index)]
    taken = {place for hit in found for place in hit.places}
    names = [reader.found_name(hit) for hit in found]
    names += [FoundName(span, FoundKind.UNKNOWN) for span in reader.unknown(index, taken)]
    return tuple(sorted(names, key=lambda one: one.span.start)[:MOST_NAMES])


def find_programmes(
    text: str, index: NameIndex, *, spans: Collection[Span] = (), is_alone: bool = False
) -> tuple[FoundName, ...]:
    """Return the programmes that ``text`` names by their acronyms, each once, in its order.

    Args:
        text: any text.
        index: the names of the stored calls.
        spans: of names that were found; what lies in them is not looked at.
        is_alone: the text is nothing but names, so that small letters do too.
    """
    places: dict[str, Span] = {}
    for token in code_tokens(text):
        word = text[token.start : token.end]
        inside = any(one.start <= token.start < one.end for one in spans)
        if not inside and len(word) >= _MIN_PART and (word.isupper() or is_alone):
            places.setdefault(token.word, Span(token.start, token.end))
    known = index.programmes(places)
    return tuple(
        FoundName(span, FoundKind.PROGRAMME, tuple(index.of_programme(word)))
        for word, span in places.items()
        if word in known
    )


@dataclass
class _TextNames:
    """A text in its tokens, and which of them are names."""

    text: str
    tokens: Sequence[CodeToken]
    _runs: dict[int, range] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for run in tight_runs(self.tokens):
            self._runs.update(dict.fromkeys(run, run))

    def found_name(self, hit: _Hit) -> FoundName:
        several = len(hit.calls) > 1 and not hit.is_whole
        kind = FoundKind.PART if several or len(hit.calls) > MOST_CALLS else FoundKind.CALL
        return FoundName(self._span(hit.places), kind, hit.calls)

    def stored(self, index: NameIndex) -> list[_Hit]:
        """Return the stored names, the longest at each place, from the first to the last."""
        heads = self._heads()
        rows: Mapping[str, list[StoredName]] = defaultdict(list)
        for name in index.by_heads({head for own in heads for head in own}):
            rows[name.head].append(name)
        kept: list[_Hit] = []
        end = 0
        for place, own in enumerate(heads):
            if place < end:
                continue
            hit = self._longest(place, [row for head in own for row in rows.get(head, ())])
            if hit is not None:
                kept.append(hit)
                end = place + hit.length
        return kept

    def unknown(self, index: NameIndex, taken: AbstractSet[int]) -> Iterator[Span]:
        """Yield what has the form of a name and is stored nowhere."""
        for run in dict.fromkeys(self._runs.values()):
            own = [self.tokens[place] for place in run]
            if not (is_code(self.text, own) or self._is_small_code(own)):
                continue
            if not taken.isdisjoint(run):
                continue
            words = [token.word for token in own]
            if is_diary_number(words) or index.is_beginning(words[0]):
                yield self._span(run)

    def _is_small_code(self, own: Sequence[CodeToken]) -> bool:
        digits = sum(token.digits for token in own)
        return len(own) > _MIN_PART and digits >= _MIN_LOOSE_DIGITS and own[0].word.isalpha()

    def _heads(self) -> list[list[str]]:
        """Return the heads that a name may have at each token."""
        heads: list[list[str]] = []
        for first in range(len(self.tokens)):
            own = [self.tokens[first].word]
            for place in range(first + 1, min(first + HEAD_WORDS, len(self.tokens))):
                if self.tokens[place].joint is Joint.APART:
                    break
                own.append(f"{own[-1]}-{self.tokens[place].word}")
            heads.append(own)
        return heads

    def _longest(self, first: int, rows: Sequence[StoredName]) -> _Hit | None:
        """Return the longest name at a place that is written as one."""
        by_length: dict[tuple[int, bool], set[str]] = defaultdict(set)
        for row in rows:
            words = row.key.split("-")
            length = self._common_length(first, words)
            whole = row.kind is NameKind.WHOLE and length == len(words)
            if whole or length >= _MIN_PART or length == len(words):
                by_length[length, whole].add(row.call_id)
        for length, whole in sorted(by_length, reverse=True):
            hit = _Hit(first, length, whole, tuple(sorted(by_length[length, whole])))
            if self._is_written_as_name(hit):
                return hit
        return None

    def _common_length(self, first: int, words: Sequence[str]) -> int:
        for length, word in enumerate(words):
            place = first + length
            if place >= len(self.tokens) or self.tokens[place].word != word:
                return length
            if length and self.tokens[place].joint is Joint.APART:
                return length
        return len(words)

    def _is_written_as_name(self, hit: _Hit) -> bool:
        if self._goes_on(hit):
            return False
        own = [self.tokens[place] for place in hit.places]
        if all(token.is_number for token in own):
            return hit.is_whole and self._is_number_name(hit, own)
        digits = sum(token.digits for token in own)
        if not digits:
            return hit.is_whole and self._is_word_name(hit, own)
        tight = all(token.joint is not Joint.LOOSE for token in own[1:])
        if not hit.is_whole:
            return self._is_part_name(hit, own, tight=tight)
        if len(own) == 1:
            return len(own[0].word) >= _MIN_WORD_CODE and not own[0].word.isalpha()
        return tight or len(own) >= _MIN_PART or digits >= _MIN_PART

    def _is_part_name(self, hit: _Hit, own: Sequence[CodeToken], *, tight: bool) -> bool:
        digits = sum(token.digits for token in own)
        if len(own) >= _MIN_PART:
            return tight or digits >= _MIN_LOOSE_DIGITS
        raw = self.text[own[0].start : own[0].end]
        return tight and digits > 1 and raw.isupper() and len(hit.calls) <= MOST_CALLS

    def _is_word_name(self, hit: _Hit, own: Sequence[CodeToken]) -> bool:
        """Return whether words without a number are written as a name: joined, or with a source.

        After its source or within its address a long one may also have blanks for its hyphens:
        "se:example.se/calls/support for biogas".
        """
        joints = {token.joint for token in own[1:]}
        if Joint.APART in joints or not joints:
            return False
        with_source = ":" in self.text[own[0].start : own[-1].end]
        if Joint.LOOSE in joints:
            is_sourced = Joint.GLUED in {token.joint for token in own[1:HEAD_WORDS]}
            return with_source and is_sourced and len(own) >= _MIN_SOURCED
        return with_source or len(own) >= _MIN_PART or self._is_alone(hit)

    def _is_number_name(self, hit: _Hit, own: Sequence[CodeToken]) -> bool:
        """Return whether numbers are written as a name and do not count or date anything."""
        if self._is_alone(hit):
            return len(own) > 1 or len(own[0].word) >= _MIN_ALONE_NUMBER
        cued = self._is_cued(hit)
        joint = own[-1].joint
        if len(own) == 1:
            return cued or (len(own[0].word) >= _MIN_NUMBER and not self._counts(hit))
        if joint is Joint.GLUED:
            return cued
        if is_diary_number([token.word for token in own]):
            return not self._counts(hit)
        return cued or (joint is Joint.TIGHT and not self._counts(hit) and not _is_date(own))

    def _is_alone(self, hit: _Hit) -> bool:
        return hit.first == 0 and hit.length == len(self.tokens)

    def _is_cued(self, hit: _Hit) -> bool:
        """Return whether a word before says that a number is a name: "utlysning 11990"."""
        before = self.tokens[max(0, hit.first - 2) : hit.first]
        return any(token.word in CUES for token in before)

    def _counts(self, hit: _Hit) -> bool:
        """Return whether a number counts something: it has a unit beside it, or it is round."""
        first, last = self.tokens[hit.first], self.tokens[hit.first + hit.length - 1]
        before = self.text[max(0, first.start - 2) : first.start].strip()
        if before[-1:] in ("€", "$", "£", "+", "~", "<", ">", "≥", "≤"):
            return True
        place = hit.first + hit.length
        if hit.first and self.tokens[hit.first - 1].word in COUNTED:
            return True
        if place >= len(self.tokens) or self.tokens[place].joint is not Joint.LOOSE:
            return self.text[last.end : last.end + 2].strip()[:1] in ("%", "€", "$", "£")
        after = self.tokens[place].word
        if after in COUNTED or after in COUNTED_NOUNS:
            return True
        is_round = hit.length == 1 and int(first.word) % _ROUND == 0
        return is_round and not any(is_stop_word(after, language) for language in _LANGUAGES)

    def _goes_on(self, hit: _Hit) -> bool:
        """Return whether the code that stands in the text is longer than the name.

        A word in small letters may follow, as in "PAR-25-353-utlysningen", and one of letters may
        come before a whole name, as in "NIH-PAR-25-353".
        """
        run = self._runs[hit.first]
        end = hit.first + hit.length
        last_run = self._runs[end - 1]
        if end < last_run.stop:
            after = self.text[self.tokens[end].start : self.tokens[end].end]
            if not (after.islower() and after.isalpha() and len(after) >= _MIN_COMPOUND):
                return True
            if any(self.tokens[place].digits for place in range(end, last_run.stop)):
                return True
        if run.start < hit.first:
            before = self.tokens[hit.first - 1].word
            return not (hit.is_whole and before.isalpha() and hit.length >= _MIN_PART)
        return False

    def _span(self, places: range) -> Span:
        return Span(self.tokens[places[0]].start, self.tokens[places[-1]].end)


def _is_date(own: Sequence[CodeToken]) -> bool:
    """Return whether numbers are a day, a month of a year, or years from and to."""
    match [token.word for token in own]:
        case [year, month] | [year, month, _] if len(year) == 4:  # noqa: PLR2004  a year
            return int(month) <= 12 or len(month) == 4  # noqa: PLR2004  months, a year
        case _:
            return False
