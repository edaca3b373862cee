"""Calls and awards as documents of the index: titles and texts by language, and keywords."""

from __future__ import annotations

from collections.abc import Mapping

from index.store.document import TITLE_FIELD, Document, Field
from index.text.limits import LONGEST_FIELD
from scrapers.award import Award
from scrapers.call import Call

TEXT_FIELD = "texts"


def call_document(call: Call) -> Document:
    """Return the document of ``call``; its fields and offsets are those of the call.

    Of a text that is longer than anybody writes, the first `LONGEST_FIELD` characters are searched.
    """
    texts = tuple(
        Field(TEXT_FIELD, language, text[:LONGEST_FIELD], _sections(call, language))
        for language, text in call.texts.items()
    )
    keywords = ", ".join(call.keywords)[:LONGEST_FIELD]
    return Document(call.id, _titles(call.titles) + texts, keywords)


def award_document(award: Award) -> Document:
    """Return the document of ``award``; its fields and offsets are those of the award.

    It names nobody: organisations are shown with an award, but nobody searches by them.
    """
    texts = tuple(
        Field(TEXT_FIELD, language, text[:LONGEST_FIELD]) for language, text in award.texts.items()
    )
    return Document(award.id, _titles(award.titles) + texts)


def _titles(titles: Mapping[str, str]) -> tuple[Field, ...]:
    return tuple(
        Field(TITLE_FIELD, language, title[:LONGEST_FIELD]) for language, title in titles.items()
    )


def _sections(call: Call, language: str) -> tuple[tuple[str, int, int], ...]:
    """Return the sections of the part of a text that is searched."""
    return tuple(
        (section.name, section.start, min(section.end, LONGEST_FIELD))
        for section in call.sections.get(language, ())
        if section.start < LONGEST_FIELD
    )
