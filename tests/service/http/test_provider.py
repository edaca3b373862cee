"""Signing in with an OpenID Connect provider, tried with one on this machine, honest and not."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.test import TestResponse

from service.app import create_app
from service.context import Context
from service.domain.access.rights import AccountRole
from service.messages.words import words
from service.use_cases.access import users
from tests.service.http.closed_service import PHRASE, open_copy
from tests.service.web.html_outline import outline

pytestmark = pytest.mark.whole

EN = words("en")
ADDRESS = "anna@example.org"
Change = Callable[[dict[str, Any]], object]
Open = Callable[..., Context]


@dataclass
class Provider:
    """An OpenID Connect provider; ``change`` may spoil the claims before they are signed."""

    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    signs_with: RSAKey | None = None
    change: Change | None = None
    claims: dict[str, Any] = field(default_factory=dict)
    asked: list[dict[str, list[str]]] = field(default_factory=list)
    challenge: str = ""
    url: str = ""

    def answer(self, path: str, form: dict[str, list[str]]) -> dict[str, Any] | None:
        if path == "/.well-known/openid-configuration":
            return {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/jwks",
                "id_token_signing_alg_values_supported": ["RS256"],
            }
        if path == "/jwks":
            return {"keys": [self.key.as_dict(private=False)]}
        if path == "/token":
            self.asked.append(form)
            verifier = form["code_verifier"][0].encode()
            digest = base64.urlsafe_b64encode(hashlib.sha256(verifier).digest()).rstrip(b"=")
            assert digest.decode() == self.challenge, "PKCE"
            token = jwt.encode(
                {"alg": "RS256", "kid": "one"}, self.claims, self.signs_with or self.key
            )
            return {"access_token": "x", "token_type": "Bearer", "id_token": token}
        return None

    def meet(self, location: str, **more: Any) -> str:
        """Let a person agree at the provider; return where the browser is sent back to."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
        assert location.startswith(f"{self.url}/authorize?")
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        self.challenge = query["code_challenge"]
        now = int(time.time())
        self.claims = {
            "iss": self.url,
            "aud": "fundscout",
            "sub": "person-1",
            "email": ADDRESS,
            "email_verified": True,
            "nonce": query["nonce"],
            "iat": now,
            "exp": now + 300,
        } | more
        if self.change:
            self.change(self.claims)
        return f"{query['redirect_uri']}?code=c0de&state={query['state']}"


@pytest.fixture
def provider() -> Iterator[Provider]:
    made = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            form = parse_qs(self.rfile.read(length).decode())
            body = made.answer(self.path, form)
            content = json.dumps(body).encode()
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_GET  # noqa: N815  the same

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield made
    server.shutdown()
    server.server_close()


@pytest.fixture
def opened(provider: Provider, sample_data: Path, tmp_path: Path) -> Iterator[Open]:
    made: list[Context] = []

    def open_(**environment: str) -> Context:
        data = tmp_path / "data"
        shutil.copytree(sample_data, data)
        secret = tmp_path / "oidc"
        secret.write_text("its secret\n", "utf-8")
        values = {
            "FUNDSCOUT_OIDC_ISSUER": provider.url,
            "FUNDSCOUT_OIDC_CLIENT": "fundscout",
            "FUNDSCOUT_OIDC_SECRET_FILE": str(secret),
        }
        made.append(open_copy(data, **values, **environment))
        return made[-1]

    yield open_
    for context in made:
        context.calls._engine.dispose()


def go(client: FlaskClient, provider: Provider, **claims: Any) -> TestResponse:
    """Sign in by the provider, as a browser does."""
    away = client.get("/sign-in/provider?next=/pilots&lang=en")
    assert away.status_code == 302
    back = provider.meet(away.headers["Location"], **claims)
    return client.get(back.removeprefix("http://localhost") + "&lang=en")


def test_a_person_who_was_added_comes_in_by_the_provider(provider: Provider, opened: Open) -> None:
    context = opened()
    user = users.add_user(context, ADDRESS, AccountRole.EDITOR)
    client = create_app(context).test_client()
    assert EN("sign_in.provider") in outline(client.get("/pilots?lang=en").text).text
    answer = go(client, provider)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/pilots")
    assert client.get("/pilots").status_code == 200
    assert context.users.get(user.id).identity == f"{provider.url} person-1"  # type: ignore[union-attr]
    (asked,) = provider.asked
    assert asked["code"] == ["c0de"]
    again = create_app(context).test_client()
    assert go(again, provider, email="new@example.org").status_code == 303, "known by its id now"
    assert len(context.users.all()) == 1


