"""Names of countries, of groups of countries and of Swedish counties, as sentences write them."""

from __future__ import annotations

import re

EU = frozenset(
    "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE".split()
)
NORDIC = frozenset("DK FI IS NO SE".split())
EEA = EU | {"IS", "LI", "NO"}
GROUPS = {"EU": EU, "NORDIC": NORDIC, "EEA": EEA}
"""What a group's name stands for; AC, the countries associated to a programme, varies by call."""

_NAMES = {
    "EU": r"\b(?:EU )?Member States?\b|\bEU-?länder\w*|\bEU countr(?:y|ies)|\bMS\b|medlemsstat\w*"
    r"|medlemsländer\w*|\bEU (?=and|or|och)",
    "AC": r"\bAssociated (?:Countr(?:y|ies)|States)\b|associerade? (?:länder|stater)\b(?!:)"
    r"|\bcountr(?:y|ies) associated\b|\beligible (?:non-EU|third) countries",
    "EEA": r"\bEEA\b|European Economic Area|\bEES\b",
    "NORDIC": r"(?<!non-)(?<!non‐)\bNordic countr(?:y|ies)\b|nordisk\w* länder\w*|\bNorden\b"
    r"|\b[Nn]ordiska? (?:land|akt|part|lär|univ|före|org)|\bNordic (?:univ|comp|org|part|inst|appl"
    r"|rese)",
    "SE": r"\bSweden\b|\bSveriges?\b|\bSwedish\b|\b[Ss]vensk[at]?\b",
    "NO": r"\bNorway\b|\bNorge\b|\bNorwegian\b|\bnorska?\b",
    "IS": r"\bIceland\b|\bIsland\b",
    "LI": r"\bLiechtenstein\b",
    "DK": r"\bDenmark\b|\bDanmark\b|\bDanish\b|\bdanska?\b",
    "FI": r"\bFinland\b|\bFinnish\b|\bfinländska?\b",
    "CH": r"\bSwitzerland\b|\bSchweiz\b",
    "GB": r"\bUnited Kingdom\b|\bFörenade kungariket\b|\bUK\b|\bStorbritannien\b|\bEngland\b",
    "US": r"\bUnited States\b|\bUSA\b|\bU\.S\.(?=\s)",
    "CN": r"\bChina\b|\bKina\b",
    "RU": r"\bRussian?(?: Federation)?\b|\bRyssland\b",
    "BY": r"\bBelarus\b",
    "CA": r"\bCanada\b|\bKanada\b",
    "IL": r"\bIsrael\b",
    "KR": r"\b(?:South|Republic of) Korea\b|\bSydkorea\b",
    "JP": r"\bJapan\b",
    "NZ": r"\bNew Zealand\b|\bNya Zeeland\b",
    "AU": r"\bAustralia\b",
    "UA": r"\bUkraine\b|\bUkraina\b",
    "TR": r"\bT(?:ü|u)rki(?:ye|et)\b|\bTurkey\b",
    "RS": r"\bSerbia\b",
    "MD": r"\bMoldova\b",
    "AL": r"\bAlbania\b",
    "BA": r"\bBosnia and Herzegovina\b",
    "ME": r"\bMontenegro\b",
    "MK": r"\bNorth Macedonia\b",
    "XK": r"\bKosovo\b",
    "GE": r"\bGeorgia\b",
    "BR": r"\bBrazil\b",
    "ZA": r"\bSouth Africa\b",
    "IN": r"\bIndia\b",
    "DE": r"\bGermany\b|\bTyskland\b",
    "FR": r"\bFrance\b|\bFrankrike\b",
    "NL": r"\bNetherlands\b|\bNederländerna\b",
    "BE": r"\bBelgium\b|\bBelgien\b",
    "AT": r"\bAustria\b|\bÖsterrike\b",
    "ES": r"\bSpain\b|\bSpanien\b",
    "PT": r"\bPortugal\b",
    "IT": r"\bItaly\b|\bItalien\b",
    "IE": r"\b(?<!Northern )Ireland\b|\bIrland\b",
    "PL": r"\bPoland\b|\bPolen\b",
    "CZ": r"\bCzech(?:ia| Republic)\b|\bTjeckien\b",
    "SK": r"\bSlovakia\b|\bSlovakien\b",
    "HU": r"\bHungary\b|\bUngern\b",
    "RO": r"\bRomania\b|\bRumänien\b",
    "BG": r"\bBulgaria\b|\bBulgarien\b",
    "GR": r"\bGreece\b|\bGrekland\b",
    "HR": r"\bCroatia\b|\bKroatien\b",
    "SI": r"\bSlovenia\b|\bSlovenien\b",
    "EE": r"\bEstonia\b|\bEstland\b",
    "LV": r"\bLatvia\b|\bLettland\b",
    "LT": r"\bLithuania\b|\bLitauen\b",
    "LU": r"\bLuxembourg\b|\bLuxemburg\b",
    "MT": r"\bMalta\b",
    "CY": r"\bCyprus\b|\bCypern\b",
    "KE": r"\bKenya\b",
    "GL": r"\bGreenland\b|\bGrönland\b",
    "FO": r"\bFaroe Islands\b|\bFäröarna\b",
    "AX": r"\bÅland\b",
    "SE-AB": r"^Stockholm$|\bStockholms? län\b|\bStockholms län\b",
    "SE-C": r"\bUppsala\b",
    "SE-D": r"\bSörmlands?\b|\bSödermanlands?\b",
    "SE-E": r"\bÖstergötlands?\b",
    "SE-F": r"\bJönköpings?\b",
    "SE-G": r"\bKronobergs?\b",
    "SE-H": r"\bKalmars?\b",
    "SE-I": r"\bGotlands?\b",
    "SE-K": r"\bBlekinges?\b",
    "SE-M": r"\bSkåne\b",
    "SE-N": r"\bHallands?\b",
    "SE-O": r"\bVästra Götalands?\b",
    "SE-S": r"\bVärmlands?\b",
    "SE-T": r"\bÖrebro\b",
    "SE-U": r"\bVästmanlands?\b",
    "SE-W": r"\bDalarnas?\b",
    "SE-X": r"\bGävleborgs?\b",
    "SE-Y": r"\bVästernorrlands?\b",
    "SE-Z": r"\bJämtlands?\b",
    "SE-AC": r"\bVästerbottens?\b",
    "SE-BD": r"\bNorrbottens?\b",
}
_PATTERNS = tuple((code, re.compile(pattern)) for code, pattern in _NAMES.items())
_ORDER = {code: place for place, code in enumerate(_NAMES)}

CODES = frozenset(_NAMES)
"""Every code that `places` can return."""


def places(text: str) -> tuple[str, ...]:
    """Return the codes of the places that ``text`` names, in a fixed order."""
    found = {code for code, pattern in _PATTERNS if pattern.search(text)}
    return tuple(sorted(found, key=_ORDER.__getitem__))
