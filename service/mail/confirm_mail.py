"""The mail that asks whether an address wants mails: nothing else is sent until it answers.

It names the pilot by nothing: whoever may store a pilot could write to any address in its title or
its id. The page that the link leads to names it.
"""

from __future__ import annotations

from service.mail.digest_view import MailReader
from service.mail.render import RenderedMail, load_template
from service.mail.safe_text import SafeWords
from service.messages.words import words


def render_confirm_mail(reader: MailReader, url: str) -> RenderedMail:
    """Return the mail; ``url`` leads to a page with a button, for a link scanner to do nothing."""
    t = SafeWords(words(reader.language))
    subject = t("mail.confirm.subject")
    lines = [t("mail.confirm.lead"), t("mail.confirm.do"), url, t("mail.confirm.not")]
    return RenderedMail(
        subject=subject,
        html=load_template("confirm.html").render(t=t, subject=subject, lines=lines, url=url),
        text="\n\n".join(lines) + "\n",
        ics="",
    )
