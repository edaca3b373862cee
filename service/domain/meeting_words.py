"""The sentences of a list for a meeting, in both languages. Codes are the same."""

from __future__ import annotations

from collections.abc import Iterable

from service.domain.change import Sentence
from service.domain.countries import country_name
from service.domain.gates.sentences import Values, fill

ENGLISH = {
    "fits": "The call fits the pilot with a score of {score}.",
    "unknown": "The pilot has no profile: ask who takes part.",
    "brings": "Taking part: {kinds}.",
    "welcome": "The call names {kinds}.",
    "from": "The parties are in {places}.",
    "asked": "The call asks for {asked}.",
    "asked.wish": "The call wishes for {asked}.",
    "asked.general": "The general rules for {action} ask for {asked}; the call may set others.",
    "meet": "Together they have {have}, which meets that.",
    "meet.alone": "It has {have}, which meets that.",
    "perhaps": "Together they have {have}; what is missing may be there, but is not said.",
    "perhaps.alone": "It has {have}; what is missing may be there, but is not said.",
    "short": "Together they have {have}; still missing: {missing}.",
    "short.alone": "It has {have}; still missing: {missing}.",
    "adds": "“{title}” adds {adds}.",
    "nobody": "The pilots do not meet the rule together; those who come nearest are shown.",
    "none": "No pilot fits this call well enough to be named.",
    "no_rule": "The call does not say how many must apply together, or it was not found.",
    "silent": "Of the pilots that fit, {count} do not say who takes part.",
    "silent.one": "Of the pilots that fit, one does not say who takes part.",
}
SWEDISH = {
    "fits": "Utlysningen passar piloten med poängen {score}.",
    "unknown": "Piloten har ingen profil: fråga vilka som är med.",
    "brings": "Med är {kinds}.",
    "welcome": "Utlysningen nämner {kinds}.",
    "from": "Parterna finns i {places}.",
    "asked": "Utlysningen kräver {asked}.",
    "asked.wish": "Utlysningen önskar {asked}.",
    "asked.general": "De allmänna reglerna för {action} kräver {asked}; utlysningen kan ha egna.",
    "meet": "Tillsammans har de {have}, vilket räcker.",
    "meet.alone": "Den har {have}, vilket räcker.",
    "perhaps": "Tillsammans har de {have}; det som fattas kan finnas men är inte utsagt.",
    "perhaps.alone": "Den har {have}; det som fattas kan finnas men är inte utsagt.",
    "short": "Tillsammans har de {have}; det fattas {missing}.",
    "short.alone": "Den har {have}; det fattas {missing}.",
    "adds": "”{title}” tillför {adds}.",
    "nobody": "Piloterna räcker inte tillsammans; de som kommer närmast visas.",
    "none": "Ingen pilot passar utlysningen väl nog för att nämnas.",
    "no_rule": "Utlysningen säger inte hur många som måste söka tillsammans, eller så hittades det "
    "inte.",
    "silent": "Av piloterna som passar säger {count} inte vilka som är med.",
    "silent.one": "En av piloterna som passar säger inte vilka som är med.",
}

ONE = {
    "individual": ("an individual", "en enskild person"),
    "organization": ("a legal entity", "en juridisk person"),
    "government_state": ("a national authority", "en statlig myndighet"),
    "government_county": ("a region", "en region"),
    "government_municipal": ("a municipality", "en kommun"),
    "higher_education_public": ("a public university", "ett offentligt lärosäte"),
    "higher_education_private": ("a private university", "ett privat lärosäte"),
    "nonprofit_without_501c3": ("a non-profit organisation", "en ideell organisation"),
    "for_profit_small_business": (
        "a small or medium-sized company",
        "ett litet eller medelstort företag",
    ),
    "for_profit_not_small_business": ("a large company", "ett stort företag"),
    "unrestricted": ("a party of any kind", "en part av vilket slag som helst"),
    "research_organisation": ("a research organisation", "en forskningsorganisation"),
    "health_care_provider": ("a health care provider", "en vårdgivare"),
}
"""One party of a kind, in English and Swedish."""


def say(code: str, values: Values) -> Sentence:
    """Return the sentence ``code`` in both languages.

    Values are tokens as the gates' sentences take them, and three more: ``one:KIND`` for a party
    of a kind, ``land:CODE`` for a country, and ``score:0.38`` for a number.
    """
    return Sentence(
        en=fill(ENGLISH[code], _in(values, "en"), "en"),
        sv=fill(SWEDISH[code], _in(values, "sv"), "sv"),
    )


def tokens(tag: str, values: Iterable[str]) -> tuple[str, ...]:
    """Return ``values`` as tokens of a tag."""
    return tuple(f"{tag}:{value}" for value in values)


def _in(values: Values, language: str) -> Values:
    return {
        name: tuple(_word(token, language) for token in given) for name, given in values.items()
    }


def _word(token: str, language: str) -> str:
    tag, _, value = token.partition(":")
    if tag == "one":
        return ONE[value][language == "sv"]
    if tag == "land":
        return country_name(value, language)
    if tag == "score":
        return value.replace(".", ",") if language == "sv" else value
    return token
