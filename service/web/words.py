"""Which language a reader of the pages gets; the words themselves are in `service.messages`."""

from __future__ import annotations

import contextlib

from flask import Request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from service.messages.catalogue import SOURCE, languages
from service.messages.words import Words, words

__all__ = ["Words", "asked_for", "language_of", "words"]


def asked_for(request: Request) -> str | None:
    """Return the language that the reader chose by ``lang``, if any.

    A form keeps the choice in ``ui``; the switch in the page's head sends ``lang`` beside it. A
    form that cannot be read chooses nothing, so that the page which says so can be made.
    """
    given: MultiDict[str, str] = request.args
    with contextlib.suppress(HTTPException):
        given = request.values
    for name in ("lang", "ui"):
        value = given.get(name)
        if value in languages():
            return value
    return None


def language_of(request: Request) -> str:
    """Return the reader's language: chosen, else the browser's, else English."""
    chosen = asked_for(request)
    return chosen or request.accept_languages.best_match(languages()) or SOURCE
