"""An id for each request, the caller's own if it is a sane one, to find it again in logs."""

from __future__ import annotations

import re
import uuid
from typing import Final

from flask import g, has_request_context, request

HEADER: Final = "X-Request-Id"
_SANE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/+=-]{0,127}")
"""The form of an id that is taken: those of common proxies and tracers, and no text with blanks."""


def request_id() -> str:
    """Return the id of the present request, "" when there is none."""
    if not has_request_context():
        return ""
    if "request_id" not in g:
        sent = request.headers.get(HEADER, "")
        g.request_id = sent if _SANE.fullmatch(sent) else uuid.uuid4().hex
    return str(g.request_id)
