"""A digest to a message: subject, HTML, plain text and a calendar of deadlines.

Everything that funders and pilots wrote passes through `service.mail.safe`, and through the
template's escaping in HTML. No address is asked, no picture is loaded, nothing is tracked.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from scrapers.call import Deadline
from service.domain.digest import Digest
from service.mail.calendar import calendar
from service.mail.plain import plain
from service.mail.safe import isolated, line
from service.mail.shown import Links, Reader, Shown, shown
from service.messages import formats
from service.messages.words import Words
from service.untrusted import web_url

_PILOT, _TITLE = 40, 60
"""Letters of a pilot's and a call's title in a subject, of which readers see some 70."""


@dataclass(frozen=True)
class Rendered:
    """A message without its envelope. ``ics`` is empty when no call has a dated deadline."""

    subject: str
    html: str
    text: str
    ics: str


def render(digest: Digest, recipient: Reader, links: Links) -> Rendered:
    """Return the message that tells ``digest`` to ``recipient``.

    Args:
        digest: what to tell.
        recipient: whose language it is told in.
        links: where its buttons lead.
    """
    view = shown(digest, recipient, links)
    title = subject(digest, view)
    return Rendered(
        subject=title,
        html=template("digest.html").render(view=view, subject=title, t=view.t, web_url=web_url),
        text=plain(view),
        ics=calendar(digest, view, links),
    )


def subject(digest: Digest, view: Shown) -> str:
    """Return the subject: how many calls, for whom, and the best of them with its last day."""
    t = view.t
    pilot = isolated(line(view.pilot, _PILOT))
    if not digest.items:
        return t("mail.subject.nothing", pilot=pilot)
    best = digest.items[0]
    card = best.match.call
    title = isolated(line(card.titles.get(t.language) or card.title, _TITLE))
    count = len(digest.items) + len(digest.brief)
    said = t("mail.subject", count=count, pilot=pilot, title=title)
    due = _due(card.next_deadline, t)
    return f"{said} ({due})" if due else said


def _due(deadline: Deadline | None, t: Words) -> str:
    if deadline is None or deadline.at is None:
        return ""
    return t("mail.subject.due", date=formats.day(deadline.local(), t.catalogue, "format.day"))


@cache
def template(name: str) -> Template:
    """Return a template of mails; what it is filled with is escaped."""
    environment = Environment(
        loader=PackageLoader("service.mail"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)
