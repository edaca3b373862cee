"""A feed in one reader's words: everything that funders and pilots wrote is made safe here, once.

An entry is one event of one call and says what was true then, so that a reader finds it unchanged
as long as its instant is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import quote, urlencode

from service.domain.calls.main_deadline import main_deadline
from service.domain.calls.stored.call_reader import read_ahead
from service.domain.matching.call_card import CallCard, make_card
from service.domain.matching.fit import Fit
from service.domain.matching.match_context import StoredCalls
from service.domain.notifications.events import EventReason
from service.domain.notifications.feed_link import FeedSubject
from service.domain.notifications.timeline import TimedEvent
from service.feeds.addresses import feed_address, short_hash, tag_uri
from service.mail.digest_view import byline, fit_word, title_of
from service.mail.safe_text import SafeLink, SafeText, SafeWords, fill, join, one_line, safe_link
from service.messages import facts

MOST_ENTRIES = 50
"""Entries of a feed, the newest."""

_LONGEST_TITLE, _LONGEST_SENTENCE = 160, 300


@dataclass(frozen=True)
class FeedCall:
    """A call that belongs in a feed, with its events; ``similar`` are titles told beside it.

    ``fit`` says how well it fits, where the feed is of a text; ``any_subject``: it is there
    because it is open to any.
    """

    call_id: str
    events: tuple[TimedEvent, ...]
    fit: Fit | None = None
    any_subject: bool = False
    similar: tuple[str, ...] = ()


@dataclass(frozen=True)
class FeedEntry:
    """One event of a call, ready to be shown; ``lines`` are paragraphs of plain text."""

    id: str
    reason: EventReason
    title: SafeText
    at: datetime
    lines: tuple[SafeText, ...]
    page: SafeLink
    funder_page: SafeLink
    link_label: SafeText


@dataclass(frozen=True)
class FeedView:
    """A feed, ready to be written. ``address`` opens it, ``page`` is what people see of it."""

    id: str
    language: str
    title: SafeText
    subtitle: SafeText
    updated: datetime
    address: str
    page: str
    entries: tuple[FeedEntry, ...]


@dataclass(frozen=True)
class FeedHead:
    """What a feed is: its subject, name and page, and since when there is such a link."""

    subject: FeedSubject
    title: SafeText
    page: str
    created_at: datetime
    public_url: str
    token: str


def make_feed_view(
    head: FeedHead, calls: Iterable[FeedCall], stored: StoredCalls, t: SafeWords
) -> FeedView:
    """Return the newest events of ``calls`` as a feed.

    Args:
        head: what the feed is.
        calls: that belong in it.
        stored: what cards are made of.
        t: the reader's words.
    """
    pairs = [(call, timed) for call in calls for timed in call.events]
    pairs.sort(key=lambda pair: (pair[1].at, pair[1].event.key), reverse=True)
    shown = pairs[:MOST_ENTRIES]
    read_ahead(stored.calls, {call.call_id for call, _ in shown})
    stored.modified.fetch([call.call_id for call, _ in shown])
    entries = tuple(_make_entry(head, call, timed, stored, t) for call, timed in shown)
    # the instant is that of the newest event, so an unchanged feed is the same to the byte
    updated = max((entry.at for entry in entries), default=head.created_at)
    return FeedView(
        id=_tag(head),
        language=t.language,
        title=head.title,
        subtitle=t("feed.subtitle"),
        updated=updated,
        address=feed_address(head.public_url, head.subject, head.token),
        page=head.page,
        entries=entries,
    )


def call_page(public_url: str, call_id: str, language: str) -> str:
    """Return the page of a call in a reader's language."""
    return f"{public_url}/calls/{quote(call_id, safe='/:')}?{urlencode({'lang': language})}"


def _tag(head: FeedHead, *parts: str) -> str:
    subject = head.subject
    return tag_uri(head.public_url, subject.kind.value, short_hash(subject.key), *parts)


def _make_entry(
    head: FeedHead, call: FeedCall, timed: TimedEvent, stored: StoredCalls, t: SafeWords
) -> FeedEntry:
    card = make_card(replace(stored, now=min(timed.at, stored.now)), timed.call, t.language)
    reason = timed.event.reason
    return FeedEntry(
        id=_tag(head, short_hash(timed.event.key)),
        reason=reason,
        title=fill("{}: {}", t(f"mail.tag.{reason}"), title_of(card, t)),
        at=timed.at,
        lines=tuple(line for line in _lines(call, timed, card, t) if line),
        page=safe_link(call_page(head.public_url, card.id, t.language)),
        funder_page=safe_link(card.url),
        link_label=t("funder.page"),
    )


def _lines(call: FeedCall, timed: TimedEvent, card: CallCard, t: SafeWords) -> Sequence[SafeText]:
    due = main_deadline(card)
    written = one_line(facts.deadline(due, t.words), _LONGEST_SENTENCE)
    zone = one_line(due.zone) if due is not None and due.at is not None else one_line("")
    amount = one_line("; ".join(facts.funding(card.funding, t.words)), _LONGEST_SENTENCE)
    return (
        join(" · ", byline(card, t)),
        fit_word(call.fit, t) if call.fit else one_line(""),
        t("mail.any") if call.any_subject else one_line(""),
        *(
            one_line(change.sentence.in_(t.language), _LONGEST_SENTENCE)
            for change in timed.event.changes
        ),
        fill("{}: {}", t("mail.due"), fill("{} ({})", written, zone) if zone else written),
        fill("{}: {}", t("amount"), amount or t("amount.unknown")),
        *(t("feed.similar", title=one_line(title, _LONGEST_TITLE)) for title in call.similar),
    )
