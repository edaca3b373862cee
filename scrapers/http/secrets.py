"""Keys that stand in an address: no stored address and no message shows them."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

KEY_PARAMETER = "authorization"
"""The name of the parameter of an address whose value is an operator's key."""

_IN_TEXT = re.compile(rf"[?&]{KEY_PARAMETER}=[^&\s'\")>]*", re.IGNORECASE)


def has_key(url: str) -> bool:
    """Whether the address carries a key."""
    return any(name.lower() == KEY_PARAMETER for name, _ in parse_qsl(urlsplit(url).query))


def address_without_key(url: str) -> str:
    """Return the address without the parameter that carries a key."""
    if not has_key(url):
        return url
    parts = urlsplit(url)
    kept = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if name.lower() != KEY_PARAMETER
    ]
    return urlunsplit(parts._replace(query=urlencode(kept)))


def text_without_keys(text: str) -> str:
    """Return a message without the keys in the addresses that it names."""
    return _IN_TEXT.sub("", text)
