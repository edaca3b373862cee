"""Changes that hold only if what is changed is as the caller has seen it: the header If-Match."""

from __future__ import annotations

from typing import Final

from flask import request
from werkzeug.exceptions import PreconditionRequired

from service.use_cases.pilots import IsExpected

IF_MATCH_PATTERN: Final = r'^(\*|(W/)?"[!#-~]{1,100}"(, ?(W/)?"[!#-~]{1,100}")*)$'
"""One ETag or several, as they were given, or any."""

REQUIRED = (
    "Say which state you change: read the pilot, and send its ETag in the header If-Match. So "
    "nobody's change is lost."
)


def if_match(*, required: bool = True) -> IsExpected | None:
    """Return what tells by an etag whether the caller has seen that state; None for any.

    A weak ETag counts too: a proxy that compresses an answer makes its ETag weak. What is no ETag
    is the one of no state.

    Raises:
        PreconditionRequired: it is required and missing.
    """
    if "If-Match" not in request.headers:
        if required:
            raise PreconditionRequired(REQUIRED)
        return None
    return request.if_match.contains_weak
