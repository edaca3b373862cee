"""Signing in with a provider that others wrote: pyop, which keeps OpenID Connect's rules itself.

It checks PKCE, the client's secret and the address to come back to, signs with keys that it can
change, and tells a person's address on a page of its own and not in the token, as most do.
"""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.app import create_app
from service.context import Context
from service.domain.access.rights import AccountRole
from service.use_cases.access import users
from tests.service.http.closed_service import open_copy

pytestmark = pytest.mark.whole

pytest.importorskip("pyop", reason="pyop is not installed: pip install pyop==3.5.0")

ADDRESS, CLIENT, SECRET = "anna@example.org", "fundscout", "its secret of 32 characters here"
BACK = "http://localhost/sign-in/provider/back"


@dataclass
class Pyop:
    """A provider at ``url``; ``people`` has what it knows of each, ``who`` is at its pages now."""

    url: str = ""
    who: str = "person-1"
    way: str = "client_secret_basic"
    issuer_end: str = ""
    people: dict[str, dict[str, Any]] = field(
        default_factory=lambda: {"person-1": {"email": ADDRESS, "email_verified": True}}
    )
    provider: Any = None
    tokens_asked: int = 0

    def start(self, kid: str = "one") -> None:
        """Make the provider, with a key of its own."""
        from Cryptodome.PublicKey import RSA  # noqa: PLC0415  as pyop is
        from jwkest.jwk import RSAKey  # noqa: PLC0415
        from pyop.authz_state import AuthorizationState  # noqa: PLC0415
        from pyop.provider import Provider  # noqa: PLC0415
        from pyop.subject_identifier import HashBasedSubjectIdentifierFactory  # noqa: PLC0415
        from pyop.userinfo import Userinfo  # noqa: PLC0415

        known = {
            CLIENT: {
                "client_id": CLIENT,
                "client_secret": SECRET,
                "redirect_uris": [BACK],
                "response_types": ["code"],
                "token_endpoint_auth_method": self.way,
            }
        }
        self.provider = Provider(
            RSAKey(key=RSA.generate(2048), alg="RS256", kid=kid),
            {
                "issuer": f"https://127.0.0.1{self.issuer_end}",
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "userinfo_endpoint": f"{self.url}/userinfo",
                "jwks_uri": f"{self.url}/jwks",
                "scopes_supported": ["openid", "email"],
                "response_types_supported": ["code"],
                "token_endpoint_auth_methods_supported": [self.way],
            },
            AuthorizationState(HashBasedSubjectIdentifierFactory("salt")),
            known,
            Userinfo(self.people),
        )
        # it begins with https alone; on this machine it is asked without
        self.provider.configuration_information["issuer"] = f"{self.url}{self.issuer_end}"

    def answer(self, path: str, body: str, headers: dict[str, str]) -> tuple[int, dict[str, Any]]:
        from pyop.exceptions import InvalidClientAuthentication, OAuthError  # noqa: PLC0415

        provider = self.provider
        self.tokens_asked += path == "/token"
        answers: dict[str, Callable[[], dict[str, Any]]] = {
            "/.well-known/openid-configuration": provider.provider_configuration.to_dict,
            "/jwks": lambda: provider.jwks,
            "/token": lambda: provider.handle_token_request(body, headers).to_dict(),
            "/userinfo": lambda: provider.handle_userinfo_request(body, headers).to_dict(),
        }
        try:
            return 200, answers[path]()
        except InvalidClientAuthentication:
            return 401, {"error": "invalid_client"}
        except OAuthError as error:
            return 400, {"error": error.oauth_error}

    def meet(self, location: str) -> str:
        """Let the person agree; return where the browser is sent back to."""
        assert location.startswith(f"{self.url}/authorize?")
        asked = self.provider.parse_authentication_request(urlsplit(location).query)
        return str(self.provider.authorize(asked, self.who).request(asked["redirect_uri"]))


@pytest.fixture
def pyop() -> Iterator[Pyop]:
    made = Pyop()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            status, value = made.answer(self.path, body, dict(self.headers))
            content = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_GET  # noqa: N815  the same

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.url = f"http://127.0.0.1:{server.server_port}"
    made.start()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield made
    server.shutdown()
    server.server_close()


