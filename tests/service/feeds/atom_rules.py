"""The rules of RFC 4287 that a feed of ours can break, written apart from the writer."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})")
_TAG = re.compile(r"tag:[a-z0-9.-]+,\d{4}(-\d{2}(-\d{2})?)?:[\w./-]+")
_KNOWN = {
    "feed": {
        *("id", "title", "subtitle", "updated", "author", "generator", "link", "entry"),
    },
    "entry": {"id", "title", "updated", "published", "category", "link", "content"},
}
_ONCE = {
    "feed": ("id", "title", "updated", "author", "generator", "subtitle"),
    "entry": ("id", "title", "updated", "published", "content"),
}


def check(document: bytes) -> etree._Element:
    """Return the feed of ``document``; fail when it breaks a rule."""
    assert b"<!DOCTYPE" not in document
    feed = etree.fromstring(document)
    assert feed.tag == f"{ATOM}feed"
    _check_element(feed, "feed")
    entries = feed.findall(f"{ATOM}entry")
    for entry in entries:
        _check_element(entry, "entry")
        assert entry.find(f"{ATOM}content").get("type") == "html"
        assert entry.find(f"{ATOM}content").text
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(set(ids)) == len(ids), "an entry is in a feed once"
    assert feed.findtext(f"{ATOM}author/{ATOM}name"), "entries without an author need the feed's"
    relations = [link.get("rel") for link in feed.findall(f"{ATOM}link")]
    assert relations == ["self", "alternate"]
    newest = max((entry.findtext(f"{ATOM}updated") for entry in entries), default="")
    assert feed.findtext(f"{ATOM}updated") >= newest
    return feed


def _check_element(element: etree._Element, kind: str) -> None:
    names = [child.tag.removeprefix(ATOM) for child in element]
    assert set(names) <= _KNOWN[kind]
    assert all(names.count(name) == 1 for name in _ONCE[kind]), names
    assert _TAG.fullmatch(element.findtext(f"{ATOM}id"))
    assert element.findtext(f"{ATOM}title").strip()
    for name in ("updated", "published"):
        instant = element.findtext(f"{ATOM}{name}")
        assert instant is None or _INSTANT.fullmatch(instant), instant
    for link in element.findall(f"{ATOM}link"):
        assert urlsplit(link.get("href")).scheme in {"http", "https"}
    alternates = [one for one in element.findall(f"{ATOM}link") if one.get("rel") == "alternate"]
    assert len(alternates) == 1
