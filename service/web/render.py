"""How every page is filled in: words, links that keep the reader's language, and safe helpers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import Request, render_template, url_for
from sqlalchemy.exc import SQLAlchemyError

from scrapers.call import Money
from service.errors import ServiceError
from service.http.app_context import app_context
from service.web.words import LANGUAGES, Words, asked_for, language_of, words
from service.wording import show


def page(template: str, request: Request, *, language: str = "", **values: Any) -> str:
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

    return render_template(
        template,
        t=said,
        link=link,
        switch=switch,
        chosen_language=chosen or "",
        languages=LANGUAGES,
        clock_note=said.say(_clock_note()),
        show=Shown(said),
        **values,
    )


def _clock_note() -> str:
    """Return the clock's sentence; none when the store that it depends on cannot be read.

    The page that says so is made here too, and must not fail for the same reason.
    """
    try:
        return app_context().clock_note
    except (ServiceError, SQLAlchemyError):
        return ""


class Shown:
    """The helpers of `show`, bound to one reader's words."""

    def __init__(self, said: Words) -> None:
        self._words = said
        self.clean = show.clean
        self.url = show.web_url
        self.paragraphs = show.paragraphs
        self.title_language = show.title_language
        self.telling = show.telling
        self.own_note = show.own_note

    def day(self, moment: Any) -> str:
        """Write a day."""
        return show.day(moment, self._words)

    def deadline(self, of: Any) -> str:
        """Write a deadline."""
        return show.deadline(of, self._words)

    def days_left(self, of: Any, now: Any) -> str:
        """Say how many days are left."""
        return show.days_left(of, now, self._words)

    def score(self, value: float) -> str:
        """Write a score."""
        return show.score(value, self._words)

    def usually(self, of: Any) -> str:
        """Say when a call usually opens."""
        return show.usually(of, self._words)

    def sum(self, amount: Decimal, currency: str) -> str:
        """Write an amount of money."""
        return show.money(Money(amount=amount, currency=currency), self._words)

    def converted(self, of: Any) -> list[str]:
        """Say what a call pays in the reader's currency."""
        return show.converted(of, self._words)

    def funding(self, of: Any) -> list[str]:
        """Say what a call pays."""
        return show.funding(of, self._words)
