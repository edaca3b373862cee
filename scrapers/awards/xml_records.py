"""XML records in the form of the JSON that the same register publishes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scrapers.http.safe_xml import Element, parse_root

_ASSOCIATED = "associations"


def xml_records(body: bytes, name: str, where: str) -> Iterator[dict[str, Any]]:
    """Yield the document if it is an element ``name``, else those directly inside it, as objects.

    Attributes are under "attributes". What a record is associated with is one list, "association",
    whatever each is called.

    Raises:
        ShapeError: it is no whole XML, or declares entities.
    """
    document = parse_root(body, where)
    elements = [document] if _name(document) == name else document.iterfind(f"{{*}}{name}")
    for element in elements:
        value = _value(element)
        if isinstance(value, dict):
            yield value


def _value(element: Element) -> Any:
    """Return an element's text, or its children by name, a list where a name is repeated."""
    text = "".join([element.text or "", *(child.tail or "" for child in element)]).strip()
    children: dict[str, list[Any]] = {}
    for child in element:
        if isinstance(child.tag, str):  # comments have none
            key = "association" if _name(element) == _ASSOCIATED else _name(child)
            children.setdefault(key, []).append(_value(child))
    if not children and not element.attrib:
        return text
    record: dict[str, Any] = {
        key: values[0] if len(values) == 1 else values for key, values in children.items()
    }
    if element.attrib:
        record["attributes"] = {str(key): str(value) for key, value in element.attrib.items()}
    if text:
        record["text"] = text
    return record


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
