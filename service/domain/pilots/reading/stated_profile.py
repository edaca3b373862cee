"""What a pilot's text says of its profile: proposals with the words that say so, no decisions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from index.text.sentences import split_sentences
from scrapers.reading.patterns import load
from service.domain.calls.applicant_kinds import ApplicantKind
from service.domain.calls.countries import EEA
from service.domain.calls.project_stages import ProjectStage
from service.messages.catalogue import languages
from service.messages.words import words

_PATTERNS = load("stated_profile.toml", package=__package__)
_KINDS = {ApplicantKind(name): one for name, one in _PATTERNS.group("kinds").items()}
_STAGES = {ProjectStage(name): one for name, one in _PATTERNS.group("stages").items()}
_PARTNERS = _PATTERNS.group("partners")

_COUNTRIES: Final = EEA | {"CH", "GB", "US", "CA", "UA"}
"""Countries whose names are looked for, in every language of the catalogues."""

_LONGEST_TEXT: Final = 20_000
"""Characters that are read: who applies stands early, and a page is not kept waiting."""

_MOST_NAMES: Final = 8


@dataclass(frozen=True)
class ProfileHint:
    """What a text says of one field of a profile.

    Attributes:
        field: `organisation`, `country`, `stage`, `partners` or `trl`.
        value: an `ApplicantKind`, an ISO 3166 code, a `ProjectStage`, `some` or `none`, or a level.
        words: the words that say so, verbatim: a name, or the sentence.
    """

    field: str
    value: str
    words: str


def read_profile_hints(text: str) -> tuple[ProfileHint, ...]:
    """Return what ``text`` says of its profile, each value of a field once, in the text's order."""
    read = text[:_LONGEST_TEXT]
    found: dict[tuple[str, str, str], ProfileHint] = {}
    for one in (*_organisations(read), *_in_sentences(read)):
        name = one.words if one.field == "organisation" else ""
        found.setdefault((one.field, one.value, name), one)
    return tuple(found.values())


def _organisations(text: str) -> Iterator[ProfileHint]:
    names = sorted(
        (match.start(), kind, " ".join(match[0].split()))
        for kind, pattern in _KINDS.items()
        for match in pattern.finditer(text)
    )
    for _, kind, name in names[: _MOST_NAMES * 4]:
        yield ProfileHint("organisation", kind.value, name)


@cache
def _country_names() -> tuple[Mapping[str, str], re.Pattern[str]]:
    """Return the codes of countries by their names, and what finds a name."""
    names = {words(one).country(code): code for one in languages() for code in sorted(_COUNTRIES)}
    longest = sorted(names, key=len, reverse=True)
    return names, re.compile(rf"\b(?:{'|'.join(map(re.escape, longest))})\b")


def _in_sentences(text: str) -> Iterator[ProfileHint]:
    names, countries = _country_names()
    for span in split_sentences(text):
        sentence = text[span.start : span.end]
        for match in countries.finditer(sentence):
            yield ProfileHint("country", names[match[0]], sentence)
        for stage, pattern in _STAGES.items():
            if pattern.search(sentence):
                yield ProfileHint("stage", stage.value, sentence)
        for state, pattern in _PARTNERS.items():
            if pattern.search(sentence):
                yield ProfileHint("partners", state, sentence)
        if level := _PATTERNS.trl.search(sentence):
            yield ProfileHint("trl", level["level"], sentence)
