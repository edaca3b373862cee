"""Where applicants must be, by the words around each place that a sentence names."""

from __future__ import annotations

from collections.abc import Sequence

from scrapers.reading.patterns import load
from service.domain.eligibility.extract.country.places import PlaceMention, find_place_mentions
from service.domain.eligibility.extract.roles import Figure, RoleScore
from service.domain.eligibility.extract.sentences import NEGATION, CallSentence

_PATTERNS = load("roles.toml", package=__package__)
_COUNTRIES = {"sv": "SE"}
"""The country whose funders write in a language."""

_STATED = 3.5
_SURE = 5.0
_LONGEST_ITEM = 70
_STRUCTURE = {
    "before.seat",
    "before.from_there",
    "before.limited",
    "before.across",
    "before.listed",
    "after.who",
    "after.number",
    "before.is_of",
}
"""Words that tie a place to those who apply: without one of them it may be anybody's."""

WEIGHTS = {
    "before.seat": 2.5,
    "before.from_there": 1.5,
    "before.limited": 1.5,
    "before.across": 2.5,
    "before.is_of": 3.0,
    "before.with": -2.0,
    "before.listed": 0.0,
    "before.not_there": -4.0,
    "after.who": 2.5,
    "after.number": 5.0,
    "after.owner": -4.0,
    "after.described": -4.0,
    "clause.of_applying": 1.0,
    "clause.of_other_things": -3.0,
    "heading.on_applicants": 1.5,
}
"""How much each group of words says that applicants must be in a place."""

_ROLE = RoleScore(
    {
        "before": _PATTERNS.group("before"),
        "after": _PATTERNS.group("after"),
        "clause": _PATTERNS.group("clause"),
        "heading": _PATTERNS.group("heading"),
    },
    WEIGHTS,
)


def find_homes(sentence: CallSentence, *, says_who: bool) -> tuple[tuple[str, ...], bool]:
    """Return where applicants must be by a sentence, and whether that is sure.

    ``says_who``: whether the sentence states who may apply.
    """
    homes: dict[str, float] = {}
    last: PlaceMention | None = None
    last_score = 0.0
    for mention in find_place_mentions(sentence.text):
        figure = Figure(sentence, mention.start, mention.end)
        names = _ROLE.features(figure)
        score = _ROLE.score(figure) + (1.0 if says_who else 0.0)
        if last and "before.listed" in names and mention.start - last.end < _LONGEST_ITEM:
            score = max(score, last_score)
        begin = sentence.clause_span(mention.start, mention.end)[0]
        denied = NEGATION.search(sentence.text[begin : mention.start])
        if score >= _STATED and not denied and not _STRUCTURE.isdisjoint(names):
            homes[mention.code] = max(score, homes.get(mention.code, score))
        last, last_score = mention, score
    return tuple(homes), bool(homes) and min(homes.values()) >= _SURE


def is_on_foreigners(sentence: CallSentence) -> bool:
    """Return whether a sentence is about who of another country may apply."""
    return bool(_PATTERNS.on_foreigners.search(sentence.text))


def shuts_out_foreigners(sentence: CallSentence) -> bool:
    """Return whether a sentence says that organisations from abroad may not apply."""
    return bool(_PATTERNS.foreigners_shut_out.search(sentence.text))


def supports_own(sentence: CallSentence) -> bool:
    """Return whether a sentence says that organisations of the funder's country get support."""
    return bool(_PATTERNS.domestic.search(sentence.text))


def names_american_states(sentence: CallSentence) -> bool:
    """Return whether a sentence names the states or territories of the United States."""
    return bool(_PATTERNS.american_states.search(sentence.text))


def lists_foreigners(sentence: CallSentence) -> bool:
    """Return whether organisations of other countries are among those who may apply."""
    headed = bool(_PATTERNS["heading.on_applicants"].search(sentence.heading))
    return headed and bool(_PATTERNS.foreigners_listed.search(sentence.text))


def says_where(sentence: CallSentence) -> bool:
    """Return whether a sentence says where applications or applicants are from."""
    return bool(_PATTERNS.on_applying.search(sentence.text))


def country_of_funder(sentences: Sequence[CallSentence]) -> str | None:
    """Return the country whose funder a call is of, by its own words; None if they do not say."""
    if any(_PATTERNS.american.search(sentence.text) for sentence in sentences):
        return "US"
    if country := next((_COUNTRIES[s.lang] for s in sentences if s.lang in _COUNTRIES), None):
        return country
    if any(_PATTERNS.british.search(sentence.text) for sentence in sentences):
        return "GB"
    return None
