"""Change: one thing that became different about a call, and the sentence that says so."""

from __future__ import annotations

import textwrap
from datetime import datetime
from enum import StrEnum

from pydantic import Field

from service.domain.frozen_model import FrozenModel

_LONGEST = 160


class ChangeKind(StrEnum):
    """What happened to a field."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"
    RAISED = "raised"
    LOWERED = "lowered"
    REOPENED = "reopened"
    CLOSED = "closed"


class Sentence(FrozenModel):
    """The same sentence in the languages that pages are in."""

    en: str
    sv: str

    def in_(self, language: str) -> str:
        """Return the sentence in a language, sv or en."""
        return self.sv if language == "sv" else self.en


class Change(FrozenModel):
    """One difference between two versions of a call."""

    field: str = Field(
        description="A field of the call, with the language or part after a dot, or `status`."
    )
    kind: ChangeKind
    before: str | None = Field(
        description="As it was: instants in ISO 8601, amounts with currency; null for nothing."
    )
    after: str | None = Field(description="As it is since, in the same form.")
    sections: tuple[str, ...] = Field(
        default=(), description="Of a text: the sections that differ. Texts are not repeated."
    )
    sentence: Sentence


class Version(FrozenModel):
    """What a call was from an instant on."""

    number: int = Field(description="Counted from 1, the call as it was first stored.")
    seen_at: datetime = Field(description="When this version was first seen.")
    changes: tuple[Change, ...] = Field(description="What differs from the version before.")


class Name(FrozenModel):
    """What a field is called inside a sentence."""

    en: str
    sv: str

    def begins(self) -> Name:
        """Return the name as it stands at the beginning of a sentence."""
        return Name(en=self.en[:1].upper() + self.en[1:], sv=self.sv[:1].upper() + self.sv[1:])


def said(field: str, name: Name, before: Sentence | None, after: Sentence | None) -> Change:
    """Return the change of a value to another, or from or to nothing at all."""
    if before is None and after is not None:
        return stated(field, name, after)
    if after is None and before is not None:
        return withdrawn(field, name, before)
    return became(field, ChangeKind.CHANGED, name, (before, after))


def stated(field: str, name: Name, after: Sentence) -> Change:
    """Return the change from nothing to ``after``."""
    return Change(
        field=field,
        kind=ChangeKind.ADDED,
        before=None,
        after=after.en,
        sentence=Sentence(
            en=f"The call now states {name.en}: {short(after.en)}.",
            sv=f"Nu anges {name.sv}: {short(after.sv)}.",
        ),
    )


def withdrawn(field: str, name: Name, before: Sentence) -> Change:
    """Return the change from ``before`` to nothing."""
    return Change(
        field=field,
        kind=ChangeKind.REMOVED,
        before=before.en,
        after=None,
        sentence=Sentence(
            en=f"The call no longer states {name.en} (before: {short(before.en)}).",
            sv=f"{name.begins().sv} anges inte längre (tidigare: {short(before.sv)}).",
        ),
    )


_VERBS = {
    ChangeKind.CHANGED: ("changed", "ändrades"),
    ChangeKind.MOVED: ("moved", "flyttades"),
    ChangeKind.RAISED: ("rose", "höjdes"),
    ChangeKind.LOWERED: ("fell", "sänktes"),
}


def became(
    field: str,
    kind: ChangeKind,
    name: Name,
    values: tuple[Sentence | None, Sentence | None],
    tail: Sentence | None = None,
) -> Change:
    """Return the change of one value into another, said with the verb of ``kind``."""
    before, after = (value or Sentence(en="", sv="") for value in values)
    verb_en, verb_sv = _VERBS[kind]
    start = name.begins()
    more = tail or Sentence(en="", sv="")
    return Change(
        field=field,
        kind=kind,
        before=before.en or None,
        after=after.en or None,
        sentence=Sentence(
            en=f"{start.en} {verb_en} from {short(before.en)} to {short(after.en)}{more.en}.",
            sv=f"{start.sv} {verb_sv} från {short(before.sv)} till {short(after.sv)}{more.sv}.",
        ),
    )


def reworded(field: str, before: str, after: str, sentence: Sentence) -> Change:
    """Return a change that has a sentence of its own; an empty text is nothing."""
    return Change(
        field=field,
        kind=ChangeKind.CHANGED,
        before=before or None,
        after=after or None,
        sentence=sentence,
    )


def alike(text: str) -> Sentence:
    """Return a text that is the same in every language, such as a name."""
    return Sentence(en=text, sv=text)


def in_marks(text: str) -> Sentence:
    """Return a text as a sentence quotes it: with the marks of the sentence's language."""
    return Sentence(en=f"“{text}”", sv=f"”{text}”")


def short(text: str) -> str:
    """Return ``text`` on one line, cut at a word where it is long."""
    if len(text) <= _LONGEST and "\n" not in text:
        return text  # shorten would take the spaces that keep a number together
    return textwrap.shorten(text, _LONGEST, placeholder=" …")
