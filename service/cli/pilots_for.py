"""`fundscout pilots-for`: which pilots fit a call, alone and together."""

from __future__ import annotations

from collections.abc import Iterator

import click

from service.cli.common import open_context
from service.cli.render import wrap_whole_words
from service.domain.consortium.shortlist import Shortlist
from service.messages.catalogue import languages
from service.messages.sentence import Sentence
from service.use_cases.shortlist import shortlist_pilots


@click.command("pilots-for")
@click.argument("call_id", metavar="CALL")
@click.option("--top", default=10, show_default=True, type=click.IntRange(1, 100))
@click.option(
    "--language", type=click.Choice(languages()), default="en", help="Language of the reasons."
)
@click.option("--json", "as_json", is_flag=True, help="Print what the API answers.")
def pilots_for_command(call_id: str, top: int, language: str, as_json: bool) -> None:
    """Show which stored pilots fit CALL, what each brings, and who meets its rule together."""
    listing = shortlist_pilots(open_context(), call_id, top=top, language=language)
    lines = _shortlist_lines(listing, language)
    click.echo(listing.model_dump_json(indent=1) if as_json else "\n".join(lines))


def _shortlist_lines(listing: Shortlist, language: str) -> Iterator[str]:
    def in_language(sentence: Sentence) -> str:
        return sentence.in_(language)

    yield from wrap_whole_words("", f"{listing.call.title} ({listing.call.id})")
    for note in listing.notes:
        yield from wrap_whole_words("", in_language(note))
    for quote in listing.rule.quotes if listing.rule else ():
        yield from wrap_whole_words("  ", f"“{quote.text}”")
    for rank, pilot in enumerate(listing.pilots, 1):
        yield ""
        yield from wrap_whole_words(f"{rank:>2}. ", f"{pilot.title} ({pilot.id})")
        for reason in pilot.reasons:
            yield from wrap_whole_words("    ", in_language(reason))
    for team in listing.together:
        yield ""
        yield from wrap_whole_words("  + ", " + ".join(team.pilots))
        for reason in team.reasons:
            yield from wrap_whole_words("    ", in_language(reason))


COMMANDS = {"pilots-for": pilots_for_command}
