"""The language of a page's reader; its texts are in `service.messages`."""

from __future__ import annotations

import contextlib

from flask import Request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from service.messages.catalogue import SOURCE, languages
from service.messages.words import Words, words

__all__ = ["Words", "chosen_language", "language_of", "words"]


def chosen_language(request: Request) -> str | None:
    """Return the language that the reader chose by ``lang``, if any.

    A form keeps the choice in ``ui``, and the switch in the page's head sends ``lang`` with it. A
    form that cannot be read chooses nothing, so that the error page can be made.
    """
    values: MultiDict[str, str] = request.args
    with contextlib.suppress(HTTPException):
        values = request.values
    for name in ("lang", "ui"):
        value = values.get(name)
        if value in languages():
            return value
    return None


def language_of(request: Request) -> str:
    """Return the reader's language: chosen, else the browser's, else English."""
    chosen = chosen_language(request)
    return chosen or request.accept_languages.best_match(languages()) or SOURCE
