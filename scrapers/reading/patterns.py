r"""Patterns as data: what readers look for in text, in a TOML file next to the reader.

A pattern is a table with its reason, examples that it finds and counter-examples that it does not::

    [limit]
    why = "A ceiling stands before its amount."
    pattern = '''
        \b (?: up\ to | at\ most | högst ) \b    # a space that counts is written "\ "
    '''
    examples = ["up to 3 million kronor", { text = "At most 2 MSEK", finds = "At most" }]
    counter_examples = ["the upper floor"]

Patterns are verbose and ignore case. These keys change that:

- ``flags``: any of "case-sensitive", "multiline", "dotall" and "ascii".
- ``match``: how the reader, and the test of the examples, use the pattern: "search" (anywhere,
  the default), "match" (at the start) or "fullmatch" (the whole text).

A table of such tables is a group, kept in the file's order: ``[labels.opens]``,
``[labels.closes]``. A group may say ``why``, ``flags`` and ``match`` once for all its patterns.

``{{name}}`` puts another pattern of the file, a part or a list of words in its place, as a group
of its own (never inside square brackets). Tables of such building blocks:

- ``[parts]``: a name and a piece of a pattern that means nothing alone.
- ``[words]``: a name and a list of words, written as people write them. ``{{name}}`` is any one of
  them, the longest first. A table of lists says what each word stands for, see `Patterns.meanings`:
  ``months = { 1 = ["january", "jan"], 2 = ["february"] }``.
- ``[uses]``: a file and the names taken from it: ``"dates.toml" = ["months"]``, or
  ``"scrapers.reading:dates.toml"`` for the file of another package.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from types import MappingProxyType
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

_REFERENCE = re.compile(r"\{\{([^{}]+)\}\}")
_SHARED_BY_A_GROUP = ("why", "flags", "match")
_FLAGS = {"multiline": re.MULTILINE, "dotall": re.DOTALL, "ascii": re.ASCII}

_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
_Words = list[_Text] | dict[str, list[_Text]]
_Shape = TypeVar("_Shape")


class PatternError(Exception):
    """A file of patterns is wrong; the text names the file, the pattern and the fault."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class PatternExample(_Strict):
    """A text that a pattern must match, and the words it must find in it, if they matter."""

    text: str
    finds: str | None = None


class PatternRule(_Strict):
    """One pattern as its file states it."""

    why: _Text
    pattern: _Text
    flags: tuple[Literal["case-sensitive", "multiline", "dotall", "ascii"], ...] = Field(
        default=(), strict=False
    )
    match: Literal["search", "match", "fullmatch"] = "search"
    examples: list[str | PatternExample] = Field(min_length=1)
    counter_examples: list[str] = Field(min_length=1)


