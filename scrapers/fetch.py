"""Fetcher: the only door to the network. Polite, bounded, identified, and it never skips TLS."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from importlib.metadata import PackageNotFoundError, version
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter

from scrapers.errors import FetchError, PolicyError
from scrapers.netguard import check_address
from scrapers.pace import LONGEST_WAIT, Clock, Pace, SystemClock, back_off, retry_after
from scrapers.page import Page, PageArchive
from scrapers.robots import AGENT, LIMIT, Robots

BODY_LIMIT = 20 * 1024 * 1024
"""Bytes of an answer, after decompression, that are read before it is given up."""

MOST_REDIRECTS = 5
_CHUNK = 64 * 1024
_OK, _REDIRECT, _CLIENT_ERROR, _SERVER_ERROR, _TOO_MANY = 200, 300, 400, 500, 429
_KEEPS_METHOD = frozenset({307, 308})
_SEE_OTHER = frozenset({301, 302, 303})
_ACCEPT = "application/json, application/xml;q=0.8, text/html;q=0.7, */*;q=0.5"


@dataclass(frozen=True)
class Limits:
    """How long and how much. Seconds, except ``body`` (bytes) and ``retries`` (times).

    ``connect`` and ``read`` bound each wait for the other side, ``deadline`` an answer as a whole.
    """

    connect: float = 10.0
    read: float = 60.0
    deadline: float = 60.0
    body: int = BODY_LIMIT
    retries: int = 3


@dataclass(frozen=True)
class _Request:
    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    data: bytes | None = None
    parts: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class _Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


class _PassingError(FetchError):
    """A failure that may be over in a moment; ``wait`` is what the other side asked for."""

    def __init__(self, message: str, wait: float | None = None) -> None:
        super().__init__(message)
        self.wait = wait


class Fetcher:
    """Asks funders for pages, one request a host at a time, and keeps every answer.

    ``contact`` is a web or e-mail address where a site's owner reaches us; it goes into the
    User-Agent. ``archive`` keeps the answers, if given. ``pause`` is the least number of seconds
    between requests to a host; a longer Crawl-delay of the host counts instead.

    Every method returns a page with status 2xx or raises ``FetchError``; ``PolicyError`` when
    robots.txt or an unfit address forbids asking.
    """

    def __init__(
        self,
        contact: str,
        archive: PageArchive | None = None,
        *,
        pause: float = 1.0,
        limits: Limits | None = None,
        clock: Clock | None = None,
    ) -> None:
        if not contact.strip() or not contact.isprintable():
            raise PolicyError("set a contact address: sites must be able to reach who asks")
        self._agent = f"{AGENT}/{_version()} (+{contact.strip()})"
        self._archive = archive
        self._limits = limits or Limits()
        self._clock = clock or SystemClock()
        self._pace = Pace(self._clock, pause)
        self._robots = Robots(self._robots_file, self._clock)
        self._session = _session()

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def get(
        self,
        url: str,
        *,
        deadline: float | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Page:
        """Fetch ``url``; ``deadline`` is how many seconds it may take instead of the usual.

        ``headers`` may carry a key; a redirect to another host does not get them.
        """
        return self._page(_Request("GET", url, headers or {}), deadline)

    def post_json(self, url: str, body: Mapping[str, Any]) -> Page:
        """Post ``body`` as JSON."""
        headers = {"Content-Type": "application/json"}
        return self._page(_Request("POST", url, headers, data=json.dumps(body).encode()), None)

    def post_parts(self, url: str, parts: Mapping[str, Any]) -> Page:
        """Post ``parts`` as a multipart form, each part a JSON document named "blob"."""
        return self._page(_Request("POST", url, parts=parts), None)

    def _page(self, request: _Request, deadline: float | None) -> Page:
        within = deadline or self._limits.deadline
        request, answer = self._follow(request, within, self._limits.body, obey=True)
        if not _OK <= answer.status < _REDIRECT:
            raise FetchError(f"{request.url} answered {answer.status}")
        page = Page(
            url=request.url,
            body=answer.body,
            status=answer.status,
            headers=answer.headers,
            fetched_at=self._clock.now(),
        )
        if self._archive is not None:
            self._archive.keep(page)
        return page

    def _robots_file(self, url: str) -> tuple[int, bytes]:
        request = _Request("GET", url)
        _, answer = self._follow(request, self._limits.deadline, LIMIT, obey=False)
        return answer.status, answer.body

    def _follow(
        self, request: _Request, within: float, limit: int, *, obey: bool
    ) -> tuple[_Request, _Answer]:
        """Return the last request and its answer, after at most five redirects, each checked."""
        first = request
        for _ in range(MOST_REDIRECTS + 1):
            check_address(request.url, origin=first.url)
            delay = 0.0
            if obey:
                rules = self._robots.rules(request.url)
                if not rules.allows(request.url):
                    raise PolicyError(f"{request.url} is not for us: {rules.reason}")
                delay = rules.delay
            answer = self._persist(request, within, limit, delay, cut=not obey)
            if not _REDIRECT <= answer.status < _CLIENT_ERROR or "location" not in answer.headers:
                return request, answer
            request = _redirected(request, answer)
        raise PolicyError(f"{first.url} redirects more than {MOST_REDIRECTS} times")

    def _persist(
        self, request: _Request, within: float, limit: int, delay: float, *, cut: bool
    ) -> _Answer:
        """Send until an answer comes that is no passing failure, a few times at most."""
        for attempt in range(1, self._limits.retries + 2):
            try:
                return self._send(request, within, limit, delay, cut=cut)
            except _PassingError as error:
                wait = error.wait if error.wait is not None else back_off(attempt)
                if attempt > self._limits.retries:
                    raise FetchError(f"{error}, {attempt} times") from error
                if wait > LONGEST_WAIT:
                    message = f"{error} and asks to wait {wait:.0f} s; try again later"
                    raise FetchError(message) from error
                self._clock.sleep(wait)
        raise FetchError(f"{request.url} was not asked: retries must be 0 or more")

    def _send(
        self, request: _Request, within: float, limit: int, delay: float, *, cut: bool
    ) -> _Answer:
        host = urlsplit(request.url).netloc
        with self._pace.turn(host, delay):
            stop_at = self._clock.monotonic() + within
            try:
                with self._open(request, within) as response:
                    headers = {name.lower(): value for name, value in response.headers.items()}
                    body = self._body(response, request.url, limit, stop_at, cut=cut)
            except requests.exceptions.SSLError as error:
                raise FetchError(f"{request.url} has no valid certificate: {error}") from error
            except (requests.ConnectionError, requests.Timeout) as error:
                raise _PassingError(f"{request.url} cannot be reached ({_brief(error)})") from error
            except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
                raise _PassingError(f"{request.url} broke off ({_brief(error)})") from error
        if response.status_code == _TOO_MANY or response.status_code >= _SERVER_ERROR:
            wait = retry_after(headers.get("retry-after", ""), self._clock.now())
            if cut:
                # robots.txt of a failing server: the answer itself says what to do
                return _Answer(response.status_code, headers, body)
            raise _PassingError(f"{request.url} answered {response.status_code}", wait)
        return _Answer(response.status_code, headers, body)

    def _open(self, request: _Request, within: float) -> requests.Response:
        files = None
        if request.parts is not None:
            files = {
                name: ("blob", json.dumps(part), "application/json")
                for name, part in request.parts.items()
            }
        return self._session.request(
            request.method,
            request.url,
            headers={"User-Agent": self._agent, **request.headers},
            data=request.data,
            files=files,
            timeout=(self._limits.connect, min(self._limits.read, within)),
            allow_redirects=False,
            stream=True,
            verify=True,
        )

    def _body(
        self, response: requests.Response, url: str, limit: int, stop_at: float, *, cut: bool
    ) -> bytes:
        """Read the body piece by piece, so that neither a flood nor a trickle holds us."""
        body = bytearray()
        while chunk := response.raw.read1(_CHUNK, decode_content=True):
            body += chunk
            if len(body) > limit:
                if cut:
                    return bytes(body[:limit])
                raise FetchError(f"{url} answered more than {limit // 2**20} MiB")
            if self._clock.monotonic() > stop_at:
                raise FetchError(f"{url} took too long to answer")
        return bytes(body)


def _redirected(request: _Request, answer: _Answer) -> _Request:
    """Return the request that a redirect asks for; a posted form is not quietly turned to GET."""
    target = urljoin(request.url, answer.headers["location"])
    if answer.status in _KEEPS_METHOD or request.method == "GET":
        same = urlsplit(target).netloc == urlsplit(request.url).netloc
        headers = request.headers if same else _without_keys(request.headers)
        return _Request(request.method, target, headers, request.data, request.parts)
    if answer.status in _SEE_OTHER:
        raise PolicyError(f"{request.url} has moved to {target}; correct the funder's address")
    raise FetchError(f"{request.url} answered {answer.status}")


def _without_keys(headers: Mapping[str, str]) -> Mapping[str, str]:
    """Return ``headers`` without those that prove who asks: they are for the first host only."""
    return {name: value for name, value in headers.items() if name.lower() == "content-type"}


def _session() -> requests.Session:
    session = requests.Session()
    session.headers.clear()
    session.headers.update({"Accept": _ACCEPT, "Accept-Encoding": "gzip, deflate"})
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.auth = _no_credentials
    for scheme in ("https://", "http://"):
        session.mount(scheme, HTTPAdapter(max_retries=0, pool_maxsize=4))
    return session


def _no_credentials(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keep requests from reading credentials for funders out of a .netrc file."""
    return request


def _brief(error: Exception) -> str:
    return str(error)[:200] or type(error).__name__


def _version() -> str:
    try:
        return version("fundscout")
    except PackageNotFoundError:
        return "0"
