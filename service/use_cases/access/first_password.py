"""Links by which a person chooses a password: an administrator hands one over, and it works once.

A link is signed together with the password of when it was made. So it is of no use any more as
soon as a password is chosen, and nothing is kept of it.
"""

from __future__ import annotations

from service.context import Context
from service.domain.access.user import User
from service.mail.signed_links import LinkError, LinkKeys, LinkPurpose
from service.use_cases.access.users import set_password

_MARK = "password of now"


def make_password_link(context: Context, user: User) -> str:
    """Return the token of a link by which a person chooses a password, once, within three days.

    Raises:
        InputError: the key that links are signed by cannot be read or made.
    """
    keys = _keys(context)
    return keys.sign(LinkPurpose.PASSWORD, user.id, _mark(keys, user))


def read_password_link(context: Context, token: str) -> User:
    """Return the person who may choose a password by a link.

    Raises:
        LinkError: it was altered, has expired or was used, or the person is kept out.
    """
    keys = _keys(context)
    user_id, mark = keys.read(LinkPurpose.PASSWORD, token, 2)
    user = context.users.get(user_id)
    if user is None or user.disabled_at is not None or mark != _mark(keys, user):
        raise LinkError(expired=True)
    return user


def choose_password(context: Context, token: str, password: str) -> User:
    """Give the person of a link a password; the link is of no use any more.

    Raises:
        LinkError: as for `read_password_link`.
        InputError: the password cannot be used.
    """
    return set_password(context, read_password_link(context, token).name, password)


def _mark(keys: LinkKeys, user: User) -> str:
    return keys.mark(_MARK, user.id, user.password_hash)


def _keys(context: Context) -> LinkKeys:
    return LinkKeys.open(context.settings.mail.secret_file)
