"""Query: a text to search with, its language, its parts and their vectors."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from index.embedding.encoder import Encoder, Vectors, unit_vectors
from index.note import Note, note
from index.search.empty_query import is_empty_query
from index.search.query_sentences import QuerySentences, encode_query_sentences
from index.search.sections.counted import SHORTEST_TEXT, CountedText, TextSection, count_text
from index.search.sections.cut import LinePart, cut_sections
from index.search.sections.kind import SectionKind
from index.search.sections.model import shipped_model
from index.search.sections.vectors import (
    SectionVectors,
    section_vectors,
    spans_by_part,
    with_lines_alone,
)
from index.search.short_query import short_query_language, translate_short_query
from index.store.passages import cut_chunks
from index.text.glossary import Translation
from index.text.language import LanguageGuess, detect_language
from index.text.limits import MOST_SENTENCES
from index.text.reading.clean import clean_text
from index.text.reading.edited_text import EditedText
from index.text.sentences import Span, prose_sentences, split_sentences

MAX_QUERY_LENGTH = 20_000
"""Characters of a query that rank; about 30 passages, which take half a second to encode."""

_MAX_TITLE_LENGTH = 200
_MIN_TITLE_WORDS = 3

_MIN_LANGUAGE_PROBABILITY = 0.01
"""Probability below which no language of the documents is taken to be the query's."""


class QueryRole(StrEnum):
    """What a part is of the query. Passages weigh by their lengths, and together as one part."""

    TITLE = "title"
    WHOLE = "whole"
    PASSAGE = "passage"


@dataclass(frozen=True)
class QueryPart:
    """A stretch of the query that is encoded on its own; ``weight``: how much it counts, 0 to 1."""

    role: QueryRole
    span: Span
    weight: float = 1.0

    @property
    def length(self) -> float:
        """Characters in it, as far as they count."""
        return (self.span.end - self.span.start) * self.weight

    def without_span(self, inner: Span) -> QueryPart:
        """Return the part, shorter by ``inner``, which lies in it."""
        length = inner.end - inner.start
        return replace(self, span=Span(self.span.start, self.span.end - length))


@dataclass(frozen=True, eq=False)
class Query:
    """A text to search with. ``vectors`` has one row per part: (len(parts), dimension).

    ``text`` is the text as it is read (`index.text.reading`), without what hardly counts, and spans
    are of it; ``read`` has what they are in the text as given. ``sections`` are those of the text
    as given (`index.search.sections`), empty in a short one. ``projects`` has a query for each of
    two projects in one text. ``shares`` is how likely each language is to be the text's, 0 to 1.
    ``sentences`` are those that can be quoted, in a query that was read to be explained.
    ``translations`` has a query of a few words in another language, by the language.
    """

    text: str
    language: str
    shares: Mapping[str, float]
    parts: tuple[QueryPart, ...]
    vectors: Vectors
    notes: tuple[Note, ...] = field(default=())
    sentences: QuerySentences | None = None
    translations: Mapping[str, Translation] = field(default_factory=dict)
    read: EditedText | None = None
    sections: tuple[TextSection, ...] = ()
    projects: tuple[Query, ...] = ()

    def given(self, span: Span) -> tuple[Span, str]:
        """Return the stretch of the text as given that ``span`` of `text` is, and its words."""
        if self.read is None:
            return span, self.text[span.start : span.end]
        own = self.read.given_span(span)
        return own, self.read.given[own.start : own.end]

    def language_probability(self, language: str, among: Iterable[str]) -> float:
        """Return how likely ``language`` is the text's, 0 to 1, where the likeliest has 1.

        The language of a few words is rarely sure: then they count a little in every one.
        """
        highest = max((self.shares.get(one, 0.0) for one in among), default=0.0)
        return (
            self.shares.get(language, 0.0) / highest if highest > _MIN_LANGUAGE_PROBABILITY else 0.0
        )