class Patterns:
    """The patterns of one file; ``patterns.limit`` is the compiled pattern of that name.

    A pattern is compiled at its first use.
    """

    def __init__(self, name: str, package: str, content: Mapping[str, Any]) -> None:
        """Take the tables of the file ``name``; raise ``PatternError`` for one that is wrong."""
        self._name = name
        self._compiled: dict[str, re.Pattern[str]] = {}
        tables = dict(content)
        self._parts = _checked(name, "parts", dict[str, _Text], tables.pop("parts", {}))
        self._words = _checked(name, "words", dict[str, _Words], tables.pop("words", {}))
        uses = _checked(name, "uses", dict[str, list[_Text]], tables.pop("uses", {}))
        self._uses = {one: _place(file, package) for file, ones in uses.items() for one in ones}
        self._rules = MappingProxyType(dict(_rules(name, tables)))
        self._groups = {one.partition(".")[0] for one in self._rules if "." in one}
        self._refuse_two_meanings(sum(map(len, uses.values())))

    def _refuse_two_meanings(self, used: int) -> None:
        names = [*self._parts, *self._words, *self._uses, *self._rules, *self._groups]
        twice = {name for name in names if names.count(name) > 1}
        if twice or used != len(self._uses):
            raise PatternError(f"{self._name}: a name stands twice: {sorted(twice) or 'in uses'}")
        if own := [name for name in self._rules if name in dir(Patterns)]:
            raise PatternError(f"{self._name} [{own[0]}]: the name is taken, choose another")

    @property
    def rules(self) -> Mapping[str, PatternRule]:
        """The patterns as the file states them, by name; one of a group is "group.name"."""
        return self._rules

    def __getattr__(self, name: str) -> re.Pattern[str]:
        """Return the compiled pattern ``name``."""
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            pattern = self[name]
        except KeyError as error:
            raise AttributeError(str(error.args[0])) from None
        vars(self)[name] = pattern  # the next time it is found without a call
        return pattern

    def __getitem__(self, name: str) -> re.Pattern[str]:
        """Return the compiled pattern ``name``, "group.name" for one of a group.

        Raises:
            KeyError: The file has no such pattern.
            PatternError: The pattern is wrong, or names a building block that does not exist.
        """
        compiled = self._compiled.get(name)
        if compiled is None:
            if name not in self._rules:
                raise KeyError(f"{self._name} has no pattern {name!r}")
            compiled = self._compiled[name] = self._compile(name)
        return compiled

    def group(self, name: str) -> dict[str, re.Pattern[str]]:
        """Return the compiled patterns of a group by their names in it, in the file's order."""
        patterns = {
            rule.partition(".")[2]: self[rule]
            for rule in self._rules
            if rule.startswith(f"{name}.")
        }
        if not patterns:
            raise KeyError(f"{self._name} has no group {name!r}")
        return patterns

    def words(self, name: str) -> tuple[str, ...]:
        """Return a list of words as the file writes them, in its order."""
        return tuple(word for _, word in self._listed(name))

    def meanings(self, name: str) -> dict[str, str]:
        """Return what each word of a list stands for, by the word in small letters."""
        pairs = list(self._listed(name))
        by_word = {word.lower(): meaning for meaning, word in pairs}
        if len(by_word) != len(pairs):
            raise PatternError(f"{self._name} [words] {name}: a word stands twice")
        return by_word

    def _listed(self, name: str) -> Iterator[tuple[str, str]]:
        if name in self._uses:
            yield from self._used(name)._listed(name)  # noqa: SLF001  another file, the same class
            return
        if name not in self._words:
            raise KeyError(f"{self._name} has no words {name!r}")
        listed = self._words[name]
        meanings = listed if isinstance(listed, dict) else {"": listed}
        yield from ((meaning, word) for meaning, words in meanings.items() for word in words)

    def mentions(self, name: str) -> frozenset[str]:
        """Return the building blocks that a pattern or part of this file names."""
        text = self._rules[name].pattern if name in self._rules else self._parts[name]
        return frozenset(_REFERENCE.findall(text))

    def parts(self) -> tuple[str, ...]:
        """Return the names of the file's own parts."""
        return tuple(self._parts)

    def lists(self) -> tuple[str, ...]:
        """Return the names of the file's own lists of words."""
        return tuple(self._words)

    def used(self) -> dict[str, tuple[str, str]]:
        """Return the names taken from other files, each with that file and its package."""
        return dict(self._uses)

    def _used(self, name: str) -> Patterns:
        return load(*self._uses[name])

    def source(self, name: str, above: tuple[str, ...] = ()) -> str:
        """Return the text of a pattern, part or list of words with its building blocks in it."""
        here = f"{self._name} [{name}]"
        if here in above:
            raise PatternError(f"{above[0]}: {name!r} is made of itself")
        if name in self._uses:
            return self._used(name).source(name, above)
        if name in self._words:
            words = sorted(dict.fromkeys(self.words(name)), key=len, reverse=True)
            return "|".join(map(re.escape, words))
        if name in self._rules:
            text = self._rules[name].pattern
        elif name in self._parts:
            text = self._parts[name]
        else:
            raise PatternError(f"{above[0] if above else self._name}: nothing is called {name!r}")
        # the line break ends a comment at the end of a part
        return _REFERENCE.sub(lambda m: f"(?:{self.source(m[1], (*above, here))}\n)", text)

    def _compile(self, name: str) -> re.Pattern[str]:
        flags = re.VERBOSE | re.IGNORECASE
        for flag in self._rules[name].flags:
            flags = flags & ~re.IGNORECASE if flag == "case-sensitive" else flags | _FLAGS[flag]
        try:
            return re.compile(self.source(name), flags)
        except re.error as error:
            raise PatternError(f"{self._name} [{name}]: no pattern: {error}") from error


@functools.cache
def load(file: str, package: str) -> Patterns:
    """Return the patterns of ``file``, which lies in ``package``; each file is read once.

    Raises:
        PatternError: The file is not there, is no TOML, or one of its tables is wrong.
    """
    try:
        content = tomllib.loads(files(package).joinpath(file).read_text("utf-8"))
    except (OSError, ModuleNotFoundError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PatternError(f"{file} of {package}: {error}") from error
    return Patterns(file, package, content)


def _place(reference: str, package: str) -> tuple[str, str]:
    """Return file and package of "file.toml" or "package:file.toml"."""
    before, colon, file = reference.rpartition(":")
    return file, before if colon else package


def _rules(file: str, tables: Mapping[str, Any]) -> Iterator[tuple[str, PatternRule]]:
    for name, table in tables.items():
        if not isinstance(table, dict):
            raise PatternError(f"{file}: {name!r} stands outside of a table")
        members = {key: one for key, one in table.items() if key not in _SHARED_BY_A_GROUP}
        if members and all(isinstance(one, dict) for one in members.values()):
            common = {key: table[key] for key in _SHARED_BY_A_GROUP if key in table}
            for key, one in members.items():
                yield (
                    f"{name}.{key}",
                    _checked(file, f"{name}.{key}", PatternRule, {**common, **one}),
                )
        else:
            yield name, _checked(file, name, PatternRule, table)


def _checked(file: str, table: str, shape: type[_Shape], content: object) -> _Shape:
    try:
        return TypeAdapter(shape).validate_python(content)
    except ValidationError as error:
        first = error.errors()[0]
        at = ".".join(str(part) for part in first["loc"] if not str(part).startswith("function"))
        raise PatternError(f"{file} [{table}] {at}: {first['msg'].lower()}") from error
