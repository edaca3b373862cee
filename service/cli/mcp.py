"""`fundscout mcp`: the tools for assistants, over standard input and output or HTTP."""

from __future__ import annotations

import contextlib
import sys

import click

from service.assistants.readers import make_reader_check, names_elsewhere
from service.cli.common import open_context
from service.cli.reindex import index_changes
from service.errors import InputError

_PORT = 8001
_MISSING = (
    "The library of the Model Context Protocol is not installed: run "
    "`pip install 'fundscout[mcp]'`."
)


@click.command("mcp")
@click.option("--http", "over_http", is_flag=True, help="Over HTTP, not standard input and output.")
@click.option("--host", default="127.0.0.1", show_default=True, help="With --http.")
@click.option("--port", default=_PORT, show_default=True, type=click.IntRange(1, 65535))
def mcp_command(*, over_http: bool, host: str, port: int) -> None:
    """Serve the tools of the Model Context Protocol to an assistant, until it goes away.

    The assistant starts the command itself and talks over standard input and output. With --http
    it is at http://HOST:PORT/mcp, and who asks from another machine needs a key.
    """
    try:
        from service.assistants.http import PATH, http_app, serve_http  # noqa: PLC0415  an extra
        from service.assistants.server import make_assistant_server  # noqa: PLC0415  the same
    except ImportError as error:
        raise InputError(_MISSING) from error
    # standard output belongs to the assistant
    with contextlib.redirect_stdout(sys.stderr):
        context = open_context()
        check_reader = make_reader_check(context, host) if over_http else None
        index_changes(context)
        context.encoder()
    server = make_assistant_server(context)
    if check_reader is not None:
        settings = context.settings
        app = http_app(
            server,
            host,
            check_reader,
            names_elsewhere(context),
            rate=settings.access.rate,
            at_once=settings.searches,
        )
        at = f"[{host}]" if ":" in host else host
        click.echo(f"fundscout is at http://{at}:{port}{PATH}. Ctrl-C stops it.", err=True)
        serve_http(app, host, port)
    else:
        server.run("stdio")


COMMANDS = {"mcp": mcp_command}
