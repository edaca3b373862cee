"""Whether a call is only for those who were asked, or who already hold a grant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from scrapers.reading.patterns import load
from scrapers.reading.steps.dated_words import sentences_of

_PATTERNS = load("invitations.toml", package=__package__)
_LINE_LIMIT, _SENTENCE_LIMIT, _HEADING_LIMIT = 20_000, 600, 100
_WHO_LINES = 6
_CLAUSE = 100


@dataclass(frozen=True)
class Invitation:
    """A sentence by which a call is not open to all.

    ``to_holders``: it is for those who have or had a grant. ``to_come``: those who are invited are
    still to be chosen, by what they hand in here.
    """

    quote: str
    to_holders: bool = False
    to_come: bool = False


def find_invitations(lines: Sequence[str], title: str = "") -> Iterator[Invitation]:
    """Yield the sentences of ``lines`` that leave a call to those invited, or to grant holders.

    A ``title`` that names them does so too.
    """
    if found := read_invitation(title, on_applicants=True):
        yield found
    first_is_open = any(_PATTERNS.first_is_open.search(line[:_LINE_LIMIT]) for line in lines)
    under_who = 0
    for line in lines:
        if not line.strip():
            continue
        under_who = _WHO_LINES if _PATTERNS.who.search(line[:_HEADING_LIMIT]) else under_who - 1
        bounded = line[:_LINE_LIMIT]
        for start, end in sentences_of(bounded, ()):
            found = read_invitation(bounded[start:end], on_applicants=under_who > 0)
            if found and first_is_open and _PATTERNS.in_later_step.search(found.quote):
                found = replace(found, to_come=True)
            if found:
                yield found


def read_invitation(sentence: str, *, on_applicants: bool = False) -> Invitation | None:
    """Return what ``sentence`` says of who is invited, None when it leaves a call to nobody.

    ``on_applicants``: it stands under a heading such as "Who can apply", where those who are named
    are the only ones.
    """
    text = sentence.strip()[:_SENTENCE_LIMIT]
    only = bool(_PATTERNS.only.search(text))
    if only and _PATTERNS.uninvited_only.search(text):
        return Invitation(text)
    if _PATTERNS.not_so.search(text) or _PATTERNS.else_invited.search(text):
        return None
    if only or _PATTERNS.second.search(text):
        return Invitation(text)
    about = on_applicants or _PATTERNS.applying.search(text)
    return _by_group(text, on_applicants=on_applicants) if about else None


def _by_group(text: str, *, on_applicants: bool) -> Invitation | None:
    """Return what ``text`` says by naming those who may apply, beside a word that they may."""
    words = (_PATTERNS.restriction, _PATTERNS.may_apply)
    found = {
        name: _meets(text, group, *words) or (on_applicants and bool(group.search(text)))
        for name, group in (("invited", _PATTERNS.invited), ("holders", _PATTERNS.holders))
    }
    if found["invited"]:
        to_come = _PATTERNS.invited_now.search(text) or _PATTERNS.later_step.search(text)
        return Invitation(text, to_come=bool(to_come))
    if found["holders"] or _meets(text, _PATTERNS.funded_before, _PATTERNS.shuts_out):
        return Invitation(text, to_holders=True)
    return None


def _meets(text: str, group: re.Pattern[str], *words: re.Pattern[str]) -> bool:
    """Whether ``group`` stands near one of ``words``, so that they are of one clause."""
    named = [match.span() for match in group.finditer(text)]
    said = [match.span() for pattern in words for match in pattern.finditer(text)]
    return any(
        start - _CLAUSE <= end_said and start_said <= end + _CLAUSE
        for start, end in named
        for start_said, end_said in said
    )
