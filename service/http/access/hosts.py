"""The names that a request may call this service by.

A page elsewhere can let its own name lead to this machine (DNS rebinding) and then read what is
open here; but its requests carry that name. So a name that nobody has set is refused.
"""

from __future__ import annotations

from flask import Request
from werkzeug.exceptions import BadRequest
from werkzeug.sansio.utils import host_is_trusted

from service.settings import Settings

HOST_REFUSED = (
    "This service does not answer to this name: add it to FUNDSCOUT_TRUSTED_HOSTS, or ask by a "
    "name that it has."
)


def check_host(sent: Request, settings: Settings) -> None:
    """Check the name that a request calls this service by.

    Raises:
        BadRequest: it names none, or one that nobody has set.
    """
    host = sent.headers.get("Host", "")
    if not host or not host_is_trusted(host, settings.trusted_hosts):
        raise BadRequest(HOST_REFUSED)
