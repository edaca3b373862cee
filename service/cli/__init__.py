"""The command line: `fundscout` and its commands, one file for each kind of work."""

from __future__ import annotations

from service.cli.main import main

__all__ = ["main"]
