"""Texts and links that others wrote, made fit to be shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_DIRECTIONS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_PARAGRAPHS = re.compile(r"\n\s*\n")


def clean(text: str) -> str:
    """Return ``text`` without control characters and without marks that reverse its direction."""
    return _DIRECTIONS.sub("", _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text))


def web_url(url: str | None) -> str:
    """Return ``url`` if a reader may follow it (http or https with a host), else nothing."""
    if not url:
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.netloc else ""


def title_language(title: str, titles: Mapping[str, str]) -> str:
    """Return the language that ``titles`` has ``title`` under; nothing when it has not."""
    return next((language for language, text in titles.items() if text == title), "")


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of ``text``, cleaned; blank lines part them."""
    return [part.strip() for part in _PARAGRAPHS.split(clean(text)) if part.strip()]
