"""What would meet a condition, as a sentence in both languages. Codes are the same."""

from __future__ import annotations

from service.domain.change import Sentence
from service.domain.countries import country_name
from service.domain.gates.catalogue import NAMES
from service.domain.gates.sentences import Values, fill
from service.domain.meeting_words import ONE

ENGLISH = {
    "applicants": "With {kinds} among the applicants this condition is met.",
    "country": "With an organisation in {places} this condition is met.",
    "country.county": "With an organisation in the county that the call names this condition "
    "is met.",
    "consortium.one": "With one more partner this condition is met.",
    "consortium.one.abroad": "With a partner in another country this condition is met.",
    "consortium.one.other": "With a partner of another kind this condition is met.",
    "consortium.one.both": "With a partner of another kind in another country this condition is "
    "met.",
    "consortium.more": "With {more} more partners this condition is met.",
    "consortium.more.among": "With {more} more partners, {among}, this condition is met.",
    "amount": "With a wanted grant of {span} this condition is met.",
    "share": "If {span} of the costs are needed, this condition is met.",
    "duration": "With a length of {span} this condition is met.",
    "trl": "With a start at {span} this condition is met.",
    "stage": "If the pilot is {stages}, this condition is met.",
    "start": "With a start on {first} or later this condition is met.",
}
SWEDISH = {
    "applicants": "Med {kinds} bland de sökande är villkoret uppfyllt.",
    "country": "Med en organisation i {places} är villkoret uppfyllt.",
    "country.county": "Med en organisation i det län som utlysningen nämner är villkoret uppfyllt.",
    "consortium.one": "Med en partner till är villkoret uppfyllt.",
    "consortium.one.abroad": "Med en partner i ett annat land är villkoret uppfyllt.",
    "consortium.one.other": "Med en partner av ett annat slag är villkoret uppfyllt.",
    "consortium.one.both": "Med en partner av ett annat slag i ett annat land är villkoret "
    "uppfyllt.",
    "consortium.more": "Med {more} partner till är villkoret uppfyllt.",
    "consortium.more.among": "Med {more} partner till, {among}, är villkoret uppfyllt.",
    "amount": "Med ett önskat bidrag på {span} är villkoret uppfyllt.",
    "share": "Om {span} av kostnaderna behövs är villkoret uppfyllt.",
    "duration": "Med en projekttid på {span} är villkoret uppfyllt.",
    "trl": "Med en start på {span} är villkoret uppfyllt.",
    "stage": "Om piloten är {stages} är villkoret uppfyllt.",
    "start": "Med start {first} eller senare är villkoret uppfyllt.",
}

_AMONG = {
    "abroad": (
        ("at least one in another country", "minst en i ett annat land"),
        ("in at least {} other countries", "i minst {} andra länder"),
    ),
    "other": (
        ("at least one of another kind", "minst en av ett annat slag"),
        ("of at least {} other kinds", "av minst {} andra slag"),
    ),
}
_OR = {"en": " or ", "sv": " eller "}


def say(code: str, values: Values) -> Sentence:
    """Return the sentence ``code`` in both languages.

    Values are tokens as the gates' sentences take them; of ``one:KIND``, ``land:PLACE`` and
    ``stage:STAGE`` one is enough, so they are joined by "or"; ``abroad:N`` and ``other:N`` say how
    many partners are in other countries or of other kinds.
    """
    return Sentence(
        en=fill(ENGLISH[code], _in(values, "en"), "en"),
        sv=fill(SWEDISH[code], _in(values, "sv"), "sv"),
    )


def _in(values: Values, language: str) -> Values:
    return {name: _words(tokens, language) for name, tokens in values.items()}


def _words(tokens: tuple[str, ...], language: str) -> tuple[str, ...]:
    words = tuple(_word(token, language) for token in tokens)
    if len(words) > 1 and tokens[0].startswith(("one:", "land:", "stage:")):
        return (", ".join(words[:-1]) + _OR[language] + words[-1],)
    return words


def _word(token: str, language: str) -> str:
    tag, _, value = token.partition(":")
    swedish = language == "sv"
    if tag == "one":
        return ONE[value][swedish]
    if tag == "land":
        return NAMES[language].get(f"place.{value}") or country_name(value, language)
    if tag == "stage":
        return NAMES[language][token.replace(":", ".")]
    if tag in _AMONG:
        one, several = _AMONG[tag]
        return one[swedish] if value == "1" else several[swedish].format(value)
    return token
