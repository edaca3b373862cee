"""`fundscout doctor`: the parts of this installation and the sources, with what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, nullcontext
from pathlib import Path

import click

from scrapers.plurals import count_noun
from service import telemetry
from service.cli.common import progress_bar
from service.cli.render import strip_controls
from service.jobs.collect import choose_funders
from service.jobs.doctor import (
    Diagnosis,
    FieldCoverage,
    FunderHealth,
    diagnose,
    probe_fetcher,
    samples_folder,
)
from service.settings import Settings

_HEADS = ("funder", "level", "verified", "calls", "deadline", "amount", "who", "sv+en")
_PROBLEMS_SHOWN = 3


@click.command("doctor")
@click.argument("funders", nargs=-1)
@click.option("--live", is_flag=True, help="Ask each source one small question over the network.")
@click.option(
    "--samples",
    type=click.Path(path_type=Path),
    help="Folder of saved answers, a folder a funder inside; each is parsed and counted. "
    "Without it, the examples of a checkout are.",
)
@click.option("--json", "as_json", is_flag=True, help="Print everything as one JSON object.")
def doctor_command(
    funders: tuple[str, ...], live: bool, samples: Path | None, as_json: bool
) -> int:
    """Look at the data folder, the database, the model, the index and the sources.

    FUNDERS limits the sources to those named. Exit status 1 when something is wrong: a part that
    is damaged, a source whose last run was held back or is more than a week old, or, with --live,
    a source that cannot be reached or answers otherwise than its reader expects.
    """
    settings = Settings.from_env()
    telemetry.configure(settings.log)
    sources = choose_funders(funders, settings.keys)
    asking = closing(probe_fetcher(settings.contact)) if live else nullcontext()
    with asking as fetcher, progress_bar("Looking", "source") as advance:
        folder = samples or samples_folder()
        diagnosis = diagnose(settings, sources, samples=folder, fetcher=fetcher, progress=advance)
    lines = diagnosis_lines(diagnosis, problems=samples is not None)
    click.echo(diagnosis.model_dump_json() if as_json else "\n".join(lines))
    return 0 if diagnosis.ok else 1


def diagnosis_lines(diagnosis: Diagnosis, *, problems: bool = True) -> Iterator[str]:
    """Yield the lines of a diagnosis; ``problems`` adds those of saved answers."""
    for check in diagnosis.checks:
        yield f"{'+' if check.ok else '-'} {check.name}: {strip_controls(check.detail)}"
    yield ""
    yield from table_lines(
        (*_HEADS, "last good run", "state"), [_funder_cells(row) for row in diagnosis.funders]
    )
    if any(row.samples for row in diagnosis.funders):
        yield ""
        yield "In saved answers:"
        heads = (*_HEADS[:3], "files", "calls", "left out", "problems", *_HEADS[4:])
        yield from table_lines(
            heads, [_sample_cells(row) for row in diagnosis.funders if row.samples]
        )
    wrong = [line for row in diagnosis.funders for line in _remark_lines(row, problems)]
    if wrong:
        yield ""
        yield from wrong
    yield ""
    yield "Nothing is wrong." if diagnosis.ok else "Something is wrong: see the lines above."


def table_lines(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield ``heads`` and ``rows`` in columns; numbers and shares are aligned to the right."""
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    for row in (heads, *rows):
        cells = (
            cell.rjust(width) if _is_number(cell) else cell.ljust(width)
            for cell, width in zip(row, widths, strict=True)
        )
        yield "  ".join(cells).rstrip()


def _is_number(cell: str) -> bool:
    return cell.replace(",", "").removesuffix(" %").isdigit() or cell == "–"


def _funder_cells(row: FunderHealth) -> list[str]:
    good = f"{row.last_good:%Y-%m-%d}" if row.last_good else "–"
    calls = "–" if row.calls is None else f"{row.calls:,}"
    state = f"{row.state.value}, {row.live.outcome}" if row.live else row.state.value
    facts = [row.key, row.level.value, row.verified, calls]
    return [*facts, *_coverage_cells(row.filled), good, state]


def _sample_cells(row: FunderHealth) -> list[str]:
    samples = row.samples
    if samples is None:
        return []
    counts = (samples.files, samples.calls, samples.left_out, len(samples.problems))
    facts = [row.key, row.level.value, row.verified]
    return [*facts, *(f"{count:,}" for count in counts), *_coverage_cells(samples.filled)]


def _coverage_cells(filled: FieldCoverage) -> list[str]:
    shares = (filled.deadline, filled.amount, filled.eligibility, filled.both_languages)
    return ["–" if share is None else f"{share:.0%}".replace("%", " %") for share in shares]


def _remark_lines(row: FunderHealth, problems: bool) -> Iterator[str]:
    """Yield the findings on a source that its row in the table has no room for."""
    for finding in row.findings:
        yield f"{row.key}: {strip_controls(finding)}"
    if row.state.value == "stale":
        yield f"{row.key}: no good run for more than a week; run `fundscout collect {row.key}`."
    if row.samples and problems:
        for problem in row.samples.problems[:_PROBLEMS_SHOWN]:
            yield f"{row.key}, saved answers: {strip_controls(problem)}"
        more = len(row.samples.problems) - _PROBLEMS_SHOWN
        if more > 0:
            yield f"{row.key}, saved answers: … and {count_noun(more, 'problem')} more."
    if row.live:
        yield from _live_lines(row.key, row)


def _live_lines(key: str, row: FunderHealth) -> Iterator[str]:
    live = row.live
    if live is None:
        return
    counts = f"{count_noun(live.records, 'record')}, {count_noun(live.calls, 'call')}"
    yield f"{key}, live: {live.outcome} ({counts}, {live.seconds:.1f} s)"
    if live.door:
        yield f"    asked with {strip_controls(live.door)}"
    for difference in live.differences:
        yield f"    {strip_controls(difference)}"
    if live.absent:
        yield f"    not on this page: {strip_controls(', '.join(live.absent))}"


COMMANDS = {"doctor": doctor_command}