def read_query(
    text: str | EditedText,
    encoder: Encoder,
    given: str | None = None,
    *,
    explained: bool = False,
    counted: Collection[SectionKind] = (),
) -> Query:
    """Read ``text`` as a query.

    Args:
        text: what to search with, as given; of what is read of it (`index.text.reading`) only the
            first `MAX_QUERY_LENGTH` characters rank. One that was edited is read as it is then.
        encoder: turns the parts into vectors.
        given: ISO 639 code of the text's language; recognised when absent.
        explained: also find out what each sentence adds to the vectors.
        counted: kinds of sections that count in full, whatever they are taken to be.

    A text that only asks for money has no parts: nothing is near it, and a note says so.
    """
    read = text if isinstance(text, EditedText) else clean_text(text)
    whole = read.text
    if is_empty_query(whole):
        # who says nothing but what was taken out is not told to say more
        notes = (note("vague"),) if is_empty_query(read.given) else ()
        return _nothing(given, encoder, CountedText(read, notes=notes))
    sections = cut_sections(whole, MAX_QUERY_LENGTH) if len(whole) >= SHORTEST_TEXT else []
    reading = _Reading.of(whole, given, encoder, sections, explained=explained)
    found = count_text(
        read,
        sections,
        reading.directions,
        shipped_model(),
        encode=encoder.queries,
        counted=counted,
    )
    if found.is_empty:
        return _nothing(given, encoder, found)
    if found.read.text != whole:
        reading = _Reading.of(found.read.text, given, encoder, (), explained=explained)
    told = (*found.notes, *_reading_notes(whole, given, reading.guess))
    projects = [
        _make_query(one, _Reading.of(one.text, given, encoder, (), explained=explained), found)
        for one in found.projects
    ]
    query = _make_query(found.read, reading, found)
    return replace(query, notes=told, projects=tuple(projects))


def _make_query(read: EditedText, reading: _Reading, found: CountedText) -> Query:
    return Query(
        read.text,
        reading.guess.language,
        reading.guess.shares,
        tuple(
            replace(part, weight=found.weight(read.given_span(part.span))) for part in reading.parts
        ),
        reading.vectors,
        sentences=reading.sentences,
        translations=reading.translations,
        read=read,
        sections=found.sections,
    )


@dataclass(frozen=True, eq=False)
class _Reading:
    """A text with its language, its parts and their vectors; ``directions`` are of its sections.

    ``translations`` are of a text of a few words.
    """

    guess: LanguageGuess
    parts: list[QueryPart]
    vectors: Vectors
    sentences: QuerySentences | None
    directions: SectionVectors | None
    translations: Mapping[str, Translation]

    @classmethod
    def of(
        cls,
        text: str,
        given: str | None,
        encoder: Encoder,
        sections: Sequence[LinePart],
        *,
        explained: bool,
    ) -> _Reading:
        """Read ``text``, and in the same pass its ``sections`` if their model knows the encoder."""
        parts = split_query(text)
        is_short = len(parts) == 1
        guess = _guess_language(text, given, is_short=is_short)
        spans = [part.span for part in parts]
        known = bool(sections) and shipped_model().knows(encoder.fingerprint)
        inside, owners = spans_by_part(spans, sections if known else ())
        sentences: QuerySentences | None = None
        if explained and parts:
            vectors, sentences, added = encode_query_sentences(
                text, guess.language, spans, quotable_sentences(text, parts), encoder, others=inside
            )
        else:
            texts = [text[span.start : span.end] for span in spans]
            vectors, added = (
                encoder.encode_with_spans(texts, inside, asking=True)
                if known
                else (encoder.queries(texts), [])
            )
        directions: SectionVectors | None = None
        if known:
            within = section_vectors(owners, added, len(sections), encoder.dimension)
            directions = with_lines_alone(within, text, sections, encoder.queries)
        translations = translate_short_query(text, guess.language) if is_short else {}
        for one in translations.values() if encoder.bilingual else ():
            vectors = unit_vectors(vectors + encoder.queries([one.text]))
        return cls(guess, parts, vectors, sentences, directions, translations)


