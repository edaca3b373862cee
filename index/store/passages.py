"""Passages: documents cut into stretches that keep their place in the text."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass

from index.store.document import TITLE_FIELD, Document, Field
from index.text.limits import LONGEST_HEAD
from index.text.sentences import Span, is_prose, prose_sentences, split_sentences

PASSAGE_LENGTH = 700
"""Characters of a passage at most: about 160 tokens, which ranked better than longer ones."""

WHOLE_LENGTH = 1200
"""Characters that stand for a whole document: its title and how it begins, 256 tokens."""

_MIN_PROSE_SHARE = 0.4
"""Share of letters below which a sentence is no prose, and opens no passage."""

WHOLE_SECTION = "whole"
"""Section name of the passage that stands for a whole document."""


@dataclass(frozen=True)
class Passage:
    """A stretch of one field: ``field.text[start:end]``; ``encoded`` is what the model reads.

    ``common`` is the share of it, 0 to 1, that is boilerplate (`index.store.boilerplate`).
    """

    document: str
    field: str
    language: str
    section: str
    start: int
    end: int
    common: float = 0.0
    encoded: str = dataclasses.field(repr=False, default="")

    @property
    def encoded_offset(self) -> int:
        """What to add to an offset in the field's text to get the one in ``encoded``."""
        if self.field == TITLE_FIELD:  # the title comes first, keywords after it
            return 0
        return len(self.encoded) - self.end

    def with_common(self, share: float) -> Passage:
        """Return the passage with another share of boilerplate, rounded to 3 decimals."""
        return dataclasses.replace(self, common=round(share, 3))


def quotable_sentences(document: Document, passage: Passage) -> list[Span]:
    """Return the sentences of ``passage`` that can be quoted, as spans of its field.

    A passage that stands for a whole document has none: they are in the other passages.
    """
    if passage.section == WHOLE_SECTION:
        return []
    if passage.field == TITLE_FIELD:
        return [Span(passage.start, passage.end)]
    return prose_sentences(
        document.text(passage.field, passage.language), Span(passage.start, passage.end)
    )


def cut_passages(document: Document) -> Iterator[Passage]:
    """Cut ``document`` into passages: each title, and each text at its sections and sentences.

    A text's passages carry the title before them: a paragraph on its own rarely says its topic.
    A text of more than one passage has a last one that stands for the whole.
    """
    for source in document.fields:
        if source.name == TITLE_FIELD:
            head = _encoded_head(source.text, document.keywords)
            yield Passage(
                document.id,
                source.name,
                source.language,
                "title",
                0,
                len(source.text),
                encoded=head,
            )
            continue
        title = document.title(source.language)[:LONGEST_HEAD]
        cut = [
            (section, span)
            for section, start, end in _sections(source)
            for span in cut_chunks(source.text, start, end)
        ]
        if len(cut) > 1:
            cut.append((WHOLE_SECTION, Span(0, min(len(source.text), WHOLE_LENGTH))))
        for section, span in cut:
            yield Passage(
                document.id,
                source.name,
                source.language,
                section,
                span.start,
                span.end,
                encoded=f"{title}\n{source.text[span.start : span.end]}",
            )


def _encoded_head(title: str, keywords: str) -> str:
    """Return what the model reads of a title with its keywords."""
    head = title[:LONGEST_HEAD]
    return f"{head}. {keywords[:LONGEST_HEAD]}" if keywords else head


def _sections(source: Field) -> Iterator[tuple[str, int, int]]:
    """Yield the named stretches of a field and, as ``text``, what lies between them."""
    position = 0
    for name, start, end in sorted(source.sections, key=lambda s: s[1]):
        if start > position:
            yield "text", position, start
        yield name, max(start, position), end
        position = max(position, end)
    if position < len(source.text):
        yield "text", position, len(source.text)


def cut_chunks(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Gather whole sentences of ``text[start:end]`` into spans of about `PASSAGE_LENGTH`.

    Stretches that are not prose, such as lists of addresses, are near to anything: they open no
    span and close none.
    """
    chunks: list[Span] = []
    for sentence in split_sentences(text, start, end):
        if not is_prose(text, sentence, _MIN_PROSE_SHARE):
            continue
        if chunks and sentence.end - chunks[-1].start <= PASSAGE_LENGTH:
            chunks[-1] = Span(chunks[-1].start, sentence.end)
        else:
            chunks.append(sentence)
    return chunks
