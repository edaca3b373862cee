"""The plain text of a mail: 72 columns, one thing a line, links on lines of their own.

Links are not indented: mail programs that wrap a long one would leave the indent as an empty line.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from service.mail.digest_view import CallView, DigestView
from service.mail.safe_text import isolate_direction
from service.messages.words import Words

WIDTH = 72


def render_plain_text(view: DigestView) -> str:
    """Return ``view`` as text; only links may be longer than `WIDTH`."""
    lines = [*_wrap(isolate_direction(view.pilot)), view.week, "", *_wrap(view.lead)]
    number = 0
    for heading, calls in view.sections:
        lines += ["", heading.upper(), "=" * min(len(heading), WIDTH)]
        for call in calls:
            number += 1
            lines += ["", *_call_lines(number, call, view)]
    if view.brief:
        lines += ["", *_wrap(f"{view.brief_lead}:")]
        for call in view.brief:
            lines += _brief_lines(call)
    said, link = view.more
    if said:
        lines += ["", *_wrap(said), *([link] if link else [])]
    if view.barred:
        lines += ["", *_wrap(view.barred)]
    if view.amiss:
        lines += ["", *_wrap(view.t("mail.amiss.lead"))]
        for one in view.amiss:
            lines += _wrap(isolate_direction(one), "- ", "  ")
    return "\n".join([*lines, *_footer_lines(view)]) + "\n"


def _call_lines(number: int, call: CallView, view: DigestView) -> Iterator[str]:
    yield from _wrap(isolate_direction(call.title), f"{number}. ", "   ")
    yield from _wrap(" · ".join(map(isolate_direction, call.over)), "   ", "   ")
    tags = " · ".join([label for _, label in call.tags] + [call.fit])
    yield from _wrap(tags, "   ", "   ")
    yield from _fact_lines(call, view.t)
    yield from _reason_lines(call, view.t)
    if call.hand:
        yield from _wrap(call.hand, "   ", "   ")
    for label, url in call.buttons:
        yield f"   {label}:"
        yield url


def _fact_lines(call: CallView, t: Words) -> Iterator[str]:
    due = ", ".join(filter(None, (call.deadline, call.left)))
    zone = f" ({call.zone})" if call.zone else ""
    yield from _label_lines(t("mail.due"), f"{due}{zone}")
    if call.usually:
        yield from _wrap(call.usually, "     ", "     ")
    yield from _label_lines(t("amount"), call.amount or t("amount.unknown"))
    for change in call.changes:
        yield from _label_lines(t("mail.changed"), isolate_direction(change))
    for other in call.alike:
        yield from _wrap(isolate_direction(other), "   ", "     ")


def _reason_lines(call: CallView, t: Words) -> Iterator[str]:
    for quote in call.why:
        yield from _label_lines(quote.whose, isolate_direction(quote.text))
    if call.words:
        yield from _wrap(isolate_direction(t("mail.words", words=call.words)), "   ", "     ")
    if call.past:
        yield from _wrap(isolate_direction(call.past), "   ", "     ")
    if call.met:
        yield from _wrap(call.met, "   ✓ ", "     ")
    for sign, said in call.gates:
        yield from _wrap(isolate_direction(said), f"   {sign} ", "     ")


def _brief_lines(call: CallView) -> Iterator[str]:
    yield from _wrap(f"{isolate_direction(call.title)}: {call.deadline}", "- ", "  ")
    if call.buttons:
        yield call.buttons[0][1]


def _footer_lines(view: DigestView) -> Iterator[str]:
    yield ""
    yield "-" * 20
    for sentence in view.ends:
        yield from _wrap(sentence)
    for label, url in view.ways:
        yield f"{label}:"
        yield url


def _label_lines(label: str, text: str) -> list[str]:
    return _wrap(f"{label}: {text}", "   ", "     ")


def _wrap(text: str, first: str = "", then: str = "") -> list[str]:
    """Wrap at spaces; a word longer than a line is cut, for nothing here is a link."""
    return textwrap.wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=then, break_on_hyphens=False
    )
