"""Which countries' organisations may take part: limits, exclusions and additions, each quoted."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scrapers.call import Eligibility
from scrapers.reading.applicants import country_restrictions, split_sentences
from scrapers.reading.patterns import load

_PATTERNS = load("countries.toml", package=__package__)
_RULES = _PATTERNS.group("rules")
_ADDED = "added"
_FORMS = {
    "excluded": ("country exclusion", "not eligible: {}"),
    _ADDED: ("country addition", "eligible: {}"),
}
_VALUE_LIMIT = 300


def country_rules(text: str) -> tuple[Eligibility, ...]:
    """Return the sentences of ``text`` on the countries applicants may come from, in order.

    ``kind`` is "country" for a limit, whose value names the countries, "country exclusion" or
    "country addition".
    """
    return tuple(rule for sentence in split_sentences(text) for rule in _rules_in(sentence))


def _rules_in(sentence: str) -> Iterator[Eligibility]:
    """Yield the one rule of a sentence, if it has any: a limit may name exceptions."""
    if limits := country_restrictions(sentence):
        yield from limits
        return
    for name, pattern in _RULES.items():
        match = pattern.search(sentence)
        if match and _names_countries(match["of"]) and not _is_conditional(match, sentence):
            kind, form = _FORMS[name]
            if _PATTERNS.only.search(sentence[: match.start("of")]):
                if name != _ADDED:
                    return
                kind, form = "country", "{}"
            countries = " ".join(match["of"].split())[:_VALUE_LIMIT]
            yield Eligibility(kind=kind, value=form.format(countries), quote=sentence)
            return


def _names_countries(words: str) -> bool:
    """Whether ``words`` has a name in it, rather than countries of some kind."""
    return any(word[0].isupper() for word in words.split())


def _is_conditional(match: re.Match[str], sentence: str) -> bool:
    """Whether a rule holds for others than all those established in the countries."""
    named = _PATTERNS.condition.search(match["of"])
    if _PATTERNS.outside.search(sentence[: match.start("of")]):
        return True
    rest = sentence[: match.start()], sentence[match.end() :]
    return bool(named) or any(_PATTERNS.exception.search(part) for part in rest)
