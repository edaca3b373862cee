"""`fundscout actors`: who funds a subject, and who was funded for it."""

from __future__ import annotations

from collections.abc import Iterator

import click

from scrapers.call import Level
from scrapers.plurals import count_noun
from service.cli.common import open_context
from service.cli.render import strip_controls, wrap_whole_words
from service.domain.awards.actors import Actor, ActorKind, ActorList
from service.domain.awards.focus_areas import AreaKey, read_area_key
from service.messages.catalogue import languages
from service.messages.render import english
from service.use_cases.actors import find_actors
from service.use_cases.scan.focus_areas import list_areas


@click.command("actors")
@click.argument("text", required=False, default="")
@click.option("--area", default=None, metavar="KEY", help="A focus area, as --areas lists it.")
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
        for focus in list_areas(open_context()).areas:
            named = " / ".join(dict.fromkeys(focus.name.in_(code) for code in languages()))
            click.echo(strip_controls(f"{focus.key:20} {named}"))
        return
    if sum(map(bool, (text.strip(), area, pilot))) != 1:
        raise click.UsageError(
            "give one of q, area and pilot: a text in quotes, --area or --pilot."
        )
    survey = find_actors(
        open_context(),
        text=text,
        area=_read_area(area),
        pilot_id=pilot,
        kind=ActorKind(kind) if kind else None,
        levels=tuple(map(Level, level)),
        top=top,
    )
    click.echo(survey.model_dump_json(indent=1) if as_json else "\n".join(_list_lines(survey)))


def _read_area(area: str | None) -> AreaKey | None:
    """Return the key that was given; one that no area can have is refused by its name."""
    key = read_area_key(area) if area else None
    if area and key is None:
        raise click.BadParameter(
            f"there is no focus area {area!r}: --areas lists them.", param_hint="--area"
        )
    return key


def _list_lines(survey: ActorList) -> Iterator[str]:
    yield from map(english, survey.notes)
    for actor in survey.actors:
        yield ""
        yield from _actor_lines(actor)
    yield ""
    yield (
        f"{len(survey.actors)} of {count_noun(survey.total, 'actor')}, from "
        f"{count_noun(survey.calls, 'call')} and {count_noun(survey.projects, 'project')} on "
        "the subject."
    )


def _actor_lines(actor: Actor) -> Iterator[str]:
    facts = [actor.kind.value, actor.level.value if actor.level else "", actor.country or ""]
    yield f"{strip_controls(actor.name)} ({', '.join(filter(None, facts))})"
    totals = []
    if actor.calls:
        totals.append(f"{count_noun(actor.calls, 'call')}, {actor.open_calls} open")
    if actor.projects:
        led = f", {actor.coordinated} as coordinator" if actor.coordinated else ""
        totals.append(f"{count_noun(actor.projects, 'project')}{led}")
    totals += [f"{paid.amount:,.0f} {paid.currency} in {paid.projects}" for paid in actor.sums]
    yield f"    {'; '.join(totals)}"
    for example in actor.examples:
        year = f" {example.year}" if example.year else ""
        status = f", {example.status.value}" if example.status else ""
        yield from wrap_whole_words(
            "      ", f"{example.kind}{year}{status}: {example.title} ({example.id})"
        )


COMMANDS = {"actors": actors_command}
