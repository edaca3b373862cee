"""`fundscout why`: one call for one pilot, explained in full."""

from __future__ import annotations

from collections.abc import Iterator

import click

from scrapers.plurals import count_noun
from service.cli.common import named_pilot, open_context
from service.cli.render import match_lines, shorten, strip_controls, terminal_width, wrap_lines
from service.domain.eligibility.nearest_sentences import MAX_NEAREST
from service.domain.matching.call_explanation import CallExplanation
from service.domain.matching.filters import Filters
from service.messages.render import english
from service.use_cases.explain_call import explain_call

_HIDDEN_CODES = frozenset({"filter", "dismissed", "copy"})
"""Reasons that keep a call out of the list altogether."""


@click.command("why")
@click.argument("pilot_id", metavar="PILOT")
@click.argument("call_id", metavar="CALL")
@click.option("--all", "everything", is_flag=True, help="Among calls of every status.")
@click.option("--json", "as_json", is_flag=True, help="Print what the API answers.")
def why_command(*, pilot_id: str, call_id: str, everything: bool, as_json: bool) -> None:
    """Explain CALL for PILOT: its reasons, its place, and what would change it.

    Any stored call can be named, also one that was not recommended: every reason for that is told.
    Only open calls are compared unless --all says else. PILOT may be featured, the first example.
    """
    context = open_context()
    filters = Filters(statuses=()) if everything else Filters()
    explanation = explain_call(context, named_pilot(context, pilot_id), call_id, filters)
    clock_note = context.clock_note
    lines = [english(clock_note)] if clock_note and not as_json else []
    lines += (
        [explanation.model_dump_json(indent=1)]
        if as_json
        else _explanation_lines(explanation, terminal_width())
    )
    click.echo("\n".join(lines))


def _explanation_lines(explanation: CallExplanation, width: int) -> Iterator[str]:
    for note in explanation.notes:
        yield from wrap_lines("", strip_controls(english(note)), width)
    yield from match_lines(
        f"{explanation.rank or '-':>2}. ", explanation.match, width, near=MAX_NEAREST
    )
    yield ""
    yield from wrap_lines("", _rank_line(explanation), width)
    for reason in explanation.why_not:
        yield from wrap_lines("  - ", strip_controls(reason.sentence.en), width)
    if explanation.without:
        yield "What the pilot's sentences do:"
    for one in explanation.without:
        yield from wrap_lines("  ", f"“{shorten(one.pilot.readable)}”", width)
        scores = f"Score {one.score:.3f} with it, {one.new_score:.3f} without."
        yield from wrap_lines("    ", f"{one.sentence.en} {scores}", width)
    if explanation.openings:
        yield "What would change a condition:"
    for opening in explanation.openings:
        yield from wrap_lines("  ", f"{opening.gate}: {strip_controls(opening.sentence.en)}", width)


def _rank_line(explanation: CallExplanation) -> str:
    among = f"{count_noun(explanation.considered, 'call')} that the filters let through"
    place = f"It has no place among the {among}"
    if explanation.rank is not None:
        away = _HIDDEN_CODES & {reason.code for reason in explanation.why_not}
        place = f"It {'would stand' if away else 'stands'} at {explanation.rank} among the {among}"
    return f"{place}." if explanation.recommended else f"{place}. It is not recommended:"


COMMANDS = {"why": why_command}
