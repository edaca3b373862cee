"""Characters that look like others or like nothing: hidden ones, blanks, and forms of Unicode."""

from __future__ import annotations

import re
import unicodedata

from index.text.limits import normalize
from index.text.reading.edited_text import Edit, EditedText

_LINE_ENDS = {
    "\x0b": "\n",
    "\x0c": "\n",
    "\x85": "\n",
    "\u2028": "\n",
    "\u2029": "\n\n",
    "\r": "\n",
}
_LINE_ENDS |= dict.fromkeys("\x1c\x1d\x1e", "\n")

_BLANK_LETTERS = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0\ufffc"
)
"""Characters of no width and of no class that says so."""

_HYPHENS = "\u2010\u2011"
_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
"""Which picture of a character is wanted: of no meaning to a text."""

BULLET = "•"

_BLANKS = re.compile(r"[ \n]+")

_SOFT_HYPHEN_AT_LINE_END = r"(?<=[^\W\d_])[\u00ad\u00ac][ \t]*\r?\n[ \t]*(?=[^\W\d_])"
_NOT_SIGN_IN_WORD = r"(?<=[^\W\d_])\u00ac(?=[^\W\d_])"


def without_hidden_characters(text: EditedText) -> EditedText:
    """Return ``text`` without characters that nobody sees, with one kind of blank and line end.

    A hyphen that only breaks a word at a line's end goes, and the line's end with it.
    """
    changes = {
        character: replacement
        for character in set(text.text)
        if (replacement := _replacement(character)) is not None
    }
    soft = "\u00ad" in changes or "\u00ac" in text.text
    if not changes and not soft:
        return text
    forms = [_SOFT_HYPHEN_AT_LINE_END, _NOT_SIGN_IN_WORD] if soft else []
    forms += [r"\r\n"] if "\r" in changes else []
    forms += [f"[{re.escape(''.join(sorted(changes)))}]"] if changes else []
    return text.edit(
        [
            Edit(match.start(), match.end(), _replace(match, changes))
            for match in re.finditer("|".join(forms), text.text)
        ]
    )


def _replace(match: re.Match[str], changes: dict[str, str]) -> str:
    """Return what is left of what is hidden; a capital begins a line, and is no half of a word."""
    found = match.group()
    if found == "\r\n":
        return "\n"
    if "\n" in found and found != "\n" and not match.string[match.end()].islower():
        return "\n"
    return changes.get(found, "")


def _replacement(character: str) -> str | None:
    """Return what ``character`` stands for, None for itself."""
    if " " <= character <= "~" or character == "\n":
        return None
    if character in _LINE_ENDS:
        return _LINE_ENDS[character]
    if character in _HYPHENS:
        return "-"
    kind = unicodedata.category(character)
    if kind == "Zs" or character == "\t":
        return " "
    if kind == "Co":  # how fonts of symbols number their bullets
        return BULLET
    hidden = kind in {"Cc", "Cf", "Cs", "Cn"} or character in _BLANK_LETTERS
    return "" if hidden or any(ord(character) in one for one in _SELECTORS) else None


def in_one_form(text: EditedText) -> EditedText:
    """Return ``text`` in Unicode's form NFKC: ligatures, full width and accents apart are letters.

    A letter has at most as many accents as `index.text.limits` allows.
    """
    if text.text.isascii() or normalize("NFKC", text.text) == text.text:
        return text
    marks = sorted(one for one in set(text.text) if unicodedata.combining(one))
    cluster = "[^\x00-\x7f]"
    if marks:
        cluster = f"(?s:.)[{re.escape(''.join(marks))}]+|{cluster}"
    forms: dict[str, str] = {}
    edits = []
    for match in re.finditer(cluster, text.text):
        one = match.group()
        if one not in forms:
            forms[one] = _normal_form(one)
        if forms[one] != one:
            edits.append(Edit(match.start(), match.end(), forms[one]))
    return text.edit(edits)


def _normal_form(cluster: str) -> str:
    """Return NFKC of a letter with its accents; a lone accent and an ellipsis stay."""
    form = normalize("NFKC", cluster)
    return cluster if form.startswith((" ", "..")) else form


def with_single_blanks(text: EditedText) -> EditedText:
    """Return ``text`` with one blank or one line end for several, and one empty line for many."""
    edits = []
    for match in _BLANKS.finditer(text.text):
        found = match.group()
        blank = (" ", "\n", "\n\n")[min(found.count("\n"), 2)]
        if match.start() == 0 or match.end() == len(text.text):
            blank = ""
        if blank != found:
            edits.append(Edit(match.start(), match.end(), blank))
    return text.edit(edits)
