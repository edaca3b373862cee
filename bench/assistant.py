"""What an assistant gets: a client of the Model Context Protocol finds calls and explains one.

Needs the extra `mcp` and a data folder with calls and pilots, such as `fundscout load-examples`
makes. The client starts `fundscout mcp` as assistants do and asks as one would for a Swedish
pilot. It prints each request and answer; long answers are cut.

    PYTHONPATH=. .venv/bin/python -m bench.assistant [--pilot aldre-med-cancer]
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from typing import Any

import anyio
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

_START = "from service.cli import main; main()"
_LONGEST_TEXT, _MOST_ROWS = 160, 2
_KEPT = ("PATH", "PYTHONPATH", "HOME")


async def converse(pilot: str) -> None:
    """Ask as an assistant would, and print what is said."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if name in _KEPT or name.startswith("FUNDSCOUT_")
    }
    parameters = StdioServerParameters(
        command=sys.executable, args=["-c", _START, "mcp"], env=environment
    )
    async with Client(stdio_client(parameters)) as client:
        print("**instructions**\n")
        print_json(client.instructions)
        tools = (await client.list_tools()).tools
        print("\n**tools**\n")
        print_json({tool.name: tool.description for tool in tools})
        found = await ask(client, "match", pilot=pilot, top=3, language="sv")
        best = found["matches"][0]["call"]["id"]
        await ask(client, "explain", pilot=pilot, call=best, language="sv")
        await ask(client, "get_call", call=best, language="sv")


async def ask(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    """Call a tool; print the request and the answer."""
    print(f"\n**{tool}**\n")
    print_json(arguments)
    answer = await client.call_tool(tool, arguments)
    print("\n**answers**\n")
    found: dict[str, Any] | None = answer.structured_content
    if answer.is_error or found is None:
        raise SystemExit(f"{tool} failed: {answer.content}")
    print_json(shortened(found))
    return found


def shortened(value: Any) -> Any:
    """Return an answer fit for a page: long texts cut, and of long lists the first rows."""
    if isinstance(value, dict):
        return {name: shortened(one) for name, one in value.items()}
    if isinstance(value, list):
        rest = [f"... {len(value) - _MOST_ROWS} more"] if len(value) > _MOST_ROWS else []
        return [*map(shortened, value[:_MOST_ROWS]), *rest]
    if isinstance(value, str) and len(value) > _LONGEST_TEXT:
        return f"{value[:_LONGEST_TEXT].rstrip()} ..."
    return value


def print_json(value: Any) -> None:
    """Print a value as an indented block."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    print("\n".join(f"    {line}" for line in text.splitlines()))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pilot", default="aldre-med-cancer")
    anyio.run(converse, parser.parse_args().pilot)
