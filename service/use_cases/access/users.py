"""Add, list, change and remove people who sign in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from service.context import Context
from service.domain.access.rights import RIGHTS_OF, AccountRole, Right
from service.domain.access.user import User, WebSession, name_problem, password_problem
from service.errors import InputError, NotFoundError
from service.messages.message import message
from service.use_cases.access.opened_feeds import OpenedFeeds, close_opened, list_opened
from service.use_cases.access.passwords import hash_password


@dataclass(frozen=True)
class RemovedUser:
    """A person who was removed, and the ``feeds`` and webhooks that ended too or were kept."""

    user: User
    feeds: OpenedFeeds


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
    problem = name_problem(name) or (password_problem(password, name) if password else None)
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


def get_user(context: Context, user_id: str) -> User:
    """Return the person with an id.

    Raises:
        NotFoundError: there is none.
    """
    user = context.users.get(user_id)
    if user is None:
        raise NotFoundError(message("problem.person"))
    return user


def remove_user(context: Context, name: str, *, keep_feeds: bool = False) -> RemovedUser:
    """Remove a person, who is signed out at once; what the person judged stays.

    Links to feeds and webhooks that the person has made end. Searches that the person saved and
    shared stay; the others go.

    Args:
        context: the stores.
        name: the person.
        keep_feeds: give these to whoever asks instead of ending them.

    Raises:
        NotFoundError: there is none.
    """
    user = find_user(context, name)
    feeds = close_opened(context, user.principal.owner, keep=keep_feeds)
    context.users.remove(user.id)
    context.pilot_visits.forget(user.principal.owner)
    for search in context.searches.of_owner(user.principal.owner):
        if search.private or not search.is_saved:
            context.searches.remove(search.id)
    return RemovedUser(user, feeds)


def set_disabled(context: Context, name: str, *, disabled: bool, keep_feeds: bool = False) -> User:
    """Keep a person out, who is signed out at once, or let the person in again.

    Meanwhile links to feeds and webhooks of the person rest: see `list_resting`.

    Args:
        context: the stores.
        name: the person.
        disabled: whether to keep the person out.
        keep_feeds: give these to whoever asks, so that they work on.

    Raises:
        NotFoundError: there is none.
    """
    user = find_user(context, name)
    if keep_feeds and disabled:
        close_opened(context, user.principal.owner, keep=True)
    context.users.change(user.id, disabled_at=datetime.now(UTC) if disabled else None)
    if disabled:
        context.web_sessions.end_all(user.id)
    return find_user(context, name)


def set_role(context: Context, name: str, role: AccountRole, *, keep_feeds: bool = False) -> User:
    """Give a person another role; it counts from the next request on.

    What the person may make no longer rests, if the person has made it: see `list_resting`.

    Args:
        context: the stores.
        name: the person.
        role: what the person may from now on.
        keep_feeds: give links to feeds and webhooks to whoever asks, so that they work on.

    Raises:
        NotFoundError: there is none.
    """
    user = find_user(context, name)
    if keep_feeds and Right.WRITE not in RIGHTS_OF[role]:
        close_opened(context, user.principal.owner, keep=True)
    context.users.change(user.id, role=role.value)
    return find_user(context, name)


def list_resting(context: Context, user: User) -> OpenedFeeds:
    """Return the links to feeds and the webhooks of a person that do not work now.

    They work again when the person is let in and may make them again.
    """
    opened, owners = list_opened(context, user.principal.owner), context.owners()

    def rests(pilot_id: str) -> bool:
        pilot = context.pilots.get(pilot_id) if pilot_id else None
        return not owners.may_open(user.principal.owner, pilot)

    return OpenedFeeds(
        tuple(one for one in opened.links if rests(one.subject.pilot_id)),
        tuple(one for one in opened.webhooks if rests(one.pilot_id)),
    )


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
