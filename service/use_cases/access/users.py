"""Add, list, change and remove people who sign in."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

from service.context import Context
from service.domain.access.rights import AccountRole
from service.domain.access.user import User, WebSession, name_problem, password_problem
from service.errors import InputError, NotFoundError
from service.use_cases.access.passwords import hash_password


def list_users(context: Context) -> list[User]:
    """Return every person who may sign in, by name."""
    return context.users.all()


def add_user(
    context: Context, name: str, role: AccountRole, password: str = "", identity: str = ""
) -> User:
    """Add a person.

    Args:
        context: the stores.
        name: to sign in by, as a rule a mail address; a provider's people are found by it.
        role: what the person may.
        password: to sign in with; without one only the provider lets the person in.
        identity: what the provider calls the person, if it is known.

    Raises:
        ConflictError: the name is taken.
        InputError: the name or the password cannot be used.
    """
    problem = name_problem(name) or (password_problem(password, name) if password else "")
    if problem:
        raise InputError(problem)
    user = User(
        id=uuid4().hex,
        name=name.strip(),
        role=role,
        created_at=datetime.now(UTC),
        password_hash=hash_password(password) if password else "",
        identity=identity,
    )
    context.users.add(user)
    return user


def find_user(context: Context, name: str) -> User:
    """Return the person with a name.

    Raises:
        NotFoundError: there is none.
    """
    user = context.users.find(name)
    if user is None:
        raise NotFoundError(f"There is no person {name}: see `fundscout users list`.")
    return user


def remove_user(context: Context, name: str) -> User:
    """Remove a person, who is signed out at once; what the person judged stays.

    Raises:
        NotFoundError: there is none.
    """
    user = find_user(context, name)
    context.users.remove(user.id)
    context.pilot_visits.forget(user.principal.owner)
    return user


def set_disabled(context: Context, name: str, *, disabled: bool) -> User:
    """Keep a person out, who is signed out at once, or let the person in again.

    Raises:
        NotFoundError: there is none.
    """
    user = find_user(context, name)
    context.users.change(user.id, disabled_at=datetime.now(UTC) if disabled else None)
    if disabled:
        context.web_sessions.end_all(user.id)
    return find_user(context, name)


def set_role(context: Context, name: str, role: AccountRole) -> User:
    """Give a person another role; it counts from the next request on.

    Raises:
        NotFoundError: there is none.
    """
    context.users.change(find_user(context, name).id, role=role.value)
    return find_user(context, name)


def set_password(context: Context, name: str, password: str) -> User:
    """Give a person another password; all sessions of the person end.

    Raises:
        NotFoundError: there is none.
        InputError: the password cannot be used.
    """
    user = find_user(context, name)
    if problem := password_problem(password, user.name):
        raise InputError(problem)
    context.users.change(user.id, password_hash=hash_password(password))
    context.web_sessions.end_all(user.id)
    return find_user(context, name)


def list_sessions(context: Context, name: str) -> list[WebSession]:
    """Return where a person is signed in, newest first; those whose time is over are left out.

    Raises:
        NotFoundError: there is no such person.
    """
    idle, now = context.settings.access.session_idle, datetime.now(UTC)
    found = context.web_sessions.of_user(find_user(context, name).id)
    return [one for one in found if not one.is_over(now, idle)]


def end_sessions(context: Context, name: str) -> int:
    """Sign a person out everywhere; return of how many sessions.

    Raises:
        NotFoundError: there is no such person.
    """
    count = len(list_sessions(context, name))
    context.web_sessions.end_all(find_user(context, name).id)
    return count
