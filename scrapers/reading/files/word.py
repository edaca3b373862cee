"""Word files (.docx): headings, paragraphs, lists, tables, notes and boxes in reading order.

Macros are never run: nothing here runs anything, and the file's program parts are not looked into.
"""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.exceptions import PackageNotFoundError
from docx.opc.part import PartFactory
from docx.oxml.ns import qn
from docx.package import Package
from docx.parts.document import DocumentPart
from lxml import etree

from scrapers.reading.files.archive_bounds import check_archive
from scrapers.reading.files.file_text import (
    FileFault,
    FileKind,
    FileLimits,
    FileText,
    LeftOut,
    UnreadableFileError,
)
from scrapers.reading.files.plain import cut
from scrapers.reading.files.word_styles import ParagraphStyles

_MAIN_KINDS = (
    CONTENT_TYPE.WML_DOCUMENT_MAIN,
    "application/vnd.ms-word.document.macroEnabled.main+xml",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
    "application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
)
"""Content types of documents and templates, with macros and without."""

_DOCTYPES = tuple("<!DOCTYPE".encode(name) for name in ("utf-8", "utf-16-le", "utf-16-be"))
_LONGEST_CELL = 300
"""Characters of a table's cell up to which a row is one line."""

_LONGEST_LABEL = 60
"""Characters of a first cell of two up to which it is the label of the second."""

_ALTERNATIVES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_CHOICE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Choice"
_PICTURE = "{http://schemas.openxmlformats.org/drawingml/2006/picture}pic"
_OLD_PICTURE = "{urn:schemas-microsoft-com:vml}imagedata"
_LETTERS = {
    qn("w:tab"): "\t",
    qn("w:br"): "\n",
    qn("w:cr"): "\n",
    qn("w:noBreakHyphen"): "-",
    qn("w:softHyphen"): "",
}
_PROPERTIES = frozenset({qn("w:pPr"), qn("w:rPr")})
_DELETED = frozenset({qn("w:del"), qn("w:moveFrom")})
_NOTES = {qn("w:footnoteReference"): "footnote", qn("w:endnoteReference"): "endnote"}

Element = Any
"""An element of lxml, which has no public name for it."""


def read_word(body: bytes, limits: FileLimits) -> FileText:
    """Return the text of a Word file.

    Raises:
        UnreadableFileError: it is damaged, has no text, or would unpack to too much.
    """
    check_archive(body, limits)
    left: Counter[LeftOut] = Counter()
    _look_at_parts(body, left)
    walk = _Walk(_open(body), limits, left)
    text = walk.text()
    if not text:
        raise UnreadableFileError(FileFault.NO_TEXT)
    kept = cut(text, limits.characters)
    left[LeftOut.CHARACTERS] += len(text) - len(kept)
    return FileText(FileKind.WORD, kept, title=walk.title, left_out=dict(+left))


def _look_at_parts(body: bytes, left: Counter[LeftOut]) -> None:
    """Count macros and embedded files; refuse XML that declares entities."""
    try:
        with zipfile.ZipFile(BytesIO(body)) as archive:
            for name in archive.namelist():
                left[LeftOut.MACROS] += name.endswith("vbaProject.bin")
                left[LeftOut.EMBEDDED_FILES] += "/embeddings/" in name and not name.endswith("/")
                if name.endswith((".xml", ".rels")):
                    part = archive.read(name)
                    if any(mark in part for mark in _DOCTYPES):
                        raise UnreadableFileError(FileFault.ENTITIES)
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError) as error:
        raise UnreadableFileError(FileFault.DAMAGED) from error


def _open(body: bytes) -> Document:
    for kind in _MAIN_KINDS:
        PartFactory.part_type_for[kind] = DocumentPart
    try:
        part = Package.open(BytesIO(body)).main_document_part
    except (
        PackageNotFoundError,
        etree.XMLSyntaxError,
        zipfile.BadZipFile,
        LookupError,
        ValueError,
        AttributeError,
        TypeError,
        OSError,
        EOFError,
    ) as error:
        raise UnreadableFileError(FileFault.DAMAGED) from error
    if not isinstance(part, DocumentPart):
        raise UnreadableFileError(FileFault.DAMAGED)
    document: Document = part.document
    return document


