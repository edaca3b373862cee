"""The plain text of a mail: 72 columns, one thing a line, links on lines of their own.

Links are not indented: mail programs that wrap a long one would leave the indent as an empty line.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from itertools import chain

from service.mail.digest_view import AnySubjectSection, CallView, DigestView
from service.mail.mail_view import MailView
from service.mail.safe_text import isolate_direction

WIDTH = 72


def render_plain_text(view: MailView) -> str:
    """Return ``view`` as text; only links may be longer than `WIDTH`."""
    lines = [*_wrap(isolate_direction(view.title)), view.week, "", *_wrap(view.lead)]
    number = 0
    for pilot in view.pilots:
        if view.is_several:
            lines += ["", "", *_wrap(isolate_direction(pilot.pilot)), "-" * WIDTH]
            lines += _wrap(pilot.lead)
        lines += _pilot_lines(pilot, number)
        number += sum(len(section.calls) for section in pilot.sections)
        if view.is_several and pilot.stop:
            lines += ["", *_wrap(f"{pilot.stop.label}:"), pilot.stop.url]
    if view.sources:
        lines += ["", *_wrap(view.sources_lead)]
        for source in view.sources:
            lines += _wrap(isolate_direction(source), "- ", "  ")
    return "\n".join([*lines, *_footer_lines(view)]) + "\n"


def _pilot_lines(view: DigestView, number: int) -> Iterator[str]:
    """Yield what a mail tells about a pilot; ``number`` calls stand above."""
    if view.ended:
        yield from _ended_lines(view)
    for section in view.sections:
        yield from ("", *_heading(section.heading))
        for call in section.calls:
            number += 1
            yield from ("", *_call_lines(number, call))
    if view.any_subject:
        yield from _any_subject_lines(view.any_subject)
    for brief in view.brief:
        yield from ("", *_wrap(f"{brief.lead}:"))
        yield from chain.from_iterable(map(_brief_lines, brief.calls))
    yield from _note_lines(view)


def _note_lines(view: DigestView) -> Iterator[str]:
    """Yield what is said of calls that are not shown."""
    for line in (view.elsewhere, view.waiting):
        if line:
            yield from ("", *_wrap(line))
    if view.waiting_link:
        yield view.waiting_link.url
    if view.left_out:
        yield from ("", *_wrap(view.left_out))


def _heading(text: str) -> Iterator[str]:
    yield from _wrap(text.upper())
    yield "=" * min(len(text), WIDTH)


def _ended_lines(view: DigestView) -> Iterator[str]:
    yield from ("", *_heading(view.ended_heading))
    for call in view.ended:
        yield ""
        yield from _wrap(isolate_direction(call.title), "- ", "  ")
        yield from _wrap(" · ".join(map(isolate_direction, call.byline)), "  ", "  ")
        yield from _wrap(" · ".join(tag.label for tag in call.tags), "  ", "  ")
        yield from _wrap(call.says, "  ", "  ")
        for change in call.changes:
            yield from _wrap(f"{call.change_label}: {isolate_direction(change)}", "  ", "    ")
        for line in (*call.shared, *call.related):
            yield from _wrap(isolate_direction(line), "  ", "    ")
        if call.link:
            yield f"  {call.link.label}:"
            yield call.link.url


def _any_subject_lines(section: AnySubjectSection) -> Iterator[str]:
    yield from ("", *_heading(section.heading))
    yield from _wrap(section.lead)
    for call in section.calls:
        yield ""
        yield from _wrap(isolate_direction(call.title), "- ", "  ")
        yield from _wrap(" · ".join(map(isolate_direction, call.byline)), "  ", "  ")
        tags = [*(tag.label for tag in call.tags), call.deadline]
        yield from _wrap(" · ".join(tags), "  ", "  ")
        for line in (*call.shared, call.says, *call.conditions):
            yield from _wrap(isolate_direction(line), "  ", "    ")
        for button in call.buttons:
            yield f"  {button.label}:"
            yield button.url
    if section.more:
        yield from ("", *_wrap(section.more))


def _call_lines(number: int, call: CallView) -> Iterator[str]:
    yield from _wrap(isolate_direction(call.title), f"{number}. ", "   ")
    yield from _wrap(" · ".join(map(isolate_direction, call.byline)), "   ", "   ")
    yield from _wrap(" · ".join([*(tag.label for tag in call.tags), call.fit]), "   ", "   ")
    yield from _fact_lines(call)
    yield from _reason_lines(call)
    if call.curated_note:
        yield from _wrap(call.curated_note, "   ", "   ")
    for button in call.buttons:
        yield f"   {button.label}:"
        yield button.url


def _fact_lines(call: CallView) -> Iterator[str]:
    for fact in call.facts:
        text = ", ".join(filter(None, (fact.text, fact.emphasis)))
        note = f" ({fact.note})" if fact.note else ""
        yield from _label_lines(fact.label, f"{text}{note}")
        if fact.remark:
            yield from _wrap(fact.remark, "     ", "     ")
    for change in call.changes:
        yield from _label_lines(call.change_label, isolate_direction(change))
    for line in (*call.shared, *call.related):
        yield from _wrap(isolate_direction(line), "   ", "     ")


def _reason_lines(call: CallView) -> Iterator[str]:
    for quote in call.quotes:
        yield from _label_lines(quote.source, isolate_direction(quote.text))
    if call.no_quotes:
        yield from _wrap(call.no_quotes, "   ", "     ")
    if call.shared_words:
        yield from _wrap(isolate_direction(call.shared_words), "   ", "     ")
    if call.past_projects:
        yield from _wrap(isolate_direction(call.past_projects), "   ", "     ")
    if call.met_conditions:
        yield from _wrap(call.met_conditions, "   ✓ ", "     ")
    for condition in call.other_conditions:
        yield from _wrap(isolate_direction(condition.text), f"   {condition.sign} ", "     ")


def _brief_lines(call: CallView) -> Iterator[str]:
    yield from _wrap(f"{isolate_direction(call.title)}: {call.deadline}", "- ", "  ")
    for line in (*call.changes, *call.shared):
        yield from _wrap(isolate_direction(line), "  ", "  ")
    if call.buttons:
        yield call.buttons[0].url


def _footer_lines(view: MailView) -> Iterator[str]:
    yield ""
    yield "-" * 20
    for sentence in view.closing_lines:
        yield from _wrap(sentence)
    for link in view.footer_links:
        yield f"{link.label}:"
        yield link.url


def _label_lines(label: str, text: str) -> list[str]:
    return _wrap(f"{label}: {text}", "   ", "     ")


def _wrap(text: str, first: str = "", then: str = "") -> list[str]:
    """Wrap at spaces; a word longer than a line is cut, for nothing here is a link."""
    return textwrap.wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=then, break_on_hyphens=False
    )
