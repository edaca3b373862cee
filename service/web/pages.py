"""The pages. Each renders what the API gives; none of them ranks or filters on its own."""

from __future__ import annotations

import json
from typing import Any, cast

from apiflask import APIBlueprint, APIFlask
from flask import current_app, make_response, redirect, request
from flask.typing import ResponseReturnValue

from index.errors import IndexingError
from scrapers.call import Call
from service.api import listing
from service.api.schemas import CallDetail
from service.api.source import Source, source
from service.domain.copies import copies, related
from service.domain.facts import Kind
from service.domain.match import CallCard, MatchList
from service.domain.pilot import Pilot
from service.errors import InputError, NotFoundError, ServiceError
from service.messages.message import message
from service.messages.notes import from_error
from service.web import forms, render
from service.web.forms import Asked
from service.web.words import Words, asked_for, language_of, words

web = APIBlueprint("web", __name__, enable_openapi=False)


@web.route("/", methods=["GET", "POST"])
def search() -> ResponseReturnValue:
    """Show the search, and the matches when there is something to match."""
    origin, asked = source(), forms.read_search(request)
    said = words(language_of(request))
    pilot = origin.pilots.get(asked.search.pilot) if asked.search.pilot else None
    if _is_only_the_pilot(asked, pilot):
        chosen = asked_for(request)
        extra = {"lang": chosen} if chosen else {}
        url = current_app.url_for("web.search", **forms.as_link(asked.search, **extra))
        return redirect(url + "#results", 303)
    text = _text(asked, pilot)
    found, problem, status = _answer(origin, asked, pilot, text, said)
    return _render(origin, asked, pilot, found=found, problem=problem, text=text), status


def _is_only_the_pilot(asked: Asked, pilot: Pilot | None) -> bool:
    """Whether a form was sent with a stored pilot's own text: that has a link of its own."""
    if not asked.posted or pilot is None or asked.errors:
        return False
    return asked.search.text.strip() == pilot.text.replace("\r\n", "\n").strip()


def _text(asked: Asked, pilot: Pilot | None) -> str:
    return pilot.text if pilot and not asked.posted else asked.search.text


def _answer(
    origin: Source, asked: Asked, pilot: Pilot | None, text: str, said: Words
) -> tuple[MatchList | None, str, int]:
    """Return the matches, or why there are none and the status that says so."""
    problem, status = _objection(asked, pilot, text, said)
    if problem or (not asked.posted and pilot is None):
        return None, problem, status
    language = pilot.language if pilot and text == pilot.text else None
    chosen = asked.search
    try:
        found = origin.match(
            text,
            filters=chosen.filters(),
            top=chosen.top,
            language=language,
            profile=chosen.profile(pilot.profile if pilot else None),
            group=chosen.group,
            pilot_id=pilot.id if pilot and text == pilot.text else "",
            dismissed=chosen.dismissed,
        )
    except InputError as error:
        return None, said.say(from_error(error)), 422
    except (ServiceError, IndexingError) as error:
        return None, said.say(from_error(error)), 503
    return found, "", 200


def _objection(asked: Asked, pilot: Pilot | None, text: str, said: Words) -> tuple[str, int]:
    """Return what is wrong with what was asked, if anything, and its status."""
    if asked.errors:
        return " ".join(f"{e.field}: {e.message}." for e in asked.errors), 422
    if not asked.posted:
        missing = bool(asked.search.pilot) and pilot is None
        return (said("pilot.unknown", pilot=asked.search.pilot), 404) if missing else ("", 200)
    if not text.strip():
        return said("text.missing"), 422
    if asked.search.too_long:
        return said("text.too.long", count=len(text)), 413
    return "", 200


def _render(
    origin: Source,
    asked: Asked,
    pilot: Pilot | None,
    **values: Any,
) -> str:
    calls = origin.calls.all()
    return render.page(
        "search.html",
        request,
        asked=asked.search,
        pilot=pilot,
        pilots=sorted(origin.pilots.all(), key=lambda p: p.title.casefold()),
        empty=not calls,
        choices=forms.choices(calls.values()),
        ticked=forms.ticked(asked.search),
        sizes=forms.SIZES,
        kinds=tuple(kind for kind in Kind if kind is not Kind.UNRESTRICTED),
        currencies=forms.CURRENCIES,
        linked=forms.as_link(asked.search),
        widened=lambda reason: forms.widened(asked.search, reason),
        is_link=not asked.posted,
        **values,
    )


@web.get("/calls")
def calls() -> ResponseReturnValue:
    """List the calls, those to apply to next first."""
    origin, now = source(), source().now()
    asked, errors = forms.read_browse(request)
    stored, groups = origin.calls.all(), origin.links.groups()
    pricing = origin.pricing()
    filters = pricing.filters(asked.filters())
    found = listing.chosen(stored, groups, filters, asked.q, now)
    shown, pages = listing.page_of(found, asked.page, asked.page_size)
    language = language_of(request)
    filled = render.page(
        "calls.html",
        request,
        asked=asked,
        errors=errors,
        cards=pricing.cards(listing.cards(shown, stored, groups, now, language)),
        currencies=forms.CURRENCIES,
        now=now,
        total=len(found),
        pages=pages,
        choices=forms.choices(stored.values()),
        ticked=forms.ticked(asked),
        linked=forms.as_link(asked),
        at=lambda page: forms.as_link(asked) | {"page": page},
    )
    return make_response(filled, 422 if errors else 200)


@web.get("/calls/<path:call_id>")
def call(call_id: str) -> ResponseReturnValue:
    """Show the whole of one call."""
    origin = source()
    stored = origin.calls.get(call_id)
    if stored is None:
        raise NotFoundError(message("problem.call", id=call_id))
    now, language = origin.now(), language_of(request)
    seen = origin.calls.seen(call_id)
    calls, groups = origin.calls.all(), origin.links.groups()
    card = CallCard.of(stored, now, language, copies(stored, calls, groups, now, language))
    linked = related(stored, calls, groups, now, language)
    texts = dict(sorted(stored.texts.items(), key=lambda item: item[0] != language))
    return render.page(
        "call.html",
        request,
        call=CallDetail.at(
            stored,
            now,
            seen.missing_since if seen else None,
            linked,
            origin.before().rounds.of(stored, now),
        ),
        card=origin.pricing().cards((card,))[0],
        now=now,
        who=by_quote(stored),
        texts={code: stretches(text, stored, code) for code, text in texts.items()},
    )


def by_quote(stored: Call) -> dict[str, list[str]]:
    """Gather what a call says of applicants by the sentence that says so."""
    found: dict[str, list[str]] = {}
    for fact in stored.eligibility:
        found.setdefault(fact.quote, []).append(fact.value)
    return found


def stretches(text: str, stored: Call, language: str) -> list[tuple[str, str]]:
    """Cut a call's text into (section name, text); what lies between sections has no name."""
    cut: list[tuple[str, str]] = []
    position = 0
    for section in sorted(stored.sections.get(language, ()), key=lambda s: s.start):
        cut.append(("", text[position : section.start]))
        cut.append((section.name, text[max(position, section.start) : section.end]))
        position = max(position, section.end)
    cut.append(("", text[position:]))
    return [(name, part) for name, part in cut if part.strip()]


@web.get("/docs")
def docs() -> ResponseReturnValue:
    """Show the API's operations, each with a form to try it."""
    return render.page(
        "docs.html", request, spec=cast("APIFlask", current_app).spec, pretty=_pretty
    )


def _pretty(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
