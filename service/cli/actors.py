"""`fundscout actors` and `pilots-for`: who funds a subject, and which pilots to bring together."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterator

import click

from scrapers.call import Level
from scrapers.counted import counted
from service.cli.common import opened
from service.cli.render import clean
from service.domain.actors import Actor, ActorKind
from service.domain.focus import AREAS, Area
from service.domain.landscape import ActorList
from service.domain.meeting import PilotsFor
from service.messages.catalogue import languages
from service.messages.render import english
from service.messages.sentence import Sentence
from service.use_cases.actors import find_actors
from service.use_cases.shortlist import shortlist

_WIDEST = 100


@click.command("actors")
@click.argument("text", required=False, default="")
@click.option("--area", type=click.Choice([area.value for area in Area]), help="A focus area.")
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
        for focus in AREAS.values():
            named = " / ".join(focus.name.in_(code) for code in languages())
            click.echo(f"{focus.key.value:20} {named}")
        return
    if sum(map(bool, (text.strip(), area, pilot))) != 1:
        raise click.UsageError(
            "give one of q, area and pilot: a text in quotes, --area or --pilot."
        )
    found = find_actors(
        opened(),
        text=text,
        area=Area(area) if area else None,
        pilot_id=pilot,
        kind=ActorKind(kind) if kind else None,
        levels=tuple(map(Level, level)),
        top=top,
    )
    click.echo(found.model_dump_json(indent=1) if as_json else "\n".join(_listed(found)))


@click.command("pilots-for")
@click.argument("call_id", metavar="CALL")
@click.option("--top", default=10, show_default=True, type=click.IntRange(1, 100))
@click.option(
    "--language", type=click.Choice(languages()), default="en", help="Language of the reasons."
)
@click.option("--json", "as_json", is_flag=True, help="Print what the API answers.")
def pilots_for_command(call_id: str, top: int, language: str, as_json: bool) -> None:
    """Show which stored pilots fit CALL, what each brings, and who meets its rule together."""
    found = shortlist(opened(), call_id, top=top, language=language)
    lines = _meeting(found, language)
    click.echo(found.model_dump_json(indent=1) if as_json else "\n".join(lines))


def _listed(found: ActorList) -> Iterator[str]:
    yield from map(english, found.notes)
    for actor in found.actors:
        yield ""
        yield from _actor(actor)
    yield ""
    yield (
        f"{len(found.actors)} of {counted(found.total, 'actor')}, from "
        f"{counted(found.calls, 'call')} and {counted(found.projects, 'project')} on the subject."
    )


def _actor(actor: Actor) -> Iterator[str]:
    facts = [actor.kind.value, actor.level.value if actor.level else "", actor.country or ""]
    yield f"{clean(actor.name)} ({', '.join(filter(None, facts))})"
    told = []
    if actor.calls:
        told.append(f"{counted(actor.calls, 'call')}, {actor.open_calls} open")
    if actor.projects:
        led = f", {actor.coordinated} as coordinator" if actor.coordinated else ""
        told.append(f"{counted(actor.projects, 'project')}{led}")
    told += [f"{one.amount:,.0f} {one.currency} in {one.projects}" for one in actor.sums]
    yield f"    {'; '.join(told)}"
    for one in actor.examples:
        year = f" {one.year}" if one.year else ""
        status = f", {one.status.value}" if one.status else ""
        yield from _wrapped("      ", f"{one.kind}{year}{status}: {one.title} ({one.id})")


def _meeting(found: PilotsFor, language: str) -> Iterator[str]:
    def said(sentence: Sentence) -> str:
        return sentence.in_(language)

    yield from _wrapped("", f"{found.call.title} ({found.call.id})")
    for note in found.notes:
        yield from _wrapped("", said(note))
    for quote in found.rule.quotes if found.rule else ():
        yield from _wrapped("  ", f"“{quote.text}”")
    for rank, pilot in enumerate(found.pilots, 1):
        yield ""
        yield from _wrapped(f"{rank:>2}. ", f"{pilot.title} ({pilot.id})")
        for reason in pilot.reasons:
            yield from _wrapped("    ", said(reason))
    for together in found.together:
        yield ""
        yield from _wrapped("  + ", " + ".join(together.pilots))
        for reason in together.reasons:
            yield from _wrapped("    ", said(reason))


def _wrapped(head: str, text: str) -> list[str]:
    width = min(shutil.get_terminal_size((_WIDEST, 24)).columns, _WIDEST)
    line = clean(" ".join(text.split()))
    return textwrap.wrap(
        line,
        max(width, 40),
        initial_indent=head,
        subsequent_indent=" " * len(head),
        break_on_hyphens=False,  # an id is copied whole
    ) or [head]


COMMANDS = {"actors": actors_command, "pilots-for": pilots_for_command}
