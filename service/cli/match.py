"""`fundscout match`: the calls that fit a text, a stored pilot, or many texts."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import click
from pydantic import ValidationError

from scrapers.call import Level, Status
from service.cli.common import named_pilot, open_context
from service.cli.files import read_given_file
from service.cli.reindex import index_changes
from service.cli.render import render_matches, terminal_width
from service.cli.render_any_subject import any_subject_lines
from service.context import Context
from service.domain.matching.filters import DEFAULT_STATUSES, Filters
from service.domain.matching.match import MatchList
from service.domain.pilots.pilot import Pilot
from service.domain.pilots.profile import Profile
from service.domain.pilots.reading.text_sections import Counted
from service.domain.pilots.wishes import Wishes
from service.errors import InputError, ServiceError
from service.use_cases.match import match_text, with_exclusions
from service.use_cases.pilots import get_pilot


@click.command("match")
@click.option("--text", "text_from", metavar="FILE|-", help="A text: a file, or - to read it here.")
@click.option("--file", "file_from", metavar="FILE", help="PDF, Word, Markdown or plain text.")
@click.option("--pilot", "pilot_id", metavar="ID", help="A stored pilot; featured: the example.")
@click.option("--jsonl", "many", metavar="FILE|-", help="Many texts, {id, text, profile} a line.")
@click.option("--top", default=10, show_default=True, type=click.IntRange(1, 1000))
@click.option("--json", "as_json", is_flag=True, help="Print JSON, the same as the API's.")
@click.option("--all", "everything", is_flag=True, help="Also calls that are closed.")
@click.option("--status", multiple=True, type=click.Choice([s.value for s in Status]))
@click.option("--funder", multiple=True, metavar="KEY", help="Such as vinnova or eu_portal.")
@click.option("--level", multiple=True, type=click.Choice([level.value for level in Level]))
@click.option("--language", multiple=True, metavar="CODE", help="Calls in it, such as sv or en.")
@click.option("--deadline-from", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--deadline-to", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--min-amount", type=click.FloatRange(0), help="What a project may get at least.")
@click.option("--min-currency", default="SEK", show_default=True, metavar="CODE")
@click.option("--profile", "profile_from", metavar="FILE", help="The pilot's profile, JSON.")
@click.option("--only-open-to-me", "open_to_me", is_flag=True, help="No condition that fails.")
@click.option("--no-groups", "flat", is_flag=True, help="Each call for itself, however alike.")
@click.option("--dismissed", is_flag=True, help="With --pilot: also calls judged not relevant.")
@click.option("--exclude", multiple=True, metavar="WORDS", help="No calls that are about it.")
@click.option("--show-excluded", is_flag=True, help="Show also what --exclude leaves out.")
@click.option("--as-written", multiple=True, metavar="WORDS", help="Read them as they stand; all.")
@click.option(
    "--count",
    multiple=True,
    type=click.Choice([one.value for one in Counted]),
    help="A kind of section that counts in full; all: all of the text.",
)
@click.option("--text-language", metavar="CODE", help="Language of the text; else recognised.")
def match_command(
    *,
    text_from: str | None,
    file_from: str | None,
    pilot_id: str | None,
    many: str | None,
    top: int,
    as_json: bool,
    text_language: str | None,
    profile_from: str | None,
    flat: bool,
    dismissed: bool,
    exclude: tuple[str, ...],
    show_excluded: bool,
    as_written: tuple[str, ...],
    count: tuple[str, ...],
    **choices: Any,
) -> int:
    """Rank the stored calls against a pilot, and say why and by when.

    Calls that are open or open later are shown unless --all or --status says else. What the
    calls ask of applicants is checked against the profile in FILE, or the stored pilot's own.
    """
    if sum(given is not None for given in (text_from, file_from, pilot_id, many)) != 1:
        raise click.UsageError("Give one of --text, --file, --pilot and --jsonl.")
    filters = _filters(**choices)
    wishes = _wishes(exclude, as_written, show_excluded=show_excluded)
    text = None if file_from is None else read_given_file(file_from).text
    context = open_context()
    index_changes(context)
    counted = tuple(map(Counted, count))
    profile = None if profile_from is None else _read_profile(profile_from)
    if many is not None:
        ask = partial(match_text, context, filters=filters, top=top, group=not flat)
        ask = partial(ask, wishes=wishes, counted=counted)
        return _match_many(ask, many, profile)
    given = _MatchInput(text) if text else _read_input(context, text_from, pilot_id)
    results = match_text(
        context,
        given.text,
        filters=filters,
        top=top,
        language=text_language or given.language,
        profile=profile or given.profile,
        group=not flat,
        pilot_id=given.pilot.id if given.pilot else "",
        dismissed=dismissed,
        wishes=with_exclusions(wishes, given.pilot) if given.pilot else wishes,
        counted=counted,
    )
    if as_json:
        click.echo(results.model_dump_json(indent=1))
    else:
        click.echo(render_matches(results, context.clock_note))
        for line in any_subject_lines(results.any_subject, terminal_width()):
            click.echo(line)
    return 0


def _filters(
    *,
    everything: bool,
    status: tuple[str, ...],
    funder: tuple[str, ...],
    level: tuple[str, ...],
    language: tuple[str, ...],
    deadline_from: datetime | None,
    deadline_to: datetime | None,
    min_amount: float | None,
    min_currency: str,
    open_to_me: bool,
) -> Filters:
    """Return the options as filters."""
    try:
        return Filters(
            statuses=tuple(map(Status, status)) or (() if everything else DEFAULT_STATUSES),
            funders=funder,
            levels=tuple(map(Level, level)),
            languages=language,
            deadline_from=_to_day(deadline_from),
            deadline_to=_to_day(deadline_to),
            min_amount=None if min_amount is None else Decimal(str(min_amount)),
            min_currency=min_currency,
            gates="pass" if open_to_me else None,
        )
    except ValueError as error:
        raise click.UsageError(
            "A language is a code such as sv or en, a currency one such as SEK."
        ) from error


def _wishes(
    exclude: tuple[str, ...], as_written: tuple[str, ...], *, show_excluded: bool
) -> Wishes:
    """Return the options as wishes."""
    try:
        return Wishes(exclude=exclude, show_excluded=show_excluded, as_written=as_written)
    except ValueError as error:
        raise click.UsageError("--exclude takes a word or a few, and can be repeated.") from error


def _to_day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


@dataclass(frozen=True)
class _MatchInput:
    """A text to match, with its language and profile when they are known."""

    text: str
    language: str | None = None
    profile: Profile | None = None
    pilot: Pilot | None = None


def _read_input(context: Context, text_from: str | None, pilot_id: str | None) -> _MatchInput:
    if text_from is not None:
        return _MatchInput(_read_file(text_from))
    pilot = get_pilot(context, named_pilot(context, pilot_id or ""))
    return _MatchInput(pilot.text, pilot.language, pilot.profile, pilot)


def _read_profile(name: str) -> Profile:
    """Read a profile; raise `InputError` with one line on what is wrong with it."""
    try:
        return Profile.model_validate_json(_read_file(name))
    except ValidationError as error:
        wrong = error.errors()[0]
        where = ".".join(str(part) for part in wrong["loc"])
        raise InputError(
            f"{name} is no profile: {where + ': ' if where else ''}{wrong['msg']}. "
            "See docs/using/profile.md."
        ) from error


def _read_file(name: str) -> str:
    try:
        raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return raw.decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{name} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise InputError(
            f"{name} is not UTF-8 text. Give a PDF, a Word file or another text with --file."
        ) from error


def _match_many(ask: Callable[..., MatchList], name: str, profile: Profile | None) -> int:
    """Print a line of JSON for each text; a line that cannot be matched says why."""
    failed = 0
    for number, line in enumerate(_read_file(name).splitlines(), 1):
        if not line.strip():
            continue
        answer = _match_line(ask, line, number, profile)
        failed += "error" in answer
        click.echo(json.dumps(answer, ensure_ascii=False))
    return 1 if failed else 0


def _match_line(
    ask: Callable[..., MatchList], line: str, number: int, profile: Profile | None
) -> dict[str, Any]:
    identity: Any = f"line {number}"
    try:
        row = json.loads(line)
        if not isinstance(row, dict) or not isinstance(row.get("text"), str):
            raise InputError(f"Line {number} is not an object {{id, text}}.")
        identity = row.get("id", identity)
        language = row.get("lang") if isinstance(row.get("lang"), str) else None
        own = profile if row.get("profile") is None else Profile.model_validate(row["profile"])
        results = ask(row["text"], language=language, profile=own)
    except ValidationError as error:
        wrong = error.errors()[0]
        return {"id": identity, "error": f"Line {number} has no sound profile: {wrong['msg']}."}
    except (json.JSONDecodeError, RecursionError) as error:
        return {"id": identity, "error": f"Line {number} is not JSON: {error}."}
    except ServiceError as error:
        return {"id": identity, "error": str(error)}
    return {"id": identity} | results.model_dump(mode="json")


COMMANDS = {"match": match_command}
