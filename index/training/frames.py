"""Frames: whole texts that a project comes in, such as a chat, minutes or a page of a document.

Each line of a frame says what it is, and has places for parts of a project.
"""

from __future__ import annotations

import re
import textwrap
import tomllib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

from index.search.sections.kind import SectionKind
from index.text.sentences import split_sentences
from index.training.known_text import KnownText

LEARNED_FRAMES = Path(__file__).parent / "section_examples" / "frames"

_PLACE = re.compile(r"(\{(?:title|first|second|third|text)(?::(?:lines|bullets))?\})")
_PAGE_WIDTH = 84

Frames = Mapping[str, Sequence[str]]


@cache
def read_frames(folder: Path, language: str) -> Frames:
    """Return the frames of a language (sv, en) in ``folder``, by the name of their list."""
    data = tomllib.loads((folder / f"{language}.toml").read_text("utf-8"))
    return {name: tuple(one.strip() for one in frames) for name, frames in data.items()}


def fill_frame(
    frame: str, title: str, body: Sequence[str], gap: str, keep: Callable[[], bool] = lambda: True
) -> KnownText:
    """Return a project in a frame.

    Args:
        frame: lines, each ``kind| text``, with places such as ``{title}`` or ``{first:lines}``.
        title: of the project.
        body: paragraphs of its text.
        gap: what stands before and after lines of the project.
        keep: whether a line that is none of the project stays; asked for each.
    """
    values = {"title": title, "text": "\n\n".join(body)}
    values |= dict(zip(("first", "second", "third"), _thirds(body), strict=True))
    known = KnownText()
    previous: SectionKind | None = None
    for line in frame.split("\n"):
        name, _, text = line.partition("| ")
        kind = SectionKind(name)
        if kind is not SectionKind.PROJECT and "{" not in text and not keep():
            continue
        between = gap if SectionKind.PROJECT in (kind, previous) else "\n"
        for piece in filter(None, _PLACE.split(text)):
            is_place = _PLACE.fullmatch(piece) is not None
            shown = _dressed(piece[1:-1], values) if is_place else piece
            if shown:
                known.add(shown, SectionKind.PROJECT if is_place else kind, between)
                between = ""
        previous = kind
    return known


def _thirds(body: Sequence[str]) -> list[str]:
    """Return three parts of about as many paragraphs each; the last ones may be empty."""
    bounds = [-(-len(body) * n // 3) for n in range(4)]
    return ["\n\n".join(body[bounds[n] : bounds[n + 1]]) for n in range(3)]


def _dressed(place: str, values: Mapping[str, str]) -> str:
    """Return what stands at a place: ``name``, or ``name:dress``."""
    name, _, dress = place.partition(":")
    text = values[name]
    if dress == "lines":
        return textwrap.fill(text.replace("\n\n", " "), _PAGE_WIDTH)
    return "\n".join(as_bullets(text)) if dress == "bullets" else text


def as_bullets(text: str) -> list[str]:
    """Return the sentences of ``text`` as items of a list."""
    sentences = [text[one.start : one.end] for one in split_sentences(text)]
    return [f"• {one.rstrip('.')}" for one in sentences]
