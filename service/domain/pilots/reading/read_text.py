"""A pilot's text as it is ranked: acronyms in their long forms, no codes, nothing unwanted.

Quotations still lead to the text as given, and whatever was understood can be read as it stands.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from index.search.empty_query import is_empty_query
from index.search.query import MAX_QUERY_LENGTH
from index.text.codes import written_codes
from index.text.language import detect_language
from index.text.reading.clean import clean_text
from index.text.reading.edited_text import Edit, EditedText
from index.text.sentences import Span, split_sentences
from service.domain.pilots.reading.acronyms import acronym_meanings, find_acronyms
from service.domain.pilots.reading.negations import find_unwanted

EVERYTHING = "all"
"""In `as_written`: read the whole text as it stands."""

_GAP = " "
_USUAL = "en"
_LANGUAGES = (_USUAL, "sv")


class UnderstoodAs(StrEnum):
    """How a stretch of a text was understood."""

    ACRONYM = "acronym"
    UNWANTED = "unwanted"


@dataclass(frozen=True)
class UnderstoodStretch:
    """``text`` at ``span`` of a text was read as ``meaning``, or is what it does not want."""

    span: Span
    text: str
    kind: UnderstoodAs
    meaning: str


@dataclass(frozen=True)
class ReadText:
    """A text as it is ranked, and what was understood in it, in its order."""

    edited: EditedText
    understood: tuple[UnderstoodStretch, ...] = ()


def read_text(
    text: str,
    language: str | None = None,
    *,
    names: Iterable[Span] = (),
    as_written: Collection[str] = (),
) -> ReadText:
    """Read ``text`` for ranking.

    Args:
        text: a pilot's text.
        language: ISO 639 code; recognised when absent.
        names: stretches that name calls, however they are written; they do not rank.
        as_written: stretches that are read as they stand, or `EVERYTHING`.
    """
    clean = clean_text(text)
    read, stop = clean.text, min(len(clean.text), MAX_QUERY_LENGTH)
    # codes are found by their capitals, which a text of capitals has no more when it is clean
    codes = [clean.edited_span(span) for span in (*names, *written_codes(text, stop))]
    edits = [Edit(span.start, span.end, _GAP) for span in codes]
    kept = {_folded(one) for one in as_written}
    if EVERYTHING in kept:
        return ReadText(clean.edit(_without_overlaps(edits)))
    unwanted = _find_unwanted(read, stop, kept)
    gone = [*codes, *(one.span for one in unwanted)]
    edits += [Edit(one.start, one.end, _GAP) for one in _emptied_sentences(read, stop, gone)]
    edits += [Edit(one.span.start, one.span.end, _GAP) for one in unwanted]
    acronyms, long_forms = _read_acronyms(read, language, stop, gone, kept)
    understood = sorted([*unwanted, *acronyms], key=lambda one: one.span.start)
    return ReadText(
        clean.edit(_without_overlaps([*edits, *long_forms])),
        tuple(_as_given(clean, one) for one in understood),
    )


def _as_given(clean: EditedText, one: UnderstoodStretch) -> UnderstoodStretch:
    """Return what was understood with its place and words in the text as given."""
    span = clean.given_span(one.span)
    return replace(one, span=span, text=clean.given[span.start : span.end])


def _without_overlaps(edits: Iterable[Edit]) -> list[Edit]:
    """Return ``edits`` in order; of two that touch the same letters the longer one counts."""
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda one: (one.start, -one.end)):
        if not kept or edit.start >= kept[-1].end:
            kept.append(edit)
    return kept


def _find_unwanted(text: str, stop: int, kept: Collection[str]) -> list[UnderstoodStretch]:
    found = []
    for one in find_unwanted(text, stop):
        written = text[one.span.start : one.span.end]
        if _folded(written) not in kept:
            meaning = ", ".join(one.phrases)
            found.append(UnderstoodStretch(one.span, written, UnderstoodAs.UNWANTED, meaning))
    return found


def _emptied_sentences(text: str, stop: int, gone: Sequence[Span]) -> list[Span]:
    """Return the sentences in which nothing is left that says anything, without ``gone``."""
    if not gone:
        return []
    return [
        sentence
        for sentence in split_sentences(text, 0, stop)
        if any(sentence.start <= one.start < sentence.end for one in gone)
        and is_empty_query(_without(text, sentence, gone))
    ]


def _without(text: str, sentence: Span, gone: Iterable[Span]) -> str:
    """Return a sentence without what is taken out of it."""
    inside = [Edit(one.start, one.end, _GAP) for one in gone if one.start < sentence.end]
    inside = [edit for edit in inside if edit.end > sentence.start]
    edited = EditedText.unedited(text).edit(_without_overlaps(inside))
    own = edited.edited_span(sentence)
    return edited.text[own.start : own.end]


def _read_acronyms(
    text: str, language: str | None, stop: int, gone: Sequence[Span], kept: Collection[str]
) -> tuple[list[UnderstoodStretch], list[Edit]]:
    """Return the acronyms that are understood, and the edits that bring their long forms.

    In a text of nothing else the long form stands alone: it then ranks as if it were typed.
    """
    is_alone = is_empty_query(_without_acronyms(text[:stop]))
    read_in = language or _language_of(text, is_alone=is_alone)
    understood: list[UnderstoodStretch] = []
    edits: list[Edit] = []
    for one in find_acronyms(text, read_in, stop):
        acronym, span = one.meaning.acronym, one.span
        if _folded(acronym) in kept or any(own.start <= span.start < own.end for own in gone):
            continue
        long_form = one.meaning.in_language(read_in)
        understood.append(UnderstoodStretch(span, acronym, UnderstoodAs.ACRONYM, long_form))
        long = long_form if is_alone else f"{long_form} {acronym}"
        edits.append(Edit(span.start, span.end, long))
    return understood, edits


def _without_acronyms(text: str) -> str:
    known = acronym_meanings()
    return " ".join(word for word in text.split() if word.strip(".,;:!?()") not in known)


def _language_of(text: str, *, is_alone: bool) -> str:
    """Return the language that acronyms are read in, Swedish or English."""
    if is_alone:
        words = (word.strip(".,;:!?()") for word in text.split())
        known = acronym_meanings()
        only = [one.only_in for word in words for one in known.get(word, ()) if one.only_in]
        return only[0] if only else _USUAL
    shares = detect_language(text).shares
    return max(_LANGUAGES, key=lambda language: shares.get(language, 0.0))


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
