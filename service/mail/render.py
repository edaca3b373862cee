"""A digest as a message: subject, HTML, plain text and a calendar of deadlines.

The parts lay out one `MailView`, whose texts are safe; in HTML the template escapes them too.
The mail loads no picture and nothing in it is tracked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from service.domain.notifications.digest import Digest
from service.mail.calendar import render_calendar
from service.mail.digest_view import MailLinks, MailReader
from service.mail.mail_view import MailView, make_mail_view
from service.mail.plain_text import render_plain_text


@dataclass(frozen=True)
class RenderedMail:
    """A message without its envelope. ``ics`` is empty when no call has a dated deadline."""

    subject: str
    html: str
    text: str
    ics: str


def render_digest(digest: Digest, recipient: MailReader, links: MailLinks) -> RenderedMail:
    """Return ``digest`` as a message to ``recipient``.

    Args:
        digest: the calls and the reasons for them.
        recipient: whose language it is in.
        links: where its buttons lead.
    """
    return render_mail([(digest, links)], recipient)


def render_mail(parts: Sequence[tuple[Digest, MailLinks]], recipient: MailReader) -> RenderedMail:
    """Return the digests of somebody who follows several pilots as one message.

    Args:
        parts: the digest of each pilot, with where its buttons lead; at least one.
        recipient: whose language it is in.
    """
    view = make_mail_view(parts, recipient)
    return RenderedMail(
        subject=view.subject,
        html=load_template("digest.html").render(view=view),
        text=render_plain_text(view),
        ics=_render_deadlines(view),
    )


def _render_deadlines(view: MailView) -> str:
    """Return the deadlines of the calls in ``view`` as a calendar; nothing when none has a date."""
    return render_calendar(view.calendar_name, view.events).decode() if view.events else ""


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
