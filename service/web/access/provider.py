"""Sign in with an OpenID Connect provider: to it, and back with whom it vouches for.

Authlib does the protocol: the provider's metadata and keys, state, nonce and PKCE. They are kept in
a cookie of their own, signed by the installation's key, until the person is back.
"""

from __future__ import annotations

from typing import Any, Final

from flask import Flask, current_app, request, session
from flask.typing import ResponseReturnValue

from service import telemetry
from service.context import Context
from service.errors import NotFoundError, UnauthorizedError
from service.http.access.authentication import needs_https
from service.http.app_context import app_context
from service.messages.message import message
from service.use_cases.access.sign_in import ProviderPerson, sign_in_by_provider
from service.use_cases.mail_links import open_link_keys
from service.web.access.sign_in import lead_on, own_path, sign_in_page
from service.web.pages import web

_EXTENSION: Final = "fundscout.provider"
_COOKIE: Final = "fundscout_provider"
_TIMEOUT: Final = 5.0
"""Seconds that the provider has for an answer."""

_BASIC, _POST = "client_secret_basic", "client_secret_post"


def connect_provider(app: Flask, context: Context) -> None:
    """Let ``app`` ask the provider of the settings, if there is one; it is first asked later."""
    provider = context.settings.access.provider
    if provider is None:
        return
    from authlib.integrations.flask_client import OAuth  # noqa: PLC0415  few have a provider

    app.secret_key = open_link_keys(context).mark("sign in with a provider", length=64)
    app.config.update(
        SESSION_COOKIE_NAME=_COOKIE,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=context.settings.mail.public_url.startswith("https://"),
    )
    issuer = provider.issuer.rstrip("/")
    app.extensions[_EXTENSION] = OAuth(app).register(
        "provider",
        client_id=provider.client,
        client_secret=provider.read_secret(),
        server_metadata_url=f"{issuer}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid email",
            "code_challenge_method": "S256",
            "default_timeout": _TIMEOUT,
        },
    )


@web.get("/sign-in/provider")
def ask_provider() -> ResponseReturnValue:
    """Lead a person to the provider."""
    client = _client()
    if needs_https(request):
        return sign_in_page(request, message("problem.sign_in.https"), status=422)
    session["next"] = own_path(request.args.get("next", ""))
    try:
        answer: ResponseReturnValue = client.authorize_redirect(_way_back())
    except _failures() as error:
        return _failed(error)
    return answer


@web.get("/sign-in/provider/back")
def answer_of_provider() -> ResponseReturnValue:
    """Sign in the person whom the provider sent back."""
    client, next_ = _client(), own_path(session.pop("next", ""))
    try:
        person = _read_person(client)
    except _failures() as error:
        return _failed(error)
    finally:
        session.clear()
    try:
        return lead_on(sign_in_by_provider(app_context(), person), next_)
    except UnauthorizedError as error:
        return sign_in_page(request, error.message, next_, status=403)


def _failures() -> tuple[type[Exception], ...]:
    """Return what goes wrong when the provider cannot be asked, or its answer is not sound."""
    from authlib.common.errors import AuthlibBaseError  # noqa: PLC0415  as in `connect_provider`
    from joserfc.errors import JoseError  # noqa: PLC0415  the same

    return (AuthlibBaseError, JoseError, OSError, ValueError, RuntimeError, KeyError, TypeError)


def _read_person(client: Any) -> ProviderPerson:
    """Return whom the provider vouches for by the code that the browser has brought.

    Many providers put no address into the token: they are asked for it with the token's access.
    """
    provider = app_context().settings.access.provider
    issuer = _issuer(client)
    wanted = {"iss": {"values": [issuer]}, "aud": {"values": [client.client_id]}}
    _choose_authentication(client)
    token = client.authorize_access_token(claims_options=wanted)
    claims = dict(token["userinfo"])
    subject = str(claims["sub"])
    if not claims.get("email") and client.server_metadata.get("userinfo_endpoint"):
        more = dict(client.userinfo(token=token))
        if str(more.get("sub")) != subject:
            raise ValueError("The provider answers with another person.")
        claims |= more
    return ProviderPerson(provider.issuer if provider else "", subject, _checked_address(claims))


def _issuer(client: Any) -> str:
    """Return what the provider calls itself: the setting, but for a slash at the end."""
    provider = app_context().settings.access.provider
    issuer = str(client.load_server_metadata()["issuer"])
    if provider is None or issuer.rstrip("/") != provider.issuer.rstrip("/"):
        raise ValueError("The provider calls itself by another name.")
    return issuer


def _choose_authentication(client: Any) -> None:
    """Send the client's secret in the way that the provider takes, where it takes one alone."""
    ways = client.server_metadata.get("token_endpoint_auth_methods_supported") or [_BASIC]
    if _BASIC not in ways and _POST in ways:
        client.client_kwargs["token_endpoint_auth_method"] = _POST


def _checked_address(claims: dict[str, Any]) -> str:
    """Return the address that the provider has checked; one that it has not says nothing.

    Some providers write the truth value as a word.
    """
    is_checked = str(claims.get("email_verified", "")).lower() == "true"
    return str(claims.get("email") or "") if is_checked else ""


def _client() -> Any:
    client = current_app.extensions.get(_EXTENSION)
    if client is None:
        raise NotFoundError(message("problem.sign_in.provider.none"))
    return client


def _way_back() -> str:
    """Return where the provider sends people back: at the public address, if one is set."""
    mail = app_context().settings.mail
    path = current_app.url_for("web.answer_of_provider")
    base = mail.public_url if mail.public_url_given else request.host_url.rstrip("/")
    return f"{base}{path}"


def _failed(error: Exception) -> ResponseReturnValue:
    telemetry.warn("signing in with the provider failed", reason=type(error).__name__)
    return sign_in_page(request, message("problem.sign_in.provider"), status=502)
