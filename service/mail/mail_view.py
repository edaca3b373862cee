"""A mail in its reader's words: one digest for each pilot that the reader follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from service.domain.notifications.digest import Digest, DigestItem
from service.domain.notifications.shared_calls import PilotDigest, share_calls
from service.mail.calendar import EventView
from service.mail.digest_view import (
    DigestView,
    LinkView,
    MailLinks,
    MailReader,
    list_links,
    make_digest_view,
    subject_of_call,
)
from service.mail.safe_text import SafeText, SafeWords
from service.messages.words import words


@dataclass(frozen=True)
class MailView:
    """A mail, ready to be shown. An empty text or tuple is not shown.

    ``title`` and ``lead`` stand above all: of a mail about one pilot they are the pilot's, and not
    shown again. ``pilots`` are in the order of the mail.
    """

    language: str
    subject: SafeText
    made_at: datetime
    title: SafeText
    week: SafeText
    lead: SafeText
    pilots: tuple[DigestView, ...]
    sources_lead: SafeText
    sources: tuple[SafeText, ...]
    closing_lines: tuple[SafeText, ...]
    footer_links: tuple[LinkView, ...]
    calendar_name: SafeText
    events: tuple[EventView, ...]

    @property
    def is_several(self) -> bool:
        """Whether it is about more than one pilot."""
        return len(self.pilots) > 1


def make_mail_view(parts: Sequence[tuple[Digest, MailLinks]], reader: MailReader) -> MailView:
    """Return the digests of a mail in the words of ``reader``, each call once.

    Args:
        parts: the digest of each pilot with its links, at least one, in the order of the mail.
        reader: whose language it is in.
    """
    shown = share_calls([digest for digest, _ in parts])
    views = [
        make_digest_view(part, reader, links) for part, (_, links) in zip(shown, parts, strict=True)
    ]
    t = SafeWords(words(reader.language))
    first, links = views[0], parts[0][1]
    is_several = len(views) > 1
    return MailView(
        language=t.language,
        subject=_several_subject(shown, t) if is_several else first.subject,
        made_at=first.made_at,
        title=t("mail.several.title") if is_several else first.pilot,
        week=first.week,
        lead=_several_lead(shown, t) if is_several else first.lead,
        pilots=tuple(views),
        sources_lead=first.sources_lead,
        sources=tuple(dict.fromkeys(source for view in views for source in view.sources)),
        closing_lines=(
            (t("mail.several.because", pilots=len(views)), t("mail.decides"))
            if is_several
            else first.closing_lines
        ),
        footer_links=(
            list_links(
                (t("mail.browser"), links.browser),
                (t("mail.pause"), links.pause),
                (t("mail.stop.all"), links.unsubscribe_all),
            )
            if is_several
            else first.footer_links
        ),
        calendar_name=first.calendar_name if not is_several else t("mail.several.title"),
        events=tuple(event for view in views for event in view.events),
    )


def _count_calls(shown: Sequence[PilotDigest]) -> int:
    return sum(
        len(one.digest.items)
        + len(one.digest.brief)
        + len(one.digest.ended)
        + len(one.digest.any_subject.items)
        for one in shown
    )


def _several_lead(shown: Sequence[PilotDigest], t: SafeWords) -> SafeText:
    count = _count_calls(shown)
    if not count:
        return t("mail.several.nothing", pilots=len(shown))
    return t("mail.several.lead", count=count, pilots=len(shown))


def _several_subject(shown: Sequence[PilotDigest], t: SafeWords) -> SafeText:
    """Say how many calls, for how many pilots, and the best of them with its last day."""
    count = _count_calls(shown)
    best = _best_item(shown)
    if best is None:
        return _several_lead(shown, t)
    return subject_of_call(
        best.match.call,
        lambda title: t("mail.several.subject", count=count, pilots=len(shown), title=title),
        t,
    )


def _best_item(shown: Sequence[PilotDigest]) -> DigestItem | None:
    items = (item for one in shown for item in one.digest.items)
    return max(items, key=lambda item: item.match.score, default=None)
