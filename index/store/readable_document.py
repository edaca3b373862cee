"""A document as it is ranked, and what its offsets are in the document as stored.

Stored texts are what readers see and what is quoted. What is cut into passages, encoded and
counted is their reading (`index.text.reading.clean`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from index.store.document import Document, Field
from index.store.passages import Passage
from index.text.reading.capitals import written_acronyms
from index.text.reading.clean import clean_text
from index.text.reading.edited_text import EditedText
from index.text.sentences import Span


@dataclass(frozen=True, eq=False)
class ReadableDocument:
    """``document`` is to be ranked; ``texts`` has its texts by field and language."""

    document: Document
    texts: Mapping[tuple[str, str], EditedText]

    @classmethod
    def of(cls, stored: Document) -> ReadableDocument:
        """Read ``stored``; acronyms in one of its texts are acronyms in all of them."""
        acronyms = written_acronyms(field.text for field in stored.fields)
        texts = [clean_text(field.text, acronyms) for field in stored.fields]
        fields = tuple(
            _read_field(field, text) for field, text in zip(stored.fields, texts, strict=True)
        )
        keywords = clean_text(stored.keywords, acronyms).text
        return cls(
            replace(stored, fields=fields, keywords=keywords),
            {(f.name, f.language): text for f, text in zip(fields, texts, strict=True)},
        )

    def stored_span(self, passage: Passage, span: Span) -> Span:
        """Return what a span of the field of ``passage`` is in the field as stored."""
        return self.texts[passage.field, passage.language].given_span(span)

    def stored_passage(self, passage: Passage) -> Passage:
        """Return ``passage`` with its offsets in the field as stored."""
        span = self.stored_span(passage, Span(passage.start, passage.end))
        return replace(passage, start=span.start, end=span.end)


def _read_field(field: Field, text: EditedText) -> Field:
    """Return ``field`` with the text that is read, its sections where they are in it."""
    if text.text is field.text:
        return field
    sections = []
    for name, start, end in field.sections:
        span = text.edited_span(Span(start, end))
        sections.append((name, span.start, span.end))
    return replace(field, text=text.text, sections=tuple(sections))
