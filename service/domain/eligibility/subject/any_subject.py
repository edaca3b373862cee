"""Whether a call is open to projects of any subject, and the words that say so.

A call says so by the name of its programme in the title, or in a sentence. Precision comes first:
a frame around the subjects ("any topic within energy"), a list of the call's own subjects, or a
funder whose money is for one field takes it back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pydantic import Field

from scrapers.call import Call
from scrapers.reading.patterns import load
from service.domain.eligibility.extract.sentences import (
    TITLE_FIELD,
    CallSentence,
    read_sentences,
)
from service.domain.eligibility.facts import Quote
from service.domain.frozen_model import FrozenModel

_PATTERNS = load("any_subject.toml", package=__package__)
_OF_THEMSELVES = frozenset(
    {"bottom_up", "own_choice", "own_choice_sv", "open_call", "no_limit", "no_limit_sv"}
)
"""Statements that need no word of an offer beside them."""

_LONGEST_STATEMENT = 350
"""Characters of a sentence that may say so: in a longer one it is said of something else."""

_DENIAL_REACH = 60
"""Characters before a statement in which a word denies it."""

_HINTS = (
    "any ", "all ", "every ", "whatever", "bottom", "predefined", "pre-defined", "topic", "subject",
    "thematic", "sector", "industr", "regardless", "irrespective", "choose", "choice", "decide",
    "alla ", "samtliga", "vilke", "valfri", "fritt", "oavsett", "oberoende", "tema", "ämne",
    "bransch", "inga ", "humanities", "humaniora", "prescribed", "propose",
)  # fmt: skip


class AnySubject(FrozenModel):
    """That a call is open to projects of any subject."""

    quote: Quote = Field(description="The words of the call that say so.")
    by_name: bool = Field(
        default=False,
        description="Whether the name of the programme says so, and no sentence of the call.",
    )


def read_any_subject(call: Call) -> AnySubject | None:
    """Return that ``call`` is open to any subject, or None where it does not say so."""
    if _is_of_one_field(call):
        return None
    sentences = read_sentences(call)
    titles = [one for one in sentences if one.field == TITLE_FIELD]
    body = [one for one in sentences if one.field != TITLE_FIELD]
    if any(_PATTERNS.title_with_a_subject.search(one.text) for one in titles):
        return None
    if any(_PATTERNS.own_subjects.search(one.text) for one in body):
        return None
    return next(_named(titles), None) or next(_stated([*titles, *body]), None)


def _is_of_one_field(call: Call) -> bool:
    """Whether everything that the call's funder or programme pays for is of one field."""
    return bool(_PATTERNS.limited_funder.search(f"{call.funder}\n{call.programme}")) or any(
        _PATTERNS.limited_programme.match(one) for one in (call.native_id, *call.identifiers)
    )


def _named(titles: list[CallSentence]) -> Iterator[AnySubject]:
    """Yield the titles that are the name of a programme and say no subject beside it."""
    for title in titles:
        for name in _PATTERNS.group("programmes").values():
            found = name.search(title.text)
            if found and _is_plain(title.text, found):
                yield AnySubject(quote=title.quote(), by_name=True)
                break


def _is_plain(title: str, name: re.Match[str]) -> bool:
    rest = f"{title[: name.start()]} {title[name.end() :]}"
    return bool(_PATTERNS.plain_rest.fullmatch(rest))


def _stated(sentences: list[CallSentence]) -> Iterator[AnySubject]:
    """Yield the sentences that say that any subject will do."""
    for sentence in sentences:
        is_title = sentence.field == TITLE_FIELD
        if (is_title and _PATTERNS.title_says_so.search(sentence.text)) or (
            not is_title and sentence.contains_any(_HINTS) and _says_any(sentence.text)
        ):
            yield AnySubject(quote=sentence.quote())


def _says_any(text: str) -> bool:
    if len(text) > _LONGEST_STATEMENT:
        return False
    if _PATTERNS.about_something_else.search(text) or _PATTERNS.condition.search(text):
        return False
    offers = bool(_PATTERNS.offer.search(text))
    return any(
        (found := pattern.search(text)) is not None
        and (offers or name in _OF_THEMSELVES)
        and not _is_narrowed(text, found)
        for name, pattern in _PATTERNS.group("statements").items()
    )


def _is_narrowed(text: str, found: re.Match[str]) -> bool:
    """Whether a statement is denied, or the words around it give the subjects a frame."""
    scopes = list(_PATTERNS.scope.finditer(text, found.start(), found.end()))
    start = scopes[-1].start() if scopes else found.start()
    if scopes and _PATTERNS.denied.search(text, max(0, start - _DENIAL_REACH), start):
        return True
    return bool(
        _PATTERNS.narrowed_after.match(text, found.end())
        or _PATTERNS.narrowed_before.search(text[:start])
        or _PATTERNS.of_whom.search(text[:start])
    )
