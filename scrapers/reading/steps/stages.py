"""The steps of a call: what binds an applicant before the application, and who may take each.

`read_steps` reads them from the lines of a page, however they are told: rows of a table, labels
with a date, a timeline, a list, or sentences. `stage_deadlines` makes the deadlines of a call of
them. A step that nobody has to take binds nobody and is no deadline; one of which the page does
not say whether it binds is told in the text of the deadline.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from scrapers.call import Deadline, DeadlineKind
from scrapers.reading.dates import WrittenDate
from scrapers.reading.patterns import load
from scrapers.reading.steps.dated_words import (
    DatedWords,
    DateRole,
    find_dated_words,
    is_heading,
    is_subheading,
    sentences_of,
)
from scrapers.reading.steps.invitations import Invitation, find_invitations
from scrapers.remarks import LONGEST_TEXT, Remark, add_remarks, has_words

_PATTERNS = load("stages.toml", package=__package__)
_EARLY = _PATTERNS.group("early")
_BY_NATURE = frozenset({"outline", "pre-proposal", "concept note", "first stage"})
_LAST, _APPLICATION = "last", "application"
_ANY_NAME = re.compile(
    "|".join(
        pattern.pattern.join(("(?:", "\n)")) for pattern in (*_EARLY.values(), _PATTERNS.last)
    ),
    re.IGNORECASE | re.VERBOSE,
)
_LONGEST_WAIT = timedelta(days=400)
_MOST_LINES, _LINE_LIMIT = 20_000, 20_000
_ASIDE_LENGTH = 60
_ENDS = frozenset({DateRole.CLOSES, DateRole.PLAIN, DateRole.UNSURE})


@dataclass(frozen=True)
class Step:
    """One thing that is handed in: ``name`` is its kind, such as "outline" or "application".

    ``binds`` is None where the page does not say. ``by_context``: only the heading or the sentence
    before says what the date is of. ``quote`` is the sentence, "" for a row or a label.
    """

    name: str
    date: WrittenDate
    binds: bool | None
    by_context: bool = False
    quote: str = ""
    row: str = ""


@dataclass(frozen=True)
class Steps:
    """What a page says of its steps.

    ``is_first``: the page's own deadline is that of the first of several steps. ``later`` is the
    sentence on when a later step without a day comes, ``choice`` the one on who may take it.
    ``opens`` are the dates at which the call opens.
    """

    early: tuple[Step, ...] = ()
    last: tuple[Step, ...] = ()
    application: tuple[Step, ...] = ()
    opens: tuple[WrittenDate, ...] = ()
    is_first: bool = False
    later: str = ""
    choice: str = ""
    invitations: tuple[Invitation, ...] = ()


def read_steps(
    lines: Sequence[str], zone: str, title: str = "", headings: frozenset[str] = frozenset()
) -> Steps:
    """Return the steps that ``lines``, the text of a page, name; ``zone`` is that of its dates."""
    lines = lines[:_MOST_LINES]
    page = _PageSteps(lines, headings)
    invited = tuple(find_invitations(lines, title))
    early: list[Step] = []
    last: list[Step] = []
    application: list[Step] = []
    opens: list[WrittenDate] = []
    for words in find_dated_words(lines, zone, _ANY_NAME):
        name, by_context = page.name_of(words)
        if name == _APPLICATION and words.role is DateRole.OPENS:
            opens.append(words.date)
        if words.role not in _ENDS or not name:
            continue
        unsure = words.role is DateRole.UNSURE
        if (by_context and words.role is DateRole.PLAIN) or (unsure and name not in _EARLY):
            continue  # "Amended 5 May 2027." after a sentence on outlines
        quote = words.quote if words.in_prose else ""
        binds = page.binds(name)
        if binds is None and _BY_NATURE.intersection(_names_in(words.label)):
            binds = True  # "Step 1: expression of interest"
        step = Step(name, words.date, None if unsure else binds, by_context, quote, words.quote)
        kinds = {_LAST: last, _APPLICATION: application}
        kinds.get(name, early).append(step)
    return Steps(
        early=tuple(early),
        last=tuple(last),
        application=tuple(application),
        opens=tuple(opens),
        is_first=page.is_first(title),
        later=page.later,
        choice=page.choice or next((one.quote for one in invited if not one.to_holders), ""),
        invitations=invited,
    )


@dataclass(frozen=True)
class _Sentence:
    text: str
    line: int
    name: str
    heading: str
    """The step that a heading above the sentence names."""


class _PageSteps:
    """The sentences of a page, each with the step that it or its heading is about."""

    def __init__(self, lines: Sequence[str], headings: frozenset[str]) -> None:
        self._by_line: dict[int, list[_Sentence]] = {}
        self._by_name: dict[str, list[str]] = {}
        self._bound: dict[str, bool | None] = {}
        heading, before = "", ""
        for number, line in enumerate(lines):
            if not line.strip():
                continue
            if is_heading(line, headings) and not is_subheading(line):
                heading = _name_in(line, named_only=True)
            for start, end in sentences_of(line[:_LINE_LIMIT], ()):
                text = line[start:end].strip()
                name = _name_in(text, named_only=True)
                if not name and before and _PATTERNS.pronoun.search(text):
                    name = before
                elif not name and before and _PATTERNS.refers.search(text):
                    self._by_name[before].append(text)
                one = _Sentence(text, number, name, heading)
                self._by_line.setdefault(number, []).append(one)
                for about in {name, heading, *_names_in(text)} - {""}:
                    self._by_name.setdefault(about, []).append(text)
                before = name
        whole = [one.text for ones in self._by_line.values() for one in ones]
        self.choice = next((text for text in whole if _chooses(text)), "")
        self.later = next((text for text in whole if _tells_later(text)), "")
        self._two = any(_PATTERNS.two_steps.search(text) for text in whole)
        self._of_two = any(_PATTERNS.of_two.search(text) for text in whole)
        self._names_last = bool(self._by_name.get(_LAST))

    def name_of(self, words: DatedWords) -> tuple[str, bool]:
        """Return what ``words`` are a date of, and whether only the context says so."""
        own = _name_in(words.label) or (_name_in(words.after, first=True) if words.after else "")
        if own and own != _APPLICATION:
            return own, False
        sentences = self._by_line.get(words.line, [])
        near = next((one for one in sentences if one.text[:80] in words.quote), None)
        near = near or (sentences[0] if sentences else None)
        context = (near.name or near.heading) if near else ""
        if not own and near and near.name:
            return near.name, True
        if context and context != _APPLICATION and (not own or (near and near.heading)):
            return context, True
        if own or words.role is DateRole.CLOSES or words.role is DateRole.OPENS:
            return _APPLICATION, False
        return "", False

    def binds(self, name: str) -> bool | None:
        """Return whether an applicant must take the step ``name``, None where nothing says so."""
        if name not in self._bound:
            self._bound[name] = self._find_whether_binds(name)
        return self._bound[name]

    def _find_whether_binds(self, name: str) -> bool | None:
        if name in (_LAST, _APPLICATION):
            return True
        texts = self._by_name.get(name, [])
        always = name in _BY_NATURE or bool(self.choice)
        # what is said outright counts before what a step is by its name, and that before a wish
        for found, binds in (
            (_any(_PATTERNS.voluntary, texts), False),
            (_any(_PATTERNS.mandatory, texts) or always, True),
            (_any(_PATTERNS.encouraged, texts), False),
            (_any(_PATTERNS.duty, texts) or self._names_last or self._two, True),
        ):
            if found:
                return binds
        return None

    def is_first(self, title: str) -> bool:
        """Whether the page is that of the first step alone."""
        name = _name_in(title, named_only=True)
        chosen = bool(self.choice or self._two)
        return self._of_two or bool(self.choice) or (name in _BY_NATURE and chosen)


def _any(pattern: re.Pattern[str], texts: Sequence[str]) -> bool:
    return any(pattern.search(text) for text in texts)


def _names_in(text: str) -> list[str]:
    if not _ANY_NAME.search(text):
        return []
    return [name for name, pattern in _EARLY.items() if pattern.search(text)]


def _name_in(text: str, *, first: bool = False, named_only: bool = False) -> str:
    """Return the step that ``text`` is of: the name nearest to its end, or to its beginning.

    A name that only says what came before ("those chosen after the outline") is left out.
    """
    if named_only and not _ANY_NAME.search(text):
        return ""
    patterns = {**_EARLY, _LAST: _PATTERNS.last}
    if not named_only:
        patterns[_APPLICATION] = _PATTERNS.application
    found = [
        (match.end(), name)
        for name, pattern in patterns.items()
        for match in pattern.finditer(text)
        if not _PATTERNS.aside.search(text[max(0, match.start() - _ASIDE_LENGTH) : match.start()])
    ]
    named = [one for one in found if one[1] != _APPLICATION] or found
    return (min(named) if first else max(named))[1] if named else ""


def _chooses(text: str) -> bool:
    """Whether ``text`` says that some of those who apply go on to a later step."""
    if _PATTERNS.open_to_all.search(text):
        return False
    return bool(_PATTERNS.last.search(text) and _PATTERNS.selection.search(text))


def _tells_later(text: str) -> bool:
    return bool(_PATTERNS.last.search(text) and _PATTERNS.month.search(text))


@dataclass(frozen=True)
class StagedDeadlines:
    """The deadlines of a call by its steps, and whether only the invited may apply."""

    deadlines: tuple[Deadline, ...]
    invited_only: bool


def stage_deadlines(
    deadlines: tuple[Deadline, ...], steps: Steps, zone: str, *, in_prose: bool = False
) -> StagedDeadlines:
    """Return ``deadlines`` with the earlier steps that bind, as stages in their order.

    Only a single fixed deadline gets stages; calls with several cut-offs or none at all keep what
    they have. ``in_prose``: a call without a dated deadline takes those of the page's sentences.
    """
    main = _main_deadline(deadlines, steps, zone, in_prose=in_prose)
    dated = [one for one in deadlines if one.at is not None]
    if len(dated) > 1 or (dated and dated[0].kind is not DeadlineKind.FIXED):
        return StagedDeadlines(deadlines, _is_invited(steps, staged=False))
    binding = _binding(steps.early, main)
    if binding:
        staged = _stages(binding, main, steps, zone)
    elif (
        main is not None
        and steps.is_first
        and not _was_invited(steps)
        and not _is_last(main, steps)
    ):
        staged = _first_of_several(main, steps, zone)
    else:
        kept = deadlines if main is None or main in deadlines else (main,)
        return StagedDeadlines(_with_note(kept, main, steps), _is_invited(steps, staged=False))
    return StagedDeadlines(staged, _is_invited(steps, staged=True))


def _main_deadline(
    deadlines: tuple[Deadline, ...], steps: Steps, zone: str, *, in_prose: bool
) -> Deadline | None:
    """Return the deadline of the application: the reader's own, or the only one in the text."""
    own = next((one for one in deadlines if one.at is not None), None)
    if own is not None or not in_prose:
        return own
    said = _exact_days([one.date for one in steps.application]) or _exact_days(
        [one.date for one in steps.last]
    )
    return _fixed(said[0], zone) if len(said) == 1 else None


