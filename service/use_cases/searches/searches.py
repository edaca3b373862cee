"""Keep, open, list, save, share and delete searches."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from service.context import Context
from service.domain.access.principal import acting
from service.domain.access.rights import Right
from service.domain.notifications.feed_link import FeedKind
from service.domain.pilots.stored_search import (
    LONGEST_NAME,
    SearchQuery,
    StoredSearch,
    make_search_id,
)
from service.errors import ForbiddenError, InputError, UnknownSearchError
from service.messages.message import Message, message
from service.messages.sentence import Sentence
from service.use_cases.match import check_text


def keep_search(
    context: Context,
    text: str,
    query: SearchQuery | None = None,
    *,
    name: str = "",
    notes: Iterable[Message] = (),
    shared: bool = False,
) -> StoredSearch:
    """Give a search an address of its own; with a name it is saved.

    Args:
        context: the stores.
        text: what to search with.
        query: the reader's choices as parameters of an address.
        name: what to save it under; without one it is kept for a while only.
        notes: how the text was read from a file.
        shared: let colleagues see it at once.

    Raises:
        InputError: the text or the name cannot be used.
    """
    check_text(text)
    now, owner = datetime.now(UTC), acting().owner
    search = StoredSearch(
        id=make_search_id(),
        text=text,
        name=_checked_name(name) if name else "",
        query=query or {},
        notes=tuple(Sentence.of(note) for note in notes),
        owner=owner,
        private=bool(owner) and not shared,
        by_visitor=not acting().may(Right.READ),
        created_at=now,
        saved_at=now if name else None,
    )
    context.searches.add(search)
    return search


def get_search(context: Context, search_id: str) -> StoredSearch:
    """Return the search at an address.

    Raises:
        UnknownSearchError: there is none, its time is over, or it is another's alone.
    """
    search = context.searches.get(search_id)
    if search is None or _is_over(context, search):
        raise UnknownSearchError(search_id, context.settings.keep_searches_days)
    return search


def list_searches(context: Context) -> list[StoredSearch]:
    """Return the saved searches that whoever asks may see, the newest first."""
    return context.searches.saved()


def save_search(
    context: Context, search_id: str, name: str, query: SearchQuery | None = None
) -> StoredSearch:
    """Keep a search under a name, with the choices of now; also renames one that is saved.

    Args:
        context: the stores.
        search_id: the search.
        name: of at least one letter.
        query: the choices that it has from now on; None leaves them.

    Raises:
        UnknownSearchError: there is none.
        InputError: the name is empty or too long.
        ForbiddenError: it is somebody else's.
    """
    search, name = _own_search(context, search_id), _checked_name(name)
    values: dict[str, object] = {"name": name, "by_visitor": False}
    if not search.owner and acting().owner:
        values["owner"] = acting().owner  # whoever saves what nobody owns has it from now on
    if query is not None:
        values["query"] = {key: list(own) for key, own in query.items()}
    if not search.is_saved:
        values["saved_at"] = datetime.now(UTC)
    context.searches.change(search_id, **values)
    return get_search(context, search_id)


def share_search(context: Context, search_id: str, *, shared: bool) -> StoredSearch:
    """Let everybody who may read pilots open a search, or its owner alone.

    When it is shared no more, its links to feeds are revoked.

    Raises:
        UnknownSearchError: there is none.
        ForbiddenError: it is somebody else's.
    """
    search = _own_search(context, search_id)
    context.searches.change(search_id, private=not shared and bool(search.owner))
    if not shared:
        _close_feeds(context, search_id)
    return get_search(context, search_id)


def delete_search(context: Context, search_id: str) -> None:
    """Delete a search with its text; its links to feeds open nothing any more.

    Raises:
        UnknownSearchError: there is none.
        ForbiddenError: it is somebody else's.
    """
    _own_search(context, search_id)
    _close_feeds(context, search_id)
    context.searches.remove(search_id)
    context.persons.scrub()


def _own_search(context: Context, search_id: str) -> StoredSearch:
    search = get_search(context, search_id)
    if not search.is_of(acting()):
        raise ForbiddenError(message("problem.search.owner"))
    return search


def _is_over(context: Context, search: StoredSearch) -> bool:
    """Whether the time of a search is over, though no job has removed it yet."""
    if search.is_saved:
        return False
    kept = timedelta(days=context.settings.keep_searches_days)
    return search.created_at + kept <= datetime.now(UTC)


def _checked_name(name: str) -> str:
    wanted = " ".join(name.split())
    if not wanted or len(wanted) > LONGEST_NAME:
        raise InputError(message("problem.search.name", count=LONGEST_NAME))
    return wanted


def _close_feeds(context: Context, search_id: str) -> None:
    now = datetime.now(UTC)
    for link in context.feed_links.all():
        if link.subject.kind is FeedKind.SEARCH and link.subject.key == search_id:
            context.feed_links.revoke(link.id, now)
