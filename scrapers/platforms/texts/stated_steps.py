"""The steps that a record's text states, where its fields have one day to apply and no more.

A step that binds and has its day is the first stage. Of one without a day, or with several, the
deadline's text says that it has to be looked up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from scrapers.call import Deadline, DeadlineKind
from scrapers.reading.patterns import load
from scrapers.reading.steps.stages import Step, Steps, read_steps, stage_deadlines
from scrapers.remarks import Remark

_PATTERNS = load("stated_steps.toml", package=__package__)
_MOST_TEXT, _LONGEST_SENTENCE, _LONGEST_NOTE = 100_000, 800, 500


def with_stated_steps(
    deadlines: tuple[Deadline, ...], text: str, zone: str, *, american: bool = False
) -> tuple[Deadline, ...]:
    """Return ``deadlines`` with the steps of ``text`` that bind, as stages or as a note.

    Only a single fixed day gets any. ``zone`` is that of the text's dates; ``american``: those in
    figures have the month first.
    """
    if len(deadlines) != 1 or deadlines[0].kind is not DeadlineKind.FIXED:
        return deadlines
    told = _Told.of(text[:_MOST_TEXT])
    if not told.names_step:
        return deadlines
    written = _Written.of(text[:_MOST_TEXT], american=american)
    steps = read_steps(written.text.split("\n"), zone)
    binding = _before(steps.early, deadlines[0])
    if binding and _one_day_each(binding):
        return written.restore(_staged(deadlines, binding, steps, zone, told))
    if told.of_first and (told.staged or steps.choice):
        first = {"kind": DeadlineKind.TWO_STAGE, "stage": 1, "text": told.of_first}
        return (deadlines[0].model_copy(update=first),)
    quote = told.binding or next((one.quote or one.row for one in binding), "")
    return written.restore((_with_note(deadlines[0], quote),)) if quote else deadlines


def _before(early: Sequence[Step], main: Deadline) -> list[Step]:
    """Return the steps that bind and whose day is not after that of the application."""
    last = main.local().date()
    return [one for one in early if one.binds and one.date.moment.at.date() <= last]


def _one_day_each(binding: Sequence[Step]) -> bool:
    """Whether every step has one day alone: with several it is not known which counts."""
    days: dict[str, set[date]] = {}
    for one in binding:
        days.setdefault(one.name, set()).add(one.date.moment.at.date())
    return all(len(found) == 1 for found in days.values())


def _staged(
    deadlines: tuple[Deadline, ...],
    binding: Sequence[Step],
    steps: Steps,
    zone: str,
    told: _Told,
) -> tuple[Deadline, ...]:
    """Return the stages; the record's day is that of the last, unless it is yet to be named."""
    alone = replace(steps, early=tuple(binding), last=(), later="", choice="", is_first=False)
    found = stage_deadlines(deadlines, replace(alone, invitations=()), zone).deadlines
    if not told.to_come or len(found) < 2:  # noqa: PLR2004  a step and what comes after it
        return found
    last = found[-1]
    unnamed = Deadline(
        kind=DeadlineKind.ANNOUNCED, zone=last.zone, stage=last.stage, text=told.to_come
    )
    return (*found[:-1], unnamed)


def _with_note(main: Deadline, quote: str) -> Deadline:
    text = Remark.STEP_BINDS.before(quote)
    kept = main.text[: max(0, _LONGEST_NOTE - len(text) - 1)]
    return main.model_copy(update={"text": f"{kept} {text}".strip()[:_LONGEST_NOTE]})


@dataclass(frozen=True)
class _Told:
    """The sentences of a text on its steps, "" for what none says."""

    names_step: bool = False
    binding: str = ""
    staged: str = ""
    of_first: str = ""
    to_come: str = ""

    @classmethod
    def of(cls, text: str) -> _Told:
        if not _PATTERNS.step.search(text):
            return cls()
        sentences = list(_sentences(text))
        named = [one for one in sentences if _PATTERNS.step.search(one)]
        free = any(_PATTERNS.voluntary.search(one) for one in named)
        bound = [one for one in named if _binds(one)]
        staged = next((one for one in sentences if _PATTERNS.staged.search(one)), "")
        if not free and not bound and staged:
            bound = named
        return cls(
            names_step=True,
            binding=bound[0] if bound else "",
            staged=staged,
            of_first=next((one for one in named if _PATTERNS.of_first.search(one)), ""),
            to_come=next((one for one in sentences if _PATTERNS.to_come.search(one)), ""),
        )


def _binds(sentence: str) -> bool:
    if _PATTERNS.voluntary.search(sentence):
        return False
    return bool(_PATTERNS.binding.search(sentence) or _PATTERNS.chosen.search(sentence))


def _sentences(text: str) -> Iterator[str]:
    for sentence in _PATTERNS.sentence.split(text):
        if line := " ".join(sentence.split())[:_LONGEST_SENTENCE]:
            yield line[:_LONGEST_NOTE]


@dataclass(frozen=True)
class _Written:
    """A text whose American days in figures are written out, and what each of them was."""

    text: str
    figures: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, text: str, *, american: bool) -> _Written:
        if not american:
            return cls(text)
        figures: dict[str, str] = {}

        def iso(match: re.Match[str]) -> str:
            day = f"{match['year']}-{int(match['month']):02}-{int(match['day']):02}"
            return figures.setdefault(day, match.group()) and day

        return cls(_PATTERNS.numeric.sub(iso, text), tuple(figures.items()))

    def restore(self, deadlines: tuple[Deadline, ...]) -> tuple[Deadline, ...]:
        """Return ``deadlines`` whose texts have the days as they were written."""
        restored = []
        for one in deadlines:
            text = one.text
            for day, figures in self.figures:
                text = text.replace(day, figures)
            restored.append(one.model_copy(update={"text": text[:_LONGEST_NOTE]}))
        return tuple(restored)