def _fixed(date: WrittenDate, zone: str) -> Deadline:
    at, only = date.moment
    return Deadline(kind=DeadlineKind.FIXED, zone=zone, at=at, date_only=only)


def _exact_days(dates: Sequence[WrittenDate]) -> list[WrittenDate]:
    """Return one date a day, in order: the one with an hour, the earliest of several."""
    days: dict[object, WrittenDate] = {}
    for date in sorted(dates, key=lambda one: (one.moment.date_only, one.moment.at)):
        days.setdefault(date.moment.at.date(), date)
    return sorted(days.values(), key=lambda one: one.moment.at)


def _binding(early: Sequence[Step], main: Deadline | None) -> list[Step]:
    """Return the earlier steps that bind, one a day and name, each before the application."""
    chosen: dict[str, Step] = {}
    for step in sorted(
        early, key=lambda one: (one.date.moment.at.date(), one.date.moment.date_only)
    ):
        at = step.date.moment.at
        if step.binds is not True:
            continue
        if main is not None and main.at is not None:
            same = at.date() == main.local().date()
            late = at > main.at and not same
            if late or main.at - at > _LONGEST_WAIT or (same and step.by_context):
                continue
        known = chosen.get(step.name)
        if known is None or known.by_context > step.by_context:
            chosen[step.name] = step
    by_day: dict[object, Step] = {}
    for step in chosen.values():
        by_day.setdefault(step.date.moment.at.date(), step)
    return sorted(by_day.values(), key=lambda one: one.date.moment.at)


