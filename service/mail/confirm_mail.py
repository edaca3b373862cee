"""The mail that asks whether an address wants mails: nothing else is sent until it answers."""

from __future__ import annotations

from service.mail.digest_view import MailReader
from service.mail.render import RenderedMail, load_template
from service.mail.safe_text import SafeWords, isolate_direction, one_line
from service.messages.words import words

_MAX_TITLE_LENGTH = 120


def render_confirm_mail(pilot_title: str, reader: MailReader, url: str) -> RenderedMail:
    """Return the mail; ``url`` leads to a page with a button, for a link scanner to do nothing."""
    t = SafeWords(words(reader.language))
    pilot = isolate_direction(one_line(pilot_title, _MAX_TITLE_LENGTH))
    subject = t("mail.confirm.subject", pilot=pilot)
    lines = [t("mail.confirm.lead", pilot=pilot), t("mail.confirm.do"), url, t("mail.confirm.not")]
    return RenderedMail(
        subject=subject,
        html=load_template("confirm.html").render(t=t, subject=subject, lines=lines, url=url),
        text="\n\n".join(lines) + "\n",
        ics="",
    )
