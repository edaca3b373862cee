"""Safe reading of XML: no entity is expanded, no file or address is opened."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, TypeAlias

from lxml import etree

from scrapers.errors import ShapeError

Element: TypeAlias = etree._Element  # noqa: SLF001  lxml has no public name for it
"""An element as lxml has it: ``tag``, ``text``, ``get``, ``find``, ``iterfind``."""


def parse_root(body: bytes, where: str) -> Element:
    """Return the root element of a whole document.

    ``where`` names the funder and the answer, for the message.

    Raises:
        ShapeError: it is not XML, is cut off, nests beyond 256 elements, or declares entities.
    """
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False
    )
    try:
        root: Element | None = etree.fromstring(body.lstrip(), parser)
    except etree.XMLSyntaxError as error:
        raise _xml_error(where, error) from error
    if root is None:
        raise ShapeError(where, "XML", "a document without an element")
    _refuse_entities(root, where)
    return root


def iterate_elements(file: BinaryIO, tag: str, where: str) -> Iterator[Element]:
    """Yield each element named ``tag`` of a stream, so that a large file is never in memory.

    ``tag`` is as lxml writes it, "{namespace}name" or "{*}name" for any namespace. An element
    is emptied before the next one comes, so read it at once.

    Raises:
        ShapeError: as `parse_root` does, once the reading comes to it.
    """
    events = etree.iterparse(
        file,
        events=("start", "end"),
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
    )
    local_name = etree.QName(tag.replace("{*}", "")).text
    anywhere = tag.startswith("{*}")
    started = False
    try:
        for event, element in events:
            if not started:
                _refuse_entities(element, where)
                started = True
            if event == "start" or not isinstance(element.tag, str):
                continue
            name = etree.QName(element).localname if anywhere else element.tag
            if name != local_name:
                continue
            yield element
            element.clear()
            parent = element.getparent()
            while parent is not None and element.getprevious() is not None:
                del parent[0]
    except etree.XMLSyntaxError as error:
        raise _xml_error(where, error) from error
    if not started:
        raise ShapeError(where, "XML", "a document without an element")


def _refuse_entities(element: Element, where: str) -> None:
    """Refuse a document that declares entities: feeds and extracts have no use for them."""
    declared = element.getroottree().docinfo.internalDTD
    if declared is not None and next(declared.iterentities(), None) is not None:
        actual = "XML that declares entities of its own"
        raise ShapeError(where, "plain XML", actual, "Look at the source: this may be an attack.")


def _xml_error(where: str, error: etree.XMLSyntaxError) -> ShapeError:
    reason = " ".join(str(error.msg or "it ends before it began").split())[:200]
    return ShapeError(where, "XML", f"what cannot be read as such ({reason})")
