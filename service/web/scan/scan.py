"""The page of a scan: a focus area or any subject, on one or two printed pages."""

from __future__ import annotations

from typing import Any

from flask import make_response, request
from flask.typing import ResponseReturnValue
from pydantic import ConfigDict, ValidationError

from index.errors import IndexingError
from scrapers.call import Level
from service.domain.matching.filters import DEFAULT_STATUSES
from service.domain.scan.money import StatedMoney
from service.domain.scan.scan import SubjectScan
from service.errors import ServiceError
from service.http.app_context import app_context
from service.http.problems import problem_of
from service.http.queries import NO_SUBJECT, ScanQuery
from service.http.reading import gather
from service.messages import formats
from service.messages.message import Message, message
from service.messages.notes import from_error
from service.messages.words import Words, words
from service.use_cases.scan.focus_areas import list_areas
from service.use_cases.scan.scan import ScanSubject, scan_subject
from service.web import render
from service.web.call.swedish_time import SwedishTime
from service.web.pages import web
from service.web.scan.timeline import draw_timeline
from service.web.words import language_of


class ScanForm(ScanQuery):
    """The form of the page: the API's query, tolerant of what belongs to the page."""

    model_config = ConfigDict(frozen=True, extra="ignore")


@web.get("/scan")
def scan() -> ResponseReturnValue:
    """Show what there is on a subject; without one, the focus areas."""
    values = gather(ScanForm, request.args)
    if str(values.get("q") or "").strip():  # words typed go before an area chosen earlier
        values.pop("area", None)
    t = words(language_of(request))
    found, problem, status = None, None, 200
    if values.get("q") or values.get("area"):
        found, problem, status = _scan_or_problem(values, t.language)
    page = render.render_page(
        "scan.html",
        request,
        form=values,
        areas=list_areas(app_context()).areas,
        levels=tuple(Level),
        statuses=DEFAULT_STATUSES,
        problem=t.say(problem) if problem else "",
        scan=found,
        swedish=SwedishTime(t),
        **(_parts(found, values, t) if found else {}),
    )
    return make_response(page, status)


def _scan_or_problem(
    values: dict[str, Any], language: str
) -> tuple[SubjectScan | None, Message | None, int]:
    """Return the scan, or why there is none and the status that says so."""
    try:
        form = ScanForm.model_validate(values)
        found = scan_subject(
            app_context(),
            ScanSubject(form.q, form.area),
            levels=form.level,
            statuses=form.status,
            language=language,
        )
    except ValidationError as error:
        return None, _describe_error(error), 422
    except (ServiceError, IndexingError) as error:
        return None, from_error(error), problem_of(error).status
    return found, None, 200


def _describe_error(error: ValidationError) -> Message:
    """Say in the reader's words what of the address cannot be used, and what to do."""
    first = error.errors(include_url=False, include_input=False)[0]
    if first["type"] == NO_SUBJECT:
        return message("problem.scan.subject")
    field = str(first["loc"][0]) if first["loc"] else ""
    known = {"area": "problem.scan.area", "q": "problem.scan.long"}
    return message(known.get(field, "problem.scan.filter"))


def _parts(found: SubjectScan, values: dict[str, Any], t: Words) -> dict[str, Any]:
    """Return what the page shows of a scan beside the scan itself."""
    names = [_month_label(month.first_day, t) for month in found.months]
    link = {name: value for name, value in values.items() if name in ScanQuery.model_fields}
    return {
        "counts": {
            "open": sum(one.open for one in found.by_level),
            "forthcoming": sum(one.forthcoming for one in found.by_level),
        },
        "dated": [card for card in found.calls if card.next_deadline and card.next_deadline.at],
        "labels": names,
        "timeline": draw_timeline(found.months, names),
        "sheet": link,
        "actor_link": {name: link[name] for name in ("q", "area", "level") if name in link},
        "short": lambda money: _short_sum(money, t),
        "only_status": found.statuses[0] if len(set(found.statuses)) == 1 else "",
        "without": lambda name, value: _without(link, name, value),
    }


def _short_sum(money: StatedMoney, t: Words) -> str:
    """Write the sum of what is handed out shortly, as a headline has it; the table is exact."""
    sums = [(money.total.amount, money.total.currency)] if money.total else []
    if not sums:
        sums = [(one.amount, one.currency) for one in money.by_currency]
    written = [
        t("scan.sum", figure=formats.compact(amount, t.catalogue.locale), currency=currency)
        for amount, currency in sums
    ]
    return " + ".join(written) or "–"


def _month_label(first_day: Any, t: Words) -> str:
    """Write a month shortly, with its year."""
    name = formats.month(first_day.month, t.catalogue)
    return f"{name[:3]} {first_day.year}"


def _without(link: dict[str, Any], name: str, value: str) -> dict[str, Any]:
    """Return the parameters of the scan without one of its filters."""
    chosen = link.get(name, ())
    kept = [one for one in ((chosen,) if isinstance(chosen, str) else chosen) if one != str(value)]
    return {key: one for key, one in link.items() if key != name} | ({name: kept} if kept else {})
