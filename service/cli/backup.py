"""`fundscout backup` and `fundscout restore`: what cannot be made again, as one file."""

from __future__ import annotations

from pathlib import Path

import click

from scrapers.plurals import count_noun
from service import telemetry
from service.cli.common import open_context
from service.jobs.backups.backup import make_backup
from service.jobs.backups.restore import RestoreReport, restore_backup
from service.settings import Settings

FILE = click.Path(path_type=Path)


@click.command("backup")
@click.argument("file", type=FILE)
@click.option(
    "--keep",
    type=click.IntRange(1, 10_000),
    help="Keep so many backups of a folder, the newest; else all.",
)
def backup_command(file: Path, keep: int | None) -> int:
    """Write a backup to FILE, also while the service runs.

    It holds the database, the key that links in mails are signed by, and the settings without what
    is secret. It is read back before it takes its place. Of a folder the file's name is the date.
    """
    if keep is not None and not file.is_dir():
        raise click.UsageError("--keep is for a folder: name one that is there.")
    report = make_backup(open_context(), file, keep=keep or 0)
    click.echo(f"{report.path}: {report.manifest.summary}, {report.size:,} bytes, verified.")
    for path in report.removed:
        click.echo(f"Removed {path}.")
    return 0


@click.command("restore")
@click.argument("file", type=FILE)
@click.option(
    "--ignore-present",
    is_flag=True,
    help="Restore also when the present database cannot be read: who stopped since is lost.",
)
def restore_command(file: Path, *, ignore_present: bool) -> int:
    """Put the backup FILE in the place of the store; what was there is kept.

    The service and its jobs must be stopped. Mails that were sent since the backup and people who
    stopped them are taken over from the store that is replaced. Exit status 3 when the data folder
    is in use.
    """
    settings = Settings.from_env()
    telemetry.configure(settings.log)
    report = restore_backup(settings, file, ignore_present=ignore_present)
    for line in _lines(report):
        click.echo(line)
    return 0


def _lines(report: RestoreReport) -> list[str]:
    made = report.manifest
    lines = [f"Restored {made.summary}, as of {made.made_at:%Y-%m-%d %H:%M} UTC."]
    if report.merged is None or not report.merged.knows:
        lines.append(
            "Nothing is known of what happened since then: who stopped mails in between is mailed, "
            "and mails may repeat what was sent."
        )
    if report.merged is not None:
        one = report.merged
        lines.append(
            f"Taken over from the store before: {count_noun(one.mails, 'mail')} with "
            f"{count_noun(one.items, 'item')}, "
            f"new recipients: {one.recipients:,}, suppressed addresses: {one.suppressions:,}; "
            f"stopped since: {one.stopped:,}, erased since: {one.erased:,}."
        )
        if one.gone:
            lines.append(
                f"{count_noun(one.gone, 'recipient')} of the backup, not known any more, not "
                "mailed: see `fundscout recipients list`."
            )
    if report.kept is not None:
        lines.append(f"What was there before is in {report.kept}: delete it when all is well.")
    if report.settings:
        lines.append(f"Settings that have another value now: {', '.join(report.settings)}.")
    lines.append(
        "Run `fundscout reindex`: the index is of the calls before. `serve`, `match` and `digest` "
        "do it by themselves for calls. Then `fundscout collect` brings what came since."
    )
    return lines


COMMANDS = {"backup": backup_command, "restore": restore_command}
