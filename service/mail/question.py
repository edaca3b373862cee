"""The mail that asks whether an address wants mails: nothing else is sent until it answers."""

from __future__ import annotations

from service.mail.render import Rendered, template
from service.mail.safe import isolated, line
from service.mail.shown import Reader
from service.messages.words import words

_TITLE = 120


def question(pilot_title: str, reader: Reader, url: str) -> Rendered:
    """Return the mail; ``url`` leads to a page with a button, for a link scanner to do nothing."""
    t = words(reader.language)
    pilot = isolated(line(pilot_title, _TITLE))
    subject = t("mail.confirm.subject", pilot=pilot)
    lines = [t("mail.confirm.lead", pilot=pilot), t("mail.confirm.do"), url, t("mail.confirm.not")]
    return Rendered(
        subject=subject,
        html=template("confirm.html").render(t=t, subject=subject, lines=lines, url=url),
        text="\n\n".join(lines) + "\n",
        ics="",
    )
