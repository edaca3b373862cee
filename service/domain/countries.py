"""Names of countries in Swedish and English, for those that turn up beside calls and awards."""

from __future__ import annotations

_NAMES = """
AL Albania Albanien
AM Armenia Armenien
AR Argentina Argentina
AT Austria Österrike
AU Australia Australien
BA Bosnia_and_Herzegovina Bosnien_och_Hercegovina
BE Belgium Belgien
BG Bulgaria Bulgarien
BR Brazil Brasilien
CA Canada Kanada
CH Switzerland Schweiz
CL Chile Chile
CN China Kina
CY Cyprus Cypern
CZ Czechia Tjeckien
DE Germany Tyskland
DK Denmark Danmark
EE Estonia Estland
EG Egypt Egypten
EL Greece Grekland
ES Spain Spanien
ET Ethiopia Etiopien
FI Finland Finland
FO the_Faroe_Islands Färöarna
FR France Frankrike
GB the_United_Kingdom Storbritannien
GE Georgia Georgien
GH Ghana Ghana
GL Greenland Grönland
GR Greece Grekland
HR Croatia Kroatien
HU Hungary Ungern
IE Ireland Irland
IL Israel Israel
IN India Indien
IS Iceland Island
IT Italy Italien
JP Japan Japan
KE Kenya Kenya
KR South_Korea Sydkorea
LI Liechtenstein Liechtenstein
LT Lithuania Litauen
LU Luxembourg Luxemburg
LV Latvia Lettland
MA Morocco Marocko
MD Moldova Moldavien
ME Montenegro Montenegro
MK North_Macedonia Nordmakedonien
MT Malta Malta
MX Mexico Mexiko
NG Nigeria Nigeria
NL the_Netherlands Nederländerna
NO Norway Norge
NZ New_Zealand Nya_Zeeland
PL Poland Polen
PT Portugal Portugal
RO Romania Rumänien
RS Serbia Serbien
SE Sweden Sverige
SG Singapore Singapore
SI Slovenia Slovenien
SK Slovakia Slovakien
TN Tunisia Tunisien
TR Türkiye Turkiet
TW Taiwan Taiwan
TZ Tanzania Tanzania
UA Ukraine Ukraina
UG Uganda Uganda
UK the_United_Kingdom Storbritannien
US the_United_States USA
XK Kosovo Kosovo
ZA South_Africa Sydafrika
"""

COUNTRIES: dict[str, dict[str, str]] = {
    code: {"en": en.replace("_", " "), "sv": sv.replace("_", " ")}
    for code, en, sv in (line.split() for line in _NAMES.split("\n") if line)
}
"""Names by ISO 3166 code, and by the two that the European Commission writes its own way."""


def country_name(code: str, language: str) -> str:
    """Return the name of a country in a language, sv or en; its code if it has none here.

    Of a region such as SE-AB the country is named.
    """
    land = code.strip().upper()[:2]
    return COUNTRIES.get(land, {}).get(language, land)
