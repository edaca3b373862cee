"""Marks that shape a text and say nothing: bullets, Markdown, rules of dashes, quoted lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.text.reading.edited_text import Edit, EditedText

_QUOTED_LINE = re.compile(r"^ {0,3}(?:> ?){1,20}(?=[^\W\d_]|[\"'“”(\[*#\-•]|$)", re.MULTILINE)
_MIN_QUOTED = 2
"""Lines from which ">" at their beginning quotes; one alone may say "more than"."""

_LINE_MARKS = re.compile(
    r"^ {0,12}(?:"
    r"#{1,6} +"  # a heading
    r"|[-*+•·▪◦‣●○■□▸►–—➢➤✓✔→⁃∙]{1,3} +(?=\S)"  # an item of a list
    r"|[o§Ø]  +(?=\S)"  # a bullet in Word's fonts of symbols
    r"|(?:\[[ xX]\]|☐|☑|☒) +"  # a box to tick
    r"|([-*_=~])(?: ?\1){2,} *$"  # a rule
    r"|\|?(?: ?:?-{2,}:? ?\|){1,40}(?: ?:?-{2,}:?)? *$"  # what divides a table
    r"|`{3}\w{0,20} *$"
    r")",
    re.MULTILINE,
)
_LINK = re.compile(r"(!?\[)([^\[\]\n]{1,300})(\]\([^()\s]{1,500}(?: \"[^\"\n]{0,200}\")?\))")
_STRESS = re.compile(
    r"(\*\*|__|~~)(?=[^\s*_~])([^*_~\n]{1,300})(?<=\S)(\1)"
    r"|(?<![\w*])(\*)(?=[^\s*])([^*\n]{1,300})(?<=\S)(\*)(?![\w*])"
    r"|(?<![\w_])(_)(?=[^\s_])([^_\n]{1,300})(?<=\S)(_)(?![\w_])"
    r"|(`)([^`\n]{1,300})(`)"
)


def without_quoted_lines(text: EditedText) -> EditedText:
    """Return ``text`` without the ">" that mail programs put before the lines of others."""
    quoted = list(_QUOTED_LINE.finditer(text.text)) if ">" in text.text else []
    if len(quoted) < _MIN_QUOTED:
        return text
    return text.edit([Edit(match.start(), match.end(), "") for match in quoted])


def without_marks(text: EditedText) -> EditedText:
    """Return ``text`` without bullets and without the marks of Markdown; links keep their words."""
    lines = [Edit(match.start(), match.end(), "") for match in _LINE_MARKS.finditer(text.text)]
    text = text.edit(lines)
    text = text.edit(list(_around(_LINK, text.text)))
    return text.edit(list(_around(_STRESS, text.text)))


def _around(pattern: re.Pattern[str], text: str) -> Iterator[Edit]:
    """Yield edits that leave the middle one of three groups of each match."""
    for match in pattern.finditer(text):
        groups = [n for n in range(1, pattern.groups + 1) if match.group(n) is not None]
        yield Edit(*match.span(groups[0]), "")
        yield Edit(*match.span(groups[-1]), "")
