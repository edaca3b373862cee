"""`fundscout links`, `merge` and `split`: links between calls, listed and decided."""

from __future__ import annotations

from collections.abc import Iterator

import click
from pydantic import TypeAdapter

from service.cli.common import open_context
from service.cli.render import strip_controls
from service.context import Context
from service.domain.calls.duplicates.decisions import Relation
from service.domain.calls.duplicates.evidence import LinkEvidenceKind
from service.domain.calls.duplicates.explanation import explain_link
from service.domain.calls.duplicates.links import CallLink, LinkState
from service.jobs.find_duplicates import find_links
from service.messages.catalogue import languages
from service.messages.render import render
from service.use_cases.links import list_links, merge_calls, split_calls

_LINKS = TypeAdapter(tuple[CallLink, ...])
_MARKS = {Relation.SAME: "=", Relation.REISSUE: "~", Relation.RELATED: "-"}
_QUOTED_KINDS = (LinkEvidenceKind.TITLE, LinkEvidenceKind.DEADLINE, LinkEvidenceKind.AMOUNT)


@click.command("links")
@click.argument("call_id", metavar="[ID]", required=False)
@click.option("--kind", type=click.Choice([one.value for one in Relation]), help="Only these.")
@click.option(
    "--language", type=click.Choice(languages()), default="en", help="Language of the sentences."
)
@click.option("--json", "as_json", is_flag=True, help="Print the links as JSON, with the evidence.")
def links_command(call_id: str | None, kind: str | None, language: str, as_json: bool) -> None:
    """List the calls that are the same as another (=), another round of it (~) or name it (-).

    Those that a person has split are listed too, crossed (x). With ID, only the links of that
    call. Stored calls that have not been compared yet are compared first.
    """
    listed = list_links(open_context(), call_id, Relation(kind) if kind else None)
    if as_json:
        click.echo(_LINKS.dump_json(listed.links, indent=1).decode())
        return
    for link in listed.links:
        for line in _link_lines(link, language, shown_as_one=listed.is_shown_as_one(link)):
            click.echo(line)
    if not listed.links:
        click.echo("No two calls are linked.")


@click.command("merge")
@click.argument("one", metavar="A")
@click.argument("other", metavar="B")
def merge_command(one: str, other: str) -> None:
    """Say that the calls A and B are one, from now on, whatever the machine finds."""
    merged = merge_calls(open_context(), one, other)
    (link,) = merged.links
    copies = ", ".join(merged.groups.group(link.a))
    click.echo(f"Shown as one call: {strip_controls(copies)}.")
    if not merged.is_shown_as_one(link):
        click.echo(
            "Two of their copies have been split by a person, so they stay apart: "
            "`fundscout links` shows which.",
            err=True,
        )


@click.command("split")
@click.argument("one", metavar="A")
@click.argument("other", metavar="B")
def split_command(one: str, other: str) -> None:
    """Say that the calls A and B are not the same; the machine never merges them again."""
    link = split_calls(open_context(), one, other)
    click.echo(f"Shown apart from now on: {strip_controls(link.a)} and {strip_controls(link.b)}.")


def update_links(context: Context) -> None:
    """Find the links of newly stored calls, and print how many there are."""
    stored = find_links(context)
    if not stored.nothing_changed:
        click.echo(
            f"Links between calls: {stored.new:,} new, {stored.changed:,} changed, "
            f"{stored.removed:,} gone. `fundscout links` lists them."
        )


def _link_lines(link: CallLink, language: str, *, shown_as_one: bool) -> Iterator[str]:
    split = link.state is LinkState.SPLIT
    mark = "x" if split else _MARKS[link.relation]
    decided = f"{link.state.value} by a {link.decided_by.value}, {link.decided_at:%Y-%m-%d}"
    yield f"{strip_controls(link.a)} {mark} {strip_controls(link.b)}  ({decided})"
    if not split:
        yield f"    {strip_controls(render(explain_link(link), language))}"
    for evidence in link.evidence:
        if evidence.kind in _QUOTED_KINDS and evidence.a != evidence.b:
            sides = f"{strip_controls(evidence.a)} | {strip_controls(evidence.b)}"
            yield f"    {evidence.kind.value}: {sides}"
    if link.merges and not shown_as_one:
        yield "    Not shown as one: a third call is the same as only one of them."


COMMANDS = {"links": links_command, "merge": merge_command, "split": split_command}
