"""The pages that links in mails lead to. Opening one changes nothing; its button does.

So a scanner that follows every link of a mail does no harm. A link holds whom it is about and what
it may do: nobody signs in, no cookie is set, and a form may come from anywhere, because mail
programs send one too (RFC 8058).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, make_response, request, url_for

from service.context import Context
from service.domain.notifications.recipient import Consent, Recipient
from service.domain.notifications.week import MAIL_ZONE
from service.errors import InputError
from service.http.app_context import app_context
from service.mail.mailer import STOP_ALL, STOP_ONE
from service.mail.safe_text import isolate_direction, one_line
from service.mail.signed_links import LinkError, LinkKeys, LinkPurpose
from service.messages import facts
from service.messages.notes import from_error
from service.messages.words import Words, words
from service.use_cases import mail_links
from service.use_cases.mail_links import (
    ConfirmLink,
    GoneLinkError,
    JudgeLink,
    PauseLink,
    ReturnLink,
    StopLink,
    open_link_keys,
)
from service.web import render
from service.web.pages import web
from service.web.words import chosen_language, language_of

_MAX_TITLE_LENGTH = 160

GOODBYE_WEEKS = (4,)
"""Weeks of rest that are offered to who has just stopped the mails."""


@dataclass(frozen=True)
class Button:
    """A button that sends ``name`` to ``action``."""

    label: str
    action: str
    name: str = "go"
    main: bool = True
    value: str = "1"


@dataclass(frozen=True)
class PageLink:
    """A link to another page of the same mail."""

    label: str
    url: str


@web.get("/confirm/<token>")
def show_confirm(token: str) -> Response:
    """Ask whether an address wants mails about a pilot."""
    try:
        question = mail_links.read_confirm_link(*_link_arguments(token))
    except LinkError as error:
        return _dead_link_page(error)
    if question.state is not Consent.PENDING:
        return _confirm_result(question)
    t, names = _recipient_words(question.recipient), _confirm_values(question)
    here = request.path
    yes = Button(t("letter.confirm.yes"), here, "yes")
    never = Button(t("letter.confirm.never"), here, "never", main=False)
    return _page(
        t, t("letter.confirm.title", **names), [t("letter.confirm.lead", **names)], [yes, never]
    )


@web.post("/confirm/<token>")
def confirm(token: str) -> Response:
    """Store the answer: mails from now on, or never any."""
    answer = mail_links.refuse_mails if "never" in request.form else mail_links.accept_mails
    try:
        return _confirm_result(answer(*_link_arguments(token)))
    except LinkError as error:
        return _dead_link_page(error)


@web.get("/u/<token>")
def show_stop(token: str) -> Response:
    """Ask whether mails shall stop."""
    try:
        link = mail_links.read_stop_link(*_link_arguments(token))
    except GoneLinkError as error:
        return _dead_link_page(error, 200)
    except LinkError as error:
        return _dead_link_page(error)
    if link.is_stopped:
        return _stop_result(link)
    t = _recipient_words(link.recipient)
    buttons = []
    if link.scope == STOP_ONE:
        buttons.append(Button(t("letter.stop.one"), request.path))
    token = open_link_keys(app_context()).sign(LinkPurpose.STOP, link.recipient.id, STOP_ALL)
    all_mails = Button(t("letter.stop.all"), url_for("web.stop", token=token), main=not buttons)
    names = _stop_values(link)
    return _page(
        t,
        t("letter.stop.title"),
        [t(_stop_key(link, "letter.stop"), **names)],
        [*buttons, all_mails],
        ways=[PageLink(t("letter.pause.link"), url_for("web.show_pause", token=link.pause))],
    )


@web.post("/u/<token>")
def stop(token: str) -> Response:
    """Stop mails at once: a mail program sends this when its reader presses one button."""
    try:
        return _stop_result(mail_links.stop_mails(*_link_arguments(token)))
    except GoneLinkError as error:
        return _dead_link_page(error, 200)
    except LinkError as error:
        return _dead_link_page(error)


@web.get("/back/<token>")
def show_return(token: str) -> Response:
    """Ask whether mails that were stopped shall come again."""
    try:
        link = mail_links.read_return_link(*_link_arguments(token))
    except LinkError as error:
        return _dead_link_page(error)
    if link.came_back:
        return _return_result(link)
    t = _recipient_words(link.recipient)
    buttons = _return_buttons(t, token)
    return _page(t, t("letter.back"), [t("letter.back.lead")], buttons)


@web.post("/back/<token>")
def return_to_mails(token: str) -> Response:
    """Let mails that were stopped come again, at once or after some weeks."""
    try:
        link = mail_links.return_mails(*_link_arguments(token), weeks=_asked_weeks())
    except LinkError as error:
        return _dead_link_page(error)
    except InputError as error:
        return _wrong_weeks(error)
    return _return_result(link)


@web.get("/pause/<token>")
def show_pause(token: str) -> Response:
    """Ask for how long mails shall rest."""
    try:
        link = mail_links.read_pause_link(*_link_arguments(token))
    except LinkError as error:
        return _dead_link_page(error)
    if link.until is not None:
        return _pause_result(link)
    t = _recipient_words(link.recipient)
    return _page(
        t,
        t("letter.pause.title"),
        [t("letter.pause.lead", **_address_value(link.recipient))],
        _pause_buttons(t, request.path),
    )


@web.post("/pause/<token>")
def pause(token: str) -> Response:
    """Let mails rest for some weeks, or come again now."""
    try:
        link = mail_links.pause_mails(*_link_arguments(token), _asked_weeks())
    except LinkError as error:
        return _dead_link_page(error)
    except InputError as error:
        return _wrong_weeks(error)
    return _pause_result(link)


@web.get("/f/<token>")
def show_vote(token: str) -> Response:
    """Ask whether to store a reader's judgement on a call."""
    try:
        vote = mail_links.read_judge_link(*_link_arguments(token))
    except LinkError as error:
        return _dead_link_page(error)
    if all(one.now is vote.opinion for one in vote.all):
        return _vote_result(vote)
    t = _recipient_words(vote.recipient)
    names = _vote_values(vote, t.language)
    call = names.pop("call")
    if vote.others:
        lines = [t("letter.judge.several", pilots=len(vote.all))]
        buttons = [Button(t("letter.judge.all", count=len(vote.all)), request.path)]
        buttons += [
            Button(
                t("letter.judge.one", pilot=_vote_values(one, t.language)["pilot"]),
                request.path,
                "pilot",
                main=False,
                value=one.pilot.id,
            )
            for one in vote.all
        ]
    else:
        lines = [t("letter.judge.lead", **names)]
        buttons = [Button(t(f"judge.{vote.opinion}"), request.path)]
    if vote.now is not None:
        lines.append(t("letter.judge.now", verdict=t(f"verdict.is.{vote.now}").lower()))
    return _page(t, t(f"letter.judge.{vote.opinion}"), lines, buttons, call=call)