def _nothing(given: str | None, encoder: Encoder, found: CountedText) -> Query:
    """Return a query without parts: nothing is near it, and its notes say why."""
    guess = _guess_language(found.read.text, given, is_short=False)
    return Query(
        found.read.text,
        guess.language,
        guess.shares,
        (),
        encoder.queries([]),
        found.notes,
        read=found.read,
        sections=found.sections,
    )


def encoded_parts(text: str) -> list[str]:
    """Return what the model reads of ``text``, which is given as somebody wrote it."""
    read = clean_text(text).text
    return [read[part.span.start : part.span.end] for part in split_query(read)]


def _guess_language(text: str, given: str | None, *, is_short: bool) -> LanguageGuess:
    """Return the language that is given, or the one that is recognised."""
    if given:
        return LanguageGuess(given, 1.0, {given: 1.0})
    # the model that recognises languages takes a while to load, and is not asked what is known
    return short_query_language(text) if is_short else detect_language(text)


def encode_quotable_sentences(
    text: str, language: str, parts: Sequence[QueryPart], encoder: Encoder
) -> tuple[Vectors, QuerySentences]:
    """Return the vectors of ``parts``, and what can be quoted of ``text`` with what it adds."""
    return encode_query_sentences(
        text, language, [part.span for part in parts], quotable_sentences(text, parts), encoder
    )[:2]


def parts_without(
    parts: Sequence[QueryPart], sentences: QuerySentences, sentence: int
) -> dict[int, QueryPart]:
    """Return what is left of ``parts``, by their place, without one of the query's sentences."""
    span = sentences.sentences[sentence]
    rest = dict(enumerate(parts))
    for place in sentences.part[sentences.sentence == sentence].tolist():
        rest[place] = parts[place].without_span(span)
    return {place: part for place, part in rest.items() if part.length > 0}


def quotable_sentences(text: str, parts: Iterable[QueryPart]) -> list[Span]:
    """Return the sentences of ``text`` that can be quoted: its title, and those of its passages."""
    sentences: list[Span] = []
    for part in parts:
        if part.role is QueryRole.TITLE:
            sentences.append(part.span)
        elif part.role is QueryRole.PASSAGE:
            sentences += prose_sentences(text, part.span)
    return sentences[:MOST_SENTENCES]


def split_query(text: str) -> list[QueryPart]:
    """Cut ``text`` into its title, if it has one, the whole of it, and its passages."""
    stop = min(len(text), MAX_QUERY_LENGTH)
    sentences = split_sentences(text, 0, stop)
    if not sentences:
        return []
    title = _find_title(text, sentences)
    if title and title.end == sentences[-1].end:
        return [QueryPart(QueryRole.TITLE, title)]
    parts = [QueryPart(QueryRole.TITLE, title)] if title else []
    whole = Span(sentences[0].start, sentences[-1].end)
    parts.append(QueryPart(QueryRole.WHOLE, whole))
    # a text without prose, such as a table, has no chunks, yet something of it must be quoted
    body = cut_chunks(text, title.end if title else 0, stop) or ([] if title else [whole])
    return parts + [QueryPart(QueryRole.PASSAGE, span) for span in body]


def _find_title(text: str, sentences: list[Span]) -> Span | None:
    """Return the first line if it reads like a title: short, and more than a word or two.

    "Sammanfattning" heads a text without saying its topic, and the first sentence of a paragraph
    is not a title. A line that is all there is counts as one.
    """
    first = sentences[0]
    line_end = text.find("\n", first.start)
    line = [s for s in sentences if line_end < 0 or s.end <= line_end] or [first]
    title = Span(first.start, line[-1].end)
    alone = title.end == sentences[-1].end
    words = len(text[title.start : title.end].split())
    fits = title.end - title.start <= _MAX_TITLE_LENGTH and (alone or words >= _MIN_TITLE_WORDS)
    return title if fits else None


def _reading_notes(text: str, given: str | None, guess: LanguageGuess) -> list[Note]:
    notes = []
    if len(text) > MAX_QUERY_LENGTH:
        notes.append(note("too_long", characters=len(text), ranked=MAX_QUERY_LENGTH))
    if given is None and guess.is_sure and guess.language not in ("sv", "en"):
        notes.append(note("other_language", code=guess.language))
    return notes
