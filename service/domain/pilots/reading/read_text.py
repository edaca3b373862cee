"""A pilot's text as it is ranked: acronyms in their long forms, no codes, nothing unwanted.

Quotations still lead to the text as given, and whatever was understood can be read as it stands.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from index.search.empty_query import is_empty_query
from index.search.query import MAX_QUERY_LENGTH
from index.text.codes import written_codes
from index.text.edited_text import Edit, EditedText
from index.text.language import detect_language
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
    stop = min(len(text), MAX_QUERY_LENGTH)
    codes = [*names, *written_codes(text, stop)]
    edits = [Edit(span, _GAP) for span in codes]
    kept = {_folded(one) for one in as_written}
    if EVERYTHING in kept:
        return ReadText(EditedText(text, edits))
    unwanted = _find_unwanted(text, stop, kept)
    gone = [*codes, *(one.span for one in unwanted)]
    edits += [Edit(span, _GAP) for span in _emptied_sentences(text, stop, gone)]
    edits += [Edit(one.span, _GAP) for one in unwanted]
    acronyms, long_forms = _read_acronyms(text, language, stop, gone, kept)
    understood = sorted([*unwanted, *acronyms], key=lambda one: one.span.start)
    return ReadText(EditedText(text, [*edits, *long_forms]), tuple(understood))


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
    edits = [Edit(one, _GAP) for one in gone if sentence.start <= one.start < sentence.end]
    whole = text[: max(sentence.end, *(edit.span.end for edit in edits))]
    return EditedText(whole, [Edit(Span(0, sentence.start), ""), *edits]).text


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
        edits.append(Edit(span, long_form if is_alone else f"{long_form} {acronym}"))
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
