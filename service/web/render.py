"""How every page is filled in: words, links that keep the reader's language, and safe helpers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import Request, render_template, url_for
from sqlalchemy.exc import SQLAlchemyError

from scrapers.call import Money
from scrapers.reading.applicants import parties_in
from service import untrusted_text
from service.domain.calls.exchange_rates import ConvertedFunding
from service.domain.calls.main_deadline import main_deadline
from service.domain.matching.fit import score_decimals
from service.domain.matching.reasons import usual_months_sentence
from service.errors import ServiceError
from service.http.app_context import app_context
from service.messages import facts
from service.messages.catalogue import languages
from service.messages.message import Message
from service.messages.notes import from_record
from service.messages.words import Words, words
from service.web.words import asked_for, language_of


def render_page(template: str, request: Request, *, language: str = "", **values: Any) -> str:
    """Render ``template`` in the language that ``request`` asks for.

    Args:
        template: its name.
        request: whose page it is.
        language: of a reader whom we know; what the request asks for by ``lang`` goes first.
        values: what it is filled with.
    """
    chosen = asked_for(request)
    said = words(chosen or language or language_of(request))

    def link(endpoint: str, **parts: Any) -> str:
        return url_for(endpoint, **({"lang": chosen} if chosen else {}) | parts)

    def switch(language: str) -> str:
        given = request.args.to_dict(flat=False) | {"lang": [language]}
        endpoint = request.endpoint or "web.search"
        parts: dict[str, Any] = {**given, **(request.view_args or {})}
        return url_for(endpoint, **parts)

    note = _clock_note()
    return render_template(
        template,
        t=said,
        link=link,
        switch=switch,
        chosen_language=chosen or "",
        languages=languages(),
        clock_note=said.say(note) if note else "",
        show=DisplayHelpers(said),
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
    """What shows a call's facts and others' texts to one reader."""

    clean = staticmethod(untrusted_text.clean)
    url = staticmethod(untrusted_text.web_url)
    paragraphs = staticmethod(untrusted_text.paragraphs)
    title_language = staticmethod(untrusted_text.title_language)
    telling = staticmethod(main_deadline)

    def __init__(self, said: Words) -> None:
        self._words = said

    def day(self, moment: Any) -> str:
        """Write a day."""
        return facts.day(moment, self._words)

    def deadline(self, of: Any) -> str:
        """Write a deadline."""
        return facts.deadline(of, self._words)

    def days_left(self, of: Any, now: Any) -> str:
        """Say how many days are left."""
        return facts.days_left(of, now, self._words)

    def score(self, value: float) -> str:
        """Write a score."""
        return self._words.decimal(value, score_decimals(value))

    def usually(self, of: Any) -> str:
        """Say when a call usually opens."""
        return self._words.say(usual_months_sentence(of))

    def sum(self, amount: Decimal, currency: str) -> str:
        """Write an amount of money."""
        return facts.money(Money(amount=amount, currency=currency), self._words)

    def converted(self, of: ConvertedFunding | None) -> list[str]:
        """Say what a call pays in the reader's currency."""
        return facts.converted(of.amounts if of else (), self._words)

    def funding(self, of: Any) -> list[str]:
        """Say what a call pays."""
        return facts.funding(of, self._words)

    def own_note(self, text: str) -> str:
        """Return a remark of a reader of ours on a date; nothing for a funder's own wording."""
        note = from_record(text)
        return self._words.say(note) if note else ""

    def who(self, value: str) -> str:
        """Say who may apply, or how many together; a funder's own word stays."""
        parties = parties_in(value)
        if parties is not None:
            return self._words("who.parties", count=parties)
        return self._words.known("who", value)