class _Walk:
    """One walk through a document, which writes down its blocks and counts what it leaves out."""

    def __init__(self, document: Document, limits: FileLimits, left: Counter[LeftOut]) -> None:
        self.title = ""
        self._body: Element = document.element.body
        self._styles = ParagraphStyles(document)
        self._notes = {kind: _read_notes(document, kind) for kind in ("footnote", "endnote")}
        self._note_count = 0
        self._limits = limits
        self._left = left
        self._size = 0

    def text(self) -> str:
        """Return all blocks: a line each for items and rows, the others with blank lines around."""
        pieces: list[str] = []
        before_is_line = False
        for is_line, block in self._blocks(self._body, 0):
            if pieces:
                pieces.append("\n" if is_line and before_is_line else "\n\n")
            pieces.append(block)
            before_is_line = is_line
            self._size += len(block)
            if self._size > self._limits.characters * 4:
                break
        return "".join(pieces).strip()

    def _blocks(self, container: Element, depth: int) -> Iterator[tuple[bool, str]]:
        """Yield the blocks within ``container``: whether it is an item or a row, and its text."""
        if depth > self._limits.depth:
            self._left[LeftOut.CHARACTERS] += sum(
                len(node.text or "") for node in container.iter(qn("w:t"))
            )
            return
        for child in container:
            if child.tag == qn("w:p"):
                yield from self._paragraph(child, depth)
            elif child.tag == qn("w:tbl"):
                yield from self._table(child, depth)
            elif child.tag == qn("w:altChunk"):
                self._left[LeftOut.EMBEDDED_FILES] += 1
            elif child.tag in _DELETED:
                self._left[LeftOut.DELETED_TEXT] += 1
            elif isinstance(child.tag, str) and child.tag != qn("w:sectPr"):
                # content controls, insertions and their like hold blocks of their own
                yield from self._blocks(child, depth)

    def _paragraph(self, paragraph: Element, depth: int) -> Iterator[tuple[bool, str]]:
        boxes: list[Element] = []
        notes: list[str] = []
        text = "".join(self._letters(paragraph, boxes, notes))
        text = "\n".join(" ".join(line.split()) for line in text.split("\n")).strip()
        style = self._styles.of(paragraph)
        if text and style.is_contents:
            self._left[LeftOut.CONTENTS_LINES] += 1
        elif text:
            if style.is_heading:
                text = " ".join(text.split())
                self.title = self.title or text[:300]
            yield bool(style.mark), f"{style.mark}{text}"
        for note in notes:
            yield False, note
        for box in boxes:
            yield from self._blocks(box, depth + 1)

    def _letters(self, element: Element, boxes: list[Element], notes: list[str]) -> Iterator[str]:
        """Yield the letters of a paragraph; what is not in it goes to ``boxes`` and ``notes``."""
        for child in element:
            tag = child.tag
            if tag == qn("w:t"):
                yield child.text or ""
            elif tag in _LETTERS:
                yield _LETTERS[tag]
            elif tag in _NOTES:
                yield self._note(child, notes)
            elif tag == qn("w:txbxContent"):
                boxes.append(child)
            elif tag == _ALTERNATIVES:
                choice = child.find(_CHOICE)
                yield from self._letters(child if choice is None else choice, boxes, notes)
            elif isinstance(tag, str) and tag not in _PROPERTIES and not self._skips(child):
                yield from self._letters(child, boxes, notes)

    def _skips(self, element: Element) -> bool:
        """Return whether an element is nothing to read; then it is counted."""
        if element.tag in _DELETED:
            self._left[LeftOut.DELETED_TEXT] += 1
        elif element.tag in {_PICTURE, _OLD_PICTURE}:
            self._left[LeftOut.PICTURES] += 1
        elif element.tag == qn("w:r") and _is_hidden(element):
            self._left[LeftOut.HIDDEN_TEXT] += sum(
                len(node.text or "") for node in element.iter(qn("w:t"))
            )
        else:
            return False
        return True

    def _note(self, reference: Element, notes: list[str]) -> str:
        kind = _NOTES[reference.tag]
        note = self._notes[kind].get(reference.get(qn("w:id"), ""), "")
        if not note:
            return ""
        self._note_count += 1
        notes.append(f"[{self._note_count}] {note}")
        return f"[{self._note_count}]"

    def _table(self, table: Element, depth: int) -> Iterator[tuple[bool, str]]:
        for row in _own(table, qn("w:tr")):
            cells = [list(self._blocks(cell, depth + 1)) for cell in _own(row, qn("w:tc"))]
            filled = [cell for cell in cells if cell]
            texts = [" ".join(" ".join(text for _, text in cell).split()) for cell in filled]
            if len(filled) < 2 or any(len(text) > _LONGEST_CELL for text in texts):  # noqa: PLR2004  a row of one cell is no row
                for cell in filled:
                    yield from cell
            elif len(texts) == 2 and len(texts[0]) <= _LONGEST_LABEL:  # noqa: PLR2004  label and value
                yield True, f"{texts[0].rstrip(' :')}: {texts[1]}"
            else:
                yield True, " | ".join(texts)


def _own(element: Element, tag: str) -> Iterator[Element]:
    """Yield the rows of a table, or the cells of a row; content controls may stand around them."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag in {qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:customXml")}:
            yield from _own(child, tag)


def _is_hidden(run: Element) -> bool:
    hidden = run.find(f"{qn('w:rPr')}/{qn('w:vanish')}")
    return hidden is not None and hidden.get(qn("w:val"), "1") not in {"0", "false", "off"}


def _read_notes(document: Document, kind: str) -> dict[str, str]:
    """Return the texts of a document's footnotes or endnotes by their ids."""
    relation = {"footnote": RELATIONSHIP_TYPE.FOOTNOTES, "endnote": RELATIONSHIP_TYPE.ENDNOTES}
    try:
        part = document.part.part_related_by(relation[kind])
    except KeyError:
        return {}
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True)
    try:
        root = etree.fromstring(part.blob, parser)
    except etree.XMLSyntaxError:
        return {}
    return {
        note.get(qn("w:id"), ""): " ".join(
            "".join(node.text or "" for node in note.iter(qn("w:t"))).split()
        )
        for note in root.iter(qn(f"w:{kind}"))
        if note.get(qn("w:type"), "normal") == "normal"
    }
