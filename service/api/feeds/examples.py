"""The documentation's examples of links to feeds."""

from __future__ import annotations

from datetime import UTC, date, datetime

from service.api.feeds.schemas import NewFeedLink
from service.api.sample import PILOT, dump
from service.domain.notifications.feed_link import FeedKind
from service.use_cases.feeds.links import FeedLinkCard, FeedLinkList, MadeFeedLink

_ADDRESS = f"https://fundscout.example.org/feeds/pilots/{PILOT.id}.atom"
_TOKEN = "feed_" + "x" * 43  # nobody's
_CARD = FeedLinkCard(
    id="0d9a6f6f2f9b4a5f8a3c1e7b5d2c4f10",
    kind=FeedKind.PILOT,
    subject=PILOT.id,
    address=_ADDRESS,
    language="sv",
    label="The team's channel",
    created_at=datetime(2026, 9, 1, 9, 15, tzinfo=UTC),
    used_on=date(2026, 9, 2),
    revoked_at=None,
    made_by="anna@example.org",
    working=True,
)

NEW_FEED_LINK = dump(
    NewFeedLink(kind=FeedKind.PILOT, subject=PILOT.id, language="sv", label="The team's channel")
)
MADE_FEED_LINK = dump(
    MadeFeedLink(
        feed=_CARD.model_copy(update={"used_on": None}),
        token=_TOKEN,
        address=f"{_ADDRESS}?token={_TOKEN}",
    )
)
FEED_LINK_LIST = dump(FeedLinkList(feeds=(_CARD,)))