@web.post("/f/<token>")
def vote(token: str) -> Response:
    """Store a reader's judgement on a call, or take it back."""
    back = "back" in request.form
    only = request.form.get("back" if back else "pilot", "")
    try:
        return _vote_result(
            mail_links.judge_by_link(*_link_arguments(token), take_back=back, only=only)
        )
    except LinkError as error:
        return _dead_link_page(error)


@web.get("/m/<token>")
def sent_mail(token: str) -> Response:
    """Show a mail as it was sent."""
    try:
        html = mail_links.read_mail(*_link_arguments(token))
    except LinkError as error:
        return _dead_link_page(error)
    return _hide_from_search(make_response(html))


def _link_arguments(token: str) -> tuple[Context, LinkKeys, str]:
    """Return the arguments that every use case of a link takes."""
    context = app_context()
    return context, open_link_keys(context), token


def _confirm_result(question: ConfirmLink) -> Response:
    t, names = _recipient_words(question.recipient), _confirm_values(question)
    key = f"letter.answered.{question.state}"
    return _page(t, t(f"{key}.title"), [t(key, **names)])


def _stop_result(link: StopLink) -> Response:
    """Say good-bye, and show the way back."""
    t = _recipient_words(link.recipient)
    lines = [t(_stop_key(link, "letter.stopped"), **_stop_values(link))]
    if not link.way_back:
        return _page(t, t("letter.stopped.title"), lines)
    return _page(
        t,
        t("letter.stopped.title"),
        [*lines, t("letter.back.lead")],
        _return_buttons(t, link.way_back),
    )


def _return_result(link: ReturnLink) -> Response:
    t = _recipient_words(link.recipient)
    if not link.came_back:
        return _page(t, t("letter.back.late.title"), [t("letter.back.late")])
    names = _address_value(link.recipient)
    return _page(t, t("letter.back.done.title"), [t("letter.back.done", **names)])


def _return_buttons(t: Words, token: str) -> list[Button]:
    action = url_for("web.return_to_mails", token=token)
    back = Button(t("letter.back"), action)
    return [back, *_pause_buttons(t, action, GOODBYE_WEEKS)]


