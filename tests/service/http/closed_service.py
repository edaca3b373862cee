"""A service that asks who comes: keys of each scope, people of each role, and clients as them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from service.app import create_app
from service.context import Context
from service.domain.access.api_key import hash_secret
from service.domain.access.rights import AccountRole, Scope
from service.domain.access.user import User
from service.use_cases.access import sign_in
from service.use_cases.access.keys import NewKey, add_key
from service.use_cases.access.users import add_user
from tests.service import sample_calls

PHRASE = "correct horse battery"


@dataclass
class ClosedService:
    """The application, and who may come in; ``keys`` by scope, ``people`` by role."""

    context: Context
    app: Flask
    keys: dict[str, NewKey] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)

    def visitor(self) -> FlaskClient:
        return self.app.test_client()

    def with_key(self, text: str) -> FlaskClient:
        client = self.app.test_client()
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {text}"
        return client

    def with_scope(self, scope: str) -> FlaskClient:
        return self.with_key(self.keys[scope].text)

    def as_person(self, user: User) -> FlaskClient:
        """Return a browser in which a person is signed in, without the time that a hash takes."""
        client = self.app.test_client()
        client.set_cookie("fundscout", sign_in._open_session(self.context, user).token)
        return client

    def with_role(self, role: str) -> FlaskClient:
        return self.as_person(self.people[role])

    def token(self, client: FlaskClient) -> str:
        cookie = client.get_cookie("fundscout")
        assert cookie is not None
        assert self.context.web_sessions.get(hash_secret(cookie.value)) is not None
        return str(cookie.value)


def close(context: Context) -> ClosedService:
    """Give a store a key of each scope and a person of each role, and open its application."""
    made = ClosedService(context, create_app(context))
    for scope in Scope:
        made.keys[scope.value] = add_key(context, f"the {scope.value} tool", scope, None)
    for role in AccountRole:
        made.people[role.value] = add_user(context, f"{role.value}@example.org", role)
    return made


def open_copy(data: Path, **environment: str) -> Context:
    """Open a copy of the sample data with other settings."""
    return sample_calls.open_context(data, **environment)
