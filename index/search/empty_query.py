"""Texts that ask for money and say nothing of what for: every call is as near to them as any."""

from __future__ import annotations

from index.text.tokens import is_stop_word, word_offsets

_LANGUAGES = ("sv", "en")

_EMPTY_WORDS = frozenset(
    # Swedish
    "söka söker sökt sökes ansöka ansöker ansökan ansökningar behöver behöva vill önskar letar "
    "hitta hittar finns pengar penga medel bidrag bidraget stöd stödet finansiera finansiering "
    "finansieringen finansierat anslag utlysning utlysningar utlysningen kronor kr sek msek euro "
    "projekt projektet projekten projektmedel projektbidrag pilot piloten pilotprojekt "
    "pilotprojektet idé idéer nytt ny nya bra hjälp tack snälla hej jag du mig oss vem något någon "
    "några lite mer mycket samverkan innovation innovationer utveckling utveckla "
    # English
    "i me us need needs want wants look looks looking find search searching seek seeks seeking get "
    "apply applying application applications money fund funds funding funded grant grants support "
    "finance financing call calls budget project projects pilot pilots idea ideas new good some "
    "any please help hello hi thanks who what where how innovation innovations innovative "
    "development develop eur usd gbp million millions miljon miljoner tusen thousand".split()
)
"""Words of asking for money, which pilots and calls of every subject share."""


def is_empty_query(text: str) -> bool:
    """Return whether no word of ``text`` says what it is about, in Swedish or English.

    Numbers say nothing. A word of any other language counts as saying something.
    """
    return not any(
        any(letter.isalpha() for letter in word)
        and word not in _EMPTY_WORDS
        and not any(is_stop_word(word, language) for language in _LANGUAGES)
        for word, _, _ in word_offsets(text)
    )