def _stages(
    binding: Sequence[Step], main: Deadline | None, steps: Steps, zone: str
) -> tuple[Deadline, ...]:
    """Return a stage for each earlier step, and the application's after them."""
    moments: list[tuple[datetime, bool, str]] = [
        (
            one.date.moment.at,
            one.date.moment.date_only,
            add_remarks(one.quote, one.date.note),
        )
        for one in binding
    ]
    end = moments[-1][0].date()
    if main is not None and main.at is not None and main.local().date() == end:
        if moments[-1][1] and not main.date_only:
            moments[-1] = (main.at, main.date_only, moments[-1][2])
        main = None
    if main is None or main.at is None:
        later = [
            one for one in _exact_days([s.date for s in steps.last]) if one.moment.at.date() > end
        ]
        after = later or [
            one
            for one in _exact_days([s.date for s in steps.application])
            if one.moment.at.date() > end
        ]
        moments += [
            (one.moment.at, one.moment.date_only, add_remarks(steps.choice, one.note))
            for one in after[:1]
        ]
    else:
        told = "" if has_words(main.text) else main.text
        text = add_remarks(steps.choice, told) if steps.choice else main.text
        moments.append((main.at, main.date_only, text))
    deadlines = tuple(
        Deadline(
            kind=DeadlineKind.TWO_STAGE,
            zone=zone,
            at=at,
            date_only=only,
            stage=number,
            text=text[:LONGEST_TEXT],
        )
        for number, (at, only, text) in enumerate(moments, 1)
    )
    return (*deadlines, *_later_stage(steps, zone, len(binding), len(deadlines)))


