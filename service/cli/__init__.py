"""The command line: `fundscout`, with a module for each command or family of commands."""

from __future__ import annotations

from service.cli.main import main

__all__ = ["main"]
