"""A page whose examples run: its sections, their blocks, and what is shown of their output."""

from __future__ import annotations

import re
from dataclasses import dataclass

_HEADING = re.compile(r"## (?P<title>.+)")
_FENCE = re.compile(r"```(?P<language>\S*)(?P<rest>.*)")
_FILE_NAME = re.compile(r"(?:#|//) (?P<name>[\w.-]+\.(?:py|ts))")

SHELL = "bash"
FILES = {"python": "py", "ts": "ts"}
"""Languages of blocks that a reader saves: their first line is a comment with the file's name."""
OUTPUTS = frozenset({"text", "json"})
"""Languages of blocks that show what the block before them prints."""


class PageError(Exception):
    """A block of a page that nobody could run as it stands."""


@dataclass(frozen=True)
class CodeBlock:
    """A fenced block: its language, its text, and the line of the page where it begins."""

    language: str
    text: str
    line: int

    @property
    def file_name(self) -> str:
        """The name that its first line gives to a file.

        Raises:
            PageError: it gives none, or one of another language.
        """
        found = _FILE_NAME.fullmatch(self.text.partition("\n")[0])
        if found is None or not found["name"].endswith(f".{FILES[self.language]}"):
            raise PageError(f"line {self.line}: the first line names no file of {self.language}")
        return found["name"]


@dataclass(frozen=True)
class Example:
    """What a reader does in one step: a block, and the output that the page shows, if any."""

    block: CodeBlock
    shown: CodeBlock | None = None


@dataclass(frozen=True)
class ExampleSection:
    """A heading with its examples, in order."""

    title: str
    examples: tuple[Example, ...]


def read_sections(text: str) -> tuple[ExampleSection, ...]:
    """Return the sections of a page in Markdown that have examples.

    Raises:
        PageError: a block is of a language that nothing runs, shows the output of nothing, is
            indented or is not closed.
    """
    sections: list[tuple[str, list[Example]]] = [("", [])]
    lines = text.splitlines()
    numbered = iter(enumerate(lines, 1))
    for number, line in numbered:
        if heading := _HEADING.fullmatch(line):
            sections.append((heading["title"], []))
        elif line.startswith("    ") and not lines[number - 2].strip():
            raise PageError(f"line {number}: an indented block is not run: put it into a fence")
        elif fence := _FENCE.fullmatch(line):
            if fence["rest"]:
                raise PageError(f"line {number}: nothing may stand after the language of a block")
            inner: list[str] = []
            for _, following in numbered:
                if following == "```":
                    break
                inner.append(following)
            else:
                raise PageError(f"line {number}: the block is not closed")
            block = CodeBlock(fence["language"], "\n".join(inner) + "\n", number)
            _add(sections[-1][1], block)
    return tuple(ExampleSection(title, tuple(found)) for title, found in sections if found)


def _add(examples: list[Example], block: CodeBlock) -> None:
    """Add a block to the examples of a section: a step of its own, or the output of the last."""
    if block.language == SHELL:
        examples.append(Example(block))
    elif block.language in FILES:
        assert block.file_name
        examples.append(Example(block))
    elif block.language not in OUTPUTS:
        raise PageError(f"line {block.line}: nothing runs a block of {block.language or 'no name'}")
    elif not examples or examples[-1].shown or examples[-1].block.language != SHELL:
        raise PageError(f"line {block.line}: no command stands before this output")
    else:
        examples[-1] = Example(examples[-1].block, block)


def shown_matches(shown: str, came: str) -> bool:
    """Whether an output is what a page shows: ``...`` stands for anything, all else for itself."""
    parts = (re.escape(part) for part in _lines(shown).split("..."))
    return re.fullmatch(".*?".join(parts), _lines(came), re.DOTALL) is not None


def _lines(text: str) -> str:
    """Return a text as a reader sees it: no blanks at the ends, no empty lines around, no BOM."""
    return "\n".join(line.rstrip() for line in text.replace("\ufeff", "").strip().splitlines())
