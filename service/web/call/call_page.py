"""The page of one call: what it says, what became of it, and which pilots it concerns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import current_app, make_response, redirect, request
from flask.typing import ResponseReturnValue

from scrapers.call import Call
from service.context import Context
from service.domain.access.principal import acting
from service.domain.access.rights import Right
from service.domain.calls.history import CallVersion
from service.domain.matching.feedback import Opinion
from service.errors import InputError, NotFoundError, UnknownCallError
from service.http.app_context import app_context
from service.messages.notes import from_error
from service.messages.words import words
from service.use_cases.about_call.gone_call import find_gone_call
from service.use_cases.about_call.paid_projects import list_paid_projects
from service.use_cases.about_call.pilots_of_call import list_pilots_of_call
from service.use_cases.about_call.stated_facts import list_stated_facts
from service.use_cases.calls import get_call, get_call_history, get_card
from service.use_cases.feedback import judge_call as store_judgement
from service.use_cases.pilots import list_pilots
from service.web import render
from service.web.call.swedish_time import SwedishTime
from service.web.pages import web
from service.web.words import chosen_language, language_of

VERDICTS = (Opinion.RELEVANT, Opinion.NOT_RELEVANT, Opinion.APPLIED)
"""What can be said of a call: keep, leave out, applied for."""


@dataclass(frozen=True)
class JudgementForm:
    """What somebody says of the call, as it was typed; ``problem`` says what is wrong with it."""

    pilot: str = ""
    by: str = ""
    problem: str = field(default="", compare=False)


@web.get("/calls/<path:call_id>")
def call(call_id: str) -> ResponseReturnValue:
    """Show the whole of one call; of one that is gone, what was known of it."""
    form = JudgementForm(request.args.get("pilot", "")[:100], request.args.get("by", "")[:100])
    return _page(call_id, form)


@web.post("/calls/<path:call_id>/judge")
def judge_call(call_id: str) -> ResponseReturnValue:
    """Store a judgement on the call for a pilot, and show the call as it is then."""
    context, t = app_context(), words(language_of(request))
    verdict, _, of_pilot = request.form.get("judge", "").partition(" ")
    pilot_id = of_pilot or request.form.get("pilot", "").strip()[:100]
    by = request.form.get("by", "").strip()
    try:
        opinion = Opinion(verdict)
    except ValueError:
        return _page(call_id, JudgementForm(pilot_id, by[:100], t("call.judge.which")), 422)
    if not pilot_id:
        return _page(call_id, JudgementForm("", by[:100], t("call.judge.pilot")), 422)
    try:
        store_judgement(context, pilot_id, call_id, opinion, by)
    except UnknownCallError:
        return _page(call_id, JudgementForm(pilot_id, by[:100]))
    except InputError:
        return _page(call_id, JudgementForm(pilot_id, by[:100], t("call.judge.by")), 422)
    except NotFoundError as error:
        return _page(call_id, JudgementForm(pilot_id, by[:100], t.say(from_error(error))), 404)
    chosen = chosen_language(request)
    parts: dict[str, Any] = {"lang": chosen} if chosen else {}
    if by and not acting().is_person:
        parts["by"] = by[:100]
    url = current_app.url_for("web.call", call_id=call_id, **parts)
    return redirect(f"{url}#pilots", 303)


def _page(call_id: str, form: JudgementForm, status: int = 200) -> ResponseReturnValue:
    context, language = app_context(), language_of(request)
    try:
        stored = get_call(context, call_id, language)
    except UnknownCallError:
        return _gone_page(context, call_id)
    texts = dict(sorted(stored.texts.items(), key=lambda item: item[0] != language))
    t = words(language)
    history = get_call_history(context, call_id)
    page = render.render_page(
        "call.html",
        request,
        call=stored,
        card=get_card(context, call_id, language),
        now=context.now(),
        swedish=SwedishTime(t),
        facts=list_stated_facts(context, call_id),
        pilot_titles={pilot.id: pilot.title for pilot in list_pilots(context)},
        who=group_by_quote(stored),
        history=history,
        changes=latest_changes(history.versions),
        paid=list_paid_projects(context, call_id, language),
        around=list_pilots_of_call(context, call_id, language) if _sees_pilots() else None,
        form=form,
        verdicts=VERDICTS,
        attached={
            one.name: one.url for parts in stored.sections.values() for one in parts if one.url
        },
        texts={code: split_by_section(text, stored, code) for code, text in texts.items()},
    )
    return make_response(page, status)


def _gone_page(context: Context, call_id: str) -> ResponseReturnValue:
    """Say that a call is not kept any more, or never was, and what is known of it."""
    gone = find_gone_call(context, call_id)
    page = render.render_page("call_gone.html", request, gone=gone)
    return make_response(page, 410 if gone.last_changed else 404)


def _sees_pilots() -> bool:
    return acting().may(Right.READ)


def latest_changes(versions: tuple[CallVersion, ...]) -> list[CallVersion]:
    """Return the versions that changed something, the latest first."""
    return [version for version in reversed(versions) if version.changes]


def group_by_quote(stored: Call) -> dict[str, list[str]]:
    """Return the applicants that a call names, by the sentence that names them."""
    values: dict[str, list[str]] = {}
    for fact in stored.eligibility:
        values.setdefault(fact.quote, []).append(fact.value)
    return values


def split_by_section(text: str, stored: Call, language: str) -> list[tuple[str, str]]:
    """Cut a call's text into (section name, text); what lies between sections has no name."""
    parts: list[tuple[str, str]] = []
    position = 0
    for section in sorted(stored.sections.get(language, ()), key=lambda s: s.start):
        parts.append(("", text[position : section.start]))
        parts.append((section.name, text[max(position, section.start) : section.end]))
        position = max(position, section.end)
    parts.append(("", text[position:]))
    return [(name, part) for name, part in parts if part.strip()]
