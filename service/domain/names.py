"""What conditions, a call's sections and the months are called, in both languages.

Pages and mails have these words too: `service.wording` takes them from here.
"""

from __future__ import annotations

_ENGLISH = {
    "gate.amount": "Amount",
    "gate.applicants": "Who may apply",
    "gate.consortium": "Consortium",
    "gate.country": "Country",
    "gate.deadline": "Deadline",
    "gate.duration": "Length",
    "gate.invitation": "Invitation",
    "gate.profile": "Profile",
    "gate.share": "Share of the costs",
    "gate.stage": "Stage",
    "gate.start": "Start",
    "gate.status": "Status",
    "gate.trl": "Readiness",
    "months": "January February March April May June "
    "July August September October November December",
    "section.amount": "How much",
    "section.background": "Background",
    "section.budget": "Budget",
    "section.call": "About the whole call",
    "section.challenge": "Challenge",
    "section.conditions": "Conditions",
    "section.description": "Description",
    "section.duration": "Duration",
    "section.eligibility": "Eligibility",
    "section.expected outcome": "Expected outcome",
    "section.further information": "Further information",
    "section.how to apply": "How to apply",
    "section.impact": "Expected impact",
    "section.objective": "Objective",
    "section.outcome": "Expected outcome",
    "section.programme": "About the programme",
    "section.purpose": "Purpose",
    "section.scope": "Scope",
    "section.summary": "Summary",
    "section.text": "Text",
    "section.title": "Title",
    "section.what": "What is funded",
    "section.who": "Who may apply",
    "section.why": "Why",
}
_SWEDISH = {
    "gate.amount": "Belopp",
    "gate.applicants": "Vem får söka",
    "gate.consortium": "Konsortium",
    "gate.country": "Land",
    "gate.deadline": "Sista dag",
    "gate.duration": "Projekttid",
    "gate.invitation": "Inbjudan",
    "gate.profile": "Profil",
    "gate.share": "Andel av kostnaderna",
    "gate.stage": "Skede",
    "gate.start": "Start",
    "gate.status": "Status",
    "gate.trl": "Mognadsgrad",
    "months": "januari februari mars april maj juni "
    "juli augusti september oktober november december",
    "section.amount": "Hur mycket",
    "section.background": "Bakgrund",
    "section.budget": "Budget",
    "section.call": "Om hela utlysningen",
    "section.challenge": "Utmaning",
    "section.conditions": "Villkor",
    "section.description": "Beskrivning",
    "section.duration": "Tid",
    "section.eligibility": "Vem kan söka",
    "section.expected outcome": "Förväntat resultat",
    "section.further information": "Mer information",
    "section.how to apply": "Så ansöker du",
    "section.impact": "Förväntad effekt",
    "section.objective": "Mål",
    "section.outcome": "Förväntat resultat",
    "section.programme": "Om programmet",
    "section.purpose": "Syfte",
    "section.scope": "Omfattning",
    "section.summary": "Sammanfattning",
    "section.text": "Text",
    "section.title": "Rubrik",
    "section.what": "Vad som finansieras",
    "section.who": "Vem kan söka",
    "section.why": "Varför",
}
NAMES = {"en": _ENGLISH, "sv": _SWEDISH}
"""Names by language and key: ``gate.NAME``, ``section.NAME``, and ``months`` in their order."""


def gate_name(name: str, language: str) -> str:
    """Return what a gate is called in a language (sv or en), within a sentence."""
    return NAMES[language].get(f"gate.{name}", name).lower()


def section_name(name: str, language: str) -> str:
    """Return what a section of a call is called; one with a name of the funder's own keeps it."""
    plain = name.lower().replace("_", " ").replace("-", " ")
    return NAMES[language].get(f"section.{plain}", name)


def months(language: str) -> list[str]:
    """Return the names of the twelve months."""
    return NAMES[language]["months"].split()
