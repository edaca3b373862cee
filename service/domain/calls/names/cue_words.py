"""Words beside a number: those that say that it names a call, and those that say that it counts."""

from __future__ import annotations

CUES = frozenset(
    # Swedish
    "utlysning utlysningen utlysningar utlysnings diarienummer diarienr dnr dnr. ärende ärendet "
    "ärendenummer nr nummer erbjudande beteckning id "
    # English
    "call calls number no opportunity opportunities grant notice listing aln cfda nsf nih foa nofo "
    "rfa reference ref identifier topic solicitation".split()
)
"""Casefolded words that stand before the number of a call."""

COUNTED = frozenset(
    "kr sek msek tkr eur euro usd gbp nok dkk kronor dollar tel telefon phone".split()
)
"""Casefolded words before a number that is money, or to be called."""
