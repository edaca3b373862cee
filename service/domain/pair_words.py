"""The sentences of a pair: why a call was not recommended, and what a pilot's sentence does."""

from __future__ import annotations

from service.domain.change import Sentence

FILTERS = {
    "status open": ("it is open", "den är öppen"),
    "status closed": ("it is closed", "den är stängd"),
    "status forthcoming": ("it is not open yet", "den är inte öppen än"),
    "status unknown": ("no deadline is known", "ingen sista dag är känd"),
    "another funder": ("another funder pays", "en annan finansiär betalar"),
    "another level": ("its funder is on another level", "finansiären finns på en annan nivå"),
    "another language": ("it is in another language", "den är på ett annat språk"),
    "deadline outside the window": (
        "its deadline is outside the dates",
        "sista dagen ligger utanför datumen",
    ),
    "no amount stated": ("it states no amount", "den anger inget belopp"),
    "an amount in another currency": (
        "its amount is in another currency and there is no rate for it",
        "beloppet är i en annan valuta som det saknas kurs för",
    ),
    "a smaller amount": ("a project may get less", "ett projekt får mindre"),
    "a condition that fails": (
        "the pilot does not meet one of its conditions",
        "piloten uppfyller inte ett av villkoren",
    ),
}
"""Every reason of `Filters.left_out_by`, in English and Swedish."""

_ENGLISH = {
    "unindexed": "The call is stored but not indexed yet: run `fundscout reindex`.",
    "vague": "The pilot's text says too little to rank by: say what it is about, for whom, and "
    "how.",
    "filter": "The filters leave the call out: {what}.",
    "dismissed": "The call was judged not relevant for this pilot.",
    "copy": "Another copy of the call is shown for it: {title} ({id}).",
    "similar": "The call stands under one that is nearly the same and fits better: {title} ({id}).",
    "weak": "The fit is weak.",
    "rank": "Other calls fit better: it stands at {rank}.",
    "falls": "Without this sentence the call falls from {old} to {new}.",
    "rises": "Without this sentence the call rises from {old} to {new}.",
    "stays": "Without this sentence the call stays at {old}.",
    "nothing": "Without this sentence there is nothing left to rank by.",
}
_SWEDISH = {
    "unindexed": "Utlysningen är lagrad men inte indexerad än: kör `fundscout reindex`.",
    "vague": "Pilotens text säger för lite att rangordna efter: berätta vad den handlar om, för "
    "vem och hur.",
    "filter": "Filtren utelämnar utlysningen: {what}.",
    "dismissed": "Utlysningen är bedömd som inte relevant för piloten.",
    "copy": "En annan kopia av utlysningen visas i stället: {title} ({id}).",
    "similar": "Utlysningen står under en som är nästan likadan och passar bättre: {title} ({id}).",
    "weak": "Den passar svagt.",
    "rank": "Andra utlysningar passar bättre: den står på plats {rank}.",
    "falls": "Utan den här meningen faller utlysningen från plats {old} till {new}.",
    "rises": "Utan den här meningen stiger utlysningen från plats {old} till {new}.",
    "stays": "Utan den här meningen står utlysningen kvar på plats {old}.",
    "nothing": "Utan den här meningen finns inget kvar att rangordna efter.",
}


def say(code: str, **values: object) -> Sentence:
    """Return the sentence ``code`` in both languages; values of others are put in as they are."""
    return Sentence(en=_ENGLISH[code].format(**values), sv=_SWEDISH[code].format(**values))


def say_filter(reason: str) -> Sentence:
    """Say which of the reader's choices leaves a call out."""
    english, swedish = FILTERS[reason]
    return Sentence(
        en=_ENGLISH["filter"].format(what=english), sv=_SWEDISH["filter"].format(what=swedish)
    )


def moved(old: int, new: int | None) -> Sentence:
    """Say where a call goes without a sentence; ``new`` is None when nothing can be ranked."""
    if new is None:
        return say("nothing")
    code = "stays" if new == old else "falls" if new > old else "rises"
    return say(code, old=old, new=new)
