"""Calls that are open to any subject, as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from service.cli.render import strip_controls, wrap_lines
from service.domain.matching.other_calls.any_subject import AnySubjectCall, AnySubjectList
from service.messages.message import message
from service.messages.render import english


def any_subject_lines(listed: AnySubjectList, width: int) -> Iterator[str]:
    """Yield the lines of the section; none where there are no such calls."""
    if not listed.calls:
        return
    yield ""
    yield english(message("any"))
    for one in listed.calls:
        yield from _call_lines(one, width)
    if listed.more:
        yield english(message("any.more", count=listed.more))


def _call_lines(one: AnySubjectCall, width: int) -> Iterator[str]:
    card = one.call
    yield from wrap_lines("  * ", strip_controls(card.title), width)
    facts = [strip_controls(card.funder), card.level.value, card.status.value]
    if card.opens and card.status.value == "forthcoming":
        facts.append(f"opens {card.opens:%Y-%m-%d}")
    due = card.next_deadline
    facts += [f"by {due.local():%Y-%m-%d}"] if due and due.at else []
    yield "    " + " · ".join(facts)
    says = english(message("any.says.name" if one.by_name else "any.says"))
    yield from wrap_lines("    ", strip_controls(f"{says} “{one.says.text}”"), width)
    for reason in one.reasons:
        yield from wrap_lines("    ", strip_controls(reason.en), width)
    if card.url:
        yield f"    {strip_controls(card.url)}"
    yield f"    id: {strip_controls(card.id)}"
