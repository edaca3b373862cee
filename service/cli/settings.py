"""`fundscout settings`: every setting with its value now."""

from __future__ import annotations

import click

from service.settings import ALL_SETTINGS, Settings


@click.command("settings")
def settings_command() -> None:
    """List every setting with its value now."""
    settings = Settings.from_env()
    values = settings.as_rows()
    for setting in ALL_SETTINGS:
        click.echo(f"{setting.name}={values[setting.name]}")
        click.echo(f"    {setting.help}")


COMMANDS = {"settings": settings_command}
