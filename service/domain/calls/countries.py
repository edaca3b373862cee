"""Groups of countries that calls name, by ISO 3166 codes."""

from __future__ import annotations

EU = frozenset(
    "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE".split()
)
NORDIC = frozenset("DK FI IS NO SE".split())
EEA = EU | {"IS", "LI", "NO"}
COUNTRY_GROUPS = {"EU": EU, "NORDIC": NORDIC, "EEA": EEA}
"""What a group's name stands for; AC, the countries associated to a programme, varies by call."""
