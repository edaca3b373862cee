"""A query read: its language, its parts, and their vectors. A long text is more than one topic."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from index import language
from index.document import chunks
from index.encoder import Encoder, Vectors
from index.note import Note, note
from index.said import Said, say
from index.sentences import Span, sentences, telling
from index.vague import is_vague

LONGEST_READ = 20_000
"""Characters of a query that rank; about 30 passages, which take half a second to encode."""

_LONGEST_TITLE = 200
_FEWEST_WORDS = 3

_NO_CHANCE = 0.01
"""Probability below which no language of the documents is taken to be the query's."""


class Role(StrEnum):
    """What a part is of the query; passages weigh by their lengths, and together as one."""

    TITLE = "title"
    WHOLE = "whole"
    PASSAGE = "passage"


@dataclass(frozen=True)
class QueryPart:
    """A stretch of the query that is encoded on its own."""

    role: Role
    span: Span

    @property
    def length(self) -> int:
        """Characters in it."""
        return self.span.end - self.span.start

    def without_span(self, by: Span) -> QueryPart:
        """Return the part without ``by``, which lies in it; none of the rest is moved."""
        return QueryPart(self.role, Span(self.span.start, self.span.end - (by.end - by.start)))


@dataclass(frozen=True, eq=False)
class Query:
    """A text to search with. ``vectors`` has one row per part: (len(parts), dimension).

    ``shares`` is how likely each language is to be the text's, 0 to 1. ``said`` is what each
    sentence adds to the vectors, of a query that was read to be explained.
    """

    text: str
    language: str
    shares: Mapping[str, float]
    parts: tuple[QueryPart, ...]
    vectors: Vectors
    notes: tuple[Note, ...] = field(default=())
    sentences: Said | None = None

    def language_probability(self, language: str, among: Iterable[str]) -> float:
        """Return how likely ``language`` is the text's, 0 to 1, where the likeliest has 1.

        A few words rarely tell their language: then words count a little in every one.
        """
        highest = max((self.shares.get(one, 0.0) for one in among), default=0.0)
        return self.shares.get(language, 0.0) / highest if highest > _NO_CHANCE else 0.0


def read(
    text: str, encoder: Encoder, given: str | None = None, *, explained: bool = False
) -> Query:
    """Read ``text`` as a query.

    Args:
        text: what to search with; only the first `LONGEST_READ` characters rank.
        encoder: turns the parts into vectors.
        given: ISO 639 code of the text's language; recognised when absent.
        explained: find out what each sentence adds, too.

    A text that only asks for money has no parts: nothing is near it, and a note says so.
    """
    vague = is_vague(text)
    parts = [] if vague else split(text)
    guess = language.detect(text)
    spoken = given or guess.language
    said: Said | None = None
    if explained and parts:
        vectors, said = said_of(text, spoken, parts, encoder)
    else:
        vectors = encoder.queries([text[p.span.start : p.span.end] for p in parts])
    shares = {given: 1.0} if given else guess.shares
    notes = [note("vague")] if vague else _notes(text, given, guess)
    return Query(text, spoken, shares, tuple(parts), vectors, tuple(notes), said)


def said_of(
    text: str, language: str, parts: Sequence[QueryPart], encoder: Encoder
) -> tuple[Vectors, Said]:
    """Return the vectors of ``parts``, and what can be quoted of ``text`` with what it adds."""
    return say(text, language, [part.span for part in parts], quotable(text, parts), encoder)


def quotable(text: str, parts: Iterable[QueryPart]) -> list[Span]:
    """Return the sentences of ``text`` that can be quoted: its title, and those of its passages."""
    found: list[Span] = []
    for part in parts:
        if part.role is Role.TITLE:
            found.append(part.span)
        elif part.role is Role.PASSAGE:
            found += telling(text, part.span)
    return found


def split(text: str) -> list[QueryPart]:
    """Cut ``text`` into its title, if it has one, the whole of it, and its passages."""
    stop = min(len(text), LONGEST_READ)
    found = sentences(text, 0, stop)
    if not found:
        return []
    title = _title(text, found)
    if title and title.end == found[-1].end:
        return [QueryPart(Role.TITLE, title)]
    parts = [QueryPart(Role.TITLE, title)] if title else []
    whole = Span(found[0].start, found[-1].end)
    parts.append(QueryPart(Role.WHOLE, whole))
    # a text without prose, such as a table, has no chunks, yet something of it must be quoted
    body = chunks(text, title.end if title else 0, stop) or ([] if title else [whole])
    return parts + [QueryPart(Role.PASSAGE, span) for span in body]


def _title(text: str, found: list[Span]) -> Span | None:
    """Return the first line if it reads like a title: short, and more than a word or two.

    "Sammanfattning" heads a text without saying its topic, and the first sentence of a paragraph
    is not a title. A line that is all there is counts as one.
    """
    first = found[0]
    line_end = text.find("\n", first.start)
    line = [s for s in found if line_end < 0 or s.end <= line_end] or [first]
    title = Span(first.start, line[-1].end)
    alone = title.end == found[-1].end
    words = len(text[title.start : title.end].split())
    fits = title.end - title.start <= _LONGEST_TITLE and (alone or words >= _FEWEST_WORDS)
    return title if fits else None


def _notes(text: str, given: str | None, guess: language.Guess) -> list[Note]:
    notes = []
    if len(text) > LONGEST_READ:
        notes.append(note("too_long", characters=len(text), ranked=LONGEST_READ))
    if given is None and guess.is_sure and guess.language not in ("sv", "en"):
        notes.append(note("other_language", code=guess.language))
    return notes
