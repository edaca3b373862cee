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
    r"|\bcountries associated\b|\beligible (?:non-EU|third) countries",
    "EEA": r"\bEEA\b|European Economic Area|\bEES\b",
    "NORDIC": r"\bNordic countr(?:y|ies)\b|nordisk\w* länder\w*|\bNorden\b",
    "SE": r"\bSweden\b|\bSverige\b|\bSwedish\b|\bsvensk[at]?\b",
    "NO": r"\bNorway\b|\bNorge\b",
    "IS": r"\bIceland\b|\bIsland\b",
    "LI": r"\bLiechtenstein\b",
    "DK": r"\bDenmark\b|\bDanmark\b",
    "FI": r"\bFinland\b",
    "CH": r"\bSwitzerland\b|\bSchweiz\b",
    "GB": r"\bUnited Kingdom\b|\bFörenade kungariket\b|\bUK\b|\bStorbritannien\b",
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
    "SE-AB": r"\bStockholms? län\b|\bStockholms län\b",
    "SE-C": r"\bUppsala\b",
    "SE-D": r"\bSörmland\b|\bSödermanland\b",
    "SE-E": r"\bÖstergötland\b",
    "SE-F": r"\bJönköping\b",
    "SE-G": r"\bKronoberg\b",
    "SE-H": r"\bKalmar\b",
    "SE-I": r"\bGotland\b",
    "SE-K": r"\bBlekinge\b",
    "SE-M": r"\bSkåne\b",
    "SE-N": r"\bHalland\b",
    "SE-O": r"\bVästra Götaland\b",
    "SE-S": r"\bVärmland\b",
    "SE-T": r"\bÖrebro\b",
    "SE-U": r"\bVästmanland\b",
    "SE-W": r"\bDalarna\b",
    "SE-X": r"\bGävleborg\b",
    "SE-Y": r"\bVästernorrland\b",
    "SE-Z": r"\bJämtland\b",
    "SE-AC": r"\bVästerbotten\b",
    "SE-BD": r"\bNorrbotten\b",
}
_PATTERNS = tuple((code, re.compile(pattern)) for code, pattern in _NAMES.items())
_ORDER = {code: place for place, code in enumerate(_NAMES)}

CODES = frozenset(_NAMES)
"""Every code that `places` can return."""


def places(text: str) -> tuple[str, ...]:
    """Return the codes of the places that ``text`` names, in a fixed order."""
    found = {code for code, pattern in _PATTERNS if pattern.search(text)}
    return tuple(sorted(found, key=_ORDER.__getitem__))
