"""Calls and awards as documents of the index: titles and texts by language, and keywords."""

from __future__ import annotations

from index.store.document import TITLE_FIELD, Document, Field
from scrapers.award import Award
from scrapers.call import Call

TEXT_FIELD = "texts"


def call_document(call: Call) -> Document:
    """Return the document of ``call``; its fields and offsets are those of the call."""
    titles = tuple(Field(TITLE_FIELD, language, title) for language, title in call.titles.items())
    texts = tuple(
        Field(
            TEXT_FIELD,
            language,
            text,
            tuple((s.name, s.start, s.end) for s in call.sections.get(language, ())),
        )
        for language, text in call.texts.items()
    )
    return Document(call.id, titles + texts, ", ".join(call.keywords))


def award_document(award: Award) -> Document:
    """Return the document of ``award``; its fields and offsets are those of the award.

    It names nobody: organisations are shown with an award, but nobody searches by them.
    """
    titles = tuple(Field(TITLE_FIELD, language, title) for language, title in award.titles.items())
    texts = tuple(Field(TEXT_FIELD, language, text) for language, text in award.texts.items())
    return Document(award.id, titles + texts)
