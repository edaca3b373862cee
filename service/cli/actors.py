"""`fundscout actors` and `pilots-for`: who funds a subject, and which pilots to bring together."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterator

import click

from scrapers.call import Level
from scrapers.plurals import count_noun
from service.cli.common import open_context
from service.cli.render import strip_controls
from service.domain.awards.actors import Actor, ActorKind, ActorList
from service.domain.awards.focus_areas import FOCUS_AREAS, FocusAreaKey
from service.domain.consortium.shortlist import Shortlist
from service.messages.catalogue import languages
from service.messages.render import english
from service.messages.sentence import Sentence
from service.use_cases.actors import find_actors
from service.use_cases.shortlist import shortlist_pilots

_MAX_WIDTH = 100


@click.command("actors")
@click.argument("text", required=False, default="")
@click.option(
    "--area", type=click.Choice([area.value for area in FocusAreaKey]), help="A focus area."
)
@click.option("--areas", "listing", is_flag=True, help="List the focus areas.")
@click.option("--pilot", default="", metavar="ID", help="A stored pilot, in place of a text.")
@click.option("--kind", type=click.Choice([kind.value for kind in ActorKind]))
@click.option("--level", multiple=True, type=click.Choice([level.value for level in Level]))
@click.option("--top", default=20, show_default=True, type=click.IntRange(1, 200))
@click.option("--json", "as_json", is_flag=True, help="Print what the API answers.")
def actors_command(
    *,
    text: str,
    area: str | None,
    listing: bool,
    pilot: str,
    kind: str | None,
    level: tuple[str, ...],
    top: int,
    as_json: bool,
) -> None:
    """Show who funds the subject of TEXT, and who was funded for it.

    Give a text in quotes, --area or --pilot. Organisations come from awards: see collect-awards.
    """
    if listing:
        for focus in FOCUS_AREAS.values():
            named = " / ".join(focus.name.in_(code) for code in languages())
            click.echo(f"{focus.key.value:20} {named}")
        return
    if sum(map(bool, (text.strip(), area, pilot))) != 1:
        raise click.UsageError(
            "give one of q, area and pilot: a text in quotes, --area or --pilot."
        )
    found = find_actors(
        open_context(),
        text=text,
        area=FocusAreaKey(area) if area else None,
        pilot_id=pilot,
        kind=ActorKind(kind) if kind else None,
        levels=tuple(map(Level, level)),
        top=top,
    )
    click.echo(found.model_dump_json(indent=1) if as_json else "\n".join(_list_lines(found)))


@click.command("pilots-for")
@click.argument("call_id", metavar="CALL")
@click.option("--top", default=10, show_default=True, type=click.IntRange(1, 100))
@click.option(
    "--language", type=click.Choice(languages()), default="en", help="Language of the reasons."
)
@click.option("--json", "as_json", is_flag=True, help="Print what the API answers.")
def pilots_for_command(call_id: str, top: int, language: str, as_json: bool) -> None:
    """Show which stored pilots fit CALL, what each brings, and who meets its rule together."""
    found = shortlist_pilots(open_context(), call_id, top=top, language=language)
    lines = _shortlist_lines(found, language)
    click.echo(found.model_dump_json(indent=1) if as_json else "\n".join(lines))


def _list_lines(found: ActorList) -> Iterator[str]:
    yield from map(english, found.notes)
    for actor in found.actors:
        yield ""
        yield from _actor_lines(actor)
    yield ""
    yield (
        f"{len(found.actors)} of {count_noun(found.total, 'actor')}, from "
        f"{count_noun(found.calls, 'call')} and {count_noun(found.projects, 'project')} on the subject."
    )


def _actor_lines(actor: Actor) -> Iterator[str]:
    facts = [actor.kind.value, actor.level.value if actor.level else "", actor.country or ""]
    yield f"{strip_controls(actor.name)} ({', '.join(filter(None, facts))})"
    told = []
    if actor.calls:
        told.append(f"{count_noun(actor.calls, 'call')}, {actor.open_calls} open")
    if actor.projects:
        led = f", {actor.coordinated} as coordinator" if actor.coordinated else ""
        told.append(f"{count_noun(actor.projects, 'project')}{led}")
    told += [f"{one.amount:,.0f} {one.currency} in {one.projects}" for one in actor.sums]
    yield f"    {'; '.join(told)}"
    for one in actor.examples:
        year = f" {one.year}" if one.year else ""
        status = f", {one.status.value}" if one.status else ""
        yield from _wrap_lines("      ", f"{one.kind}{year}{status}: {one.title} ({one.id})")


def _shortlist_lines(found: Shortlist, language: str) -> Iterator[str]:
    def said(sentence: Sentence) -> str:
        return sentence.in_(language)

    yield from _wrap_lines("", f"{found.call.title} ({found.call.id})")
    for note in found.notes:
        yield from _wrap_lines("", said(note))
    for quote in found.rule.quotes if found.rule else ():
        yield from _wrap_lines("  ", f"“{quote.text}”")
    for rank, pilot in enumerate(found.pilots, 1):
        yield ""
        yield from _wrap_lines(f"{rank:>2}. ", f"{pilot.title} ({pilot.id})")
        for reason in pilot.reasons:
            yield from _wrap_lines("    ", said(reason))
    for together in found.together:
        yield ""
        yield from _wrap_lines("  + ", " + ".join(together.pilots))
        for reason in together.reasons:
            yield from _wrap_lines("    ", said(reason))


def _wrap_lines(head: str, text: str) -> list[str]:
    width = min(shutil.get_terminal_size((_MAX_WIDTH, 24)).columns, _MAX_WIDTH)
    line = strip_controls(" ".join(text.split()))
    return textwrap.wrap(
        line,
        max(width, 40),
        initial_indent=head,
        subsequent_indent=" " * len(head),
        break_on_hyphens=False,  # an id is copied whole
    ) or [head]


COMMANDS = {"actors": actors_command, "pilots-for": pilots_for_command}
