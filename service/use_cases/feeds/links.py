"""Make, list and revoke the links to feeds; find the one that a token opens."""

from __future__ import annotations

from datetime import UTC, date, datetime

from pydantic import Field, ValidationError

from service.context import Context
from service.domain.access.principal import acting
from service.domain.frozen_model import FrozenModel
from service.domain.notifications.feed_link import (
    MOST_LINKS,
    FeedKind,
    FeedLink,
    FeedSubject,
    SavedSearch,
    make_token,
)
from service.errors import ConflictError, ForbiddenError, InputError, NotFoundError
from service.feeds.addresses import feed_address
from service.messages.catalogue import languages
from service.messages.message import message
from service.store.access.owners import OwnerReader
from service.use_cases.calls import list_funders
from service.use_cases.pilots import get_pilot
from service.use_cases.scan.focus_areas import get_area
from service.use_cases.searches.searches import get_search

LONGEST_LABEL = 100
"""Letters of what a link is called by who made it."""


class FeedLinkCard(FrozenModel):
    """A link to a feed, without what opens it. Whoever made it and administrators see it."""

    id: str = Field(description="Names the link when it is revoked.")
    kind: FeedKind
    subject: str = Field(description="The pilot, funder or focus area; of a search its filters.")
    address: str = Field(description="Where the feed is; the token is not kept.")
    language: str
    label: str
    created_at: datetime
    used_on: date | None = Field(description="The day of its last use; null: never.")
    revoked_at: datetime | None = Field(description="Null while it is not revoked.")
    made_by: str = Field(
        description="The name of the key or person; empty: made on the machine, or removed since."
    )
    working: bool = Field(
        description="Whether it opens the feed: it is not revoked, and whoever made it may still "
        "make such links."
    )


class FeedLinkList(FrozenModel):
    """The links to feeds, the newest first."""

    feeds: tuple[FeedLinkCard, ...]


class MadeFeedLink(FrozenModel):
    """A new link, with the token that opens it: it is shown this once."""

    feed: FeedLinkCard
    token: str = Field(description="Opens this feed and nothing else. Kept as a hash alone.")
    address: str = Field(description="Where the feed is, with the token: for a feed reader.")


def make_feed_link(
    context: Context, subject: FeedSubject, language: str, label: str = ""
) -> MadeFeedLink:
    """Make a link that opens one feed; several for one feed can be revoked one by one.

    Args:
        context: the stores.
        subject: which feed.
        language: of its words: sv or en.
        label: what the link is for, as who makes it calls it.

    Raises:
        NotFoundError: there is no such pilot, funder or focus area.
        InputError: the language is not written, or the label is too long.
        ConflictError: there are too many links.
    """
    check_subject(context, subject)
    if language not in languages():
        raise InputError(f"Feeds are written in {' or '.join(languages())}, not in {language!r}.")
    if len(label) > LONGEST_LABEL:
        raise InputError(f"A label has at most {LONGEST_LABEL} letters.")
    if context.feed_links.count_working() >= MOST_LINKS:
        raise ConflictError(f"There are {MOST_LINKS:,} links to feeds: revoke those not in use.")
    token = make_token()
    link = context.feed_links.add(
        subject, token, language, label.strip(), datetime.now(UTC), owner=acting().owner
    )
    address = feed_address(context.settings.mail.public_url, subject, token)
    return MadeFeedLink(feed=_card(context, link, context.owners()), token=token, address=address)


def check_subject(context: Context, subject: FeedSubject) -> None:
    """Check that there is what a feed is of.

    Raises:
        NotFoundError: there is no such pilot, funder or focus area.
        InputError: it is no search.
    """
    if subject.kind.is_of_pilot:
        get_pilot(context, subject.key)
    elif subject.kind is FeedKind.FUNDER:
        from scrapers.catalogue import all_funders  # noqa: PLC0415  a tenth of a cold start

        if subject.key not in list_funders(context) and subject.key not in all_funders():
            raise NotFoundError(message("problem.funder", id=subject.key))
    elif subject.kind is FeedKind.AREA:
        get_area(context, subject.key)
    elif subject.search_id:
        if not get_search(context, subject.search_id).is_saved:
            raise InputError(message("problem.search.unsaved"))
    else:
        try:
            SavedSearch.model_validate_json(subject.key)
        except ValidationError as error:
            raise InputError("This is no search.") from error


def list_feed_links(context: Context) -> FeedLinkList:
    """Return the links that whoever asks has made, the newest first; administrators see all."""
    links, owners = context.feed_links.all(), context.owners()
    return FeedLinkList(
        feeds=tuple(_card(context, one, owners) for one in links if _is_seen(context, one))
    )


def revoke_feed_link(context: Context, link_id: str) -> FeedLinkCard:
    """Let a link open nothing from now on; twice changes nothing.

    Raises:
        NotFoundError: there is no such link, or it is another's.
    """
    link = context.feed_links.get(link_id)
    if link is None or not _is_seen(context, link):
        raise NotFoundError(message("problem.feed.unknown"))
    context.feed_links.revoke(link_id, datetime.now(UTC))
    return _card(context, context.feed_links.get(link_id) or link, context.owners())


def _is_seen(context: Context, link: FeedLink) -> bool:
    """Whether whoever asks may see a link: it is theirs, and so is the sight of its pilot."""
    pilot_id, search_id = link.subject.pilot_id, link.subject.search_id
    return (
        acting().owns(link.owner)
        and (not pilot_id or context.pilots.get(pilot_id) is not None)
        and (not search_id or context.searches.get(search_id) is not None)
    )


def _works(context: Context, link: FeedLink, owners: OwnerReader) -> bool:
    """Whether a link is not revoked, and whoever made it may still have it open."""
    pilot = context.pilots.get(link.subject.pilot_id) if link.subject.pilot_id else None
    return link.revoked_at is None and owners.may_open(link.owner, pilot)


def open_feed_link(context: Context, subject: FeedSubject, token: str) -> FeedLink:
    """Return the link that ``token`` opens, if it is one to the feed of ``subject``.

    Raises:
        ForbiddenError: the token is missing, unknown, revoked, or opens another feed, or whoever
            made the link may not have it open any more.
    """
    link = context.feed_links.find(token) if token else None
    if link is None:
        raise ForbiddenError(message("problem.feed.closed"))
    if link.revoked_at is not None:
        raise ForbiddenError(message("problem.feed.revoked"))
    if link.subject != subject:
        raise ForbiddenError(message("problem.feed.other"))
    if not _works(context, link, context.owners()):
        raise ForbiddenError(message("problem.feed.owner"))
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    if link.used_on is None or link.used_on < today:
        context.feed_links.note_use(link.id, today)
    return link


def _card(context: Context, link: FeedLink, owners: OwnerReader) -> FeedLinkCard:
    address = feed_address(context.settings.mail.public_url, link.subject)
    is_search = link.subject.kind is FeedKind.SEARCH and not link.subject.search_id
    return FeedLinkCard(
        id=link.id,
        kind=link.subject.kind,
        subject=address.partition("?")[2] if is_search else link.subject.key,
        address=address,
        language=link.language,
        label=link.label,
        created_at=link.created_at,
        used_on=link.used_on.date() if link.used_on else None,
        revoked_at=link.revoked_at,
        made_by=owners.name_of(link.owner),
        working=_works(context, link, owners),
    )
