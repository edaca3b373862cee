"""The calls that a text names: they come first, whatever the filters say, and say why."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import Field

from index.search.empty_query import is_empty_query
from index.text.reading.edited_text import Edit, EditedText
from index.text.sentences import Span
from index.text.tokens import word_offsets
from scrapers.call import Call, Status
from service.domain.calls.duplicates.links import CallGroups
from service.domain.calls.names.cue_words import CALL_TALK, CUES
from service.domain.calls.names.find_names import (
    MOST_CALLS,
    FoundKind,
    FoundName,
    NameIndex,
    find_names,
    find_programmes,
)
from service.domain.calls.stored.call_reader import read_ahead
from service.domain.frozen_model import FrozenModel
from service.domain.pilots.reading.acronyms import acronym_meanings
from service.messages.message import Message, message
from service.messages.sentence import Sentence

_MOST_READ = 1000
"""Calls of one name that are looked at to list those that can be applied for first."""

_STATUS_ORDER = (Status.OPEN, Status.FORTHCOMING, Status.UNKNOWN, Status.CLOSED)


class TextName(FrozenModel):
    """``text[start:end]`` names calls, or has the form of a name and names none that is stored."""

    text: str
    start: int
    end: int
    kind: FoundKind = Field(
        description="call: these calls. part: a part of the names of several. programme: an "
        "acronym of a programme. unknown: written like a stored name, and stored nowhere."
    )
    calls: tuple[str, ...] = Field(description="Ids of the calls, those to apply to first; some.")
    count: int = Field(description="How many calls have the name.")
    sentence: Sentence


class NamedAs(FrozenModel):
    """How a match is named in the text, and what a reader must know of it."""

    text: str
    start: int
    end: int
    call: str = Field(description="The id of the call that is named; a copy is shown in its place.")
    sentence: Sentence = Field(description="That the text names it, and what hides it otherwise.")


@dataclass(frozen=True)
class NamesInText:
    """What a text names; ``is_all`` when it says nothing else."""

    text: str
    found: tuple[FoundName, ...] = ()
    is_all: bool = False

    @property
    def is_ranked(self) -> bool:
        """Whether other calls are ranked: not by names alone; "life" may be a subject, not LIFE."""
        return not self.is_all or any(
            one.kind is FoundKind.PROGRAMME
            and not self.text[one.span.start : one.span.end].isupper()
            for one in self.found
        )

    @property
    def spans(self) -> list[Span]:
        """Where names stand, but for acronyms of programmes, which may be words of the subject."""
        return [one.span for one in self.found if one.kind is not FoundKind.PROGRAMME]

    def listed(self) -> Iterator[FoundName]:
        """Yield the names whose calls come first; of a programme only if nothing else is asked."""
        for one in self.found:
            if one.calls and (one.kind is not FoundKind.PROGRAMME or self.is_all):
                yield one


def read_names(text: str, index: NameIndex | None) -> NamesInText:
    """Return what ``text`` names among the stored calls; nothing without an index of names."""
    if index is None:
        return NamesInText(text)
    found = find_names(text, index)
    spans = [one.span for one in found]
    programmes = [
        one
        for one in find_programmes(text, index, spans=spans, is_alone=_says_nothing(text, spans))
        if text[one.span.start : one.span.end] not in acronym_meanings()
    ]
    every = sorted([*found, *programmes], key=lambda one: one.span.start)
    is_all = bool(every) and _says_nothing(text, [one.span for one in every])
    return NamesInText(text, tuple(every), is_all)


def _says_nothing(text: str, spans: Sequence[Span]) -> bool:
    """Return whether a text without ``spans`` names no subject, but may ask for a call."""
    cuts = [Edit(span.start, span.end, " ") for span in sorted(spans, key=lambda one: one.start)]
    rest = EditedText.unedited(text).edit(cuts).text
    words = [word for word, _, _ in word_offsets(rest)]
    if len(words) == 1 and not spans:
        return True
    return is_empty_query(" ".join(word for word in words if word not in CALL_TALK | CUES))


@dataclass
class NamedCalls:
    """The calls that a text names, each with the copy of it that is shown.

    ``leads`` are the ids that filters let through, of copies the one that is shown.
    """

    names: NamesInText
    calls: Mapping[str, Call]
    links: CallGroups
    leads: Collection[str]
    now: datetime
    _shown: dict[str, tuple[FoundName, str]] = field(default_factory=dict)
    _ordered: dict[Span, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for one in self.names.found:
            self._ordered[one.span] = self._in_order(one.calls)
        taken: set[str] = set()
        for one in self.names.listed():
            for named in self._ordered[one.span][:MOST_CALLS]:
                if named not in taken:
                    taken |= set(self.links.group(named))
                    self._shown[self._lead_of(named)] = (one, named)

    @property
    def shown(self) -> list[str]:
        """The ids that come first, in the order of the text."""
        return list(self._shown)

    @property
    def groups(self) -> frozenset[str]:
        """Those calls, with all their copies."""
        return frozenset(copy for id_ in self._shown for copy in self.links.group(id_))

    def text_names(self) -> tuple[TextName, ...]:
        """Return what the text names, as readers are told it."""
        return tuple(self._text_name(one) for one in self.names.found)

    def named_as(self, shown: str, hidden: str | None) -> NamedAs:
        """Return how a shown call is named; ``hidden`` is the filter that leaves it out, if any."""
        one, named = self._shown[shown]
        text = self.names.text[one.span.start : one.span.end]
        return NamedAs(
            text=text,
            start=one.span.start,
            end=one.span.end,
            call=named,
            sentence=Sentence.of(_named_message(text, named, shown, hidden)),
        )

    def _in_order(self, ids: Sequence[str]) -> list[str]:
        """Return those of ``ids`` that are stored, the ones that can be applied for first."""
        some = ids[:_MOST_READ]
        read_ahead(self.calls, set(some))
        known = [id_ for id_ in some if id_ in self.calls]
        return sorted(known, key=self._place)

    def _place(self, id_: str) -> tuple[int, float, str]:
        call = self.calls[id_]
        due = call.next_deadline(self.now)
        at = due.at.timestamp() if due and due.at else float("inf")
        return _STATUS_ORDER.index(call.status(self.now)), at, id_

    def _lead_of(self, named: str) -> str:
        """Return the copy of a call that is shown: the one that leads, or else the call itself."""
        return min((id_ for id_ in self.links.group(named) if id_ in self.leads), default=named)

    def _text_name(self, one: FoundName) -> TextName:
        text = self.names.text[one.span.start : one.span.end]
        ids = self._ordered[one.span]
        return TextName(
            text=text,
            start=one.span.start,
            end=one.span.end,
            kind=one.kind,
            calls=tuple(ids[:MOST_CALLS]),
            count=len(one.calls),
            sentence=Sentence.of(
                message(f"named.{one.kind}", name=text, count=len(one.calls))
                if one.kind is not FoundKind.UNKNOWN
                else message("named.unknown", name=text)
            ),
        )


def _named_message(text: str, named: str, shown: str, hidden: str | None) -> Message:
    said = message("named.match", name=text)
    if named != shown:
        said = message("named.merged", before=said, named=named, shown=shown)
    if hidden is not None:
        said = message("named.hidden", before=said, what=message(f"why_not.filter.{hidden}"))
    return said
