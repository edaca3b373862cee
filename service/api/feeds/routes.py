"""The routes of links to feeds; the feeds themselves are pages for feed readers."""

from __future__ import annotations

from service.api import problems
from service.api.blueprint import api
from service.api.feeds import examples
from service.api.feeds.schemas import NewFeedLink
from service.http.app_context import app_context
from service.use_cases.feeds import links as use_cases
from service.use_cases.feeds.links import FeedLinkList, MadeFeedLink


@api.get("/api/v1/feeds")
@api.output(FeedLinkList, description="The links.", example=examples.FEED_LINK_LIST)
@api.doc(
    summary="List the links to feeds",
    description=(
        "Those that you have made, to administrators all: the newest first, revoked ones too. "
        "What opens them is not kept."
    ),
    operation_id="listFeedLinks",
    tags=["Feeds"],
    responses=problems.document_problems(e503=problems.DATABASE),
)
def list_feed_links() -> FeedLinkList:
    """Return the links to feeds."""
    return use_cases.list_feed_links(app_context())


@api.post("/api/v1/feeds")
@api.input(NewFeedLink, arg_name="body", example=examples.NEW_FEED_LINK)
@api.output(
    MadeFeedLink,
    status_code=201,
    description="The link, with its token: it is shown this once.",
    example=examples.MADE_FEED_LINK,
)
@api.doc(
    summary="Make a link to a feed",
    description=(
        "Atom of a pilot's calls (`pilot`), of a `funder`, a focus `area` or a `search`, or a "
        "calendar of a pilot's deadlines (`deadlines`). A link opens that one feed for whoever "
        "has it, until it is revoked, or the key or person that made it is."
    ),
    operation_id="addFeedLink",
    tags=["Feeds"],
    responses=problems.document_problems(
        e400=problems.UNREADABLE,
        e404="There is no such pilot, funder or focus area.",
        e409="There are too many links: revoke those not in use.",
        e413=problems.TOO_LARGE,
        e415=problems.NOT_JSON,
        e422=problems.INVALID,
    ),
)
def add_feed_link(body: NewFeedLink) -> tuple[MadeFeedLink, int]:
    """Make a link to a feed."""
    made = use_cases.make_feed_link(app_context(), body.feed, body.language, body.label)
    return made, 201


@api.delete("/api/v1/feeds/<feed_id>")
@api.output(FeedLinkList, description="The links now.", example=examples.FEED_LINK_LIST)
@api.doc(
    summary="Revoke a link to a feed",
    description="It opens nothing from now on; twice changes nothing.",
    operation_id="revokeFeedLink",
    tags=["Feeds"],
    responses=problems.document_problems(e404="There is no such link."),
)
def revoke_feed_link(feed_id: str) -> FeedLinkList:
    """Revoke a link to a feed."""
    use_cases.revoke_feed_link(app_context(), feed_id)
    return use_cases.list_feed_links(app_context())
