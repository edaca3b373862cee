"""Words for kinds of organisations: those that the funders' readers know, and more."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from scrapers.reading.applicants import find_applicant_kinds
from scrapers.reading.patterns import load
from service.domain.calls.applicant_kinds import ApplicantKind

_UNIVERSITIES = (ApplicantKind.PUBLIC_UNIVERSITY, ApplicantKind.PRIVATE_UNIVERSITY)
KINDS_BY_NAME: dict[str, tuple[ApplicantKind, ...]] = {
    "municipality": (ApplicantKind.MUNICIPALITY,),
    "region": (ApplicantKind.REGION,),
    "health care provider": (ApplicantKind.CARE,),
    "public body": (ApplicantKind.STATE, ApplicantKind.REGION, ApplicantKind.MUNICIPALITY),
    "local body": (ApplicantKind.REGION, ApplicantKind.MUNICIPALITY),
    "national body": (ApplicantKind.STATE,),
    "state or local body": (ApplicantKind.STATE, ApplicantKind.MUNICIPALITY),
    "company": (ApplicantKind.SMALL_COMPANY, ApplicantKind.LARGE_COMPANY),
    "small or medium-sized company": (ApplicantKind.SMALL_COMPANY,),
    "large company": (ApplicantKind.LARGE_COMPANY,),
    "university": _UNIVERSITIES,
    "public university": (ApplicantKind.PUBLIC_UNIVERSITY,),
    "private university": (ApplicantKind.PRIVATE_UNIVERSITY,),
    "research organisation": (ApplicantKind.RESEARCH,),
    "civil society": (ApplicantKind.CIVIL_SOCIETY,),
    "individual": (ApplicantKind.INDIVIDUAL,),
    "organisation": (ApplicantKind.ORGANISATION,),
    "organisation of another sort": (ApplicantKind.ORGANISATION,),
    "anyone": (ApplicantKind.UNRESTRICTED,),
}
"""The kinds that the names in funders' readers stand for."""

_PATTERNS = load("kind_words.toml", package=__package__)
_ANOTHER_SORT = "organisation of another sort"
_NO_KIND = "no kind"
"""The pattern of words that look like a kind and are none."""


@dataclass(frozen=True)
class KindMention:
    """Words that name a kind of organisation: ``text[start:end]``, and the kinds they stand for."""

    start: int
    end: int
    kinds: tuple[ApplicantKind, ...]
    of_another_sort: bool = False
    """Whether it is a sort of organisation that no kind but the general one stands for."""


@cache
def _more_patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return kinds that the funders' readers do not name, and longer wordings that hold a shorter.

    They are compiled when a text is first read: who shows a call need not wait for them.
    """
    return tuple(_PATTERNS.group("kinds").items())


@lru_cache(maxsize=1024)
def find_kind_mentions(text: str) -> tuple[KindMention, ...]:
    """Return the words of ``text`` that name kinds, in order; the longest words win."""
    spans = [(m.start(), -m.end(), name) for name, p in _more_patterns() for m in p.finditer(text)]
    spans += [(first, -stop, name) for name, first, stop in find_applicant_kinds(text)]
    mentions = []
    end = 0
    for first, stop, name in sorted(spans, key=lambda span: span[:2]):
        if first >= end:
            end = -stop
            if name != _NO_KIND:
                other = name == _ANOTHER_SORT
                mentions.append(KindMention(first, end, KINDS_BY_NAME[name], other))
    return tuple(mentions)


def find_kinds(text: str) -> tuple[ApplicantKind, ...]:
    """Return the kinds of organisations that ``text`` names, in the order of `ApplicantKind`."""
    return join_kinds(find_kind_mentions(text))


def join_kinds(mentions: Iterable[KindMention]) -> tuple[ApplicantKind, ...]:
    """Return the kinds of ``mentions`` in the order of `ApplicantKind`.

    A list that names kinds beside organisations of another sort is told by those kinds.
    """
    named = list(mentions)
    told = [one for one in named if not one.of_another_sort] or named
    kinds = {kind for mention in told for kind in mention.kinds}
    return tuple(kind for kind in ApplicantKind if kind in kinds)
