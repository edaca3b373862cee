"""`fundscout settings`: every setting with its value now."""

from __future__ import annotations

import click

from service.settings import ALL_SETTINGS, Settings


@click.command("settings")
def settings_command() -> None:
    """List every setting with its value now."""
    settings = Settings.from_env()
    now = {
        "FUNDSCOUT_DATA": settings.data,
        "FUNDSCOUT_DATABASE": settings.database_without_password,
        "FUNDSCOUT_MODEL": settings.model,
        "FUNDSCOUT_ADAPTER": settings.adapter,
        "FUNDSCOUT_CLOCK": settings.clock,
        "FUNDSCOUT_CONTACT": settings.contact,
        "FUNDSCOUT_KEYS": ", ".join(f"{funder}=(set)" for funder in settings.keys),
        "FUNDSCOUT_RATES": settings.rates,
        "FUNDSCOUT_CURRENCY": settings.currency,
        "FUNDSCOUT_HOST": settings.host,
        "FUNDSCOUT_PORT": settings.port,
        "FUNDSCOUT_EXAMPLES": settings.examples,
        "FUNDSCOUT_DIGEST_MIN_SCORE": settings.digest_min_score,
        "FUNDSCOUT_DIGEST_QUIET": settings.digest_quiet,
        **settings.mail.as_rows(),
        "FUNDSCOUT_LOG": settings.log,
    }
    for setting in ALL_SETTINGS:
        click.echo(f"{setting.name}={now[setting.name]}")
        click.echo(f"    {setting.help}")


COMMANDS = {"settings": settings_command}
