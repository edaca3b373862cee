"""Fields: strict access to a funder's JSON object that remembers which names were read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from scrapers.call import Money
from scrapers.errors import ShapeError
from scrapers.reading import parse
from scrapers.reading.parse import Moment

_TRUE_WORDS = frozenset({"1", "true", "y", "yes"})
_FALSE_WORDS = frozenset({"0", "false", "n", "no"})


class Fields:
    """Typed access to one JSON object. A value of the wrong type raises ``ShapeError``.

    Missing names, null and placeholders count as nothing. ``notes`` are (path, message) of parts
    left out of a record that is otherwise good; sub-objects share their parent's notes.
    """

    def __init__(
        self, source: object, where: str, notes: list[tuple[str, str]] | None = None
    ) -> None:
        if not isinstance(source, Mapping):
            raise ShapeError(where, "an object", _json_type(source))
        self._source: Mapping[str, Any] = source
        self._read: set[str] = set()
        self._ignored: set[str] = set()
        self.where = where
        self.notes: list[tuple[str, str]] = [] if notes is None else notes

    def raw(self, name: str) -> Any:
        """Return the value unchanged, None when the name is missing."""
        self._read.add(name)
        return self._source.get(name)

    def has(self, name: str) -> bool:
        """Whether the name has a value that is no placeholder."""
        return not parse.is_placeholder(self._source.get(name))

    def word(self, name: str) -> str:
        """Return a string or whole number as one clean line, "" for nothing."""
        return parse.clean_line(self._read_string(name))

    def text(self, name: str) -> str:
        """Return HTML or text as clean paragraphs, "" for nothing."""
        return parse.clean_text(self._read_string(name))

    def html(self, name: str) -> str:
        """Return a string with its markup, "" for nothing."""
        return self._read_string(name)

    def _read_string(self, name: str) -> str:
        value = self.raw(name)
        if parse.is_placeholder(value):
            return ""
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise ShapeError(self._path(name), "a text", _json_type(value))
        return str(value)

    def flag(self, name: str) -> bool | None:
        """Return a yes or no however it is spelled (1, "1", true, "Y"), None for nothing."""
        value = self.raw(name)
        if parse.is_placeholder(value):
            return None
        spelled = str(value).strip().lower()
        if spelled in _TRUE_WORDS | _FALSE_WORDS:
            return spelled in _TRUE_WORDS
        raise ShapeError(self._path(name), "yes or no", f"{value!r}")

    def number(self, name: str) -> Decimal | None:
        """Return an amount, None for nothing."""
        return parse.read_number(self.raw(name), self._path(name))

    def count(self, name: str) -> int | None:
        """Return a whole number above zero, None for nothing and for zero."""
        number = self.number(name)
        if number is None or number == 0:
            return None
        if number != number.to_integral_value():
            raise ShapeError(self._path(name), "a whole number", f"{number}")
        return int(number)

    def money(self, name: str, currency: str) -> Money | None:
        """Return an amount in ``currency``, None for nothing and for zero."""
        return parse.read_money(self.raw(name), currency, self._path(name))

    def moment(self, name: str, zone: str) -> Moment | None:
        """Return an instant, read on the clock of ``zone``; None for nothing."""
        return parse.read_moment(self.raw(name), zone, self._path(name))

    def link(self, name: str) -> str | None:
        """Return an http(s) address, None for nothing; an unsafe one is left out with a note."""
        text = self._read_string(name).strip()
        if not text:
            return None
        address = parse.web_address(text)
        if address is None:
            self.note(name, f"left out an unfit address: {text[:80]!r}")
        return address

    def items(self, name: str) -> list[Any]:
        """Return a list unchanged, empty for nothing."""
        value = self.raw(name)
        if value is None or value == "":
            return []
        if not isinstance(value, list):
            raise ShapeError(self._path(name), "a list", _json_type(value))
        return value

    def records(self, name: str) -> list[Fields]:
        """Return a list of objects."""
        return [
            Fields(item, f"{self._path(name)}[{position}]", self.notes)
            for position, item in enumerate(self.items(name))
        ]

    def record(self, name: str) -> Fields | None:
        """Return an object, None for nothing."""
        value = self.raw(name)
        return None if value is None else Fields(value, self._path(name), self.notes)

    def words(self, name: str) -> list[str]:
        """Return a list of strings as clean lines, without blanks and repeats."""
        words = []
        for item in self.items(name):
            if not isinstance(item, str | int):
                raise ShapeError(
                    self._path(name), "a list of texts", f"{_json_type(item)} inside it"
                )
            if not parse.is_placeholder(item):
                words.append(parse.clean_line(str(item)))
        return list(dict.fromkeys(word for word in words if word))

    def names(self) -> list[str]:
        """Return every name of the object."""
        return list(self._source)

    def content(self) -> list[tuple[str, Any]]:
        """Return every name with its value, without counting it as read: to compare copies."""
        return list(self._source.items())

    def values(self) -> list[Any]:
        """Return every value of an object whose names are not documented."""
        self._read.update(self._source)
        return list(self._source.values())

    def ignore(self, *names: str) -> None:
        """Mark names that are left out on purpose: persons, bookkeeping, repeats."""
        self._ignored.update(names)

    def unread_names(self) -> list[str]:
        """Return the names that were not read, sorted: fields that the source has added."""
        return sorted(set(self._source) - self._read - self._ignored)

    def missing(self) -> list[str]:
        """Return the names that were read but are missing, sorted."""
        return sorted(self._read - set(self._source))

    def note(self, name: str, message: str) -> None:
        """Note why a part of this record was left out."""
        self.notes.append((self._path(name), message))

    def _path(self, name: str) -> str:
        return f"{self.where}.{name}"


def distinct(words: Iterable[str]) -> tuple[str, ...]:
    """Return the non-blank words in order, each once however it is cased."""
    seen: dict[str, str] = {}
    for word in words:
        if word.strip():
            seen.setdefault(word.casefold(), word)
    return tuple(seen.values())


def _json_type(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "yes or no", int: "a number"}
    return "nothing" if value is None else names.get(type(value), type(value).__name__)