def _pause_result(link: PauseLink) -> Response:
    t, names = _recipient_words(link.recipient), _address_value(link.recipient)
    if link.until is None:
        return _page(t, t("letter.resumed.title"), [t("letter.resumed", **names)])
    day = facts.day(link.until.astimezone(MAIL_ZONE), t)
    again = Button(t("letter.resume"), request.path, "weeks", main=False, value="0")
    return _page(t, t("letter.paused.title"), [t("letter.paused", date=day, **names)], [again])


def _pause_buttons(
    t: Words, action: str, choices: Sequence[int] = mail_links.PAUSE_WEEKS
) -> list[Button]:
    return [
        Button(t("letter.pause.weeks", count=weeks), action, "weeks", main=False, value=str(weeks))
        for weeks in choices
    ]


def _asked_weeks() -> int:
    """Return for how many weeks a form asks; a number that is none asks for too many."""
    asked = request.form.get("weeks", "0")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 3 else -1  # noqa: PLR2004


def _wrong_weeks(error: InputError) -> Response:
    t = words(language_of(request))
    return _page(t, t("letter.pause.title"), [t.say(from_error(error))], status=422)


def _vote_result(vote: JudgeLink) -> Response:
    t = _recipient_words(vote.recipient)
    names: dict[str, str | int] = dict(_vote_values(vote, t.language))
    several = bool(vote.others)
    if several:
        names = {"call": names["call"], "pilots": len(vote.all)}
    if vote.now is None:
        return _page(
            t,
            t("letter.taken.title"),
            [t("letter.taken.several" if several else "letter.taken", **names)],
        )
    value = "1" if several else vote.pilot.id
    again = Button(t("judge.none"), request.path, "back", main=False, value=value)
    verdict = t(f"verdict.is.{vote.now}").lower()
    line = t("letter.voted.several" if several else "letter.voted", verdict=verdict, **names)
    return _page(t, t("letter.voted.title"), [line], [again])


def _dead_link_page(error: LinkError, status: int = 0) -> Response:
    """Explain why a link does nothing: 404 when it is not ours, 410 when its time is over."""
    t = words(chosen_language(request) or error.language or language_of(request))
    what = (
        error.what
        if isinstance(error, GoneLinkError)
        else "expired"
        if error.expired
        else "altered"
    )
    answer = status or (410 if error.expired else 404)
    return _page(t, t(f"letter.dead.{what}.title"), [t(f"letter.dead.{what}")], status=answer)


def _page(
    t: Words,
    heading: str,
    lines: Sequence[str],
    buttons: Sequence[Button] = (),
    *,
    call: str = "",
    ways: Sequence[PageLink] = (),
    status: int = 200,
) -> Response:
    page = render.render_page(
        "mail_link.html",
        request,
        language=t.language,
        heading=heading,
        lines=lines,
        buttons=buttons,
        ways=ways,
        call=call,
    )
    return _hide_from_search(make_response(page, status))


def _hide_from_search(response: Response) -> Response:
    """Keep a page that belongs to one person out of search engines."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _recipient_words(recipient: Recipient) -> Words:
    return words(chosen_language(request) or recipient.language)


def _confirm_values(question: ConfirmLink) -> dict[str, str]:
    title = isolate_direction(one_line(question.pilot.title, _MAX_TITLE_LENGTH))
    return {"pilot": title, "address": isolate_direction(one_line(question.recipient.masked))}


def _stop_key(link: StopLink, key: str) -> str:
    """Return the key of the text about one pilot's mails, or about all."""
    return f"{key}.about.one" if link.scope == STOP_ONE and link.pilot else f"{key}.about.all"


def _stop_values(link: StopLink) -> dict[str, str]:
    title = one_line(link.pilot.title, _MAX_TITLE_LENGTH) if link.pilot else one_line("")
    return {
        "pilot": isolate_direction(title),
        "address": isolate_direction(one_line(link.recipient.masked)),
    }


def _address_value(recipient: Recipient) -> dict[str, str]:
    return {"address": isolate_direction(one_line(recipient.masked))}


def _vote_values(vote: JudgeLink, language: str) -> dict[str, str]:
    title = vote.call.titles.get(language) or next(iter(vote.call.titles.values()), vote.call.id)
    return {
        "call": isolate_direction(
            one_line(title, _MAX_TITLE_LENGTH) or one_line(vote.call.id, _MAX_TITLE_LENGTH)
        ),
        "pilot": isolate_direction(one_line(vote.pilot.title, _MAX_TITLE_LENGTH)),
    }
