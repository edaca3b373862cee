"""A call as the index sees it: texts in languages, and the words that funders put beside them."""

from __future__ import annotations

from index.document import TITLE, Document, Field
from scrapers.call import Call

TEXT = "texts"


def document_of(call: Call) -> Document:
    """Return the document of ``call``; fields are named as the call's own, offsets are its own."""
    titles = tuple(Field(TITLE, language, title) for language, title in call.titles.items())
    texts = tuple(
        Field(
            TEXT,
            language,
            text,
            tuple((s.name, s.start, s.end) for s in call.sections.get(language, ())),
        )
        for language, text in call.texts.items()
    )
    return Document(call.id, titles + texts, ", ".join(call.keywords))
