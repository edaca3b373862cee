"""Whether another site's page sent a request, which its reader may not know of."""

from __future__ import annotations

from typing import Final

from flask import Request

from service.messages.message import message

CROSS_SITE_MESSAGE: Final = message("problem.stranger")
"""Why such a request is refused."""


def is_cross_site(sent: Request) -> bool:
    """Return whether another site's page sent the form: its reader may not know of it.

    Browsers name the sender in Sec-Fetch-Site, older ones in Origin. A client that names neither
    is no browser, so no page can make it send anything.
    """
    site = sent.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = sent.headers.get("Origin")
    return origin is not None and origin != sent.host_url.rstrip("/")
