"""Line ends that only a page's width made: words and sentences are put together again.

"vård-" and "samverkan" on two lines are one word, "hälso-" and "och sjukvård" are two. Lines are
one paragraph when they are as long as the next word allows, or go on in the middle of a sentence.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.text.language import detect_language
from index.text.reading.edited_text import Edit, EditedText

_HYPHEN_AT_LINE_END = re.compile(r"(?<=[^\W\d_])[-\u2010] ?\n *(?=[^\W_])")
_HYPHENS = ("-", "\u2010")
_NUMBER = re.compile(r"\d+")
_LAST_WORD = re.compile(r"[^\W_]{1,60}(?=$)")
_FIRST_WORD = re.compile(r"[^\W_]{1,60}")
_LINE = re.compile(r"[^\n]+")
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+){0,3}")

_CONJUNCTIONS = frozenset(
    "och eller samt respektive resp men till som and or nor und oder bzw et ou og eller ja tai y o "
    "e ed en of i kontra versus vs".split()
)
"""Words after which a hyphen stands for the rest of a word: "hälso- och sjukvård"."""

_HYPHENATING = frozenset({"en", "fr", "es", "it", "pt", "nl"})
"""Languages that write two whole words with a hyphen between them."""

_ITEM = re.compile(r" {0,12}(?:[-*+•·▪◦‣●○■□–—➢➤✓✔→⁃∙#>|]|\(?\d{1,3}[.):]|\(?[a-zA-Z][.)])(?= )")
_SENTENCE_END = (".", "!", "?", ":", ";", "…")
_SHORTEST_LEFT = 3
"""Letters before a hyphen from which capitals can be half of a word, and are no acronym."""

_WIDTHS = range(35, 161)
"""Characters in a line of a page or a mail."""

_FULL_SHARE = 0.85
"""Share of the longest line that a line with the next line's first word must exceed."""

_HEAD_SHARE = 0.4
"""Share of the lines of a text that are heads and feet of pages at most."""

_MIN_LENGTH = 30
"""Characters of a line below which it is a heading or an item rather than part of a sentence."""


def with_whole_words(text: EditedText) -> EditedText:
    """Return ``text`` with the words that are broken at a line's end in one piece."""
    edits: list[Edit] = []
    words: Counter[str] | None = None
    for match in _HYPHEN_AT_LINE_END.finditer(text.text):
        if words is None:
            words = Counter(_WORD.findall(text.text.lower()))
        left = _LAST_WORD.search(text.text, max(0, match.start() - 60), match.start())
        right = _FIRST_WORD.match(text.text, match.end())
        joint = _joint(left.group() if left else "", right.group() if right else "", words, text)
        edits.append(Edit(match.start(), match.end(), joint))
    return text.edit(edits)


def _joint(left: str, right: str, words: Counter[str], text: EditedText) -> str:
    """Return what stands between the halves of a word: nothing, a hyphen, or hyphen and blank."""
    if right.lower() in _CONJUNCTIONS:
        return "- "
    together, apart = f"{left}{right}".lower(), f"{left}-{right}".lower()
    if together in words or apart in words:
        return "" if together in words else "-"
    if right[:1].isdigit() or len(left) < _SHORTEST_LEFT:
        # "ser-" and "vice" are broken, "e-" and "hälsa" are not; two letters may be either
        return "" if left.islower() and right.islower() and len(left) > 1 else "-"
    if left.isupper() != right.isupper() or (right[:1].isupper() and not right.isupper()):
        return "-"
    # each half is counted once where the word is broken
    both_words = min(words[left.lower()], words[right.lower()]) > 1
    if both_words and detect_language(text.text).language in _HYPHENATING:
        return "-"
    return ""


@dataclass(frozen=True)
class _Line:
    """A line: where it is, and its words without blanks around them."""

    start: int
    end: int
    text: str

    @property
    def is_item(self) -> bool:
        return bool(_ITEM.match(self.text))

    @property
    def pattern(self) -> str:
        """The line with a sign in place of each number."""
        return _NUMBER.sub("#", self.text)

    @property
    def goes_on(self) -> bool:
        """Whether it begins in the middle of a sentence."""
        return self.text[:1].islower()

    @property
    def breaks_word(self) -> bool:
        """Whether it ends with a hyphen, so that its last word goes on."""
        return self.text[-1:] in _HYPHENS and self.text[-2:-1].isalpha()

    @property
    def ends_open(self) -> bool:
        """Whether no sentence ends with it."""
        return not self.text.rstrip("\"'”’»)]").endswith(_SENTENCE_END)