@pytest.mark.parametrize(("said", "status"), [("true", 303), ("false", 403), (1, 403)])
def test_a_provider_may_say_in_a_word_that_it_has_checked_an_address(
    provider: Provider, opened: Open, said: object, status: int
) -> None:
    context = opened()
    users.add_user(context, ADDRESS, AccountRole.READER)
    answer = go(create_app(context).test_client(), provider, email_verified=said)
    assert answer.status_code == status


def test_somebody_else_with_the_address_of_a_known_person_does_not_come_in(
    provider: Provider, opened: Open
) -> None:
    context = opened(FUNDSCOUT_OIDC_ROLE="reader")
    users.add_user(context, ADDRESS, AccountRole.ADMIN, identity=f"{provider.url} person-0")
    assert go(create_app(context).test_client(), provider).status_code == 403
    assert len(context.users.all()) == 1


def test_a_stranger_comes_in_where_a_role_is_set_for_strangers(
    provider: Provider, opened: Open
) -> None:
    context = opened(FUNDSCOUT_OIDC_ROLE="reader")
    users.add_user(context, "operator", AccountRole.ADMIN)
    client = create_app(context).test_client()
    assert go(client, provider).status_code == 303
    assert client.get("/pilots").status_code == 200
    assert context.users.find(ADDRESS).role is AccountRole.READER  # type: ignore[union-attr]


CLAIMS: dict[str, dict[str, Any]] = {
    "unverified": {"email_verified": False},
    "no address": {"email": ""},
}


@pytest.mark.parametrize("case", ["stranger", "disabled", *CLAIMS])
def test_who_is_not_let_in_is_told_so(provider: Provider, opened: Open, case: str) -> None:
    context = opened()
    users.add_user(context, ADDRESS if case != "stranger" else "other", AccountRole.ADMIN)
    if case == "disabled":
        users.set_disabled(context, ADDRESS, disabled=True)
    claims: dict[str, Any] = CLAIMS.get(case, {})
    client = create_app(context).test_client()
    answer = go(client, provider, **claims)
    assert answer.status_code == 403
    assert EN("problem.sign_in.provider.unknown") in outline(answer.text).text
    assert client.get("/pilots").status_code == 401


def other_key(provider: Provider) -> None:
    provider.signs_with = RSAKey.generate_key(2048, {"kid": "one"})


SPOILED: dict[str, Change] = {
    "another service's": lambda claims: claims.update(aud="other"),
    "another issuer's": lambda claims: claims.update(iss="https://evil.example"),
    "expired": lambda claims: claims.update(exp=int(time.time()) - 3600),
    "replayed": lambda claims: claims.update(nonce="other"),
    "without a nonce": lambda claims: claims.pop("nonce"),
    "of nobody": lambda claims: claims.pop("sub"),
}


@pytest.mark.parametrize("how", [*SPOILED, "signed by another key"])
def test_a_token_that_is_not_for_us_opens_nothing(
    provider: Provider, opened: Open, how: str
) -> None:
    context = opened()
    users.add_user(context, ADDRESS, AccountRole.ADMIN)
    client = create_app(context).test_client()
    provider.change = SPOILED.get(how)
    if how == "signed by another key":
        other_key(provider)
    answer = go(client, provider)
    assert answer.status_code == 502
    assert EN("problem.sign_in.provider") in outline(answer.text).text
    assert client.get("/pilots").status_code == 401
    assert provider.asked, "the token was fetched, and refused"


def test_an_answer_that_nobody_asked_for_opens_nothing(provider: Provider, opened: Open) -> None:
    context = opened()
    users.add_user(context, ADDRESS, AccountRole.ADMIN)
    app = create_app(context)
    victim, other = app.test_client(), app.test_client()
    away = other.get("/sign-in/provider").headers["Location"]
    back = provider.meet(away).removeprefix("http://localhost")
    for address in (back, "/sign-in/provider/back", "/sign-in/provider/back?error=access_denied"):
        assert victim.get(address).status_code == 502
    assert not provider.asked
    assert other.get(back).status_code == 303
    assert other.get(back).status_code == 502, "once"


def test_a_provider_that_cannot_be_reached_is_a_sentence_and_passwords_still_work(
    provider: Provider, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = opened()
    users.add_user(context, ADDRESS, AccountRole.ADMIN, PHRASE)
    monkeypatch.setattr(provider, "answer", lambda *_: None)
    client = create_app(context).test_client()
    answer = client.get("/sign-in/provider?lang=en")
    assert answer.status_code == 502
    assert EN("problem.sign_in.provider") in outline(answer.text).text
    assert client.post("/sign-in", data={"name": ADDRESS, "password": PHRASE}).status_code == 303


def test_without_a_provider_its_pages_are_not_there(client: FlaskClient) -> None:
    for address in ("/sign-in/provider", "/sign-in/provider/back"):
        assert client.get(address).status_code == 404
    assert "/sign-in/provider" not in client.get("/sign-in").text
