"""Rendering of every page: words, links that keep the reader's language, and safe helpers."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from flask import Request, render_template, url_for
from sqlalchemy.exc import SQLAlchemyError

from scrapers.call import Money
from scrapers.reading.applicants import excluded_kind, parties_in
from service import untrusted_text
from service.domain.access.principal import acting
from service.domain.calls import main_deadline
from service.domain.calls.exchange_rates import ConvertedFunding
from service.domain.matching.fit import score_decimals
from service.domain.matching.reasons import usual_months_sentence
from service.errors import ServiceError
from service.http.app_context import app_context
from service.messages import facts
from service.messages.catalogue import languages
from service.messages.message import Message, Month
from service.messages.notes import from_record
from service.messages.words import Words, words
from service.web.words import chosen_language, language_of

_SWEDEN = ZoneInfo("Europe/Stockholm")


def render_page(template: str, request: Request, *, language: str = "", **values: Any) -> str:
    """Render ``template`` in the language that ``request`` asks for.

    Args:
        template: its name.
        request: whose page it is.
        language: of a known reader; the request's ``lang`` goes before it.
        values: for the template.
    """
    chosen = chosen_language(request)
    t = words(chosen or language or language_of(request))

    def link(endpoint: str, **parts: Any) -> str:
        return url_for(endpoint, **({"lang": chosen} if chosen else {}) | parts)

    def switch(language: str) -> str:
        query = request.args.to_dict(flat=False) | {"lang": [language]}
        endpoint = request.endpoint or "web.search"
        parts: dict[str, Any] = {**query, **(request.view_args or {})}
        return url_for(endpoint, **parts)

    note = _clock_note()
    return render_template(
        template,
        t=t,
        link=link,
        switch=switch,
        chosen_language=chosen or "",
        languages=languages(),
        clock_note=t.say(note) if note else "",
        show=DisplayHelpers(t),
        viewer=acting(),
        **values,
    )


def _clock_note() -> Message | None:
    """Return the clock's note; none when the store that it depends on cannot be read.

    The page that says so is made here too, and must not fail for the same reason.
    """
    try:
        return app_context().clock_note
    except (ServiceError, SQLAlchemyError):
        return None


class DisplayHelpers:
    """Helpers of templates: they write a call's facts and others' texts for one reader."""

    clean = staticmethod(untrusted_text.clean)
    url = staticmethod(untrusted_text.web_url)
    paragraphs = staticmethod(untrusted_text.paragraphs)
    title_language = staticmethod(untrusted_text.title_language)
    main_deadline = staticmethod(main_deadline.main_deadline)

    def __init__(self, t: Words) -> None:
        self._words = t

    def day(self, moment: Any) -> str:
        """Write a day."""
        return facts.day(moment, self._words)

    def fit_word(self, degree: str) -> str:
        """Write how well a call fits."""
        return facts.fit(degree, self._words)

    def moment(self, at: datetime) -> str:
        """Write an instant to the minute, on the clock of Sweden."""
        local = at.astimezone(_SWEDEN)
        return self._words("deadline.time", date=local, time=f"{local:%H:%M}")

    def month(self, due: Any) -> str:
        """Write the month of a deadline, on its own clock."""
        local = due.local()
        return self._words("month.of", month=Month(local.month), year=str(local.year))

    def deadline(self, due: Any) -> str:
        """Write a deadline."""
        return facts.deadline(due, self._words)

    def swedish_deadline(self, due: Any) -> str:
        """Write a deadline on Swedish clocks."""
        return facts.deadline_in_sweden(due, self._words)

    def short_amount(self, card: Any) -> str:
        """Write what one project may get, or else the pot, with its worth in our currency."""
        lines = facts.funding(card.funding, self._words)
        if not lines:
            return ""
        worth = card.converted.amounts[:1] if card.converted else ()
        return lines[0] + "".join(
            self._words("amount.about", amount=Money(amount=one.amount, currency=one.currency))
            for one in worth
        )

    def days_left(self, due: Any, now: Any) -> str:
        """Write how many days are left."""
        return facts.days_left(due, now, self._words)

    def score(self, value: float) -> str:
        """Write a score."""
        return self._words.decimal(value, score_decimals(value))

    def usually(self, months: Any) -> str:
        """Write when a call usually opens."""
        return self._words.say(usual_months_sentence(months))

    def sum(self, amount: Decimal, currency: str) -> str:
        """Write an amount of money."""
        return facts.money(Money(amount=amount, currency=currency), self._words)

    def converted(self, funding: ConvertedFunding | None) -> list[str]:
        """Write what a call pays in the reader's currency."""
        return facts.converted(funding.amounts if funding else (), self._words)

    def funding(self, pays: Any) -> list[str]:
        """Write what a call pays."""
        return facts.funding(pays, self._words)

    def record_parts(self, text: str) -> list[tuple[str, bool]]:
        """Write the parts of a stored text, each with whether it is a remark of ours."""
        return [(self._words.say(part.message), part.is_ours) for part in from_record(text)]

    def who(self, value: str) -> str:
        """Write who may apply, or how many together; a funder's own word stays."""
        parties = parties_in(value)
        if parties is not None:
            return self._words("who.parties", count=parties)
        refused = "" if self._words.has(f"who.{value}") else excluded_kind(value)
        if refused:
            return self._words("who.not", who=self._words.known("who", refused))
        return self._words.known("who", value)
