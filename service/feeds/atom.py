"""A feed as Atom (RFC 4287)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TypeAlias

from lxml import etree

from service.feeds.feed_view import FeedEntry, FeedView

Element: TypeAlias = etree._Element  # noqa: SLF001  lxml has no public name for it

MEDIA_TYPE = "application/atom+xml"

_ATOM = "http://www.w3.org/2005/Atom"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def render_atom(view: FeedView) -> bytes:
    """Return ``view`` as an XML document in UTF-8; the same view gives the same bytes."""
    feed = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM})
    feed.set(_LANGUAGE, view.language)
    _add(feed, "id", view.id)
    _add(feed, "title", view.title)
    _add(feed, "subtitle", view.subtitle)
    _add(feed, "updated", _instant(view.updated))
    _add(_add(feed, "author"), "name", "fundscout")
    _add(feed, "generator", "fundscout")
    _link(feed, "self", view.address, MEDIA_TYPE)
    _link(feed, "alternate", view.page, "text/html")
    for entry in view.entries:
        _add_entry(feed, entry)
    written: bytes = etree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _add_entry(feed: Element, entry: FeedEntry) -> None:
    element = _add(feed, "entry")
    _add(element, "id", entry.id)
    _add(element, "title", entry.title)
    _add(element, "updated", _instant(entry.at))
    _add(element, "published", _instant(entry.at))
    _add(element, "category").set("term", entry.reason.value)
    _link(element, "alternate", entry.page, "text/html")
    if entry.funder_page:
        _link(element, "related", entry.funder_page)
    _add(element, "content", _html(entry)).set("type", "html")


def _html(entry: FeedEntry) -> str:
    """Return the lines as HTML; the library escapes whatever they say."""
    body = etree.Element("div")
    for line in entry.lines:
        _paragraph(body).text = line
    if entry.funder_page:
        link = etree.SubElement(_paragraph(body), "a", href=entry.funder_page)
        link.text = entry.link_label
    written: str = etree.tostring(body, encoding="unicode", method="html")
    return written


def _paragraph(body: Element) -> Element:
    return etree.SubElement(body, "p")


def _add(parent: Element, name: str, text: str = "") -> Element:
    element = etree.SubElement(parent, f"{{{_ATOM}}}{name}")
    element.text = text or None
    return element


def _link(parent: Element, rel: str, href: str, kind: str = "") -> None:
    link = _add(parent, "link")
    link.set("rel", rel)
    if kind:
        link.set("type", kind)
    link.set("href", href)


def _instant(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
