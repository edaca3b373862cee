"""Why two calls are held for one, and where they contradict each other, in plain words."""

from __future__ import annotations

from collections.abc import Callable

from scrapers.call import Call, Deadline
from service.domain.change import Sentence
from service.domain.same.decide import Relation
from service.domain.same.evidence import Evidence, Kind
from service.domain.same.groups import By, CallLink

_ALIKE = 0.9

_SAID: dict[Kind, Callable[[Evidence], tuple[str, str]]] = {
    Kind.IDENTIFIER: lambda e: (
        f"both carry the identifier {e.a}",
        f"båda har beteckningen {e.a}",
    ),
    Kind.LINK: lambda e: (f"both give the address {e.a}", f"båda anger adressen {e.a}"),
    Kind.TITLE: lambda e: (
        f"{_percent(e)} % of the words of the titles are common",
        f"{_percent(e)} % av titlarnas ord är gemensamma",
    ),
    Kind.TEXT: lambda e: (
        f"{_percent(e)} % of the shorter text stands in the other",
        f"{_percent(e)} % av den kortare texten står i den andra",
    ),
    Kind.MEANING: lambda e: (
        f"the texts mean the same to {_percent(e)} %",
        f"texterna betyder samma sak till {_percent(e)} %",
    ),
    Kind.DEADLINE: lambda e: (
        ("the deadlines are the same", "sista ansökningsdag är densamma")
        if e.similarity == 1
        else (f"the deadlines differ ({e.a}; {e.b})", f"sista ansökningsdag skiljer ({e.a}; {e.b})")
    ),
    Kind.AMOUNT: lambda e: (
        ("the amounts are the same", "beloppen är desamma")
        if e.similarity == 1
        else ("the amounts differ", "beloppen skiljer")
    ),
}

_OPENINGS = {
    Relation.SAME: ("The same call", "Samma utlysning"),
    Relation.REISSUE: ("Another round of the same call", "En annan omgång av samma utlysning"),
    Relation.RELATED: ("One names the other", "Den ena nämner den andra"),
}


def why(link: CallLink) -> Sentence:
    """Say what ``link`` rests on, strongest first, in English and Swedish."""
    opening = _OPENINGS[link.relation]
    if link.decided_by is By.PERSON:
        return Sentence(
            en=f"{opening[0]}: a person has said so.",
            sv=f"{opening[1]}: en person har sagt det.",
        )
    said = [_SAID[one.kind](one) for one in link.evidence if _telling(one)]
    return Sentence(
        en=f"{opening[0]}: {', '.join(en for en, _ in said)}.",
        sv=f"{opening[1]}: {', '.join(sv for _, sv in said)}.",
    )


def contradiction(shown: Call, other: Call) -> Sentence | None:
    """Say which deadlines ``other`` gives when they are not those that ``shown`` gives.

    A copy without any dated deadline contradicts nothing, nor does a time of day that one of the
    two leaves out.
    """
    mine, theirs = _dated(shown), _dated(other)
    if not mine or not theirs or _agree(mine, theirs):
        return None
    days = ", ".join(_written(one) for one in theirs)
    return Sentence(
        en=f"Another deadline is given there: {days}. Ask the funder which one holds.",
        sv=f"Där anges en annan sista ansökningsdag: {days}. Fråga finansiären vilken som gäller.",
    )


def _telling(one: Evidence) -> bool:
    return one.similarity >= _ALIKE or one.kind in (Kind.TEXT, Kind.DEADLINE)


def _percent(one: Evidence) -> int:
    """Return the share in whole percent, rounded down: only what is the same is 100 %."""
    return int(one.similarity * 100 + 1e-9)


def _dated(call: Call) -> list[Deadline]:
    """Return the dated deadlines for newcomers, in order."""
    found = [(d.at, d) for d in call.deadlines if d.at is not None and d.admits_new_applicants]
    return [deadline for _, deadline in sorted(found, key=lambda pair: pair[0])]


def _agree(mine: list[Deadline], theirs: list[Deadline]) -> bool:
    if len(mine) != len(theirs):
        return False
    return all(
        x.local().date() == y.local().date() if x.date_only or y.date_only else x.at == y.at
        for x, y in zip(mine, theirs, strict=True)
    )


def _written(one: Deadline) -> str:
    local = one.local()
    return f"{local:%Y-%m-%d}" if one.date_only else f"{local:%Y-%m-%d %H:%M} ({one.zone})"