@pytest.fixture
def context(pyop: Pyop, sample_data: Path, tmp_path: Path) -> Iterator[Context]:
    shutil.copytree(sample_data, tmp_path / "data")
    (tmp_path / "secret").write_text(SECRET, "utf-8")
    values = {
        "FUNDSCOUT_OIDC_ISSUER": pyop.url,
        "FUNDSCOUT_OIDC_CLIENT": CLIENT,
        "FUNDSCOUT_OIDC_SECRET_FILE": str(tmp_path / "secret"),
    }
    opened = open_copy(tmp_path / "data", **values)
    users.add_user(opened, ADDRESS, AccountRole.EDITOR)
    yield opened
    opened.calls._engine.dispose()


def go(client: FlaskClient, pyop: Pyop) -> TestResponse:
    away = client.get("/sign-in/provider?next=/pilots")
    assert away.status_code == 302, away.text
    return client.get(pyop.meet(away.headers["Location"]).removeprefix("http://localhost"))


def test_a_person_whose_address_is_not_in_the_token_comes_in(pyop: Pyop, context: Context) -> None:
    client = create_app(context).test_client()
    answer = go(client, pyop)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/pilots")
    assert client.get("/pilots").status_code == 200
    known = context.users.find(ADDRESS)
    assert known is not None
    assert known.identity.startswith(f"{pyop.url} ")
    pyop.people["person-1"]["email"] = "married@example.org"
    assert go(create_app(context).test_client(), pyop).status_code == 303, "known by its id now"


@pytest.mark.parametrize(
    ("email_verified", "status"),
    [(True, 303), (False, 403), (None, 403)],
)
def test_an_address_counts_once_the_provider_has_checked_it(
    pyop: Pyop, context: Context, email_verified: object, status: int
) -> None:
    pyop.people["person-1"]["email_verified"] = email_verified
    if email_verified is None:
        del pyop.people["person-1"]["email_verified"]
    assert go(create_app(context).test_client(), pyop).status_code == status


def test_a_provider_that_changes_its_keys_is_still_believed(pyop: Pyop, context: Context) -> None:
    app = create_app(context)
    assert go(app.test_client(), pyop).status_code == 303
    pyop.start("two")
    assert go(app.test_client(), pyop).status_code == 303


def test_it_takes_the_secret_in_its_own_way(pyop: Pyop, context: Context) -> None:
    pyop.way = "client_secret_post"
    pyop.start()
    assert go(create_app(context).test_client(), pyop).status_code == 303


def test_its_name_may_end_with_a_slash(pyop: Pyop, context: Context) -> None:
    pyop.issuer_end = "/"
    pyop.start()
    assert go(create_app(context).test_client(), pyop).status_code == 303
    pyop.issuer_end = "/another"
    pyop.start()
    assert go(create_app(context).test_client(), pyop).status_code == 502


def test_it_refuses_a_code_of_another_browser_and_one_that_was_used(
    pyop: Pyop, context: Context
) -> None:
    app = create_app(context)
    first, second = app.test_client(), app.test_client()
    back = pyop.meet(first.get("/sign-in/provider").headers["Location"])
    code = parse_qs(urlsplit(back).query)["code"][0]
    other = second.get("/sign-in/provider").headers["Location"]
    state = parse_qs(urlsplit(other).query)["state"][0]
    stolen = second.get(f"/sign-in/provider/back?code={code}&state={state}")
    assert stolen.status_code == 502, "PKCE: the code belongs to the other browser's verifier"
    assert pyop.tokens_asked == 1
    assert second.get("/pilots").status_code == 401


def test_somebody_who_cannot_be_asked_about_is_not_let_in(pyop: Pyop, context: Context) -> None:
    answer = pyop.answer
    pyop.answer = (  # type: ignore[method-assign]
        lambda path, *rest: (
            (200, {"sub": "another", "email": ADDRESS, "email_verified": True})
            if path == "/userinfo"
            else answer(path, *rest)
        )
    )
    client = create_app(context).test_client()
    assert go(client, pyop).status_code == 502
    assert client.get("/pilots").status_code == 401
