"""Subjects of every kind: what anything at all has in common with a query is measured by them."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def background_subjects() -> tuple[str, ...]:
    """Return subjects of every kind, in our own words."""
    listed = Path(__file__).with_name("subjects.txt").read_text("utf-8")
    return tuple(listed.splitlines())
