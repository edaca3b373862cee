"""What became different about a call, from one stored version to the next."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from datetime import datetime

from scrapers.call import Call, Funding, Section, Status
from service.domain.change import (
    Change,
    ChangeKind,
    Name,
    Sentence,
    Version,
    alike,
    in_marks,
    reworded,
    said,
    short,
)
from service.domain.history_facts import deadlines, funding, moments

_PLAIN = {
    "funder": Name(en="the funder's name", sv="finansiärens namn"),
    "level": Name(en="the funder's level", sv="finansiärens nivå"),
    "programme": Name(en="the programme", sv="programmet"),
    "url": Name(en="the address of the funder's page", sv="adressen till finansiärens sida"),
    "apply_url": Name(en="the address to apply at", sv="adressen för ansökan"),
}
_LISTS = {
    "identifiers": Name(en="the identifiers", sv="beteckningarna"),
    "keywords": Name(en="the keywords", sv="nyckelorden"),
}
_WHO_REWORDED = Sentence(
    en="The wording on who may apply changed.", sv="Orden om vem som får söka ändrades."
)
_INVITED = Sentence(en="Only those who are invited may apply now.", sv="Nu får bara inbjudna söka.")
_NOT_INVITED = Sentence(en="No invitation is needed any more.", sv="Inbjudan krävs inte längre.")
_LINKS = Sentence(en="The links to documents changed.", sv="Länkarna till dokument ändrades.")
_WHO = Name(en="who may apply", sv="vem som får söka")


def history(versions: Sequence[tuple[datetime, Call]]) -> tuple[Version, ...]:
    """Return the versions of a call, oldest first, each with what it changed.

    Args:
        versions: the call as it was, oldest first, with the aware instant each was first seen.
    """
    if not versions:
        return ()
    found = [Version(number=1, seen_at=versions[0][0], changes=())]
    pairs = itertools.pairwise(versions)
    for number, ((_, before), (seen_at, after)) in enumerate(pairs, 2):
        changes = differences(before, after, seen_at)
        found.append(Version(number=number, seen_at=seen_at, changes=changes))
    return tuple(found)


def differences(before: Call, after: Call, at: datetime) -> tuple[Change, ...]:
    """Return what differs between two versions of a call, what matters most first.

    Args:
        before: the call as it was.
        after: the call as it became.
        at: the aware instant of the change: it decides whether the call was closed.
    """
    return (
        *_status(before.status(at), after.status(at)),
        *deadlines(before, after, at),
        *moments(before, after),
        *funding(before.funding or Funding(), after.funding or Funding()),
        *_titles(before, after),
        *_texts(before, after),
        *_rest(before, after),
    )


def _status(was: Status, now: Status) -> Iterator[Change]:
    if was is Status.CLOSED and now in (Status.OPEN, Status.FORTHCOMING):
        kind = ChangeKind.REOPENED
        sentence = (
            Sentence(
                en="The closed call takes applications again.",
                sv="Den stängda utlysningen tar emot ansökningar igen.",
            )
            if now is Status.OPEN
            else Sentence(
                en="The closed call is going to open again.",
                sv="Den stängda utlysningen kommer att öppna igen.",
            )
        )
    elif was is Status.OPEN and now is Status.CLOSED:
        kind = ChangeKind.CLOSED
        sentence = Sentence(
            en="The call stopped taking applications.",
            sv="Utlysningen slutade ta emot ansökningar.",
        )
    else:
        return
    yield Change(field="status", kind=kind, before=was, after=now, sentence=sentence)


def _titles(before: Call, after: Call) -> Iterator[Change]:
    for code in sorted({*before.titles, *after.titles}):
        old, new = before.titles.get(code), after.titles.get(code)
        if old != new:
            name = Name(en=f"the title ({code})", sv=f"titeln ({code})")
            yield said(f"titles.{code}", name, _quoted(old), _quoted(new)).model_copy(
                update={"before": old, "after": new}
            )


def _quoted(text: str | None) -> Sentence | None:
    return None if text is None else in_marks(short(text))


def _texts(before: Call, after: Call) -> Iterator[Change]:
    for code in sorted({*before.texts, *after.texts}):
        old, new = before.texts.get(code), after.texts.get(code)
        parts = (before.sections.get(code, ()), after.sections.get(code, ()))
        if old == new and parts[0] == parts[1]:
            continue
        was, now = _stretches(old or "", parts[0]), _stretches(new or "", parts[1])
        names = tuple(name for name in {**now, **was} if was.get(name) != now.get(name))
        kind = ChangeKind.CHANGED
        if old is None or new is None:
            kind = ChangeKind.ADDED if old is None else ChangeKind.REMOVED
        yield Change(
            field=f"texts.{code}",
            kind=kind,
            before=None,
            after=None,
            sections=names,
            sentence=_text_sentence(kind, code, names),
        )


def _text_sentence(kind: ChangeKind, code: str, names: Sequence[str]) -> Sentence:
    if kind is ChangeKind.ADDED:
        return Sentence(en=f"A text in {code} was added.", sv=f"En text på {code} har tillkommit.")
    if kind is ChangeKind.REMOVED:
        return Sentence(en=f"The text in {code} was removed.", sv=f"Texten på {code} togs bort.")
    if not names:
        return Sentence(
            en=f"The text ({code}) was put in another order.",
            sv=f"Texten ({code}) ordnades om.",
        )
    shown = ", ".join(names)
    return Sentence(
        en=f"The text ({code}) changed: {shown}.", sv=f"Texten ({code}) ändrades: {shown}."
    )


def _stretches(text: str, sections: Sequence[Section]) -> dict[str, str]:
    """Return a text by section; what lies in none is called "text"."""
    found: dict[str, list[str]] = {}
    position = 0
    for section in sorted(sections, key=lambda s: s.start):
        found.setdefault("text", []).append(text[position : section.start].strip())
        found.setdefault(section.name, []).append(text[section.start : section.end].strip())
        position = max(position, section.end)
    found.setdefault("text", []).append(text[position:].strip())
    joined = {name: "\n".join(part for part in parts if part) for name, parts in found.items()}
    return {name: part for name, part in joined.items() if part}


def _rest(before: Call, after: Call) -> Iterator[Change]:
    for field, name in _PLAIN.items():
        old, new = getattr(before, field) or "", getattr(after, field) or ""
        if old != new:
            yield said(field, name, alike(old) if old else None, alike(new) if new else None)
    for field, name in _LISTS.items():
        yield from _listed(field, name, getattr(before, field), getattr(after, field))
    who = [tuple(dict.fromkeys(f.value for f in call.eligibility)) for call in (before, after)]
    yield from _listed("eligibility", _WHO, *who)
    if who[0] == who[1] and before.eligibility != after.eligibility:
        yield reworded("eligibility", "; ".join(who[0]), "; ".join(who[1]), _WHO_REWORDED)
    if before.invited_only != after.invited_only:
        was, now = ("yes" if call.invited_only else "no" for call in (before, after))
        sentence = _INVITED if after.invited_only else _NOT_INVITED
        yield reworded("invited_only", was, now, sentence)
    if before.links != after.links:
        was, now = ("; ".join(link.url for link in call.links) for call in (before, after))
        yield reworded("links", was, now, _LINKS)


def _listed(field: str, name: Name, old: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
    if old != new:
        before, after = (alike("; ".join(values)) if values else None for values in (old, new))
        yield said(field, name, before, after)
