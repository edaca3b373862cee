"""`fundscout serve`: the page and the API, until stopped."""

from __future__ import annotations

import errno
import os
import socket

import click

from service.app import create_app
from service.cli.common import open_context
from service.cli.reindex import index_changes
from service.context import Context
from service.errors import InputError
from service.messages.render import english
from service.server.app_server import make_server
from service.settings import Settings
from service.use_cases.access.ways_in import check_way_in, proxy_warning
from service.use_cases.conditions import read_conditions_aside


@click.command("serve")
@click.option("--host", help="Address to listen on; else FUNDSCOUT_HOST.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port; else FUNDSCOUT_PORT.")
def serve_command(host: str | None, port: int | None) -> None:
    """Serve the page and the API until stopped with Ctrl-C."""
    settings = Settings.from_env(_environment(host, port))
    at, number = settings.host, settings.port
    check_free(at, number)  # before the minutes that an index may take
    context = open_context(settings)
    check_way_in(context, at)
    index_changes(context)
    address = f"[{at}]:{number}" if ":" in at else f"{at}:{number}"
    click.echo(f"fundscout is on http://{address} (page), /docs (API). Ctrl-C stops it.")
    if warning := proxy_warning(context, at):
        click.echo(warning, err=True)
    if context.clock_note:
        click.echo(english(context.clock_note))
    check_free(at, number)  # indexing may have taken minutes
    _serve(context, address)


def _environment(host: str | None, port: int | None) -> dict[str, str]:
    """Return the settings with an address that was given; links to feeds and pages have it too."""
    given = {"FUNDSCOUT_HOST": host, "FUNDSCOUT_PORT": port}
    return {**os.environ, **{name: str(value) for name, value in given.items() if value}}


def _serve(context: Context, address: str) -> None:
    """Serve until stopped: a single process, so that the model is in memory once."""
    context.encoder()
    read_conditions_aside(context)
    make_server(create_app(context), address, context.settings).run()


def check_free(host: str, port: int) -> None:
    """Raise `InputError` when nothing can listen on ``port`` of ``host``, and say what to set."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server does
            tried.bind(address)
    except OSError as error:
        raise InputError(_refused(host, port, error)) from error


def _refused(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} of {host} is taken: something else listens there. Stop it, or set "
            "FUNDSCOUT_PORT to another port."
        )
    if error.errno == errno.EACCES:
        return (
            f"Port {port} of {host} may not be used by this user: set FUNDSCOUT_PORT to one from "
            "1024."
        )
    return f"{host} is no address to listen on here ({error.strerror}): set FUNDSCOUT_HOST."


COMMANDS = {"serve": serve_command}
