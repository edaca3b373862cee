"""What a paragraph of a Word file is by its style: a heading, an item, a line of the contents."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn

_BULLET = "- "
_MOST_PARENTS = 20
"""Styles that a style may be based on, one on another; a loop of them ends here."""


@dataclass(frozen=True)
class ParagraphStyle:
    """What a paragraph is; ``mark`` is what an item begins with, "" for what is no item."""

    is_heading: bool = False
    is_contents: bool = False
    mark: str = ""


class ParagraphStyles:
    """The styles of one document, and how far its numbered lists have counted."""

    def __init__(self, document: Document) -> None:
        self._styles = {
            style.get(qn("w:styleId"), ""): style
            for style in document.styles.element.iter(qn("w:style"))
        }
        self._formats = _number_formats(document)
        self._counts: Counter[tuple[str, str]] = Counter()

    def of(self, paragraph: Any) -> ParagraphStyle:
        """Return what ``paragraph``, an element w:p, is; an item of a numbered list is counted."""
        names, numbering = [], paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        level = paragraph.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
        own = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        key = own.get(qn("w:val"), "") if own is not None else ""
        for _ in range(_MOST_PARENTS):
            style = self._styles.get(key)
            if style is None:
                break
            name = style.find(qn("w:name"))
            names.append(name.get(qn("w:val"), "").lower() if name is not None else "")
            if numbering is None:
                numbering = style.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
            if level is None:
                level = style.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
            parent = style.find(qn("w:basedOn"))
            key = parent.get(qn("w:val"), "") if parent is not None else ""
        heading = level is not None and level.get(qn("w:val"), "9") != "9"
        heading = heading or any(n == "title" or n.startswith("heading ") for n in names)
        contents = any(n.startswith("toc ") and n != "toc heading" for n in names)
        return ParagraphStyle(heading, contents, "" if heading else self._mark(numbering, names))

    def _mark(self, numbering: Any, names: list[str]) -> str:
        number = level = ""
        if numbering is not None:
            number, level = (_value(numbering.find(qn(f"w:{name}"))) for name in ("numId", "ilvl"))
        if number and number != "0":
            kind = self._formats.get((number, level or "0"), "decimal")
            if kind in {"bullet", "none"}:
                return _BULLET
            return f"{self._count(number, level or '0')}. "
        return _BULLET if any(name.startswith("list ") for name in names) else ""

    def _count(self, number: str, level: str) -> int:
        """Return the next number of a list at a level; levels below it begin again."""
        self._counts[number, level] += 1
        for other in [key for key in self._counts if key[0] == number and key[1] > level]:
            del self._counts[other]
        return self._counts[number, level]


def _value(element: Any) -> str:
    return "" if element is None else str(element.get(qn("w:val"), ""))


def _number_formats(document: Document) -> dict[tuple[str, str], str]:
    """Return how each list counts, by its id and the level: bullet, decimal, lowerLetter, ..."""
    try:
        root: Any = document.part.part_related_by(RELATIONSHIP_TYPE.NUMBERING).element  # type: ignore[attr-defined]
    except (KeyError, AttributeError):
        return {}
    levels = {
        abstract.get(qn("w:abstractNumId"), ""): {
            level.get(qn("w:ilvl"), "0"): _value(level.find(qn("w:numFmt")))
            for level in abstract.iter(qn("w:lvl"))
        }
        for abstract in root.iter(qn("w:abstractNum"))
    }
    return {
        (number.get(qn("w:numId"), ""), level): kind
        for number in root.iter(qn("w:num"))
        for level, kind in levels.get(_value(number.find(qn("w:abstractNumId"))), {}).items()
    }
