"""Markup that a text brought along from Word, a browser or a database: what a reader would see.

A text counts as markup only when it has something that nobody writes otherwise: a closing tag, an
attribute with a value, a comment. So "a < b", "<5 %" and "<name>" stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import unescape
from html.entities import html5

from index.text.reading.edited_text import Edit, EditedText

_ROUNDS = 3
"""How often markup is taken off: text that was escaped twice has tags within its entities."""

_TOKEN = re.compile(
    r"<!--|<!\[CDATA\[|\]\]>"
    r"|<![\[a-zA-Z][^<>]{0,500}>"
    r"|<\?[a-zA-Z][^<>]{0,500}>"
    r"|<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]{0,15}(?::[a-zA-Z][\w-]{0,30})?)(?=[\s/>])"
    r"(?P<rest>(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*+)>"
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_CLIPBOARD_HEAD = re.compile(
    r"\A\s{0,9}Version:[\d.]{1,9}\s{1,9}"
    r"(?:(?:Start|End)(?:HTML|Fragment|Selection):-?\d{1,12}\s{1,9}|SourceURL:\S{0,2000}\s{1,9}){1,9}"
)
_LINE_END = re.compile(r"\n\s*")

_PARAGRAPHS = frozenset(
    "address article aside blockquote body center dd div dl dt fieldset figcaption figure footer "
    "form h1 h2 h3 h4 h5 h6 header hr html main nav ol p pre section table tbody tfoot thead ul "
    "w:p".split()
)
_LINES = frozenset("br li option tr caption summary details w:br".split())
_CELLS = frozenset({"td", "th"})
_INLINE = frozenset(
    "a abbr acronym b base bdi bdo big button cite code col colgroup data del dfn em embed font "
    "i iframe img input ins kbd label legend link map area mark meta meter noscript object "
    "output param picture q rp rt ruby s samp script select small source span strike strong style "
    "sub sup svg template textarea time title tt u var video audio wbr xml head".split()
)
_ELEMENTS = _PARAGRAPHS | _LINES | _CELLS | _INLINE
_UNSEEN = frozenset("head iframe noscript object script style svg template xml".split())
"""Elements whose content no reader sees."""

_SCHEMES = ("mailto", "urn", "tel", "sip", "doi", "http", "https", "ftp", "data", "news")
"""What stands before a colon in angle brackets and is an address."""

_BOOLEAN = frozenset("checked compact disabled hidden nowrap readonly required selected".split())


def without_markup(text: EditedText) -> EditedText:
    """Return ``text`` without tags, comments, styles and scripts, its entities as letters.

    A text of which nothing would be left stays as it is.
    """
    if not ("<" in text.text or "&" in text.text):
        return text
    head = _CLIPBOARD_HEAD.match(text.text)
    seen = text.edit([Edit(head.start(), head.end(), "")] if head else [])
    for _ in range(_ROUNDS):
        tags = seen.edit(_tag_edits(seen.text))
        letters = tags.edit(_entity_edits(tags.text))
        if letters is seen:
            break
        seen = letters
    has_letters = any(character.isalpha() for character in seen.text)
    return seen if has_letters else text


def _entity_edits(text: str) -> list[Edit]:
    edits = []
    for match in _ENTITY.finditer(text):
        name = match.group()
        if name[1] == "#" or name[1:] in html5:
            edits.append(Edit(match.start(), match.end(), unescape(name)))
    return edits


def _tag_edits(text: str) -> list[Edit]:
    """Return the edits that take off tags; line ends within paragraphs of HTML become blanks."""
    marks = [match for match in _TOKEN.finditer(text) if _is_mark(match)]
    last_comment = text.rfind("-->")
    if not any(_is_sure(match, text, last_comment) for match in marks):
        return []
    edits = list(_mark_edits(text, marks))
    if any(_name(match) in _PARAGRAPHS | _LINES for match in marks):
        return list(_with_folded_lines(text, edits))
    return edits


def _name(match: re.Match[str]) -> str:
    return (match["name"] or "").lower()


def _is_mark(match: re.Match[str]) -> bool:
    """Return whether ``match`` is a comment, a declaration or a tag of HTML or of Office."""
    name = _name(match)
    if not name:
        return True
    if ":" in name:
        return name.partition(":")[0] not in _SCHEMES
    rest = match["rest"].strip(" \t\r\n/")
    attributes = not rest or "=" in rest or rest.lower() in _BOOLEAN
    return name in _ELEMENTS and attributes


def _is_sure(match: re.Match[str], text: str, last_comment: int) -> bool:
    """Return whether nobody writes ``match`` but as markup; "<a>" may be the name of something."""
    name = _name(match)
    if not name:
        return match.group() not in {"<!--", "]]>"} or last_comment > match.end()
    if match["close"] or "=" in match["rest"] or ":" in name or name in {"br", "hr"}:
        return True
    begins_line = match.start() == 0 or text[match.start() - 1] == "\n"
    return name in _PARAGRAPHS and begins_line


def _mark_edits(text: str, marks: Sequence[re.Match[str]]) -> Iterator[Edit]:
    """Yield what each mark becomes; unseen elements and comments go with what is in them."""
    reached = 0
    ends = _Ends(text)
    for match in marks:
        if match.start() < reached:
            continue
        reached = _end_of_mark(match, ends)
        yield Edit(match.start(), reached, _break(_name(match)))


def _end_of_mark(match: re.Match[str], ends: _Ends) -> int:
    """Return where a mark ends: of a comment or an unseen element, where what is in it does.

    A style whose end is missing ends at the next tag, of others the tag alone is taken off.
    """
    name, end = _name(match), match.end()
    if match.group() == "<!--":
        return ends.after("-->", end) or end
    if name not in _UNSEEN or match["close"] or match["rest"].rstrip().endswith("/"):
        return end
    closed = ends.after(f"</{name}", end)
    if closed is not None:
        return ends.after(">", closed) or closed
    return ends.before("<", end) or end if name in {"style", "script"} else end


class _Ends:
    """Looks for ends in one text; what is not there is looked for once."""

    def __init__(self, text: str) -> None:
        self._text = text.lower() if len(text.lower()) == len(text) else text
        self._missing: set[str] = set()

    def before(self, mark: str, start: int) -> int | None:
        """Return the place of the next ``mark``, None where there is none."""
        place = -1 if mark in self._missing else self._text.find(mark, start)
        if place < 0:
            self._missing.add(mark)
            return None
        return place

    def after(self, mark: str, start: int) -> int | None:
        """Return the place after the next ``mark``, None where there is none."""
        place = self.before(mark, start)
        return None if place is None else place + len(mark)


def _break(name: str) -> str:
    if name in _PARAGRAPHS:
        return "\n\n"
    if name in _LINES:
        return "\n"
    return "\t" if name in _CELLS else ""


def _with_folded_lines(text: str, edits: Sequence[Edit]) -> Iterator[Edit]:
    """Yield ``edits`` and, between them, the line ends of the source, which mean a blank."""
    position = 0
    for edit in [*edits, Edit(len(text), len(text), "")]:
        for match in _LINE_END.finditer(text, position, edit.start):
            is_blank_line = match.group().count("\n") > 1
            yield Edit(match.start(), match.end(), "\n\n" if is_blank_line else " ")
        if edit.end > edit.start or edit.replacement:
            yield edit
        position = edit.end
