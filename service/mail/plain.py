"""The plain text of a mail: 72 columns, one thing a line, links on lines of their own.

Links are not indented: mail programs that wrap a long one would leave the indent as an empty line.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from service.mail.safe import isolated
from service.mail.shown import Said, Shown
from service.messages.words import Words

WIDTH = 72


def plain(view: Shown) -> str:
    """Return ``view`` as text; only links may be longer than `WIDTH`."""
    lines = [*_wrapped(isolated(view.pilot)), view.week, "", *_wrapped(view.lead)]
    number = 0
    for heading, calls in view.sections:
        lines += ["", heading.upper(), "=" * min(len(heading), WIDTH)]
        for call in calls:
            number += 1
            lines += ["", *_call(number, call, view)]
    if view.brief:
        lines += ["", *_wrapped(f"{view.brief_lead}:")]
        for call in view.brief:
            lines += _brief(call)
    said, link = view.more
    if said:
        lines += ["", *_wrapped(said), *([link] if link else [])]
    if view.barred:
        lines += ["", *_wrapped(view.barred)]
    if view.amiss:
        lines += ["", *_wrapped(view.t("mail.amiss.lead"))]
        for one in view.amiss:
            lines += _wrapped(isolated(one), "- ", "  ")
    return "\n".join([*lines, *_end(view)]) + "\n"


def _call(number: int, call: Said, view: Shown) -> Iterator[str]:
    yield from _wrapped(isolated(call.title), f"{number}. ", "   ")
    yield from _wrapped(" · ".join(map(isolated, call.over)), "   ", "   ")
    tags = " · ".join([label for _, label in call.tags] + [call.fit])
    yield from _wrapped(tags, "   ", "   ")
    yield from _facts(call, view.t)
    yield from _why(call, view.t)
    if call.hand:
        yield from _wrapped(call.hand, "   ", "   ")
    for label, url in call.buttons:
        yield f"   {label}:"
        yield url


def _facts(call: Said, t: Words) -> Iterator[str]:
    due = ", ".join(filter(None, (call.deadline, call.left)))
    zone = f" ({call.zone})" if call.zone else ""
    yield from _labelled(t("mail.due"), f"{due}{zone}")
    if call.usually:
        yield from _wrapped(call.usually, "     ", "     ")
    yield from _labelled(t("amount"), call.amount or t("amount.unknown"))
    for change in call.changes:
        yield from _labelled(t("mail.changed"), isolated(change))
    for other in call.alike:
        yield from _wrapped(isolated(other), "   ", "     ")


def _why(call: Said, t: Words) -> Iterator[str]:
    for quote in call.why:
        yield from _labelled(quote.whose, isolated(quote.text))
    if call.words:
        yield from _wrapped(isolated(t("mail.words", words=call.words)), "   ", "     ")
    if call.past:
        yield from _wrapped(isolated(call.past), "   ", "     ")
    if call.met:
        yield from _wrapped(call.met, "   ✓ ", "     ")
    for sign, said in call.gates:
        yield from _wrapped(isolated(said), f"   {sign} ", "     ")


def _brief(call: Said) -> Iterator[str]:
    yield from _wrapped(f"{isolated(call.title)}: {call.deadline}", "- ", "  ")
    if call.buttons:
        yield call.buttons[0][1]


def _end(view: Shown) -> Iterator[str]:
    yield ""
    yield "-" * 20
    for sentence in view.ends:
        yield from _wrapped(sentence)
    for label, url in view.ways:
        yield f"{label}:"
        yield url


def _labelled(label: str, text: str) -> list[str]:
    return _wrapped(f"{label}: {text}", "   ", "     ")


def _wrapped(text: str, first: str = "", then: str = "") -> list[str]:
    """Wrap at spaces; a word longer than a line is cut, for nothing here is a link."""
    return textwrap.wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=then, break_on_hyphens=False
    )
