"""Posts to addresses that others chose: only over TLS, only to the internet, never far.

Every address is checked as for fetching, and again when its host is connected to. No redirect is
followed, nothing of an answer is read but its head, and all of it ends in time.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

import requests
import urllib3

from scrapers.errors import FetchError, PolicyError
from scrapers.http import netguard
from scrapers.http.connection import guarded_session
from scrapers.http.pace import parse_retry_after

CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 10.0
"""Seconds that a connection, and then the head of an answer, may take."""

_HTTPS = 443


@dataclass(frozen=True)
class PostAnswer:
    """The head of an answer; ``wait`` is how many seconds the receiver asks to be left alone."""

    status: int
    wait: float | None


class Poster:
    """Posts bodies, one at a time. ``local`` lets it reach servers on this machine: for tests."""

    def __init__(self, agent: str, *, local: bool = False) -> None:
        self._agent = agent
        self._local = local
        self._sessions = {here: guarded_session(here=here) for here in (False, True)}

    def close(self) -> None:
        """Close the connections."""
        for session in self._sessions.values():
            session.close()

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> PostAnswer:
        """Post ``body`` to ``url``.

        Raises:
            PolicyError: the address is not one to post to.
            FetchError: no answer came in time.
        """
        here = netguard.check_address(url, url, local=self._local)
        try:
            with self._sessions[here].post(
                url,
                data=body,
                headers={"User-Agent": self._agent, **headers},
                timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
                allow_redirects=False,
                stream=True,
                verify=os.environ.get("REQUESTS_CA_BUNDLE") or True,
            ) as answer:
                wait = parse_retry_after(answer.headers.get("Retry-After", ""), datetime.now(UTC))
                return PostAnswer(answer.status_code, wait)
        except requests.exceptions.SSLError as error:
            raise FetchError("there is no valid certificate") from error
        except (requests.Timeout, TimeoutError) as error:
            raise FetchError("no answer came in time") from error
        except requests.ConnectionError as error:
            raise FetchError("no connection could be made") from error
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise FetchError("the connection broke off") from error


def check_target(url: str, *, local: bool = False) -> None:
    """Check an address before it is kept, as each post does again.

    Raises:
        PolicyError: it may not be posted to, and why.
        FetchError: nobody knows its host.
    """
    here = netguard.check_address(url, url, local=local)
    parts = urlsplit(url)
    host = parts.hostname or ""
    fit = netguard.is_loopback if here else netguard.is_public
    try:
        netguard.resolve_host(host, parts.port or _HTTPS, fit)
    except PolicyError:
        raise
    except OSError as error:
        raise FetchError(f"{host} is not known") from error
