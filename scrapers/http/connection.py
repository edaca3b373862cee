"""Connections to checked addresses only, and sessions without cookies, proxies or passwords."""

from __future__ import annotations

import socket
import threading
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, NewConnectionError

from scrapers.http import netguard

_ACCEPT = "application/json, application/xml;q=0.8, text/html;q=0.7, */*;q=0.5"


def guarded_session(*, here: bool) -> requests.Session:
    """Return a session that reaches only this machine (``here``) or only the internet.

    It keeps no cookies and reads neither proxies nor passwords out of the environment.
    """
    session = _Session()
    session.trust_env = False
    session.headers.clear()
    session.headers.update({"Accept": _ACCEPT, "Accept-Encoding": "gzip, deflate"})
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.adapters.clear()
    session.mount("https://", _GuardedAdapter(here=here))
    if here:
        session.mount("http://", _GuardedAdapter(here=here))
    return session


class _Session(requests.Session):
    """A session that follows no redirect: the fetcher does, with limits."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Return nothing; else requests would read the whole body of every redirect."""
        del resp


class _GuardedConnection(HTTPConnection):
    """A connection to a checked address only; the head of its answer must come in time.

    The name is resolved once, here, and the resolved addresses are used. TLS, above this, still
    compares the name with the certificate.
    """

    @staticmethod
    def is_allowed(address: netguard.Address) -> bool:
        """Whether this kind of connection may be made to ``address``."""
        raise NotImplementedError

    def _new_conn(self) -> socket.socket:
        name = self._dns_host
        try:
            numbers = netguard.resolve_host(name, self.port or self.default_port, self.is_allowed)
        except OSError as error:
            raise NewConnectionError(self, f"{name}: {error}") from error
        try:
            for last, number in enumerate(numbers, 1 - len(numbers)):
                self._dns_host = number
                try:
                    return super()._new_conn()
                except HTTPError:
                    if not last:
                        raise
        finally:
            self._dns_host = name
        raise NewConnectionError(self, f"{name} has no address")

    def getresponse(self) -> Any:
        """Return the answer once its head is here, within the timeout of one read."""
        watched, within = self.sock, self.timeout
        if watched is None or not isinstance(within, int | float):
            return super().getresponse()
        late = threading.Event()
        watch = threading.Timer(within, _shut_down, (watched, late))
        watch.daemon = True
        watch.start()
        try:
            answer = super().getresponse()
        except OSError as error:
            raise (_timeout_error(within) if late.is_set() else error) from error
        finally:
            watch.cancel()
        if late.is_set():
            answer.close()
            raise _timeout_error(within)  # what was read by then may look whole but is not
        return answer


def _timeout_error(within: float) -> TimeoutError:
    return TimeoutError(f"the head of the answer took longer than {within:.0f} s")


def _shut_down(connected: socket.socket, late: threading.Event) -> None:
    """End the reads from ``connected``: nothing more will come."""
    late.set()
    try:
        # not the shutdown of the TLS socket, which would drop the TLS layer during a read
        socket.socket.shutdown(connected, socket.SHUT_RDWR)
    except OSError:
        return  # it was closed already


class _InternetConnection(_GuardedConnection):
    is_allowed = staticmethod(netguard.is_public)


class _InternetTlsConnection(_GuardedConnection, HTTPSConnection):
    is_allowed = staticmethod(netguard.is_public)


class _LocalConnection(_GuardedConnection):
    is_allowed = staticmethod(netguard.is_loopback)


class _LocalTlsConnection(_GuardedConnection, HTTPSConnection):
    is_allowed = staticmethod(netguard.is_loopback)


class _InternetPool(HTTPConnectionPool):
    ConnectionCls = _InternetConnection


class _InternetTlsPool(HTTPSConnectionPool):
    ConnectionCls = _InternetTlsConnection


class _LocalPool(HTTPConnectionPool):
    ConnectionCls = _LocalConnection


class _LocalTlsPool(HTTPSConnectionPool):
    ConnectionCls = _LocalTlsConnection


class _GuardedAdapter(HTTPAdapter):
    """Makes every connection a guarded one."""

    def __init__(self, *, here: bool) -> None:
        super().__init__(max_retries=0, pool_maxsize=4)
        self.poolmanager.pool_classes_by_scheme = (
            {"http": _LocalPool, "https": _LocalTlsPool}
            if here
            else {"http": _InternetPool, "https": _InternetTlsPool}
        )
