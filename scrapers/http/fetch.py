"""Fetcher: the only access to the network, polite, bounded, identified and always over TLS."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3

from scrapers.errors import FetchError, PolicyError
from scrapers.http import netguard
from scrapers.http.archive import PageArchive
from scrapers.http.bot_challenge import find_challenge
from scrapers.http.connection import guarded_session
from scrapers.http.exchange import (
    NOT_MODIFIED,
    OK,
    REDIRECT,
    SERVER_ERROR,
    TOO_MANY_REQUESTS,
    Answer,
    Limits,
    Request,
    redirect_request,
)
from scrapers.http.pace import (
    MAX_WAIT,
    HostPace,
    RequestClock,
    SystemClock,
    backoff_delay,
    parse_retry_after,
)
from scrapers.http.page import Page
from scrapers.http.robots import AGENT, MAX_ROBOTS_BYTES, Robots
from scrapers.http.secrets import address_without_key, has_key, text_without_keys
from scrapers.plurals import count_noun

__all__ = ["Fetcher", "Limits"]

MAX_REDIRECTS = 5
_CHUNK = 64 * 1024


class _TransientError(FetchError):
    """A failure that may pass; ``wait`` is how many seconds the server asked for."""

    def __init__(self, message: str, wait: float | None = None) -> None:
        super().__init__(message)
        self.wait = wait


class Fetcher:
    """Fetches pages from funders, one request to a host at a time, and archives every answer.

    ``contact`` is a web or e-mail address where a site's owner reaches us; it goes into the
    User-Agent. ``archive``, if given, keeps the answers; what it has is fetched only if it
    changed. ``pause`` is the least number of seconds between requests to a host; a longer
    Crawl-delay of the host counts instead. ``local`` allows servers on this machine.

    Every method returns a page with status 2xx or raises ``FetchError``; ``PolicyError`` when
    robots.txt or an unfit address forbids asking. Proxies of the environment are not used: an
    address that a proxy resolves cannot be checked.
    """

    def __init__(
        self,
        contact: str,
        archive: PageArchive | None = None,
        *,
        pause: float = 1.0,
        limits: Limits | None = None,
        clock: RequestClock | None = None,
        local: bool = False,
    ) -> None:
        if not contact.strip() or not contact.isprintable():
            raise PolicyError("set a contact address: sites must be able to reach who asks")
        self._agent = f"{AGENT}/{_package_version()} (+{contact.strip()})"
        self._archive = archive
        self._limits = limits or Limits()
        self._clock = clock or SystemClock()
        self._pace = HostPace(self._clock, pause)
        self._robots = Robots(self._fetch_robots, self._clock)
        self._local = local
        self._sessions = {here: guarded_session(here=here) for here in (False, True)}

    def close(self) -> None:
        """Close the connections."""
        for session in self._sessions.values():
            session.close()

    @contextmanager
    def allow_local(self, base: str) -> Iterator[None]:
        """Allow requests to this machine meanwhile, if ``base``, which a person gave, is on it."""
        before = self._local
        self._local = before or netguard.is_this_machine(urlsplit(base).hostname or "")
        try:
            yield
        finally:
            self._local = before

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
        return self._fetch_page(Request("GET", url, headers or {}), deadline)

    def post_json(
        self, url: str, body: Mapping[str, Any], *, headers: Mapping[str, str] | None = None
    ) -> Page:
        """Post ``body`` as JSON; ``headers`` may carry a key, as in `get`."""
        sent = {"Content-Type": "application/json", **(headers or {})}
        return self._fetch_page(Request("POST", url, sent, data=json.dumps(body).encode()), None)

    def post_parts(self, url: str, parts: Mapping[str, Any]) -> Page:
        """Post ``parts`` as a multipart form, each part a JSON document named "blob"."""
        return self._fetch_page(Request("POST", url, parts=parts), None)

    def _fetch_page(self, request: Request, deadline: float | None) -> Page:
        """Return the page; neither it nor an error names a key that the address carries."""
        try:
            return self._exchange(request, deadline)
        except FetchError as error:
            if not has_key(request.url):
                raise
            # without its cause, which has the whole address
            raise type(error)(text_without_keys(str(error))) from None

    def _exchange(self, request: Request, deadline: float | None) -> Page:
        within = deadline or self._limits.deadline
        request, answer, stored = self._follow(request, within, self._limits.body, obey=True)
        if stored is not None and answer.status == NOT_MODIFIED:
            return replace(stored, unchanged=True)
        if not OK <= answer.status < REDIRECT:
            raise FetchError(f"{request.url} answered {answer.status}")
        page = Page(
            url=address_without_key(request.url),
            body=answer.body,
            status=answer.status,
            headers=answer.headers,
            fetched_at=self._clock.now(),
        )
        if mark := find_challenge(page):
            raise FetchError(f"{page.url} shows a wall against programs instead ({mark})")
        if self._archive is not None:
            self._archive.keep(page, method=request.method)
        return page

    def _fetch_robots(self, url: str) -> tuple[int, bytes]:
        request = Request("GET", url)
        _, answer, _ = self._follow(request, self._limits.deadline, MAX_ROBOTS_BYTES, obey=False)
        return answer.status, answer.body

    def _follow(
        self, request: Request, within: float, limit: int, *, obey: bool
    ) -> tuple[Request, Answer, Page | None]:
        """Return the last request, its answer, and the page that is archived for it.

        At most five redirects are followed; each is checked.
        """
        first = request
        for _ in range(MAX_REDIRECTS + 1):
            netguard.check_address(request.url, first.url, local=self._local)
            delay, stored = 0.0, None
            if obey:
                rules = self._robots.rules(request.url)
                if not rules.allows(request.url):
                    raise PolicyError(f"{request.url} is not for us: {rules.reason}")
                delay = rules.delay
                if self._archive is not None and request.method == "GET":
                    stored = self._archive.latest(address_without_key(request.url))
            conditional = request.conditional_on(stored)
            answer = self._send_with_retries(conditional, within, limit, delay, cut=not obey)
            if not answer.is_redirect:
                return request, answer, stored
            request = redirect_request(request, answer)
        raise PolicyError(f"{first.url} redirects more than {MAX_REDIRECTS} times")

    def _send_with_retries(
        self, request: Request, within: float, limit: int, delay: float, *, cut: bool
    ) -> Answer:
        """Send until an answer comes, at most ``retries`` times more."""
        for attempt in range(1, self._limits.retries + 2):
            try:
                return self._send(request, within, limit, delay, cut=cut)
            except _TransientError as error:
                wait = error.wait if error.wait is not None else backoff_delay(attempt)
                if attempt > self._limits.retries:
                    raise FetchError(f"{error}, {count_noun(attempt, 'time')}") from error
                if wait > MAX_WAIT:
                    message = f"{error} and asks to wait {wait:.0f} s; try again later"
                    raise FetchError(message) from error
                self._clock.sleep(wait)
        raise FetchError(f"{request.url} was not asked: retries must be 0 or more")

    def _send(
        self, request: Request, within: float, limit: int, delay: float, *, cut: bool
    ) -> Answer:
        host = urlsplit(request.url).netloc
        with self._pace.turn(host, delay), _network_errors(request.url):
            stop_at = self._clock.monotonic() + within
            with self._open(request, within) as response:
                headers = {name.lower(): value for name, value in response.headers.items()}
                body = self._read_body(response, request.url, limit, stop_at, cut=cut)
        answer = Answer(response.status_code, headers, body)
        # robots.txt is not retried: the status of a failing server says what to do
        if not cut and (answer.status == TOO_MANY_REQUESTS or answer.status >= SERVER_ERROR):
            wait = parse_retry_after(headers.get("retry-after", ""), self._clock.now())
            raise _TransientError(f"{request.url} answered {answer.status}", wait)
        return answer

    def _open(self, request: Request, within: float) -> requests.Response:
        files = None
        if request.parts is not None:
            files = {
                name: ("blob", json.dumps(part), "application/json")
                for name, part in request.parts.items()
            }
        return self._sessions[
            netguard.is_this_machine(urlsplit(request.url).hostname or "")
        ].request(
            request.method,
            request.url,
            headers={"User-Agent": self._agent, **request.headers},
            data=request.data,
            files=files,
            timeout=(self._limits.connect, min(self._limits.read, within)),
            allow_redirects=False,
            stream=True,
            verify=os.environ.get("REQUESTS_CA_BUNDLE") or True,
        )

    def _read_body(
        self, response: requests.Response, url: str, limit: int, stop_at: float, *, cut: bool
    ) -> bytes:
        """Read the body in chunks, up to ``limit`` bytes and until ``stop_at``."""
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


@contextmanager
def _network_errors(url: str) -> Iterator[None]:
    """Turn the network's exceptions into ``FetchError``; passing ones are retried."""
    try:
        yield
    except requests.exceptions.SSLError as error:
        if "certificate" in str(error).lower():
            raise FetchError(f"{url} has no valid certificate: {error}") from error
        raise _TransientError(f"{url} broke off ({_short_message(error)})") from error
    except (requests.ConnectionError, requests.Timeout) as error:
        raise _TransientError(f"{url} cannot be reached ({_short_message(error)})") from error
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
        raise _TransientError(f"{url} broke off ({_short_message(error)})") from error


def _short_message(error: Exception) -> str:
    return str(error)[:200] or type(error).__name__


def _package_version() -> str:
    try:
        return version("fundscout")
    except PackageNotFoundError:
        return "0"
