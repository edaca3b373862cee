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

COUNTED_NOUNS = frozenset(
    # Swedish
    "patienter personer invånare deltagare användare barn vuxna äldre elever anställda hushåll "
    "prover platser timmar dagar besök fall procent miljoner tusen "
    # English
    "patients people persons inhabitants participants users children adults students employees "
    "households samples sites hours days visits cases percent million thousand units".split()
)
"""Casefolded words after a number that counts them."""

CALL_TALK = frozenset(
    # Swedish
    "undrar undra fråga frågar gäller gälla passar passa rätt deadline sista ansökningsdag öppnar "
    "stänger öppen stängd när läste läst såg sett berätta visa öppna länk länken information info "
    "frågor svar vet känner ni man kunna går gå skulle planerar funderar tänker tror tycker skicka "
    "lämna ansökan ämne intresserade intresserad relevant aktuell aktuellt kolla titta "
    # English
    "wonder wondering question questions about fits suitable eligible deadline opens closes open "
    "closed read saw seen tell show link information info know does can could would possible still "
    "interested anybody anyone applied like plan planning consider considering submit submitting "
    "proposal think believe relevant fit match matches suit suits check please topic".split()
)
"""Casefolded words of asking for a call that is named: they say nothing of a project."""
