"""A feed that is asked for: the link that opens it, and what its feed is made with."""

from __future__ import annotations

from dataclasses import dataclass

from service.context import Context
from service.domain.matching.match_context import StoredCalls
from service.domain.notifications.feed_link import FeedLink
from service.domain.notifications.selection import CallMark
from service.domain.pilots.pilot import Pilot
from service.feeds.atom import render_atom
from service.feeds.chosen_calls import EventReader, list_feed_calls
from service.feeds.feed_view import FeedCall, FeedHead, make_feed_view
from service.jobs.mail.digest_composer import ChosenCalls, Composer, DigestRecipient
from service.jobs.mail.skipped_digest import SkippedDigest
from service.mail.safe_text import SafeText, SafeWords, one_line
from service.messages.words import words

MOST_CALLS = 100
"""Calls that a feed tells of."""

_LONGEST_NAME = 120


@dataclass(frozen=True)
class FeedRequest:
    """A feed to make: for whoever has ``token``, which opens ``link``."""

    context: Context
    link: FeedLink
    token: str

    @property
    def key(self) -> str:
        """The pilot, funder, area or search that the feed is of."""
        return self.link.subject.key

    @property
    def words(self) -> SafeWords:
        """The words of the feed's language."""
        return SafeWords(words(self.link.language))

    @property
    def public_url(self) -> str:
        """The address of the installation."""
        return self.context.settings.mail.public_url

    def render(
        self, title: SafeText, page: str, calls: list[FeedCall], stored: StoredCalls
    ) -> bytes:
        """Return ``calls`` as Atom; ``page`` is the path that people see the same at."""
        head = FeedHead(
            subject=self.link.subject,
            title=title,
            page=f"{self.public_url}{page}",
            created_at=self.link.created_at,
            public_url=self.public_url,
            token=self.token,
        )
        return render_atom(make_feed_view(head, calls, stored, self.words))


def name_in_title(text: str) -> SafeText:
    """Return the name of a pilot, funder or subject as the title of a feed has it."""
    return one_line(text, _LONGEST_NAME)


def recipient_of(context: Context, pilot: Pilot) -> DigestRecipient:
    """Return somebody who was told nothing of a pilot yet, with the pilot's opinions."""
    opinions = context.feedback.opinions(pilot.id).with_copies(context.links.groups())
    return DigestRecipient.from_pilot(pilot, opinions)


def choose_calls(composer: Composer, recipient: DigestRecipient) -> ChosenCalls:
    """Return what a mail would tell ``recipient``, were it as long as a feed."""
    (chosen,) = composer.choices([recipient], max_calls=MOST_CALLS)
    if isinstance(chosen, SkippedDigest):
        raise chosen.error
    return chosen


def list_events(
    request: FeedRequest, composer: Composer, recipient: DigestRecipient
) -> list[FeedCall]:
    """Return the calls that a mail would tell ``recipient`` of, with every event of them."""
    chosen = choose_calls(composer, recipient)
    applied = {
        call_id: at
        for call_id, at in recipient.marked_at.items()
        if recipient.marks[call_id] is CallMark.APPLIED
    }
    reader = EventReader(
        composer.match_context.calls,
        chosen.versions,
        chosen.moment.now,
        relisted_at=chosen.relisted_at,
        applied_at=applied,
    )
    return list_feed_calls(
        chosen.selection,
        chosen.any_subject,
        reader,
        request.context.links.groups().group,
        request.link.language,
    )
