"""`fundscout why`: one call for one pilot, explained in full."""

from __future__ import annotations

from collections.abc import Iterator

import click

from scrapers.counted import counted
from service.cli.common import named_pilot, opened
from service.cli.render import clean, match_lines, short, terminal, wrapped
from service.domain.filters import Filters
from service.domain.pair import Pair
from service.messages.render import english
from service.use_cases.explain_call import explain_call

_AWAY = frozenset({"filter", "dismissed", "copy"})
"""Reasons by which a call is not in the list at all."""


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
    context = opened()
    filters = Filters(statuses=()) if everything else Filters()
    found = explain_call(context, named_pilot(context, pilot_id), call_id, filters)
    standing = context.clock_note
    lines = [english(standing)] if standing and not as_json else []
    lines += [found.model_dump_json(indent=1)] if as_json else _told(found, terminal())
    click.echo("\n".join(lines))


def _told(found: Pair, width: int) -> Iterator[str]:
    for note in found.notes:
        yield from wrapped("", clean(english(note)), width)
    yield from match_lines(f"{found.rank or '-':>2}. ", found.match, width)
    yield ""
    yield from wrapped("", _place(found), width)
    for reason in found.why_not:
        yield from wrapped("  - ", clean(reason.sentence.en), width)
    if found.without:
        yield "What the pilot's sentences do:"
    for one in found.without:
        yield from wrapped("  ", f"“{short(one.pilot.text)}”", width)
        scores = f"Score {one.score:.3f} with it, {one.new_score:.3f} without."
        yield from wrapped("    ", f"{one.sentence.en} {scores}", width)
    if found.openings:
        yield "What would change a condition:"
    for opening in found.openings:
        yield from wrapped("  ", f"{opening.gate}: {clean(opening.sentence.en)}", width)


def _place(found: Pair) -> str:
    among = f"{counted(found.considered, 'call')} that the filters let through"
    place = f"It has no place among the {among}"
    if found.rank is not None:
        away = _AWAY & {reason.code for reason in found.why_not}
        place = f"It {'would stand' if away else 'stands'} at {found.rank} among the {among}"
    return f"{place}." if found.recommended else f"{place}. It is not recommended:"


COMMANDS = {"why": why_command}
