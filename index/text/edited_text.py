"""A text that is read with some stretches changed; offsets still lead to the text as given."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from index.text.sentences import Span


@dataclass(frozen=True)
class Edit:
    """``text`` is read in the place of ``span`` of the text as given."""

    span: Span
    text: str


class EditedText:
    """What is read, ``text``, and what it was made of, ``given``."""

    def __init__(self, given: str, edits: Iterable[Edit] = ()) -> None:
        """Apply ``edits`` to ``given``; of two that touch the same letters the first counts."""
        self.given = given
        kept: list[Edit] = []
        pieces: list[str] = []
        self._read: list[int] = [0]
        self._given: list[int] = [0]
        position = length = 0
        for edit in sorted(edits, key=lambda one: (one.span.start, -one.span.end)):
            if edit.span.start < position:
                continue
            before = given[position : edit.span.start]
            pieces += (before, edit.text)
            self._read += (length + len(before), length + len(before) + len(edit.text))
            self._given += (edit.span.start, edit.span.end)
            position, length = edit.span.end, self._read[-1]
            kept.append(edit)
        self.edits = tuple(kept)
        self.text = "".join((*pieces, given[position:])) if kept else given

    def given_span(self, span: Span) -> Span:
        """Return the stretch of ``given`` that a stretch of ``text`` was read from.

        A stretch within an edit leads to all that was edited.
        """
        return Span(self._offset(span.start), self._offset(span.end, is_end=True))

    def given_word(self, word: str) -> str:
        """Return a word as the given text has it: one that an edit brought is what was edited."""
        folded = word.casefold()
        if not self.edits or folded in self.given.casefold():
            return word
        for edit in self.edits:
            if folded in edit.text.casefold():
                return self.given[edit.span.start : edit.span.end]
        return word

    def _offset(self, place: int, *, is_end: bool = False) -> int:
        """Return the offset in the given text; within an edit its start, or its end."""
        found = bisect_right(self._read, place) - 1
        if is_end and found > 0 and self._read[found] == place:
            found -= 1
        start, read = self._given[found], self._read[found]
        if found % 2 == 0:  # after an edit, or before the first
            return start + place - read
        return self._given[found + 1] if is_end else start
