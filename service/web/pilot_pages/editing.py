"""The pages that make a pilot, change it, and put it away."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from flask import current_app, redirect, request
from flask.typing import ResponseReturnValue

from scrapers.award import Award
from service.domain.access.principal import acting
from service.domain.awards.focus_areas import FOCUS_AREAS
from service.domain.calls.applicant_kinds import ApplicantKind
from service.domain.calls.project_stages import ProjectStage
from service.domain.pilots.pilot import Pilot, make_id
from service.errors import ConflictError, InputError, NotFoundError, StaleError
from service.http.app_context import app_context
from service.http.problems import problem_of
from service.http.uploads import read_sent_file, sent_file
from service.messages.message import Message, message
from service.messages.notes import from_error
from service.messages.words import words
from service.use_cases import pilots as use_cases
from service.use_cases.files.read_upload import FileReading
from service.use_cases.overview.award_drafts import find_awards
from service.web import render
from service.web.forms import CURRENCIES
from service.web.pages import web
from service.web.pilot_pages.pilot_form import (
    FormReading,
    TypedPilot,
    empty_form,
    of_award,
    of_form,
    of_pilot,
    read_pilot_form,
)
from service.web.pilot_pages.text_changes import TextChange, compare_texts
from service.web.words import chosen_language, language_of

_KINDS: Final = tuple(kind for kind in ApplicantKind if kind is not ApplicantKind.UNRESTRICTED)
_SAVED_CODE, _WRONG_CODE, _CONFLICT_CODE = 303, 422, 409


@dataclass
class _Shown:
    """What the form shows beside the fields; ``problems`` by field, "" for the whole form."""

    typed: TypedPilot
    problems: dict[str, Message] = field(default_factory=dict)
    number: str = ""
    reading: FileReading | None = None
    awards: list[Award] = field(default_factory=list)
    award: Award | None = None


@web.get("/new-pilot")
def new_pilot() -> ResponseReturnValue:
    """Show the form of a new pilot."""
    return _new_page(_Shown(empty_form()))


@web.post("/new-pilot")
def save_new_pilot() -> ResponseReturnValue:
    """Fill the form from a file or a diary number, or store the pilot that it describes."""
    sent = request.form
    shown = _Shown(of_form(sent), number=sent.get("number", ""))
    if "fetch" in sent:
        return _fill_from_award(shown, sent.get("fetch", ""))
    if "read" in sent or (sent_file(request) is not None and not shown.typed["text"].strip()):
        return _fill_from_file(shown)
    reading = read_pilot_form(shown.typed)
    if reading.problems:
        shown.problems = reading.problems
        return _new_page(shown), _WRONG_CODE
    try:
        stored = use_cases.add_pilot(app_context(), _pilot(reading, private=_is_private(shown)))
    except ConflictError:
        shown.problems = {"title": message("pilot.wrong.same")}
        return _new_page(shown), _CONFLICT_CODE
    return _to_pilot(stored.id, saved="new")


@web.get("/pilots/<pilot_id>/edit")
def edit_pilot(pilot_id: str) -> ResponseReturnValue:
    """Show the form of a stored pilot."""
    stored = use_cases.get_pilot(app_context(), pilot_id)
    return _edit_page(stored, _Shown(of_pilot(stored)))


@web.post("/pilots/<pilot_id>/edit")
def save_pilot(pilot_id: str) -> ResponseReturnValue:
    """Change a pilot, unless somebody else has changed it since the form was opened."""
    context, shown = app_context(), _Shown(of_form(request.form))
    stored = use_cases.get_pilot(context, pilot_id)
    reading = read_pilot_form(shown.typed)
    if reading.problems:
        shown.problems = reading.problems
        return _edit_page(stored, shown, request.form.get("version", "")), _WRONG_CODE
    version = request.form.get("version", "")

    def change(pilot: Pilot) -> Pilot:
        wanted = pilot.model_copy(update=reading.content)
        if pilot.content_etag not in {version, wanted.content_etag}:
            raise StaleError("The pilot has changed since the form was opened.")
        return wanted

    try:
        use_cases.change_pilot(context, pilot_id, change)
    except StaleError:
        return _conflict_page(use_cases.get_pilot(context, pilot_id), shown, reading)
    return _to_pilot(pilot_id, saved="changed")


@web.post("/pilots/<pilot_id>/archive")
def archive_pilot(pilot_id: str) -> ResponseReturnValue:
    """Put a pilot away, or take it back."""
    archived = request.form.get("archived") == "true"
    use_cases.archive_pilot(app_context(), pilot_id, archived=archived)
    return _to_pilot(pilot_id, saved="archived" if archived else "back")


def _fill_from_file(shown: _Shown) -> ResponseReturnValue:
    file = sent_file(request)
    if file is None:
        shown.problems = {"file": message("file.none")}
        return _new_page(shown), _WRONG_CODE
    try:
        shown.reading = read_sent_file(file)
    except InputError as error:
        shown.problems = {"file": from_error(error)}
        return _new_page(shown), _WRONG_CODE
    shown.typed = shown.typed.with_text(shown.reading.title, shown.reading.text)
    return _new_page(shown)


def _fill_from_award(shown: _Shown, award_id: str) -> ResponseReturnValue:
    try:
        shown.awards = find_awards(app_context(), award_id or shown.number)
    except (InputError, NotFoundError) as error:
        shown.problems = {"number": from_error(error)}
        return _new_page(shown), problem_of(error).status
    if len(shown.awards) == 1:
        shown.award = shown.awards.pop()
        shown.typed = of_award(shown.award, language_of(request))
    return _new_page(shown)


def _pilot(reading: FormReading, *, private: bool) -> Pilot:
    content = reading.content
    return Pilot(id=make_id(content["title"], content["text"]), private=private, **content)


def _is_private(shown: _Shown) -> bool:
    """Whether the pilot is to be its owner's alone: an installation without people has no owner."""
    return bool(acting().id) and shown.typed["private"] == "true"