def with_whole_lines(text: EditedText) -> EditedText:
    """Return ``text`` with a blank in place of each line end within a sentence or paragraph."""
    if "\n" not in text.text:
        return text
    lines = [
        _Line(match.start(), match.end(), match.group().strip())
        for match in _LINE.finditer(text.text)
        if not match.group().isspace()
    ]
    edits: list[Edit] = []
    for number, block in enumerate(_blocks(text.text, lines, _page_heads(lines))):
        edits += _joined_lines(block, has_title=number == 0)
    for before, after in pairwise(lines):
        if text.text.count("\n", before.end, after.start) > 1 and _is_torn(before, after):
            edits.append(Edit(before.end, after.start, " "))
    return text.edit(sorted(edits))


def _page_heads(lines: Sequence[_Line]) -> frozenset[str]:
    """Return the patterns of lines that come again but for a number: heads and feet of pages.

    Where many lines do, a text stands there twice.
    """
    counts = Counter(line.pattern for line in lines)
    again = frozenset(pattern for pattern, count in counts.items() if count > 1)
    return again if sum(counts[one] for one in again) <= _HEAD_SHARE * len(lines) else frozenset()


def _blocks(text: str, lines: Sequence[_Line], heads: frozenset[str]) -> Iterator[list[_Line]]:
    """Yield the lines that stand under each other without an empty one or the head of a page."""
    block: list[_Line] = []
    for line in lines:
        parted = block and text.count("\n", block[-1].end, line.start) > 1
        if block and (parted or line.pattern in heads or block[-1].pattern in heads):
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def _joined_lines(block: Sequence[_Line], *, has_title: bool) -> Iterator[Edit]:
    """Yield the line ends within sentences; a first line may be a title as long as the others."""
    width = max(len(line.text) for line in block)
    is_page = width in _WIDTHS and _is_wrapped(block, width)
    for before, after in pairwise(block):
        if after.is_item or before.breaks_word:
            continue
        long_enough = len(before.text) >= max(_MIN_LENGTH, min(width, _WIDTHS.stop) * 0.6)
        torn = after.goes_on and before.ends_open and long_enough
        may_be_title = has_title and before is block[0] and not before.text.isupper()
        if torn or (is_page and not may_be_title and _is_full(before, after, width)):
            yield Edit(before.end, after.start, " ")


def _is_full(line: _Line, after: _Line, width: int) -> bool:
    """Return whether the first word of the line ``after`` had no place any more on ``line``."""
    word = "" if line.breaks_word else after.text.partition(" ")[0]
    return len(line.text) + 1 + len(word) > _FULL_SHARE * width and not line.text.endswith(":")


def _is_wrapped(block: Sequence[_Line], width: int) -> bool:
    """Return whether a page's width broke the lines of ``block``, not their author."""
    pairs = [(a, b) for a, b in pairwise(block) if not b.is_item]
    if not pairs:
        return False
    full = sum(_is_full(a, b, width) for a, b in pairs)
    torn = sum(b.goes_on and a.ends_open for a, b in pairs)
    if all(line.text.isupper() for line in block):
        # no small letter shows where a sentence goes on; a title is shorter than what follows
        long_first = len(pairs) > 1 or len(block[0].text) == width
        torn = sum(a.ends_open for a, _ in pairs) if long_first else 0
    return full >= 0.6 * len(pairs) and torn * 3 >= len(pairs)


def _is_torn(before: _Line, after: _Line) -> bool:
    """Return whether an empty line stands in the middle of a sentence, as some copies have it."""
    last = before.text[-1:]
    return (
        after.goes_on
        and not after.is_item
        and len(before.text) >= _MIN_LENGTH
        and (last.isalnum() or last == ",")
    )
