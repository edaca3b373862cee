"""A request, its answer, and the limits of both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urljoin, urlsplit

from scrapers.errors import FetchError, PolicyError
from scrapers.http.page import Page

BODY_LIMIT = 20 * 1024 * 1024
"""Largest answer in bytes, after decompression."""

OK, REDIRECT, NOT_MODIFIED, CLIENT_ERROR, TOO_MANY_REQUESTS, SERVER_ERROR = (
    200,
    300,
    304,
    400,
    429,
    500,
)
"""Statuses, and where their ranges begin."""

_KEEPS_METHOD = frozenset({307, 308})
_SEE_OTHER = frozenset({301, 302, 303})
_VALIDATORS = (("etag", "If-None-Match"), ("last-modified", "If-Modified-Since"))
_LONGEST_VALIDATOR = 500


@dataclass(frozen=True)
class Limits:
    """Limits in seconds, except ``body`` (bytes) and ``retries`` (times).

    ``connect`` and ``read`` bound each wait for the server, ``read`` also the whole head of an
    answer, and ``deadline`` the answer as a whole.
    """

    connect: float = 10.0
    read: float = 60.0
    deadline: float = 60.0
    body: int = BODY_LIMIT
    retries: int = 3


@dataclass(frozen=True)
class Request:
    """One request; ``parts`` make a multipart form of JSON documents."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    data: bytes | None = None
    parts: Mapping[str, Any] | None = None

    def conditional_on(self, stored: Page | None) -> Request:
        """Return the request for an answer only if it is no longer ``known``."""
        if stored is None:
            return self
        conditions = {
            name: stored.headers[header]
            for header, name in _VALIDATORS
            if _is_safe_validator(stored.headers.get(header, ""))
        }
        return replace(self, headers={**self.headers, **conditions})


@dataclass(frozen=True)
class Answer:
    """One answer: header names in lower case, ``body`` unpacked."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_redirect(self) -> bool:
        """Whether the answer is at another address."""
        within = REDIRECT <= self.status < CLIENT_ERROR and self.status != NOT_MODIFIED
        return within and "location" in self.headers


def redirect_request(request: Request, answer: Answer) -> Request:
    """Return the request for the target of a redirect; a POST never becomes a GET."""
    try:
        target = urljoin(request.url, answer.headers["location"])
        same = urlsplit(target).netloc == urlsplit(request.url).netloc
    except ValueError as error:
        raise PolicyError(f"{request.url} redirects to what is no address: {error}") from error
    if answer.status in _KEEPS_METHOD or request.method == "GET":
        headers = request.headers if same else _without_credentials(request.headers)
        return Request(request.method, target, headers, request.data, request.parts)
    if answer.status in _SEE_OTHER:
        raise PolicyError(f"{request.url} has moved to {target}; correct the funder's address")
    raise FetchError(f"{request.url} answered {answer.status}")


def _without_credentials(headers: Mapping[str, str]) -> Mapping[str, str]:
    """Return ``headers`` without credentials, which are for the first host only."""
    return {name: value for name, value in headers.items() if name.lower() == "content-type"}


def _is_safe_validator(value: str) -> bool:
    """Whether a header of an answer is fit to be sent back."""
    return 0 < len(value) <= _LONGEST_VALIDATOR and value.isascii() and value.isprintable()
