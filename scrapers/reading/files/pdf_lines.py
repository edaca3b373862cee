"""Lines of pages to paragraphs, by where they stand; what stands on every page is left out."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

_NEAR_EDGE = 3
"""Lines at the top and at the bottom of a page among which headers and footers are looked for."""

_SAME_PLACE = 3.0
"""Points by which a header stands higher or lower on another page."""

_LARGER = 1.12
"""How much larger than the text the letters of a heading or a title are."""

_WIDER_GAP = 1.3
"""How much further apart than the lines of a paragraph two paragraphs are."""

_MOST_PITCH = 2.4
"""Distance of two lines, in sizes of their letters, beyond which they are two paragraphs."""

_SHORT_LINE = 0.7
"""Share of the longest line's characters below which a line was ended by its author."""

_LONGEST_TITLE = 200

_LETTER_FORMS = str.maketrans(
    {
        "ﬀ": "ff",
        "ﬁ": "fi",
        "ﬂ": "fl",
        "ﬃ": "ffi",
        "ﬄ": "ffl",
        "ﬅ": "st",
        "ﬆ": "st",
        "\u00a0": " ",
        "\u202f": " ",
        "\uf0b7": "•",
        "\uf0a7": "•",
        "\x00": "",
    }
)
_FIGURES = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"[-–—| ]*(?:(?:sida|sid|s|page|p)\.? ?)?#(?: ?(?:/|av|of|\() ?#\)?)?[-–—| ]*", re.IGNORECASE
)
_ITEM = re.compile(r"(?:[•·▪◦‣●○■□–—➢✓✔→*o-]|\(?\d{1,3}[.):]|\(?[a-zA-Z][.)])(?= \S)")
_BARE_MARK = re.compile(r"[•·▪◦‣●○■□➢✓✔→o-]")
_SENTENCE_END = re.compile(r"[.!?:;…][\"'”’»)\]]*$")
_HYPHENS = "-\u2010\u00ad"
_CONJUNCTIONS = frozenset("och eller samt respektive and or und oder".split())
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


@dataclass(frozen=True)
class PageLine:
    """A line of a page; ``x``, ``y`` (of its base, upwards) and ``size`` are in points."""

    text: str
    x: float
    y: float
    size: float
    bold: bool = False

    @property
    def is_item(self) -> bool:
        """Whether it begins a list's item."""
        return bool(_ITEM.match(self.text) or _BARE_MARK.fullmatch(self.text))

    @property
    def ends_sentence(self) -> bool:
        """Whether a sentence or a heading with a colon ends with it."""
        return bool(_SENTENCE_END.search(self.text))


Page = Sequence[PageLine]


