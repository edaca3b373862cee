"""The sentences of a list for a meeting, in both languages. Codes are the same."""

from __future__ import annotations

ENGLISH = {
    "fits": "The call fits the pilot with a score of {score}.",
    "unknown": "The pilot has no profile: ask who takes part.",
    "brings": "It brings {kinds}.",
    "welcome": "The call names {kinds}.",
    "from": "It is in {places}.",
    "asked": "The call asks for {asked}.",
    "meet": "Together they have {have}, which meets that.",
    "perhaps": "Together they have {have}; what is missing may be there, but is not said.",
    "adds": "“{title}” adds {adds}.",
    "wish": "The call wishes this rather than demands it.",
    "none": "No pilot fits this call well enough to be named.",
    "no_rule": "The call does not say how many must apply together, or it was not found.",
    "silent": "Of the pilots that fit, {count} do not say who takes part.",
}
SWEDISH = {
    "fits": "Utlysningen passar piloten med poängen {score}.",
    "unknown": "Piloten har ingen profil: fråga vilka som är med.",
    "brings": "Den bidrar med {kinds}.",
    "welcome": "Utlysningen nämner {kinds}.",
    "from": "Den finns i {places}.",
    "asked": "Utlysningen kräver {asked}.",
    "meet": "Tillsammans har de {have}, vilket räcker.",
    "perhaps": "Tillsammans har de {have}; det som fattas kan finnas men är inte utsagt.",
    "adds": "”{title}” tillför {adds}.",
    "wish": "Utlysningen önskar detta snarare än kräver det.",
    "none": "Ingen pilot passar utlysningen väl nog för att nämnas.",
    "no_rule": "Utlysningen säger inte hur många som måste söka tillsammans, eller så hittades det "
    "inte.",
    "silent": "Av piloterna som passar säger {count} inte vilka som är med.",
}
