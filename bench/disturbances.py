"""Ways in which the text of a pilot reaches people's hands: each spoils it and says the same.

A disturbance is one function of a text and of chance, seeded by the bench. To add one, write the
function and put it in `DISTURBANCES` with what must still hold.
"""

from __future__ import annotations

import random
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from bench.frames import looked_at_frames
from bench.surroundings import after, amid, answer, before, fill_form, forward

Disturb = Callable[[str, random.Random], str]

_HIDDEN = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u202a\u202c"
_LETTER_SHARE = 0.08
_WIDTH = 72
_HYPHEN_SHARE, _MIN_ROOM, _LONG_WORD = 0.5, 4, 8
_ENTITIES = {"å": "&aring;", "ä": "&auml;", "ö": "&ouml;", "Å": "&Aring;", "Ä": "&Auml;"}


@dataclass(frozen=True)
class Disturbance:
    """A way to spoil a text, and what must hold.

    ``kept`` is how many of the first ten calls stay at least, ``best`` the share of texts whose
    best call stays the first.
    """

    name: str
    apply: Disturb
    kept: float
    best: float = 0.9


def hide_characters(text: str, chance: random.Random) -> str:
    """Put characters that nobody sees into words, and a blank that does not break between some."""
    letters = [
        letter + chance.choice(_HIDDEN)
        if letter.isalpha() and chance.random() < _LETTER_SHARE
        else letter
        for letter in text
    ]
    return "\ufeff" + "".join(
        "\u00a0" if letter == " " and chance.random() < _LETTER_SHARE else letter
        for letter in letters
    )


def use_capitals(text: str, _chance: random.Random) -> str:
    """Write all of ``text`` in capitals."""
    return text.upper()


def paste_from_word(text: str, chance: random.Random) -> str:
    """Return ``text`` as Word puts it on the clipboard: HTML with its settings and styles."""
    span = f"font-size:{chance.choice((10, 11, 12))}.0pt;mso-fareast-language:SV"
    paragraphs = "\n".join(
        f"<p class=MsoNormal style='margin-bottom:8.0pt'><span lang=SV style='{span}'>"
        f"{textwrap.fill(_as_entities(line), _WIDTH, break_on_hyphens=False)}<o:p></o:p></span></p>"
        for line in text.splitlines()
        if line.strip()
    )
    return (
        "<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View><w:Zoom>0</w:Zoom>"
        "</w:WordDocument></xml><![endif]-->\n<style>p.MsoNormal {mso-style-unhide:no; "
        f'margin:0cm; font-family:"Calibri",sans-serif;}}</style>\n{paragraphs}\n'
    )


def _as_entities(text: str) -> str:
    return "".join(_ENTITIES.get(letter, letter) for letter in escape(text, quote=False))


def hyphenate(text: str, chance: random.Random) -> str:
    """Break ``text`` into the lines of a page, half of the words at their ends with a hyphen."""
    return "\n".join(_break_paragraph(line, chance) for line in text.split("\n"))


def _break_paragraph(paragraph: str, chance: random.Random) -> str:
    lines, line = [], ""
    for word in paragraph.split():
        room = _WIDTH - len(line) - 1
        if len(word) <= room or not line:
            line = f"{line} {word}".strip()
        elif _can_be_cut(word) and room > _MIN_ROOM and chance.random() < _HYPHEN_SHARE:
            cut = min(room - 1, len(word) - 3)
            lines.append(f"{line} {word[:cut]}-")
            line = word[cut:]
        else:
            lines.append(line)
            line = word
    return "\n".join([*lines, line])


def _can_be_cut(word: str) -> bool:
    return word.isalpha() and word.islower() and len(word) >= _LONG_WORD


def use_markdown(text: str, _chance: random.Random) -> str:
    """Return ``text`` with its first line as a heading and the others as items of a list."""
    first, *rest = [line for line in text.splitlines() if line.strip()]
    return "\n".join([f"# {first}", *(f"* {line}" for line in rest)])


DISTURBANCES = (
    Disturbance("hidden characters", hide_characters, kept=10.0),
    Disturbance("capitals", use_capitals, kept=9.5),
    Disturbance("Word's markup", paste_from_word, kept=9.5),
    Disturbance("hyphens at line ends", hyphenate, kept=9.5),
    Disturbance("Markdown", use_markdown, kept=9.5),
    Disturbance("about us, before", before("about"), kept=9.0),
    Disturbance("about us, amid", amid("about"), kept=9.0),
    Disturbance("about us, after", after("about"), kept=9.0),
    Disturbance("forwarded mail", forward, kept=9.0),
    Disturbance("answered mail", answer, kept=9.0),
    Disturbance("draft line", before("drafts"), kept=9.0),
    Disturbance("contact block", after("signatures"), kept=9.0),
    Disturbance("table of contents", before("contents"), kept=9.0),
    Disturbance("rows of a budget", after("budgets"), kept=9.0),
    Disturbance("references", after("references"), kept=9.0),
    Disturbance("agenda", before("agendas"), kept=9.0),
    Disturbance("form", fill_form, kept=9.0),
    Disturbance("lines above the title", before("draft_lines", "greeting_lines"), kept=9.0),
    Disturbance("line amid the text", amid("draft_lines"), kept=9.0),
    Disturbance("line below the text", after("closing_lines"), kept=9.0),
    *(Disturbance(name, apply, kept=9.0) for name, apply in looked_at_frames()),
)
