"""The pages that links in mails lead to. To look at one changes nothing; its button does.

So a scanner that follows every link of a mail does no harm. A link says by itself whom it is about
and what it may do: nobody signs in, no cookie is set, and nothing depends on where a form was sent
from, for mail programs send one too (RFC 8058).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, make_response, request, url_for

from service.context import Context
from service.domain.notifications.recipient import Consent, Recipient
from service.http.app_context import app_context
from service.mail.link_keys import LinkError, LinkKeys, LinkPurpose
from service.mail.mailer import STOP_ALL, STOP_ONE
from service.mail.safe_text import isolate_direction, one_line
from service.messages.words import Words, words
from service.use_cases import mail_links
from service.use_cases.mail_links import (
    ConfirmLink,
    GoneLinkError,
    JudgeLink,
    StopLink,
    open_link_keys,
)
from service.web import render
from service.web.pages import web
from service.web.words import asked_for, language_of

_MAX_TITLE_LENGTH = 160


@dataclass(frozen=True)
class Button:
    """A button that sends ``name`` to ``action``."""

    label: str
    action: str
    name: str = "go"
    main: bool = True


@web.get("/confirm/<token>")
def ask(token: str) -> Response:
    """Ask whether an address wants mails about a pilot."""
    try:
        question = mail_links.read_confirm_link(*_link(token))
    except LinkError as error:
        return _dead_link_page(error)
    if question.state is not Consent.PENDING:
        return _confirm_page(question)
    t, names = _recipient_words(question.recipient), _confirm_values(question)
    here = request.path
    yes = Button(t("letter.confirm.yes"), here, "yes")
    never = Button(t("letter.confirm.never"), here, "never", main=False)
    return _page(
        t, t("letter.confirm.title", **names), [t("letter.confirm.lead", **names)], [yes, never]
    )


@web.post("/confirm/<token>")
def confirm(token: str) -> Response:
    """Take the answer: mails from now on, or never any."""
    answer = mail_links.refuse_mails if "never" in request.form else mail_links.accept_mails
    try:
        return _confirm_page(answer(*_link(token)))
    except LinkError as error:
        return _dead_link_page(error)


@web.get("/u/<token>")
def ask_read_stop(token: str) -> Response:
    """Ask whether mails shall stop."""
    try:
        found = mail_links.read_stop_link(*_link(token))
    except GoneLinkError as error:
        return _dead_link_page(error, 200)
    except LinkError as error:
        return _dead_link_page(error)
    if (
        found.recipient.consent not in {Consent.CONFIRMED, Consent.PENDING}
        and found.scope == STOP_ONE
    ):
        return _stop_page(found)
    t = _recipient_words(found.recipient)
    buttons = []
    if found.scope == STOP_ONE:
        buttons.append(Button(t("letter.stop.one"), request.path))
    token = open_link_keys(app_context()).sign(LinkPurpose.STOP, found.recipient.id, STOP_ALL)
    every = Button(t("letter.stop.all"), url_for("web.stop", token=token), main=not buttons)
    names = _stop_values(found)
    return _page(
        t, t("letter.stop.title"), [t(_stop_key(found, "letter.stop"), **names)], [*buttons, every]
    )


@web.post("/u/<token>")
def stop(token: str) -> Response:
    """Stop mails at once: a mail program sends this when its reader presses one button."""
    try:
        return _stop_page(mail_links.stop_mails(*_link(token)))
    except GoneLinkError as error:
        return _dead_link_page(error, 200)
    except LinkError as error:
        return _dead_link_page(error)


@web.get("/f/<token>")
def ask_verdict(token: str) -> Response:
    """Show what a reader is about to say of a call."""
    try:
        vote = mail_links.read_judge_link(*_link(token))
    except LinkError as error:
        return _dead_link_page(error)
    if vote.now is vote.opinion:
        return _judge_page(vote)
    t, names = _recipient_words(vote.recipient), _judge_values(vote)
    call = names.pop("call")
    lines = [t("letter.judge.lead", **names)]
    if vote.now is not None:
        lines.append(t("letter.judge.now", verdict=t(f"verdict.is.{vote.now}").lower()))
    button = Button(t(f"judge.{vote.opinion}"), request.path)
    return _page(t, t(f"letter.judge.{vote.opinion}"), lines, [button], call=call)


@web.post("/f/<token>")
def vote(token: str) -> Response:
    """Keep what a reader says of a call, or take it back."""
    back = "back" in request.form
    try:
        return _judge_page(mail_links.judge_by_link(*_link(token), take_back=back))
    except LinkError as error:
        return _dead_link_page(error)


@web.get("/m/<token>")
def sent_mail(token: str) -> Response:
    """Show a mail as it was sent."""
    try:
        html = mail_links.read_mail(*_link(token))
    except LinkError as error:
        return _dead_link_page(error)
    return _hide_from_search(make_response(html))


def _link(token: str) -> tuple[Context, LinkKeys, str]:
    """Return what a link is read with."""
    context = app_context()
    return context, open_link_keys(context), token


def _confirm_page(question: ConfirmLink) -> Response:
    t, names = _recipient_words(question.recipient), _confirm_values(question)
    key = f"letter.answered.{question.state}"
    return _page(t, t(f"{key}.title"), [t(key, **names)])


def _stop_page(found: StopLink) -> Response:
    t = _recipient_words(found.recipient)
    return _page(
        t, t("letter.stopped.title"), [t(_stop_key(found, "letter.stopped"), **_stop_values(found))]
    )


def _judge_page(vote: JudgeLink) -> Response:
    t, names = _recipient_words(vote.recipient), _judge_values(vote)
    if vote.now is None:
        return _page(t, t("letter.taken.title"), [t("letter.taken", **names)])
    again = Button(t("judge.none"), request.path, "back", main=False)
    said = t(f"verdict.is.{vote.now}").lower()
    return _page(t, t("letter.voted.title"), [t("letter.voted", verdict=said, **names)], [again])


def _dead_link_page(error: LinkError, status: int = 0) -> Response:
    """Say why a link does nothing: 404 when it is not ours, 410 when its time is over."""
    t = words(language_of(request))
    what = (
        error.what
        if isinstance(error, GoneLinkError)
        else "expired"
        if error.expired
        else "altered"
    )
    found = status or (410 if error.expired else 404)
    return _page(t, t(f"letter.dead.{what}.title"), [t(f"letter.dead.{what}")], status=found)


def _page(
    t: Words,
    heading: str,
    lines: Sequence[str],
    buttons: Sequence[Button] = (),
    *,
    call: str = "",
    status: int = 200,
) -> Response:
    filled = render.render_page(
        "mail_link.html",
        request,
        language=t.language,
        heading=heading,
        lines=lines,
        buttons=buttons,
        call=call,
    )
    return _hide_from_search(make_response(filled, status))


def _hide_from_search(response: Response) -> Response:
    """Keep a page that belongs to one person out of search engines."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _recipient_words(recipient: Recipient) -> Words:
    return words(asked_for(request) or recipient.language)


def _confirm_values(question: ConfirmLink) -> dict[str, str]:
    title = isolate_direction(one_line(question.pilot.title, _MAX_TITLE_LENGTH))
    return {"pilot": title, "address": isolate_direction(one_line(question.recipient.masked))}


def _stop_key(found: StopLink, key: str) -> str:
    """Return the key of the words on one pilot's mails, or on all."""
    return f"{key}.about.one" if found.scope == STOP_ONE and found.pilot else f"{key}.about.all"


def _stop_values(found: StopLink) -> dict[str, str]:
    title = one_line(found.pilot.title if found.pilot else "", _MAX_TITLE_LENGTH)
    return {
        "pilot": isolate_direction(title),
        "address": isolate_direction(one_line(found.recipient.masked)),
    }


def _judge_values(vote: JudgeLink) -> dict[str, str]:
    language = vote.recipient.language
    title = vote.call.titles.get(language) or next(iter(vote.call.titles.values()), vote.call.id)
    return {
        "call": isolate_direction(
            one_line(title, _MAX_TITLE_LENGTH) or one_line(vote.call.id, _MAX_TITLE_LENGTH)
        ),
        "pilot": isolate_direction(one_line(vote.pilot.title, _MAX_TITLE_LENGTH)),
    }