def _new_page(shown: _Shown) -> str:
    return _page("pilot_form.html", shown, pilot=None)


def _edit_page(stored: Pilot, shown: _Shown, version: str = "") -> str:
    return _page("pilot_form.html", shown, pilot=stored, version=version or stored.content_etag)


def _conflict_page(stored: Pilot, shown: _Shown, reading: FormReading) -> ResponseReturnValue:
    """Show what is stored beside what was typed; saving again replaces what is seen here."""
    mine = stored.model_copy(update=reading.content)
    page = _page(
        "pilot_form.html",
        shown,
        pilot=stored,
        version=stored.content_etag,
        theirs=of_pilot(stored),
        differs=[name for name in reading.content if getattr(mine, name) != getattr(stored, name)],
        changes=_text_changes(stored.text, mine.text),
    )
    return page, _CONFLICT_CODE


def _text_changes(theirs: str, mine: str) -> tuple[TextChange, ...]:
    return compare_texts(theirs, mine) if theirs != mine else ()


def _page(template: str, shown: _Shown, **values: Any) -> str:
    t = words(language_of(request))
    return render.render_page(
        template,
        request,
        typed=shown.typed,
        problems={name: t.say(problem) for name, problem in shown.problems.items()},
        number=shown.number,
        reading=shown.reading,
        awards=shown.awards,
        award=shown.award,
        kinds=_KINDS,
        stages=tuple(ProjectStage),
        currencies=CURRENCIES,
        areas=tuple(FOCUS_AREAS.values()),
        owned=acting().owns(values["pilot"].owner) if values.get("pilot") else True,
        **values,
    )


def _to_pilot(pilot_id: str, **more: str) -> ResponseReturnValue:
    chosen = chosen_language(request)
    link: dict[str, Any] = more | ({"lang": chosen} if chosen else {})
    address = current_app.url_for("web.pilot", pilot_id=pilot_id, **link)
    return redirect(address, _SAVED_CODE)
