"""XML records as the JSON that the same register publishes, read as they come, no entities."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from xml.parsers import expat

from scrapers.errors import ShapeError

_DEEPEST = 100


class _Refused(Exception):  # noqa: N818  it never leaves this file
    """Something that no record needs and that could be an attack."""


class _Element:
    """An element being read: its attributes, the text in it, its children by name."""

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.name = name
        self.attributes = attributes
        self.text: list[str] = []
        self.children: dict[str, list[Any]] = {}

    def value(self) -> Any:
        """Return its text, or its children by name; attributes are under "attributes"."""
        text = "".join(self.text).strip()
        if not self.children and not self.attributes:
            return text
        found: dict[str, Any] = {
            name: values[0] if len(values) == 1 else values
            for name, values in self.children.items()
        }
        if self.attributes:
            found["attributes"] = self.attributes
        if text:
            found["text"] = text
        return found


class _Reader:
    def __init__(self, name: str) -> None:
        self.done: list[Any] = []
        self._name = name
        self._open: list[_Element] = []
        self._inside = 0
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.EntityDeclHandler = _no_entities

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == self._name or self._open:
            if len(self._open) > _DEEPEST:
                raise _Refused("elements inside each other without end")
            self._open.append(_Element(name, attributes))

    def _characters(self, data: str) -> None:
        if self._open:
            self._open[-1].text.append(data)

    def _end(self, _: str) -> None:
        if not self._open:
            return
        element = self._open.pop()
        if not self._open:
            self.done.append(element.value())
        elif element.name in {"organization", "call", "programme"} and self._associated():
            # what a record is associated with is one list, as in the JSON
            self._open[-1].children.setdefault("association", []).append(element.value())
        else:
            self._open[-1].children.setdefault(element.name, []).append(element.value())

    def _associated(self) -> bool:
        return self._open[-1].name == "associations"


def _no_entities(*_: object) -> None:
    raise _Refused("entities of its own")


def xml_records(pieces: Iterable[bytes], name: str, where: str) -> Iterator[dict[str, Any]]:
    """Yield every outermost element ``name`` as an object, as it comes.

    Raises:
        ShapeError: it is no XML from some point on, is cut off, or declares entities.
    """
    reader = _Reader(name)
    try:
        for piece in pieces:
            reader.parser.Parse(piece)
            yield from _taken(reader)
        reader.parser.Parse(b"", True)  # noqa: FBT003  its only name
    except expat.ExpatError as error:
        came = f"XML cut off or broken ({error})"
        raise ShapeError(where, "whole XML", came, "Fetch it again.") from error
    except _Refused as error:
        raise ShapeError(where, "plain XML", f"XML with {error}") from error
    yield from _taken(reader)


def _taken(reader: _Reader) -> list[dict[str, Any]]:
    done = [value for value in reader.done if isinstance(value, dict)]
    reader.done.clear()
    return done
