"""What a private cache may keep and ask about again, and what is sent compressed.

An answer that somebody secret stands in is never compressed together with what a stranger chose:
its length would tell the secret (BREACH). So only answers about calls, which are public, are.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from typing import Final

from flask import Response, request

CACHED_ENDPOINTS: Final = frozenset(
    {
        "api.list_calls",
        "api.get_call",
        "api.get_call_history",
        "api.list_pilots",
        "api.get_pilot",
        "api.list_opportunities",
        "api.read_opportunity",
        "openapi.spec",
    }
)
"""Routes whose answers carry an ETag, so that who has one asks whether it still holds."""

COMPRESSED_ENDPOINTS: Final = frozenset(
    {
        "api.list_calls",
        "api.get_call",
        "api.get_call_history",
        "api.list_sources",
        "api.list_opportunities",
        "api.read_opportunity",
        "api.search_opportunities",
        "api.match_text",
        "openapi.spec",
    }
)
"""Routes whose answers hold nothing of pilots, persons or sessions, but what the caller sent."""

_WORTH_COMPRESSING = 1024
"""Bytes below which compressing gains nothing."""

_CLOCK = re.compile(rb'"as_of":\s*"[^"]*"')
"""The moment of an answer: that alone makes it no other one. A quote in a text is escaped."""


def make_cachable(response: Response) -> Response:
    """Give an answer its ETag, and answer 304 to whoever has it already."""
    if request.endpoint in CACHED_ENDPOINTS and response.status_code == 200:  # noqa: PLR2004  OK
        response.headers["Cache-Control"] = "private, no-cache"
        if not response.headers.get("ETag"):
            body = _CLOCK.sub(b"", response.get_data())
            response.set_etag(hashlib.sha256(body).hexdigest()[:32], weak=True)
        response.make_conditional(request)
    return response


def compress(response: Response) -> Response:
    """Compress a large answer for whoever takes gzip."""
    if request.endpoint not in COMPRESSED_ENDPOINTS or response.direct_passthrough:
        return response
    response.vary.add("Accept-Encoding")
    body = response.get_data()
    if (
        response.status_code == 200  # noqa: PLR2004  OK
        and len(body) >= _WORTH_COMPRESSING
        and request.accept_encodings["gzip"] > 0
        and "Content-Encoding" not in response.headers
    ):
        response.set_data(gzip.compress(body, compresslevel=6, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response