def _later_stage(steps: Steps, zone: str, early: int, known: int) -> Iterator[Deadline]:
    """Yield the stage after the known ones, if the page names its time without a day."""
    if known == early and steps.later:
        yield Deadline(
            kind=DeadlineKind.ANNOUNCED, zone=zone, stage=known + 1, text=steps.later[:LONGEST_TEXT]
        )


def _first_of_several(main: Deadline, steps: Steps, zone: str) -> tuple[Deadline, ...]:
    """Return the page's own deadline as that of the first stage, and the next if it has a day."""
    if main.at is None:
        return (main,)
    first = main.model_copy(update={"kind": DeadlineKind.TWO_STAGE, "stage": 1})
    day = main.local().date()
    after = [one for one in _exact_days([s.date for s in steps.last]) if one.moment.at.date() > day]
    if not after:
        return (first, *_later_stage(steps, zone, 1, 1))
    at, only = after[0].moment
    text = steps.choice[:LONGEST_TEXT]
    second = Deadline(
        kind=DeadlineKind.TWO_STAGE, zone=zone, at=at, date_only=only, stage=2, text=text
    )
    return first, second


def _is_last(main: Deadline, steps: Steps) -> bool:
    """Whether the page says that its deadline is that of the last step."""
    return main.at is not None and any(
        one.date.moment.at.date() == main.local().date() for one in steps.last
    )


def _was_invited(steps: Steps) -> bool:
    return any(not one.to_come for one in steps.invitations)


def _is_invited(steps: Steps, *, staged: bool) -> bool:
    """Whether nobody may begin: a step on the page itself is open to those not yet invited."""
    if staged:
        return any(one.to_holders for one in steps.invitations)
    return _was_invited(steps)


def _with_note(
    deadlines: tuple[Deadline, ...], main: Deadline | None, steps: Steps
) -> tuple[Deadline, ...]:
    """Return ``deadlines`` with a note on an earlier step of which the page says no more."""
    unsure = [
        one.row
        for one in steps.early
        if one.binds is None and main and main.at and one.date.moment.at < main.at
    ]
    if not unsure:
        return deadlines
    note = Remark.EARLIER_STEP.before(unsure[0])
    return tuple(
        one
        if one is not main or has_words(one.text)
        else one.model_copy(update={"text": f"{one.text} {note}".strip()[:LONGEST_TEXT]})
        for one in deadlines
    )
