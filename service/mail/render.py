"""A digest to a message: subject, HTML, plain text and a calendar of deadlines.

Everything that funders and pilots wrote passes through `service.mail.safe_text`, and through the
template's escaping in HTML. No address is asked, no picture is loaded, nothing is tracked.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from scrapers.call import Deadline
from service.domain.notifications.digest import Digest
from service.mail.calendar import render_calendar
from service.mail.digest_view import DigestView, MailLinks, MailReader, make_digest_view
from service.mail.plain_text import render_plain_text
from service.mail.safe_text import isolate_direction, one_line
from service.messages import formats
from service.messages.words import Words
from service.untrusted_text import web_url

_MAX_PILOT_LENGTH, _MAX_TITLE_LENGTH = 40, 60
"""Letters of a pilot's and a call's title in a subject, of which readers see some 70."""


@dataclass(frozen=True)
class RenderedMail:
    """A message without its envelope. ``ics`` is empty when no call has a dated deadline."""

    subject: str
    html: str
    text: str
    ics: str


def render_digest(digest: Digest, recipient: MailReader, links: MailLinks) -> RenderedMail:
    """Return the message that tells ``digest`` to ``recipient``.

    Args:
        digest: what to tell.
        recipient: whose language it is told in.
        links: where its buttons lead.
    """
    view = make_digest_view(digest, recipient, links)
    title = digest_subject(digest, view)
    return RenderedMail(
        subject=title,
        html=load_template("digest.html").render(
            view=view, subject=title, t=view.t, web_url=web_url
        ),
        text=render_plain_text(view),
        ics=render_calendar(digest, view, links),
    )


def digest_subject(digest: Digest, view: DigestView) -> str:
    """Return the subject: how many calls, for whom, and the best of them with its last day."""
    t = view.t
    pilot = isolate_direction(one_line(view.pilot, _MAX_PILOT_LENGTH))
    if not digest.items:
        return t("mail.subject.nothing", pilot=pilot)
    best = digest.items[0]
    card = best.match.call
    title = isolate_direction(
        one_line(card.titles.get(t.language) or card.title, _MAX_TITLE_LENGTH)
    )
    count = len(digest.items) + len(digest.brief)
    said = t("mail.subject", count=count, pilot=pilot, title=title)
    due = _last_day(card.next_deadline, t)
    return f"{said} ({due})" if due else said


def _last_day(deadline: Deadline | None, t: Words) -> str:
    if deadline is None or deadline.at is None:
        return ""
    return t("mail.subject.due", date=formats.day(deadline.local(), t.catalogue, "format.day"))


@cache
def load_template(name: str) -> Template:
    """Return a template of mails; what it is filled with is escaped."""
    environment = Environment(
        loader=PackageLoader("service.mail"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)
