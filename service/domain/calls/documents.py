"""Calls and awards as the index sees them: texts in languages, and words put beside them."""

from __future__ import annotations

from index.store.document import TITLE_FIELD, Document, Field
from scrapers.award import Award
from scrapers.call import Call

TEXT_FIELD = "texts"


def call_document(call: Call) -> Document:
    """Return the document of ``call``; fields are named as the call's own, offsets are its own."""
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
    """Return the document of ``award``; fields are named as the award's own, offsets are its own.

    Nobody is in it: organisations are told beside an award, and are not searched by.
    """
    titles = tuple(Field(TITLE_FIELD, language, title) for language, title in award.titles.items())
    texts = tuple(Field(TEXT_FIELD, language, text) for language, text in award.texts.items())
    return Document(award.id, titles + texts)