def without_repeated(pages: Sequence[Page]) -> tuple[list[list[PageLine]], int]:
    """Return the pages without the headers and footers that repeat, and how many lines that were.

    A header stands at one height on half of the pages at least, and on two; its figures may
    differ. On the first page it stays, unless it is a page's number alone: it may say what the
    document is. No page loses all that it says.
    """
    edges = [_edges(page) for page in pages]
    places: dict[str, list[float]] = {}
    for page, edge in zip(pages, edges, strict=True):
        for index in edge:
            places.setdefault(_form(page[index].text), []).append(page[index].y)
    written = sum(bool(page) for page in pages)
    least = max(2, (written + 1) // 2)
    kept: list[list[PageLine]] = []
    for number, (page, edge) in enumerate(zip(pages, edges, strict=True)):
        dropped = set()
        for index in edge:
            line, form = page[index], _form(page[index].text)
            near = sum(abs(y - line.y) <= _SAME_PLACE for y in places[form])
            stays = number == 0 and not _PAGE_NUMBER.fullmatch(form)
            if near >= least and not stays:
                dropped.add(index)
        if len(dropped) == len(page):
            dropped = {n for n in dropped if _PAGE_NUMBER.fullmatch(_form(page[n].text))}
        kept.append([line for index, line in enumerate(page) if index not in dropped])
    return kept, sum(map(len, pages)) - sum(map(len, kept))


def _edges(page: Page) -> set[int]:
    """Return the places in ``page`` of its highest and lowest lines."""
    order = sorted(range(len(page)), key=lambda index: page[index].y)
    return {*order[:_NEAR_EDGE], *order[-_NEAR_EDGE:]}


def _form(text: str) -> str:
    return _FIGURES.sub("#", " ".join(text.casefold().split()))


def join_pages(pages: Sequence[Page]) -> str:
    """Return the lines of all pages as paragraphs; one may go on from a page to the next."""
    lines = [_with_plain_letters(line) for page in pages for line in page]
    bounds: set[int] = set()
    place = 0
    for page in pages:
        place += len(page)
        bounds.add(place)
    words = Counter(word for line in lines for word in _WORD.findall(line.text.lower()))
    pieces: list[str] = []
    for index, (line, joint) in enumerate(_with_joints(lines, bounds)):
        text = line.text
        if joint == "" and index:
            pieces[-1], text = _whole_word(pieces[-1], text, words)
        elif index:
            pieces.append(joint)
        pieces.append(text)
    return "".join(pieces).strip()


def title_of(pages: Sequence[Page]) -> str:
    """Return the first page's lines in letters larger than its text; "" if there are none."""
    first = next((page for page in pages if page), [])
    if not first:
        return ""
    usual = _usual_size(first)
    largest = max(line.size for line in first)
    if largest < usual * _LARGER:
        return ""
    begin = next(index for index, line in enumerate(first) if line.size == largest)
    title: list[str] = []
    for line in first[begin:]:
        if abs(line.size - largest) > 0.5:  # noqa: PLR2004  rounding of a size
            break
        title.append(_with_plain_letters(line).text)
    return " ".join(title)[:_LONGEST_TITLE]


def _with_plain_letters(line: PageLine) -> PageLine:
    return replace(line, text=unicodedata.normalize("NFC", line.text.translate(_LETTER_FORMS)))


def _usual_size(lines: Sequence[PageLine]) -> float:
    """Return the size of most of the letters."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _with_joints(lines: Sequence[PageLine], bounds: set[int]) -> Iterator[tuple[PageLine, str]]:
    """Yield each line with what parts it from the one before it.

    That is nothing or a blank within a paragraph, a line end before an item, and an empty line
    before another paragraph. ``bounds`` are the places at which another page begins.
    """
    if not lines:
        return
    pitches = _usual_pitches(lines)
    longest = _longest_lines(lines)
    yield lines[0], ""
    in_list = lines[0].is_item
    for index, (before, line) in enumerate(pairwise(lines), 1):
        jumps = index in bounds or line.y > before.y + before.size
        if _BARE_MARK.fullmatch(before.text) and not jumps:
            yield line, " "
            continue
        if _goes_on(before, line, pitches, longest, jumps=jumps):
            yield line, "" if before.text[-1] in _HYPHENS else " "
            continue
        yield line, "\n" if line.is_item and in_list else "\n\n"
        in_list = line.is_item


def _goes_on(
    before: PageLine,
    line: PageLine,
    pitches: dict[float, float],
    longest: dict[float, int],
    *,
    jumps: bool,
) -> bool:
    """Return whether ``line`` goes on with the paragraph of the line before it."""
    starts_low = line.text[:1].islower()
    another_size = abs(before.size - line.size) > 0.1 * max(before.size, line.size)
    if another_size or line.is_item or (before.bold != line.bold and not starts_low):
        return False
    is_torn = starts_low and not before.ends_sentence
    gap = before.y - line.y
    pitch = pitches.get(round(line.size), line.size * 1.2)
    if jumps or gap > min(_MOST_PITCH * line.size, pitch * _WIDER_GAP):
        return jumps and is_torn
    is_row = abs(gap) < 0.3 * line.size  # cells of a table, or a raised figure
    is_broken = before.text[-1] in _HYPHENS and before.text[-2:-1].isalpha()
    is_full = len(before.text) >= _SHORT_LINE * longest.get(round(line.size), 0)
    return is_row or is_torn or is_broken or is_full


def _usual_pitches(lines: Sequence[PageLine]) -> dict[float, float]:
    """Return the distance between lines of a paragraph, by the rounded size of their letters."""
    gaps: dict[float, list[float]] = {}
    for before, line in pairwise(lines):
        gap = before.y - line.y
        if abs(before.size - line.size) < 0.5 and 0.5 * line.size < gap < _MOST_PITCH * line.size:  # noqa: PLR2004  rounding
            gaps.setdefault(round(line.size), []).append(gap)
    # paragraphs have more lines than ends, so that the lower half is within them
    return {
        size: median(sorted(found)[: max(1, (len(found) + 1) // 2)]) for size, found in gaps.items()
    }


def _longest_lines(lines: Sequence[PageLine]) -> dict[float, int]:
    """Return how many characters a full line has, by the rounded size of its letters."""
    lengths: dict[float, list[int]] = {}
    for line in lines:
        lengths.setdefault(round(line.size), []).append(len(line.text))
    return {size: sorted(found)[int(0.9 * (len(found) - 1))] for size, found in lengths.items()}


def _whole_word(before: str, after: str, words: Counter[str]) -> tuple[str, str]:
    """Return both sides of a line end whose word is broken, without a hyphen that only breaks it.

    "hälso-" before "och" stands for the rest of a word, and keeps it.
    """
    left = re.search(r"[^\W\d_]+(?=[-\u2010\u00ad]$)", before)
    right = re.match(r"[^\W_]+", after)
    bare = before.rstrip(_HYPHENS)
    if left is None or right is None:
        return before, after
    if right.group().lower() in _CONJUNCTIONS:
        return f"{bare}-", f" {after}"
    if before.endswith("\u00ad"):
        return bare, after
    together = f"{left.group()}{right.group()}".lower()
    apart = f"{left.group()}-{right.group()}".lower()
    keeps = not right.group()[0].islower() or left.group().isupper()
    if words[apart] > 0 or (keeps and not words[together]):
        return f"{bare}-", after
    return bare, after
