"""The guard before every route: it lets a request through, or says what is missing."""

from __future__ import annotations

from typing import Final

from flask import Flask, Request, g, request

from service.domain.access.principal import OPERATOR, VISITOR, Principal, act_as, acting
from service.domain.access.rights import Right
from service.errors import ForbiddenError, ServiceError, UnauthorizedError
from service.http.access.authentication import (
    KEY_HEADER,
    identify,
    is_cross_site,
    is_local,
    sent_key,
)
from service.http.access.hosts import check_host
from service.http.access.rate_limits import limit_rates
from service.http.access.route_rights import ROUTE_RIGHTS
from service.http.app_context import app_context
from service.messages.message import message

CHALLENGE: Final = 'Bearer realm="fundscout"'
"""What a 401 asks for; a key may come in the header X-API-Key too."""

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_CHANGES = frozenset({Right.WRITE, Right.ADMIN})
_SIGNING = frozenset({"web.send_sign_in", "web.sign_out_here"})
_FILE_FORMS = frozenset({"api.read_file", "api.match_file"})
"""Routes of the API that take forms, which a page of another site can send without asking."""

_SEARCHES = frozenset({"web.search", "web.delete_search"})
"""Pages that make or delete a search, which has no other right than to search."""

_SAME_FOR_ALL = frozenset({"static", "openapi.spec", "api.healthz"})
"""Routes that are the same for everybody and never ask the database who that is."""


def guard_routes(app: Flask) -> None:
    """Let every request of ``app`` pass the guard: who sends it, how many came, may it come in."""
    app.before_request(identify_caller)
    limit_rates(app)
    app.before_request(check_access)
    app.teardown_request(_forget)


def identify_caller() -> None:
    """Find out who sends the request, and let it act as that from here on.

    Raises:
        UntrustedHostError: it calls this service by a name that nobody has set.
    """
    g.refused = None
    act_as(VISITOR)
    context = app_context()
    check_host(request, context.settings)
    right = ROUTE_RIGHTS.get(request.endpoint or "", Right.OPEN)
    if request.endpoint in _SAME_FOR_ALL or right is Right.LINK:
        return
    try:
        act_as(identify(context, request))
    except UnauthorizedError as error:
        g.refused = error  # it is counted first
    except ServiceError:
        if right is not Right.OPEN:
            raise


def check_access() -> None:
    """Check that whoever sends the request may ask for this route.

    Raises:
        UnauthorizedError: nobody knows who sends it, and the route is not open.
        ForbiddenError: who sends it may not do this, or another site's page sent it.
    """
    if g.refused is not None:
        raise g.refused
    if request.endpoint is None:  # there is no such route, or not by this method
        return
    right = ROUTE_RIGHTS.get(request.endpoint)
    if right is None:
        raise ForbiddenError(message("problem.right.unlisted"))
    if right is Right.LINK:
        act_as(OPERATOR)  # what it may do stands in the link, which the route checks
        return
    if _is_for_own_pages(request, right) and is_cross_site(request) and not sent_key(request):
        raise ForbiddenError(message("problem.stranger"))
    if not _may(acting(), right):
        raise _refusal(acting(), right)


def _may(principal: Principal, right: Right) -> bool:
    return principal.may(right) or (right is Right.LOCAL and is_local(request))


def _is_for_own_pages(sent: Request, right: Right) -> bool:
    """Return whether no other site's page may send a request: it changes something, say."""
    if sent.method in _SAFE:
        return False
    return right in _CHANGES or sent.endpoint in _SIGNING | _FILE_FORMS | _SEARCHES


def _refusal(principal: Principal, right: Right) -> ServiceError:
    if not principal.id:
        return UnauthorizedError(message("problem.sign_in.needed", header=KEY_HEADER))
    if not principal.is_person:
        return ForbiddenError(message("problem.right.scope", right=right.value))
    if right is Right.ADMIN:
        return ForbiddenError(message("problem.right.admin"))
    return ForbiddenError(message("problem.right.editor"))


def _forget(_: BaseException | None) -> None:
    """Forget who sent the request: what this thread does next, nobody has asked for."""
    act_as(OPERATOR)
